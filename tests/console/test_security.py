"""The console under attack: headers on every answer, hostile words in every field, borrowed sessions, broken forms."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.accounts.roles import ADMINISTRATOR, COORDINATOR, ROLES
from bot.web.console.app import ENTRIES
from bot.web.console.door import OPEN
from bot.web.console.seats import COOKIE
from bot.web.forms import LONGEST_FORM
from tests.console.case import new_case
from tests.console.conftest import Hires
from tests.console.member import AT, Member, form_in
from tests.console.office import Office, check, open_office
from tests.console.orders import orders
from tests.staff import PASSWORD


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("attacked")) as office:
        yield office


@pytest.fixture(scope="module")
def stranger(office: Office) -> httpx.Client:
    return TestClient(office.app, base_url=AT, follow_redirects=False)


# Every answer


@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_answer_bears_the_headers_and_no_page_an_inline_script_or_another_host(
    office: Office, stranger: httpx.Client, role: str | None
) -> None:
    client = office.people[role].client if role else stranger
    seen = set()
    for path in office.pages(ENTRIES, role or COORDINATOR):
        answer = client.get(path)
        check(answer)
        seen.add(answer.status_code)
    assert seen <= {200, 303, 403, 404}
    assert 200 in seen or role is None


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND")
PATHS = (
    "/health",
    "/no/such/page",
    "/static/console.css",
    "/static/none",
    "/static/../app.py",
    "//",
    "/%00",
    "/queue/",
)


@pytest.mark.parametrize("role", [COORDINATOR, None])
def test_an_answer_that_says_no_bears_them_too(office: Office, stranger: httpx.Client, role: str | None) -> None:
    client = office.people[COORDINATOR].client if role else stranger
    asked = {(method, path) for method in METHODS for path in PATHS}
    for entry in ENTRIES:  # without what an order needs, and a page as what it is not
        asked |= {(method, office.path(entry.path)) for method in ("POST", "DELETE", "OPTIONS")}
    asked |= {(method, str(getattr(route, "path", ""))) for route in OPEN for method in METHODS}
    statuses = set()
    for method, path in sorted(asked):
        answer = client.request(method, path)
        check(answer)
        statuses.add(answer.status_code)
    assert statuses <= {200, 303, 401, 403, 404, 405, 422}
    assert {200, 303, 404, 405, 403 if role else 401} <= statuses


@pytest.mark.parametrize("path", ["/queue/", "/static", "//queue", "/sign-in/"])
@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "[", "a b", "evil.example:99999", ""])
def test_no_answer_leads_to_the_host_that_a_request_names(office: Office, path: str, host: str) -> None:
    for client in (office.people[COORDINATOR].client, TestClient(office.app, base_url=AT, follow_redirects=False)):
        for sent in (path, "/", "/queue", "/sign-in"):
            answer = client.get(sent, headers={"Host": host})
            check(answer)
            assert "evil.example" not in answer.text
            assert "evil.example" not in str(answer.headers)


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_turns_no_look_into_an_order(office: Office, name: str) -> None:
    kim = office.people[COORDINATOR]
    for path in ("/sign-out", f"{office.case.path}/close"):
        assert kim.client.get(path, headers={name: "POST"}).status_code == 405
        assert kim.client.get(f"{path}?_method=POST&form={kim.form}").status_code == 405
    assert kim.sees("/queue").status_code == 200


def test_the_methods_of_an_address_are_named_where_one_is_refused(office: Office) -> None:
    answer = office.people[COORDINATOR].client.delete("/queue")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "word",
    ["<b>a word</b>", "said.", "said.nothing", "problem.failed", "key.why", "said.wrong\0", "https://evil.example"],
)
def test_no_address_puts_words_into_our_mouth(office: Office, stranger: httpx.Client, word: str) -> None:
    for client in (office.people[COORDINATOR].client, stranger):
        for path in ("/queue", "/sign-in", "/me"):
            answer = client.get(path, params={"said": word, "lang": word, "next": word})
            check(answer)
            assert 'class="notice' not in answer.text
            assert "a word" not in answer.text


# Forms that are no forms


def posted(client: httpx.Client, path: str, body: bytes, kind: str) -> httpx.Response:
    answer = client.post(path, content=body, headers={"Content-Type": kind})
    check(answer)
    return answer


FILE = b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../b"\r\n\r\nx\r\n'
HALF = r"\ud800"
FORM_KIND = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", [FORM_KIND, "multipart/form-data; boundary=x"])
def test_a_form_that_is_too_large_is_refused_in_words(office: Office, stranger: httpx.Client, kind: str) -> None:
    body = b"text=" + b"x" * (LONGEST_FORM + 1)
    if "multipart" in kind:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * (LONGEST_FORM + 1) + b"\r\n--x--\r\n"
        )
    for client in (office.people[COORDINATOR].client, stranger):
        for path in ("/sign-in", f"{office.case.path}/note", "/queue/views"):
            answer = posted(client, f"{path}?lang=en", body, kind)
            assert answer.status_code == 413
            assert "Something was missing or too long" in answer.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM_KIND, b"a=1&" * 40_000),
        (FORM_KIND, b"%" * 1_000), (FORM_KIND, b"=&=&;;;&&%00=%ff%fe"), (FORM_KIND, bytes(range(256)) * 20),
        (FORM_KIND, b"a[" * 20_000), (FORM_KIND, b"form=x&form=y&form=z"), (FORM_KIND, b""),
        ("application/json", b"[" * 50_000), ("text/plain", b"x"), ("", b"x"), ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=", b"--\r\n"), ("multipart/form-data; boundary=x", b"no boundary here"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"),
        ("multipart/form-data; boundary=x", FILE * 30 + b"--x--"),
        ("multipart/form-data; boundary=" + "x" * 5_000, b"x"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_no_fault(office: Office, stranger: httpx.Client, kind: str, body: bytes) -> None:
    for client in (office.people[COORDINATOR].client, stranger):
        for path in ("/sign-in", f"{office.case.path}/note", "/accounts"):
            assert posted(client, path, body, kind).status_code in {303, 400, 401, 403, 404, 422}


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "unicode_escape", "undefined", "punycode"])
@pytest.mark.parametrize("path", ["/sign-in", "/me/password", "note"])
def test_a_form_in_a_charset_of_its_own_smuggles_no_half_characters(office: Office, path: str, charset: str) -> None:
    """One in a note makes the page of its report fail for everybody from then on."""
    kim, case, lines = office.people[COORDINATOR], new_case(office.people[COORDINATOR]), []
    for name, value in {"form": kim.form, **dict.fromkeys(("name", "password", "old", "new", "text"), HALF)}.items():
        lines.append(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n')
    body, kind = f"{''.join(lines)}--x--\r\n".encode(), f"multipart/form-data; boundary=x; charset={charset}"
    posted(kim.client, f"{case.path}/note" if path == "note" else path, body, kind)
    check(kim.sees(case.path))


# Sessions of others


def test_the_word_of_one_session_opens_no_other(office: Office) -> None:
    kim, ada = office.people[COORDINATOR], office.people[ADMINISTRATOR]
    for path in ("/sign-out", "/me/recovery-codes", "/queue/views"):
        assert kim.client.post(path, data={"form": ada.form}).status_code == 403
    assert kim.sees("/queue").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "../../etc/passwd", "'; --", "x" * 5_000, "<script>"])
def test_a_token_that_was_not_given_is_none(office: Office, token: str) -> None:
    client = TestClient(office.app, base_url=AT, follow_redirects=False, headers={"Cookie": f"{COOKIE}={token}"})
    answer = client.get("/queue")
    check(answer)
    assert answer.headers["location"] == "/sign-in"


def test_a_token_that_somebody_planted_is_not_the_one_that_signs_in(office: Office) -> None:
    """Fixation: a session gets a token of its own at every step, and the one before is worth nothing."""
    person = Member(office.app, "victim", "analyst")
    planted = "a" * 64
    person.client.cookies.set(COOKIE, planted, domain="localhost.local")
    person.client.post("/sign-in", data={"name": "victim", "password": PASSWORD})
    person.signs_in()
    other = TestClient(office.app, base_url=AT, follow_redirects=False, headers={"Cookie": f"{COOKIE}={planted}"})
    assert other.get("/me").headers["location"] == "/sign-in"


def test_whoever_signs_in_again_leaves_no_session_behind(office: Office) -> None:
    person = Member(office.app, "again", "analyst").signs_in()
    token = person.client.cookies[COOKIE]
    person.client.post("/sign-in", data={"name": "again", "password": PASSWORD})
    other = TestClient(office.app, base_url=AT, follow_redirects=False, headers={"Cookie": f"{COOKIE}={token}"})
    assert other.get("/me").headers["location"] == "/sign-in"


def test_whoever_only_knows_a_name_keeps_nobody_from_signing_in(
    app: Any, hires: Hires, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong passwords from elsewhere cost time there, and none to the person whose name it is."""
    sam, waited = hires("sam", "analyst"), []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.web.brake.asyncio.sleep", sleep)
    elsewhere = TestClient(app, base_url=AT, client=("192.0.2.7", 4_000))
    for _ in range(20):
        assert elsewhere.post("/sign-in", data={"name": "sam", "password": "wrong"}).status_code == 401
    assert max(waited) > 5
    waited.clear()
    assert sam.signs_in().sees("/me").status_code == 200
    assert waited == []


