"""Who works here and who can open reports: accounts and keys are given, lost, replaced and taken away."""

import asyncio
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest

from bot.casework.keyring import RECOVERY, Keyring
from bot.casework.sealing import ReportKey
from bot.errors import SealBrokenError
from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from tests.command.calling import vejviser
from tests.console.case import ADVISER, INSTITUTE, Case, new_case
from tests.console.conftest import Hires, events
from tests.console.member import Member, form_in
from tests.keys import make_keys
from tests.reports import WORDS
from tests.staff import PASSWORD

SHOWN = re.compile(r'<dt>([^<]+)</dt><dd class="code">([^<]+)</dd>')
SECRET = re.compile(r'</svg><span class="code">([A-Z2-7]+)</span>')
CODES = re.compile(r'<li class="code">([a-z2-9-]+)</li>')
COLLEAGUES = (("kim", "coordinator"), ("sam", "caseworker"))
OTHERS = {"ann": "analyst", "tao": "translator"}
ELSEWHERE = "a passphrase from elsewhere"


@pytest.fixture
def admin(hires: Hires) -> Member:
    return hires("ada", "administrator").signs_in()


@dataclass(frozen=True)
class Office:
    """People of a console on which nothing is done, only refused."""

    ada: Member
    kim: Member
    sam: Member


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    app: Any = make_console(Settings(var=tmp_path_factory.mktemp("team")))
    app.state.console.first = make_keys(app.state.console.store)
    kim, sam = (Member(app, name, role).signs_in().opens_key() for name, role in COLLEAGUES)
    for name, role in OTHERS.items():
        Member(app, name, role)
    yield Office(Member(app, "ada", "administrator").signs_in(), kim, sam)
    app.state.console.close()


def shown_in(page: str) -> dict[str, str]:
    """{what it is: the secret} of a page that is shown once."""
    return {html.unescape(name): value for name, value in SHOWN.findall(page)}


