"""`vejviser staff`: accounts from the server's own terminal, and the first of all; what opens them is shown once."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from bot.accounts.accounts import Accounts
from bot.casework.keyring import RECOVERY, FirstPassphrases, Keyring
from bot.casework.partner_keys import PartnerKeys
from bot.errors import WrongPassphraseError
from bot.store.audit_verbs import EventRow
from bot.store.secrets import server_key
from bot.store.sqlite import SqliteStore
from bot.store.staff_verbs import AccountRow
from tests.command.calling import Told, vejviser
from tests.keys import make_keys_in

BODY = "institut-for-menneskerettigheder"
FIRST = re.compile(r"first password +([a-z2-9-]{23})\b")
PASSPHRASE = re.compile(r"sealing passphrase +([a-z2-9-]{35})\b")
TOTP = re.compile(r"for the phone +(otpauth://\S+)")
CODE = re.compile(r"(?<=[ ])([a-z2-9]{5}-[a-z2-9]{5})(?=[ \n])")


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FirstPassphrases:
    """Passphrases of the team's first keys; the command works on this folder."""
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    return make_keys_in(tmp_path)


@pytest.fixture
def store(tmp_path: Path, first: FirstPassphrases) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


def adds(first: FirstPassphrases, name: str, role: str, *more: str) -> Told:
    return vejviser("staff", "add", name, "--role", role, *more, lines=f"{first.team}\n")


def account(store: SqliteStore, name: str) -> AccountRow | None:
    return asyncio.run(store.staff.account(name))


def recorded(store: SqliteStore) -> list[EventRow]:
    return list(reversed(asyncio.run(store.audit.newest(100))))


def words_in(text: str) -> list[str]:
    """Everything that opens something."""
    return [*FIRST.findall(text), *PASSPHRASE.findall(text), *CODE.findall(text)]


def test_the_first_account_is_made_with_a_share_of_the_key_under_a_passphrase_of_its_own(
    store: SqliteStore, first: FirstPassphrases, tmp_path: Path
) -> None:
    told = adds(first, "kim", "coordinator")
    assert told.code == 0
    (password,), (passphrase,) = FIRST.findall(told.out), PASSPHRASE.findall(told.out)
    assert len(CODE.findall(told.out)) == 10
    keyring, accounts = Keyring(store), Accounts(store.staff, server_key(tmp_path))
    assert asyncio.run(keyring.open("kim", passphrase)).id == asyncio.run(keyring.open("team", first.team)).id
    row = asyncio.run(accounts.with_password("kim", password))
    assert row
    assert (row.role, row.must_change, row.active) == ("coordinator", True, True)
    totp = pyotp.parse_uri(TOTP.findall(told.out)[0])
    assert isinstance(totp, pyotp.TOTP)
    assert asyncio.run(accounts.takes_code(row, totp.now()))
    for wrong in (password, passphrase.upper(), ""):
        with pytest.raises(WrongPassphraseError):
            asyncio.run(keyring.open("kim", wrong))
    assert asyncio.run(accounts.with_password("kim", passphrase)) is None


def test_what_was_shown_is_kept_nowhere(first: FirstPassphrases, tmp_path: Path) -> None:
    words = words_in(adds(first, "kim", "coordinator").out) + words_in(
        adds(first, "ida", "partner", "--body", BODY).out
    )
    assert len(words) == 24
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in words:
        assert word.encode() not in stored


def test_it_stands_on_record_as_done_at_the_command_line(store: SqliteStore, first: FirstPassphrases) -> None:
    adds(first, "kim", "coordinator")
    vejviser("staff", "lock", "kim")
    assert [(it.verb, it.actor, it.role, it.object) for it in recorded(store)] == [
        ("account_added", "", "command", "kim"),
        ("key_holder_added", "", "command", "kim"),
        ("account_changed", "", "command", "kim"),
    ]


@pytest.mark.parametrize("role", ["analyst", "translator", "administrator"])
def test_whoever_opens_no_report_gets_no_share_and_nobody_is_asked_for_a_passphrase(
    store: SqliteStore, role: str
) -> None:
    told = vejviser("staff", "add", "ann", "--role", role)
    assert (told.code, PASSPHRASE.findall(told.out)) == (0, [])
    assert "Passphrase" not in told.out + told.error
    assert asyncio.run(Keyring(store).names()) == [RECOVERY, "team"]


def test_a_partner_gets_a_key_of_their_own(store: SqliteStore, first: FirstPassphrases) -> None:
    told = adds(first, "ida", "partner", "--body", BODY)
    (passphrase,) = PASSPHRASE.findall(told.out)
    assert asyncio.run(PartnerKeys(store.staff).open("ida", passphrase))
    assert "ida" not in asyncio.run(Keyring(store).names())


