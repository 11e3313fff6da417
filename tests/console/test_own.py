"""What everybody does for themselves: a password, a phone, recovery codes, a passphrase; and what ends with the old."""

import asyncio
import html
import re

import pyotp
import pytest
from starlette.testclient import TestClient

from bot.accounts.roles import ROLES
from bot.web.console.desk import Console
from tests.console.case import INSTITUTE, new_case
from tests.console.conftest import Hires, events
from tests.console.member import AT, Member, form_in
from tests.reports import WORDS
from tests.staff import PASSWORD

SECRET = re.compile(r'</svg><span class="code">([A-Z2-7]+)</span>')
CODES = re.compile(r'<li class="code">([a-z2-9-]+)</li>')
NEW = "another passphrase of one's own"


def says(member: Member, path: str, **fields: str) -> str:
    """What is said after an order."""
    sent = member.orders(path, **fields)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def elsewhere(member: Member) -> TestClient:
    """Another browser in which the same person is signed in."""
    mine, member.client = member.client, TestClient(member.app, base_url=AT, follow_redirects=False)
    member.signs_in()
    theirs, member.client = member.client, mine
    return theirs


def tries(member: Member, code: str) -> int:
    """The status of a code after the password, in a browser of its own."""
    client = TestClient(member.app, base_url=AT, follow_redirects=False)
    client.post("/sign-in", data={"name": member.name, "password": PASSWORD})
    return client.post("/code", data={"form": form_in(client.get("/code").text), "code": code}).status_code


@pytest.mark.parametrize("role", ROLES)
def test_a_passphrase_stands_on_the_page_of_those_who_can_have_one(hires: Hires, role: str) -> None:
    member = hires("sam", role, INSTITUTE if role == "partner" else None).signs_in()
    page = html.unescape(member.page("/me"))
    assert ("Present passphrase" in page) is (role in {"caseworker", "coordinator", "partner"})
    assert "no key yet" not in page


def test_whoever_has_no_key_yet_is_told_who_gives_one(console: Console, hires: Hires) -> None:
    """Coordinators give shares of the team's key; a partner's own comes with a renewed account."""
    member = hires("sam", "caseworker").signs_in()
    asyncio.run(console.accounts.set_role("sam", "partner", INSTITUTE))
    assert "An administrator can renew your account" in member.page("/me")
    asyncio.run(console.accounts.set_role("sam", "analyst", None))
    assert "no key yet" not in member.page("/me")


def test_a_key_of_an_earlier_role_is_not_taken_for_one_of_the_present(console: Console, hires: Hires) -> None:
    member = hires("ida", "partner", INSTITUTE).signs_in()
    asyncio.run(console.accounts.set_role("ida", "caseworker", None))
    page = member.page("/me")
    assert "You have no key yet. A coordinator can give you one." in page
    assert "Present passphrase" not in page


@pytest.mark.parametrize(("role", "whom"), [("caseworker", "a coordinator"), ("partner", "an administrator")])
def test_whoever_lost_their_passphrase_is_told_who_helps(hires: Hires, role: str, whom: str) -> None:
    member = hires("sam", role, INSTITUTE if role == "partner" else None).signs_in()
    assert f"If you have lost it, {whom} can" in member.orders("/key", passphrase="lost", next="/").text


# The password


def test_a_wrong_password_changes_nothing_and_is_on_record(coordinator: Member) -> None:
    assert says(coordinator, "/me/password", old="wrong", new="correct horse battery") == "/me?said=said.wrong"
    assert events(coordinator.console)[-1] == "confirm_failed"
    assert elsewhere(coordinator).get("/me").status_code == 200


def test_a_lock_that_comes_while_a_password_is_changed_stands(console: Console, hires: Hires) -> None:
    hires("sam", "caseworker")

    async def both() -> None:
        changing = asyncio.create_task(console.accounts.change_password("sam", "correct horse battery"))
        await asyncio.sleep(0)
        await console.accounts.set_active("sam", active=False)
        await changing

    asyncio.run(both())
    account = asyncio.run(console.accounts.account("sam"))
    assert account
    assert not account.active


def test_a_code_that_was_used_while_an_account_is_renewed_stays_used(console: Console, hires: Hires) -> None:
    hires("sam", "caseworker")

    async def both() -> None:
        renewing = asyncio.create_task(console.accounts.renew("sam"))
        await asyncio.sleep(0)
        assert await console.store.staff.use_step("sam", 1_000)
        await renewing

    asyncio.run(both())
    assert not asyncio.run(console.store.staff.use_step("sam", 1_000))


# The phone and the recovery codes


