"""Into the console: a password and a code; nothing of it can be guessed, replayed or stolen."""

import asyncio
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.web.console import seats
from bot.web.console.desk import Console
from bot.web.console.seats import COOKIE, IDLE, LONGEST, MOST_CODES
from tests.console.conftest import Hires, events
from tests.console.member import AT, Member, form_in
from tests.staff import PASSWORD

PAGES = [
    "/",
    "/queue",
    "/report/1",
    "/report/1/file/2",
    "/forwarded",
    "/audit",
    "/accounts",
    "/keys",
    "/me",
    "/questions",
]


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_sees_the_door_only(app: Any, path: str) -> None:
    client = TestClient(app, base_url=AT, follow_redirects=False)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_password_alone_opens_nothing(app: Any, hires: Hires) -> None:
    member = hires("sam", "caseworker")
    member.client.post("/sign-in", data={"name": "sam", "password": PASSWORD})
    assert member.sees("/queue").headers["location"] == "/sign-in"


def test_with_a_code_somebody_is_in_under_another_token(hires: Hires) -> None:
    member = hires("sam", "caseworker")
    member.client.post("/sign-in", data={"name": "sam", "password": PASSWORD})
    before = member.client.cookies[COOKIE]
    member.client.post("/code", data={"form": form_in(member.sees("/code").text), "code": member.code()})
    assert member.client.cookies[COOKIE] != before
    assert member.sees("/queue").status_code == 200
    member.client.cookies.set(COOKIE, before, domain="localhost.local")
    assert events(member.console) == ["signed_in", "queue_viewed"]


@pytest.mark.parametrize("name", ["sam", "nobody", "", "SAM "])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(app: Any, hires: Hires, name: str) -> None:
    hires("sam", "caseworker")
    client = TestClient(app, base_url=AT)
    answer = client.post("/sign-in?lang=en", data={"name": name, "password": "wrong"})
    assert answer.status_code == 401
    assert "name, the password or the code is wrong" in answer.text


def test_a_code_is_taken_once(hires: Hires) -> None:
    member = hires("sam", "caseworker")
    code = member.code()
    row = asyncio.run(member.console.accounts.account("sam"))
    assert row
    assert asyncio.run(member.console.accounts.takes_code(row, code))
    assert not asyncio.run(member.console.accounts.takes_code(row, code))


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (30, True), (-30, True), (90, False), (-90, False)])
def test_a_code_is_taken_half_a_minute_early_or_late_and_no_more(hires: Hires, seconds: int, taken: bool) -> None:
    member = hires("sam", "caseworker")
    code, now = member.code(), time.time()
    row = asyncio.run(member.console.accounts.account("sam"))
    assert row
    assert asyncio.run(member.console.accounts.takes_code(row, code, now=now + seconds)) is taken


def test_a_code_is_taken_in_any_digits(hires: Hires) -> None:
    member = hires("sam", "caseworker")
    code = member.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    row = asyncio.run(member.console.accounts.account("sam"))
    assert row
    assert asyncio.run(member.console.accounts.takes_code(row, code))


def test_a_recovery_code_stands_for_the_phone_once(hires: Hires) -> None:
    member = hires("sam", "caseworker")
    for expected in ("/", None):
        member.client.cookies.clear()
        member.client.post("/sign-in", data={"name": "sam", "password": PASSWORD})
        form = form_in(member.sees("/code").text)
        typed = member.person.recovery_codes[0].upper().replace("-", " ")
        assert member.client.post("/code", data={"form": form, "code": typed}).headers.get("location") == expected
    assert asyncio.run(member.console.accounts.recovery_codes_left("sam")) == 9


def test_after_five_wrong_codes_the_password_is_asked_again(hires: Hires) -> None:
    member = hires("sam", "caseworker")
    member.client.post("/sign-in", data={"name": "sam", "password": PASSWORD})
    form = form_in(member.sees("/code").text)
    for _ in range(MOST_CODES):
        assert member.client.post("/code", data={"form": form, "code": "000000"}).status_code == 401
    right = member.client.post("/code", data={"form": form, "code": member.code()})
    assert right.headers["location"] == "/sign-in"
    assert member.sees("/queue").headers["location"] == "/sign-in"


def test_many_wrong_passwords_cost_time_and_lock_nobody_out(hires: Hires, monkeypatch: pytest.MonkeyPatch) -> None:
    member = hires("sam", "caseworker")
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.web.brake.asyncio.sleep", sleep)
    for _ in range(12):
        member.client.post("/sign-in", data={"name": "sam", "password": "wrong"})
    assert waited == sorted(waited)
    assert waited[-1] > 2
    assert member.signs_in().sees("/queue").status_code == 200


