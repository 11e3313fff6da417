"""What a person agrees to, and what each yes unlocks: without it nobody but the person has a key."""

from collections.abc import Iterator, Mapping

from bot.casework.keyring import PublicKeys
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import CONSENTS, FORWARD, NO, READ, REPLY
from bot.language.dates import today
from bot.store.report_verbs import RECEIPT, RECOVERY, TEAM, ConsentRow, KeyRow

COUNT_ONLY = "count_only"


def level_of(consents: Mapping[str, str]) -> str:
    """The furthest step that was agreed to; each needs the one before."""
    if consents.get(READ, NO) == NO:
        return COUNT_ONLY
    if consents.get(FORWARD, NO) != NO:
        return FORWARD
    return REPLY if consents.get(REPLY, NO) != NO else READ


def may(consents: Mapping[str, str], consent: str) -> bool:
    """Whether a consent stands; nothing stands without the consent that staff may read."""
    return consents.get(READ, NO) != NO and consents.get(consent, NO) != NO


def newest(rows: list[ConsentRow]) -> dict[str, str]:
    """{consent: the last answer to it}."""
    return dict.fromkeys(CONSENTS, NO) | {row.consent: row.answer for row in rows}


def consent_rows(
    report_id: str, consents: Mapping[str, str], versions: Mapping[str, str], language: str
) -> Iterator[ConsentRow]:
    for consent, answer in consents.items():
        yield ConsentRow(report_id, consent, answer, versions[consent], language, today())


def keys_for(key: ReportKey, public: PublicKeys, consents: Mapping[str, str], secret: bytes) -> Iterator[KeyRow]:
    """The report's key for the holder of the receipt, and for staff only where they may read."""
    yield KeyRow(key.report_id, RECEIPT, "", key.wrapped(secret))
    if may(consents, READ):
        yield from keys_for_staff(key, public)


def keys_for_staff(key: ReportKey, public: PublicKeys) -> Iterator[KeyRow]:
    yield KeyRow(key.report_id, TEAM, public.team_id, key.sealed_to(public.team))
    yield KeyRow(key.report_id, RECOVERY, RECOVERY, key.sealed_to(public.recovery))