def test_a_session_without_its_code_gives_no_order(office: Office) -> None:
    person = Member(office.app, "half", "coordinator")
    person.client.post("/sign-in", data={"name": "half", "password": PASSWORD})
    form = form_in(person.sees("/code").text)
    for order in orders():
        answer = person.client.post(office.path(order.path), data={**order.fields, "form": form})
        assert answer.status_code in {303, 401}
        assert answer.headers.get("location", "/sign-in") == "/sign-in"


def test_a_file_or_package_of_one_report_is_not_reached_through_another(office: Office) -> None:
    """IDOR: whoever may open a report of their own may not reach into a colleague's."""
    kim, other = office.people[COORDINATOR], new_case(office.people[COORDINATOR])
    for path in ("file/{file}", "handover/{handover}", "handover/{handover}/json"):
        right, wrong = office.path(f"{office.case.path}/{path}"), office.path(f"{other.path}/{path}")
        assert kim.sees(right).status_code == 200
        assert kim.sees(wrong).status_code == 404
    for path in ("handover/{handover}/send", "handover/{handover}/outcome"):
        assert kim.orders(office.path(f"{other.path}/{path}"), outcome="settled").status_code == 404


def test_what_is_not_there_is_answered_like_what_is_not_theirs(office: Office) -> None:
    """So that nobody learns from the answer which reports there are."""
    for role in ROLES:
        person = office.people[role]
        for path in ("/report/{}", "/report/{}/history", "/forwarded/{}"):
            there = person.sees(path.format(office.ids["report"]))
            gone = person.sees(path.format("0" * 32))
            if there.status_code != 200:
                assert (there.status_code, there.text) == (gone.status_code, gone.text), (role, path)


def test_a_kept_choice_of_one_is_not_dropped_by_another(office: Office) -> None:
    kim = office.people[COORDINATOR]
    kim.orders("/queue/views", name="my own", status="new")
    office.people["caseworker"].orders("/queue/views/drop", name="my own")
    assert "my own" in asyncio.run(office.console.store.staff.views(kim.name))