@pytest.mark.parametrize("seconds", [IDLE, LONGEST])
def test_a_session_ends(coordinator: Member, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """After half an hour without a request, and after twelve hours in any case."""
    now = time.monotonic()
    monkeypatch.setattr(seats.time, "monotonic", lambda: now + seconds + 1)
    assert coordinator.sees("/queue").headers["location"] == "/sign-in"


def test_what_was_being_written_is_given_back_when_the_session_was_over(coordinator: Member) -> None:
    form = coordinator.form
    coordinator.client.cookies.clear()
    answer = coordinator.client.post("/report/1/answer?lang=en", data={"form": form, "text": "Kære du, tak"})
    assert answer.status_code == 401
    assert "Kære du, tak" in answer.text
    assert "nothing was saved" in answer.text


def test_signing_out_closes_the_key_and_the_session(coordinator: Member) -> None:
    token = coordinator.client.cookies[COOKIE]
    assert coordinator.orders("/sign-out").headers["location"] == "/sign-in"
    coordinator.client.cookies.set(COOKIE, token)
    assert coordinator.sees("/queue").headers["location"] == "/sign-in"


def test_a_locked_account_is_out_at_once_and_cannot_come_back(coordinator: Member) -> None:
    asyncio.run(coordinator.console.accounts.set_active("kim", active=False))
    assert coordinator.sees("/queue").headers["location"] == "/sign-in"
    answer = coordinator.client.post("/sign-in", data={"name": "kim", "password": PASSWORD})
    assert answer.status_code == 401


@pytest.mark.parametrize("fields", [{}, {"form": ""}, {"form": "0" * 32}])
def test_an_order_without_the_word_of_its_session_is_refused(coordinator: Member, fields: dict[str, str]) -> None:
    """As another site would send it (CSRF)."""
    answer = coordinator.client.post("/sign-out", data=fields)
    assert answer.status_code == 403
    assert coordinator.sees("/queue").status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_an_order_that_another_site_sends_is_refused(coordinator: Member, headers: dict[str, str]) -> None:
    answer = coordinator.client.post("/sign-out", data={"form": coordinator.form}, headers=headers)
    assert answer.status_code == 403


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Any, hires: Hires) -> None:
    member = hires("sam", "caseworker")
    sent = member.client.post("/sign-in", data={"name": "sam", "password": PASSWORD}).headers["set-cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=strict" in sent
    assert "Path=/" in sent


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "é"],
)
def test_after_a_confirmation_nobody_is_led_to_another_site(coordinator: Member, to: str) -> None:
    sent = coordinator.orders("/confirm", password=PASSWORD, code=coordinator.code(), next=to)
    assert sent.headers["location"] == "/"


def test_keys_and_accounts_ask_for_password_and_code_again_after_a_while(
    coordinator: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert coordinator.sees("/keys").status_code == 200
    now = time.monotonic()
    monkeypatch.setattr(seats.time, "monotonic", lambda: now + seats.CONFIRMED + 1)
    assert coordinator.sees("/keys").headers["location"] == "/confirm?next=%2Fkeys"
    assert coordinator.orders("/keys", name="kim").headers["location"] == "/confirm?next=%2Fkeys"
    assert coordinator.orders("/confirm", password="wrong", code=coordinator.code(), next="/keys").status_code == 401
    sent = coordinator.orders("/confirm", password=PASSWORD, code=coordinator.code(), next="/keys")
    assert sent.headers["location"] == "/keys"
    assert coordinator.sees("/keys").status_code == 200


def test_a_first_password_must_be_changed_before_anything_else(console: Console, hires: Hires) -> None:
    member = hires("sam", "caseworker")
    made = asyncio.run(console.accounts.renew("sam"))
    assert made.password
    member.person.totp = made.totp
    member.client.post("/sign-in", data={"name": "sam", "password": made.password})
    member.client.post("/code", data={"form": form_in(member.sees("/code").text), "code": member.code()})
    assert member.sees("/queue").headers["location"] == "/me"
    member.orders("/me/password", old=made.password, new="correct horse battery")
    assert member.sees("/queue").status_code == 200


@pytest.mark.parametrize(
    ("new", "said"), [("short", "short"), ("x" * 201, "long"), (PASSWORD, "same")]
)  # fmt: skip
def test_a_new_password_is_long_enough_and_new(coordinator: Member, new: str, said: str) -> None:
    sent = coordinator.orders("/me/password", old=PASSWORD, new=new)
    assert sent.headers["location"] == f"/me?said=said.account.{said}"


def test_a_changed_password_ends_the_other_sessions(coordinator: Member) -> None:
    other = TestClient(coordinator.app, base_url=AT, follow_redirects=False)
    mine, coordinator.client = coordinator.client, other
    coordinator.signs_in()
    theirs, coordinator.client = coordinator.client, mine
    coordinator.orders("/me/password", old=PASSWORD, new="correct horse battery")
    assert coordinator.sees("/queue").status_code == 200
    assert theirs.get("/queue").headers["location"] == "/sign-in"


def test_the_log_in_opens_no_report_and_the_passphrase_no_session(app: Any, hires: Hires) -> None:
    member = hires("sam", "caseworker").signs_in()
    assert member.orders("/key", passphrase=PASSWORD, next="/").status_code == 401
    client = TestClient(app, base_url=AT)
    sent = client.post("/sign-in", data={"name": "sam", "password": member.person.passphrase})
    assert sent.status_code == 401


def test_no_secret_of_an_account_stands_readable_in_the_store(hires: Hires, console: Console) -> None:
    member = hires("sam", "caseworker")
    made = asyncio.run(console.accounts.renew("sam"))
    stored = b"".join(path.read_bytes() for path in console.settings.var.glob("store.db*"))
    secret = made.totp.split("secret=")[1].split("&")[0]
    for word in (PASSWORD, made.password, secret, *made.recovery_codes, member.person.passphrase):
        assert str(word).encode() not in stored
        assert str(word).replace("-", "").encode() not in stored


def test_the_console_knows_nothing_of_rasa() -> None:
    import subprocess  # noqa: PLC0415 - only here
    import sys  # noqa: PLC0415

    code = "import sys, bot.web.console.app; print([m for m in sys.modules if m.split('.')[0] == 'rasa'])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