def says(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def verbs(console: Console, name: str) -> list[str]:
    return events(console, name)


# Accounts


def test_a_new_colleague_comes_in_with_what_was_shown_once_and_chooses_a_password(admin: Member, hires: Hires) -> None:
    page = admin.orders("/accounts", name=" Rosa ", role="caseworker").text
    secrets = shown_in(page)
    assert set(secrets) == {"First password"}
    assert len(CODES.findall(page)) == 10
    rosa = hires("else", "analyst")
    rosa.client.post("/sign-in", data={"name": "rosa", "password": secrets["First password"]})
    code = pyotp.TOTP(SECRET.findall(page)[0]).now()
    sent = rosa.client.post("/code", data={"form": form_in(rosa.sees("/code").text), "code": code})
    assert says(sent) == "/"
    assert says(rosa.sees("/queue")) == "/me"
    assert says(rosa.sees("/keys")) == "/me"
    sent = rosa.orders("/me/password", old=secrets["First password"], new="correct horse battery")
    assert says(sent) == "/me?said=said.password_changed"
    assert rosa.sees("/queue").status_code == 200
    assert "You have no key yet. A coordinator can give you one." in html.unescape(rosa.page("/me?lang=en"))
    assert verbs(admin.console, "rosa") == ["account_added"]
    again = admin.orders("/accounts", name="rosa", role="caseworker")
    assert says(again) == "/accounts?said=said.account.taken"


def test_a_new_partner_gets_a_passphrase_with_the_account(admin: Member) -> None:
    secrets = shown_in(admin.orders("/accounts", name="ida", role="partner", body=INSTITUTE).text)
    assert set(secrets) == {"First password", "Sealing passphrase"}
    assert asyncio.run(admin.console.partner_keys.open("ida", secrets["Sealing passphrase"]))
    (holder,) = asyncio.run(admin.console.store.staff.partner_keys_of(INSTITUTE))
    assert holder.name == "ida"


def test_who_comes_by_the_citys_log_in_has_no_password(admin: Member) -> None:
    page = admin.orders("/accounts", name="rosa", role="analyst", subject=" https://city.example 7 ").text
    assert shown_in(page) == {}
    assert SECRET.search(page)
    account = asyncio.run(admin.console.accounts.account_of("https://city.example 7"))
    assert account
    assert (account.name, account.password, account.must_change) == ("rosa", None, False)
    again = admin.orders("/accounts", name="rose", role="analyst", subject="https://city.example 7")
    assert says(again) == "/accounts?said=said.account.taken"
    assert asyncio.run(admin.console.accounts.account("rose")) is None


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": "", "role": "analyst"}, "name"),
        ({"name": "x", "role": "analyst"}, "name"),
        ({"name": "søren", "role": "analyst"}, "name"),
        ({"name": "a" * 41, "role": "analyst"}, "name"),
        ({"name": "x" * 100_000, "role": "analyst"}, "name"),
        ({"name": "ro\0sa", "role": "analyst"}, "name"),
        ({"name": "<script>", "role": "analyst"}, "name"),
        ({"name": "rosa\n", "role": ""}, "role"),
        ({"name": "rosa", "role": "king"}, "role"),
        ({"name": "rosa", "role": "partner"}, "body"),
        ({"name": "rosa", "role": "partner", "body": "ligebehandlingsnaevnet"}, "body"),
        ({"name": "rosa", "role": "partner", "body": "<script>"}, "body"),
        *(({"name": it, "role": "coordinator"}, "name") for it in ("team", "recovery", "endpoint", "me", "nobody")),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_not_on_record(
    office: Office, fields: dict[str, str], fault: str
) -> None:
    """Of `recovery`: with an account of that name, a share for it would take the place of the paper in the safe."""
    before = len(asyncio.run(office.ada.console.accounts.accounts()))
    assert says(office.ada.orders("/accounts", **fields)) == f"/accounts?said=said.account.{fault}"
    assert len(asyncio.run(office.ada.console.accounts.accounts())) == before
    assert "account_added" not in events(office.ada.console)


@pytest.mark.parametrize("order", ["role", "lock", "renew"])
@pytest.mark.parametrize("name", ["ada", "", "nobody-here", "x" * 300, "a\0b", "' OR 1=1 --"])
def test_nothing_is_done_to_oneself_or_to_somebody_who_is_not_there(office: Office, order: str, name: str) -> None:
    before = asyncio.run(office.ada.console.accounts.accounts())
    answer = office.ada.orders(f"/accounts/{order}", name=name, role="analyst", active="no")
    assert answer.status_code == 422
    assert asyncio.run(office.ada.console.accounts.accounts()) == before
    assert "account_changed" not in events(office.ada.console)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [({"role": "king"}, "role"), ({"role": "partner"}, "body"), ({"role": "partner", "body": "nobody"}, "body")],
)
def test_a_role_that_cannot_be_changes_nothing(office: Office, fields: dict[str, str], fault: str) -> None:
    assert says(office.ada.orders("/accounts/role", name="kim", **fields)) == f"/accounts?said=said.account.{fault}"
    assert verbs(office.ada.console, "kim") == []
    assert office.kim.sees("/queue").status_code == 200


def test_whoever_gets_another_role_signs_in_again_and_opens_no_report(
    admin: Member, coordinator: Member, caseworker: Member
) -> None:
    assert says(admin.orders("/accounts/role", name="sam", role="analyst", body=INSTITUTE)) == "/accounts"
    assert says(caseworker.sees("/queue")) == "/sign-in"
    caseworker.signs_in()
    assert caseworker.sees("/queue").status_code == 403
    assert caseworker.orders("/key", passphrase=caseworker.person.passphrase, next="/").status_code == 403
    account = asyncio.run(admin.console.accounts.account("sam"))
    assert account
    assert (account.role, account.body) == ("analyst", None)
    assert "Should not any more" in coordinator.page("/keys")
    assert verbs(admin.console, "sam") == ["account_changed"]


@pytest.mark.parametrize(("role", "body"), [("analyst", None), ("partner", ADVISER), ("administrator", None)])
def test_a_key_that_was_open_does_not_outlive_the_role(caseworker: Member, role: str, body: str | None) -> None:
    """Whichever way the role was changed: the session goes on, the key does not."""
    asyncio.run(caseworker.console.accounts.set_role("sam", role, body))
    caseworker.page("/me")
    asyncio.run(caseworker.console.accounts.set_role("sam", "caseworker", None))
    assert "Your sealing passphrase" in caseworker.page("/questions")


def test_a_locked_colleague_is_out_until_they_are_let_in_again(admin: Member, caseworker: Member) -> None:
    assert says(admin.orders("/accounts/lock", name="sam", active="no")) == "/accounts"
    assert says(caseworker.sees("/queue")) == "/sign-in"
    assert caseworker.client.post("/sign-in", data={"name": "sam", "password": PASSWORD}).status_code == 401
    assert "locked" in admin.page("/accounts")
    assert says(admin.orders("/accounts/lock", name="sam", active="yes")) == "/accounts"
    assert caseworker.signs_in().sees("/queue").status_code == 200