def test_a_new_phone_ends_the_old_one_and_other_sessions_but_not_this_one(coordinator: Member) -> None:
    old, other = pyotp.parse_uri(coordinator.person.totp), elsewhere(coordinator)
    assert isinstance(old, pyotp.TOTP)
    page = coordinator.orders("/me/phone").text
    (secret,) = SECRET.findall(page)
    assert coordinator.sees("/queue").status_code == 200
    assert other.get("/queue").headers["location"] == "/sign-in"
    coordinator.code()  # forgets which codes were used
    assert tries(coordinator, old.now()) == 401
    assert tries(coordinator, pyotp.TOTP(secret).now()) == 303
    assert secret not in coordinator.page("/me")
    assert "totp_changed" in events(coordinator.console)


def test_new_recovery_codes_end_the_old_ones(coordinator: Member) -> None:
    page = coordinator.orders("/me/recovery-codes").text
    codes = CODES.findall(page)
    assert len(set(codes)) == 10
    assert tries(coordinator, coordinator.person.recovery_codes[0]) == 401
    assert tries(coordinator, codes[3]) == 303
    assert tries(coordinator, codes[3]) == 401
    assert "You have 9 left." in re.sub("[\u2066-\u2069]", "", coordinator.page("/me"))


@pytest.mark.parametrize("path", ["/me/phone", "/me/recovery-codes"])
def test_phone_and_codes_are_changed_only_after_password_and_code_were_just_given(
    coordinator: Member, path: str
) -> None:
    (seat,) = coordinator.console.seats._seats.values()
    seat.confirmed = 0
    assert says(coordinator, path) == "/confirm?next=%2Fme"
    assert events(coordinator.console)[-1] == "key_opened"


# The passphrase


def test_a_new_passphrase_opens_and_the_old_one_does_not(coordinator: Member) -> None:
    case, old = new_case(coordinator), coordinator.person.passphrase
    assert says(coordinator, "/me/passphrase", old=old, new=NEW) == "/me?said=said.passphrase_changed"
    coordinator.signs_in()
    assert coordinator.orders("/key", passphrase=old, next="/").status_code == 401
    assert says(coordinator, "/key", passphrase=f"  {NEW} ", next=case.path) == case.path
    assert WORDS in coordinator.page(case.path)


def test_a_partner_with_a_new_passphrase_reads_what_was_handed_over_before(coordinator: Member, hires: Hires) -> None:
    ida = hires("ida", "partner", INSTITUTE).signs_in()
    row = new_case(coordinator).package()
    old = ida.person.passphrase
    assert says(ida, "/me/passphrase", old=old, new=NEW) == "/me?said=said.passphrase_changed"
    assert ida.orders("/key", passphrase=old, next="/").status_code == 401
    assert says(ida, "/key", passphrase=NEW, next="/") == "/"
    assert WORDS in ida.page(f"/forwarded/{row.id}")


@pytest.mark.parametrize(
    ("old", "new", "said", "verb"),
    [
        ("a wrong passphrase", NEW, "wrong_passphrase", "key_failed"),
        ("", NEW, "wrong_passphrase", "key_failed"),
        (None, "short", "weak_passphrase", "key_opened"),
        (None, " " * 40, "weak_passphrase", "key_opened"),
        (None, "", "weak_passphrase", "key_opened"),
    ],
)
def test_a_passphrase_that_is_not_changed_is_not_on_record_as_changed(
    coordinator: Member, old: str | None, new: str, said: str, verb: str
) -> None:
    own = coordinator.person.passphrase
    assert says(coordinator, "/me/passphrase", old=own if old is None else old, new=new) == f"/me?said=said.{said}"
    assert events(coordinator.console)[-1] == verb
    assert asyncio.run(coordinator.console.keyring.open("kim", own))


def test_a_password_is_never_a_passphrase(coordinator: Member) -> None:
    sent = says(coordinator, "/me/passphrase", old=PASSWORD, new=NEW)
    assert sent == "/me?said=said.wrong_passphrase"


def test_before_a_first_password_is_changed_nothing_else_can_be_done(console: Console, hires: Hires) -> None:
    member = hires("sam", "caseworker")
    made = asyncio.run(console.accounts.renew("sam"))
    assert made.password
    member.person.totp = made.totp
    member.client.post("/sign-in", data={"name": "sam", "password": made.password})
    member.client.post("/code", data={"form": form_in(member.sees("/code").text), "code": member.code()})
    for path in ("/", "/queue", "/questions", "/report/none", "/confirm"):
        assert member.sees(path).headers["location"] == "/me"
    for path in ("/key", "/report/none/take", "/questions/none/sort"):
        assert says(member, path, passphrase=member.person.passphrase, next="/") == "/me"
    assert "Choose one of your own" in member.page("/me?lang=en")