def test_a_partner_who_lost_everything_gets_another_key_too(store: SqliteStore, first: FirstPassphrases) -> None:
    (old,) = PASSPHRASE.findall(adds(first, "ida", "partner", "--body", BODY).out)
    (new,) = PASSPHRASE.findall(vejviser("staff", "renew", "ida").out)
    assert asyncio.run(PartnerKeys(store.staff).open("ida", new))
    with pytest.raises(WrongPassphraseError):
        asyncio.run(PartnerKeys(store.staff).open("ida", old))


def test_the_recovery_makes_an_account_where_the_team_has_lost_its_passphrase(
    store: SqliteStore, first: FirstPassphrases
) -> None:
    told = vejviser("staff", "add", "kim", "--role", "coordinator", "--by", RECOVERY, lines=f"{first.recovery}\n")
    assert asyncio.run(Keyring(store).open("kim", PASSPHRASE.findall(told.out)[0]))


def test_who_comes_by_the_citys_log_in_gets_no_password(store: SqliteStore, first: FirstPassphrases) -> None:
    told = adds(first, "kim", "coordinator", "--subject", "https://city.example 7")
    assert FIRST.findall(told.out) == []
    row = account(store, "kim")
    assert row
    assert (row.subject, row.password, row.must_change) == ("https://city.example 7", None, False)
    assert FIRST.findall(vejviser("staff", "renew", "kim").out) == []


def test_a_renewed_account_opens_with_the_new_and_not_the_old(
    store: SqliteStore, first: FirstPassphrases, tmp_path: Path
) -> None:
    old, new = adds(first, "kim", "coordinator").out, vejviser("staff", "renew", "kim").out
    accounts = Accounts(store.staff, server_key(tmp_path))
    assert asyncio.run(accounts.with_password("kim", FIRST.findall(new)[0]))
    assert asyncio.run(accounts.with_password("kim", FIRST.findall(old)[0])) is None
    row = account(store, "kim")
    assert row
    assert asyncio.run(accounts.takes_recovery_code(row, CODE.findall(new)[0]))
    assert not asyncio.run(accounts.takes_recovery_code(row, CODE.findall(old)[0]))
    assert PASSPHRASE.findall(new) == []  # lost passphrases are for `vejviser keys add`


def test_a_locked_account_is_listed_as_locked(store: SqliteStore, first: FirstPassphrases) -> None:
    adds(first, "kim", "coordinator")
    adds(first, "ida", "partner", "--body", BODY)
    assert vejviser("staff", "lock", "kim").out == "kim is locked.\n"
    assert vejviser("staff", "list").out == f"ida  partner  {BODY}\nkim  coordinator  locked\n"
    assert vejviser("staff", "unlock", "kim").out == "kim is unlocked.\n"
    row = account(store, "kim")
    assert row
    assert row.active


@pytest.mark.parametrize("arguments", [
    ["add"], ["add", "kim"], ["add", "kim", "--role", "king"], ["add", "Kim", "--role", "analyst"],
    ["add", "x" * 500, "--role", "analyst"], ["add", "ki\nm", "--role", "analyst"],
    ["add", "recovery", "--role", "coordinator"], ["add", "team", "--role", "caseworker"],
    ["add", "ida", "--role", "partner"], ["add", "ida", "--role", "partner", "--body", "nobody"],
    ["add", "ann", "--role", "analyst", "--body", BODY], ["add", "kim", "--role", "coordinator", "--by", "nobody"],
    ["add", "kim", "--role", "coordinator"], ["lock"], ["lock", "nobody"], ["unlock", "x" * 500], ["renew", "nobody"],
])  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_line_and_leaves_no_trace(store: SqliteStore, arguments: list[str]) -> None:
    told = vejviser("staff", *arguments, lines="a wrong passphrase\n")
    assert (told.code, told.out) == (1, "")
    assert told.error.startswith("vejviser: ")
    assert told.error.count("\n") == 1
    assert recorded(store) == []
    assert asyncio.run(store.staff.accounts()) == []
    assert asyncio.run(Keyring(store).names()) == [RECOVERY, "team"]


def test_a_name_or_a_subject_is_taken_once(store: SqliteStore, first: FirstPassphrases) -> None:
    adds(first, "kim", "analyst", "--subject", "https://city.example 7")
    assert "there is such an account already" in adds(first, "kim", "analyst").error
    assert "one for this subject" in adds(first, "kai", "analyst", "--subject", "https://city.example 7").error
    assert [it.name for it in asyncio.run(store.staff.accounts())] == ["kim"]
    assert [it.verb for it in recorded(store)] == ["account_added"]
