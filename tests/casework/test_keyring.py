"""Who can open what is sealed: by a passphrase of one's own, and not after one was removed."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl.pwhash import argon2id

from bot.casework.desk import Desk
from bot.casework.keyring import FIRST, RECOVERY, FirstPassphrases, Keyring, TeamKey, made_passphrase
from bot.casework.office import Office
from bot.casework.own_report import OwnReports
from bot.errors import NoTeamKeyError, SealBrokenError, WeakPassphraseError, WrongPassphraseError
from bot.store.sqlite import SqliteStore
from tests.keys import REAL_COST, keyring_of, make_keys
from tests.reports import WORDS, filed

KEY = b"k" * 32
OWN = "correct horse battery staple"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def keyring(store: SqliteStore) -> Keyring:
    return keyring_of(store)


@pytest.fixture
def first(store: SqliteStore) -> FirstPassphrases:
    return make_keys(store)


def opens(keyring: Keyring, name: str, passphrase: str) -> TeamKey:
    return asyncio.run(keyring.open(name, passphrase))


def report_read_with(store: SqliteStore, team: TeamKey) -> str:
    """What happened, of the only report."""
    office = Office(store, OwnReports(store, KEY))
    (row,) = asyncio.run(store.reports.reports())
    opened = asyncio.run(office.open(row.id, team))
    return next(words.text for words in opened.words.told if words.kind == "narrative")


def test_a_guess_at_a_passphrase_costs_what_argon2ids_makers_call_moderate() -> None:
    assert REAL_COST == (argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)


def test_before_the_first_keys_nothing_can_be_sealed(keyring: Keyring) -> None:
    with pytest.raises(NoTeamKeyError):
        asyncio.run(keyring.public_keys())
    with pytest.raises(WrongPassphraseError):
        opens(keyring, FIRST, OWN)


def test_the_first_keys_are_made_once(keyring: Keyring, first: FirstPassphrases) -> None:
    assert asyncio.run(keyring.make_first()) is None
    assert asyncio.run(keyring.names()) == [RECOVERY, FIRST]
    assert first.team != first.recovery


def test_a_passphrase_that_is_made_is_long_and_reads_aloud() -> None:
    made = {made_passphrase() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){5}", it) for it in made)


def test_nothing_of_a_private_half_or_a_passphrase_lies_on_the_disk(
    store: SqliteStore, keyring: Keyring, first: FirstPassphrases, tmp_path: Path
) -> None:
    team = opens(keyring, FIRST, first.team)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (bytes(team.private), first.team.encode(), first.recovery.encode()):
        assert secret not in everything
    assert first.team not in repr(first)


def test_both_passphrases_open_the_teams_key_and_no_other_does(keyring: Keyring, first: FirstPassphrases) -> None:
    team = opens(keyring, FIRST, first.team)
    assert bytes(opens(keyring, RECOVERY, first.recovery).private) == bytes(team.private)
    assert bytes(team.private.public_key) == asyncio.run(keyring.public_keys()).team
    for name, passphrase in ((FIRST, first.recovery), (RECOVERY, first.team), ("nobody", first.team), (FIRST, "")):
        with pytest.raises(WrongPassphraseError):
            opens(keyring, name, passphrase)


def test_a_member_opens_reports_with_a_passphrase_of_their_own(
    store: SqliteStore, keyring: Keyring, first: FirstPassphrases
) -> None:
    filed(Desk(store, KEY))
    asyncio.run(keyring.add(opens(keyring, FIRST, first.team), "amina", OWN))
    assert report_read_with(store, opens(keyring, "amina", f"  {OWN} ")) == WORDS


@pytest.mark.parametrize("passphrase", ["", "short", " " * 40, "fourteen lette"])
def test_a_passphrase_that_is_too_short_is_refused(keyring: Keyring, first: FirstPassphrases, passphrase: str) -> None:
    with pytest.raises(WeakPassphraseError):
        asyncio.run(keyring.add(opens(keyring, FIRST, first.team), "amina", passphrase))


def test_whoever_is_removed_opens_nothing_and_the_others_open_everything_with_a_new_key(
    store: SqliteStore, keyring: Keyring, first: FirstPassphrases
) -> None:
    desk = Desk(store, KEY)
    receipt = filed(desk)
    asyncio.run(desk.keep_question("a question", "en"))
    old = opens(keyring, FIRST, first.team)
    asyncio.run(keyring.add(old, "amina", OWN))
    asyncio.run(keyring.remove(old, FIRST))
    new = opens(keyring, "amina", OWN)

    assert new.id != old.id
    assert bytes(new.private) != bytes(old.private)
    with pytest.raises(WrongPassphraseError):
        opens(keyring, FIRST, first.team)
    with pytest.raises(SealBrokenError):
        report_read_with(store, old)
    assert report_read_with(store, new) == WORDS
    assert report_read_with(store, opens(keyring, RECOVERY, first.recovery)) == WORDS
    (question,) = asyncio.run(store.reports.questions())
    assert new.question(question) == "a question"
    assert asyncio.run(OwnReports(store, KEY).open(receipt))


def test_neither_the_recovery_nor_the_last_member_can_be_removed(keyring: Keyring, first: FirstPassphrases) -> None:
    team = opens(keyring, FIRST, first.team)
    for name in (RECOVERY, FIRST, "nobody"):
        with pytest.raises(WrongPassphraseError):
            asyncio.run(keyring.remove(team, name))


def test_a_report_that_comes_in_while_the_key_is_replaced_is_not_lost_to_the_team(
    store: SqliteStore, keyring: Keyring, first: FirstPassphrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(store, KEY)
    old = opens(keyring, FIRST, first.team)
    asyncio.run(keyring.add(old, "amina", OWN))
    real = store.reports.keys_of_team
    came = []

    async def keys_and_then_a_report() -> list[object]:
        keys = await real()
        if not came:
            came.append(await _file(desk))
        return keys  # type: ignore[return-value]

    monkeypatch.setattr(store.reports, "keys_of_team", keys_and_then_a_report)
    asyncio.run(keyring.remove(old, FIRST))
    assert report_read_with(store, opens(keyring, "amina", OWN)) == WORDS


async def _file(desk: Desk) -> str:
    from tests.reports import VERSIONS, a_telling  # noqa: PLC0415 - beside its only use

    telling = a_telling()
    filing = await desk.begin_filing(telling, b"secret")
    return await desk.file(filing, telling.report("ar"), VERSIONS)


def test_the_drill_a_lost_passphrase_is_replaced_by_the_recovery(
    store: SqliteStore, keyring: Keyring, first: FirstPassphrases
) -> None:
    """Everybody's passphrase is lost; the recovery lets somebody new in, and they read what came before."""
    filed(Desk(store, KEY))
    by_recovery = opens(keyring, RECOVERY, first.recovery)
    asyncio.run(keyring.add(by_recovery, FIRST, OWN))
    assert report_read_with(store, opens(keyring, FIRST, OWN)) == WORDS
    with pytest.raises(WrongPassphraseError):
        opens(keyring, FIRST, first.team)
