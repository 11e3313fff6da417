"""Where the chat hands over what is to be kept: a report, or that somebody was guided somewhere."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from bot.casework.receipt import (
    SLIP_DIGITS,
    in_groups,
    receipt_for,
    receipt_hash,
    referral_mark,
    slip_code,
    slip_hash,
)
from bot.casework.report import Report
from bot.casework.vocabulary import MET, STEPS
from bot.language.dates import today
from bot.language.figures import in_ascii_digits
from bot.store.verbs import OutcomeRow, ReferralRow, ReportRow, SlipRow, Store

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Guided:
    """That a resident was shown a service for a need, in the situation they chose to tell."""

    service: str
    need: str
    effort: str | None
    residence: str | None
    cpr: str | None
    district: str | None


@dataclass(frozen=True)
class Outcome:
    """What somebody did with a place on their slip, and how they were met there; values as in the vocabulary."""

    code: str
    service: str
    step: str
    met: int | None = None

    @property
    def is_right(self) -> bool:
        return bool(digits_of(self.code)) and self.step in STEPS and (self.met is None or self.met in MET)


class Desk:
    def __init__(self, store: Store, server_key: bytes) -> None:
        self._store = store
        self._key = server_key

    async def file(self, report: Report, conversation_secret: bytes, attempt: str) -> str:
        """Store the report and return its receipt in groups of four digits, only after the commit.

        Filing the same attempt again stores nothing more and returns the same receipt. Raises NotSavedError.
        """
        receipt = receipt_for(self._key, conversation_secret, attempt)
        row = ReportRow(
            id=secrets.token_hex(16),
            receipt_hash=receipt_hash(self._key, receipt),
            received_on=today(),
            language=report.language,
            reporter_role=report.role,
            incident_when=report.when,
            district=report.district,
            area=report.area,
            schema_version=SCHEMA_VERSION,
            grounds=report.grounds,
            wishes=(report.wish,),
        )
        await self._store.file_report(row)
        return in_groups(receipt)

    async def count(self, guided: Iterable[Guided], language: str, conversation_secret: bytes) -> None:
        """Store each referral once a conversation. Raises NotSavedError."""
        rows = [
            ReferralRow(
                id=secrets.token_hex(16),
                mark=referral_mark(self._key, conversation_secret, item.need, item.service),
                made_on=today(),
                service=item.service,
                effort=item.effort,
                need=item.need,
                language=language,
                residence=item.residence,
                cpr=item.cpr,
                district=item.district,
            )
            for item in guided
        ]
        await self._store.log_referrals(rows)

    async def enter(self, code: str, language: str) -> None:
        """Count that a conversation began from a sign, letter or film. Raises NotSavedError."""
        await self._store.count_entry(today(), code, language)

    async def make_slip(self, need: str, services: Iterable[str], language: str, conversation_secret: bytes) -> str:
        """Store a slip with its places; its code in groups of four digits. Raises NotSavedError."""
        code = slip_code(self._key, conversation_secret, need)
        hashed = slip_hash(self._key, code)
        await self._store.make_slip([SlipRow(hashed, service, need, language, today()) for service in services])
        return in_groups(code)

    async def places_of_slip(self, code: str) -> dict[str, str | None]:
        """{service: what was said of it last}; empty for a code that is on no slip."""
        digits = digits_of(code)
        return await self._store.places_of_slip(slip_hash(self._key, digits)) if digits else {}

    async def tell_outcomes(self, told: Iterable[Outcome]) -> int:
        """Keep what the holders of slips say; how many places that were on a slip. Raises NotSavedError."""
        rows = [
            OutcomeRow(slip_hash(self._key, digits_of(it.code)), it.service, it.step, it.met, today()) for it in told
        ]
        return await self._store.tell_outcomes(rows)


def digits_of(code: str) -> str:
    """The twelve digits of a slip's code, written in any digits and groups; empty for anything else."""
    digits = "".join(char for char in in_ascii_digits(code) if char not in " -\u00a0")
    return digits if len(digits) == SLIP_DIGITS and digits.isascii() and digits.isdigit() else ""