def test_whoever_lost_password_and_phone_gets_others_and_the_lost_ones_open_nothing(
    admin: Member, caseworker: Member
) -> None:
    old, lost = caseworker.person.recovery_codes[0], caseworker.code()
    page = admin.orders("/accounts/renew", name="sam").text
    new = shown_in(page)["First password"]
    assert says(caseworker.sees("/queue")) == "/sign-in"
    assert caseworker.client.post("/sign-in", data={"name": "sam", "password": PASSWORD}).status_code == 401
    assert says(caseworker.client.post("/sign-in", data={"name": "sam", "password": new})) == "/code"
    form = form_in(caseworker.sees("/code").text)
    for code in (old, lost):
        assert caseworker.client.post("/code", data={"form": form, "code": code}).status_code == 401
    sent = caseworker.client.post("/code", data={"form": form, "code": CODES.findall(page)[0]})
    assert says(sent) == "/"
    assert says(caseworker.orders("/me/password", old=new, new="correct horse battery")).endswith("password_changed")
    caseworker.opens_key()  # the passphrase is apart from all this, and the same


def test_an_account_that_was_renewed_on_the_command_line_is_signed_out_here(
    console: Console, caseworker: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process: only the store is shared."""
    monkeypatch.setenv("VEJVISER_VAR", str(console.settings.var))
    assert "first password" in vejviser("staff", "renew", "sam").out
    assert says(caseworker.sees("/queue")) == "/sign-in"


def test_what_opens_an_account_is_nowhere_but_on_the_page_that_shows_it_once(admin: Member) -> None:
    page = admin.orders("/accounts", name="ida", role="partner", body=INSTITUTE).text
    words = [*shown_in(page).values(), *SECRET.findall(page), *CODES.findall(page)]
    assert len(words) == 13
    stored = b"".join(path.read_bytes() for path in admin.console.settings.var.rglob("*") if path.is_file())
    pages = "".join(admin.page(path) for path in ("/accounts", "/audit", "/me"))
    for word in words:
        assert word.encode() not in stored
        assert word not in pages


# Keys


@pytest.fixture
def case(coordinator: Member) -> Case:
    """A report on the coordinator's desk."""
    return new_case(coordinator)


def rotated_elsewhere(console: Console, *removed: str) -> None:
    """As `vejviser keys remove` does it in another process."""
    store = SqliteStore(console.settings.var / "store.db")
    keyring = Keyring(store)
    for name in removed:
        opened = asyncio.run(keyring.open("team", console.first.team))  # type: ignore[attr-defined]
        asyncio.run(keyring.remove(opened, name))
    store.close()


def test_a_lost_passphrase_is_replaced_by_a_colleague_and_reports_can_be_read_again(
    case: Case, coordinator: Member, caseworker: Member
) -> None:
    """The drill, at the console."""
    caseworker.orders(f"{case.path}/take")
    assert WORDS in caseworker.page(case.path)
    caseworker.orders("/sign-out")
    caseworker.signs_in()
    assert WORDS not in caseworker.page(case.path)
    assert caseworker.orders("/key", passphrase="I think it was this", next="/").status_code == 401
    assert "sam" in coordinator.page("/keys")
    shown = shown_in(coordinator.orders("/keys", name="sam").text)
    assert set(shown) == {"Sealing passphrase"}
    lost = caseworker.person.passphrase
    assert caseworker.orders("/key", passphrase=lost, next="/").status_code == 401
    sent = caseworker.orders("/key", passphrase=shown["Sealing passphrase"], next=case.path)
    assert says(sent) == case.path
    assert WORDS in caseworker.page(case.path)
    assert verbs(coordinator.console, "sam") == ["key_holder_added"]


def test_a_lost_passphrase_is_replaced_by_the_recovery_and_reports_can_be_read_again(
    case: Case, coordinator: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drill where all have lost theirs: the paper in the safe, at the command line."""
    console = coordinator.console
    coordinator.orders("/sign-out")
    monkeypatch.setenv("VEJVISER_VAR", str(console.settings.var))
    lines = f"{console.first.recovery}\n{ELSEWHERE}\n"  # type: ignore[attr-defined]
    assert "kim can open reports." in vejviser("keys", "add", "kim", "--by", RECOVERY, lines=lines).out
    coordinator.signs_in()
    assert coordinator.orders("/key", passphrase=coordinator.person.passphrase, next="/").status_code == 401
    assert says(coordinator.orders("/key", passphrase=ELSEWHERE, next=case.path)) == case.path
    assert WORDS in coordinator.page(case.path)
    newest = next(it for it in asyncio.run(console.store.audit.newest(50)) if it.verb == "key_holder_added")
    assert (newest.role, json.loads(newest.detail)) == ("command", {"who": "kim"})


def test_taking_a_share_away_replaces_the_key_and_closes_it_for_everybody(
    case: Case, coordinator: Member, caseworker: Member
) -> None:
    console = coordinator.console
    copied = asyncio.run(console.keyring.open("sam", caseworker.person.passphrase))
    caseworker.orders(f"{case.path}/take")
    assert says(coordinator.orders("/keys/remove", name="sam")) == "/keys?said=said.key_removed"
    for person in (coordinator, caseworker):
        page = person.page(case.path)
        assert "Your sealing passphrase" in page
        assert WORDS not in page
    assert caseworker.orders("/key", passphrase=caseworker.person.passphrase, next="/").status_code == 401
    assert WORDS in coordinator.opens_key().page(case.path)
    new = new_case(coordinator)
    for report in (case, new):
        row = asyncio.run(console.store.reports.key(report.key.report_id, "team"))
        assert row
        with pytest.raises(SealBrokenError):
            ReportKey.opened_by(copied.private, report.key.report_id, row.sealed)
    assert coordinator.sees(new.path).status_code == 200
    assert verbs(console, "sam") == ["key_holder_removed"]


@pytest.mark.parametrize("path", ["", "/note", "/questions", "/hand-over", "/keys"])
def test_a_key_that_was_replaced_in_another_process_is_asked_for_again(
    case: Case, coordinator: Member, caseworker: Member, path: str
) -> None:
    rotated_elsewhere(coordinator.console, "sam")
    if path in {"", "/questions"}:
        answer = coordinator.sees(path or case.path)
    else:
        fields = {"text": "what I had written", "body": ADVISER, "mode": "duty", "way": "download", "name": "sam"}
        answer = coordinator.orders(path if path == "/keys" else case.path + path, **fields)
    assert answer.status_code == 200
    assert "Your sealing passphrase" in answer.text
    if path == "/note":
        assert "what I had written" in answer.text
    assert WORDS in coordinator.opens_key().page(case.path)


def test_whoever_lost_their_share_in_another_process_reads_nothing_more(case: Case, caseworker: Member) -> None:
    caseworker.orders(f"{case.path}/take")
    assert WORDS in caseworker.page(case.path)
    rotated_elsewhere(caseworker.console, "sam")
    assert WORDS not in caseworker.page(case.path)
    assert caseworker.orders("/key", passphrase=caseworker.person.passphrase, next="/").status_code == 401


@pytest.mark.parametrize("name", [RECOVERY, "nobody-here", "", "x" * 300, "<script>"])
def test_a_share_that_is_not_there_or_must_stay_is_not_taken_away(office: Office, name: str) -> None:
    before = asyncio.run(office.kim.console.store.keys.team_key())
    assert says(office.kim.orders("/keys/remove", name=name)) == "/keys?said=said.key_not_removed"
    assert asyncio.run(office.kim.console.store.keys.team_key()) == before
    assert "key_holder_removed" not in events(office.kim.console)


def test_nobody_takes_their_own_share_away(office: Office) -> None:
    assert office.kim.orders("/keys/remove", name="kim").status_code == 422
    assert "kim" in asyncio.run(office.kim.console.keyring.names())


@pytest.mark.parametrize("name", ["ada", "ann", "tao", "recovery", "team", "nobody-here", ""])
def test_only_those_whose_role_opens_reports_get_a_share(office: Office, name: str) -> None:
    holders = asyncio.run(office.kim.console.store.keys.holders())
    assert office.kim.orders("/keys", name=name).status_code == 422
    assert asyncio.run(office.kim.console.store.keys.holders()) == holders


def test_a_locked_colleague_gets_no_share(coordinator: Member, caseworker: Member) -> None:
    asyncio.run(coordinator.console.accounts.set_active("sam", active=False))
    assert coordinator.orders("/keys", name="sam").status_code == 422


def test_without_an_open_key_nobody_gives_one(hires: Hires, caseworker: Member) -> None:
    pia = hires("pia", "coordinator").signs_in()
    for path in ("/keys", "/keys/remove"):
        assert "Your sealing passphrase" in pia.orders(path, name="sam").text
    assert "key_holder_added" not in events(pia.console)
