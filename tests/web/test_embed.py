"""The guide on other sites' pages: who may frame it, how a session goes without a cookie, and what the script says."""

import copy
import dataclasses
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.web.app import make_app
from bot.web.embed import FRAME, LETTERS, NEXT, NONE, SCRIPT, SESSION
from bot.web.guard import HEADERS
from bot.web.session import COOKIE
from tests.reports import SEND, receipt_in, way
from tests.web.interface import headers_for

SITES = ("https://www.city.example", "http://localhost:8080")


def served(guide: Guide, sites: tuple[str, ...]) -> TestClient:
    other = copy.copy(guide)
    other.settings = dataclasses.replace(guide.settings, embed_origins=sites)
    return TestClient(make_app(other), follow_redirects=False)


@pytest.fixture
def client(guide: Guide) -> TestClient:
    """A browser of which this city's sites may frame the guide."""
    return served(guide, SITES)


class Frame:
    """What static/embed.js does: sends the header, keeps the one that comes back, and takes no cookie."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.token = NONE

    def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {SESSION: self.token, **more.pop("headers", {})}
        answer = self.client.request(method, path, headers=headers, **more)
        assert "set-cookie" not in answer.headers, (method, path)
        assert "location" not in answer.headers, (method, path)
        self.token = answer.headers.get(SESSION, self.token)
        return answer

    def goes(self, method: str, path: str, **more: Any) -> httpx.Response:
        """As `asks`, and on to where the answer leads."""
        answer = self.asks(method, path, **more)
        while NEXT in answer.headers:
            answer = self.asks("GET", answer.headers[NEXT].partition("#")[0])
        return answer

    def begins(self, lang: str = "en") -> "Frame":
        assert self.goes("POST", "/start", data={"lang": lang}).status_code == 200
        return self

    def says(self, **said: str) -> httpx.Response:
        return self.goes("POST", "/say", data={"id": uuid.uuid4().hex, **said})


@pytest.fixture
def frame(client: TestClient) -> Iterator[Frame]:
    frame = Frame(client)
    yield frame
    frame.asks("POST", "/delete")


# Who may frame what


def test_nobody_frames_anything_until_a_site_is_named(guide: Guide) -> None:
    client = served(guide, ())

    assert client.get(FRAME).status_code == 404
    for path in (FRAME, "/", LETTERS):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == headers_for(answer)
        assert "access-control-allow-origin" not in answer.headers
    assert facts_of(client)["origins"] == ""


def test_the_page_in_the_frame_may_be_framed_by_the_named_sites_alone(client: TestClient) -> None:
    answer = client.get(FRAME)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))

    assert answer.status_code == 200
    assert policy.pop("frame-ancestors") == "https://www.city.example http://localhost:8080"
    assert policy == {
        name: value
        for name, value in (part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
        if name != "frame-ancestors"
    }
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_every_other_page_is_framed_by_nobody(client: TestClient) -> None:
    own = {FRAME, SCRIPT}
    paths = [route.path for route in client.app.routes if isinstance(route, Route) and route.path not in own]  # type: ignore[attr-defined]
    assert {"/", "/say", "/report", "/slip", "/outcome", "/api/chat/messages"} <= set(paths)
    for path in [*paths, "/static/embed.js", "/embed/", "/embed/more", "/nothing"]:
        for headers in ({}, {SESSION: NONE}):
            answer = client.get(path.replace("{file}", "1"), headers=headers)
            assert {name: answer.headers[name] for name in HEADERS} == headers_for(answer), path
            assert "access-control-allow-origin" not in answer.headers, path


def test_of_what_another_site_may_read_there_is_one_font(client: TestClient) -> None:
    letters = client.get(LETTERS)

    assert letters.headers["access-control-allow-origin"] == "*"
    assert letters.headers["cross-origin-resource-policy"] == "cross-origin"
    assert letters.headers["content-type"] == "font/woff2"


# A session without a cookie


def test_a_conversation_goes_by_the_header_and_no_cookie_is_ever_set(frame: Frame) -> None:
    assert frame.asks("GET", "/").headers.get(SESSION) is None
    frame.begins("ar")
    assert re.fullmatch(r"[0-9a-f]{32}", frame.token)
    frame.says(button="need_danish_start")
    shown = frame.says(button="residence_family")

    assert 'lang="ar"' in shown.text
    assert 'class="card"' in shown.text
    assert not list(frame.client.cookies.jar)


def test_a_report_is_filed_opened_and_taken_back_by_the_header_alone(frame: Frame) -> None:
    frame.begins()
    for step in way(short=True):
        frame.says(**({"button": step.button} if step.button else {"text": str(step.text)}))
    receipt = receipt_in(frame.says(button=SEND).text)
    frame.asks("POST", "/delete")
    assert frame.token == NONE

    opened = frame.goes("POST", "/report", data={"do": "open", "receipt": receipt})
    assert 'id="withdraw"' in opened.text
    copied = frame.asks("GET", "/report/copy")
    assert copied.headers["content-disposition"] == 'attachment; filename="my-report.json"'
    gone = frame.goes("POST", "/report", data={"do": "withdraw_yes", "id": "1"})
    assert 'id="receipt"' in gone.text
    assert not list(frame.client.cookies.jar)


def test_the_interface_goes_by_the_header_too(frame: Frame) -> None:
    begun = frame.asks("POST", "/api/chat/session", json={"lang": "da"})
    assert begun.status_code == 201
    assert begun.headers[SESSION] == frame.token
    said = frame.asks("POST", "/api/chat/messages", json={"id": "1", "button": "need_danish_start"})
    assert said.status_code == 200
    assert len(frame.asks("GET", "/api/chat/messages").json()["messages"]) > 1
    assert frame.asks("DELETE", "/api/chat/session").headers[SESSION] == NONE
    assert frame.asks("GET", "/api/chat/messages").status_code == 401


def test_a_deleted_chat_and_one_that_has_ended_take_the_token_back(frame: Frame) -> None:
    token = frame.begins().token
    deleted = frame.goes("POST", "/delete", data={"lang": "en"})
    assert "The chat is deleted." in deleted.text
    assert frame.token == NONE

    frame.token = token
    ended = frame.asks("GET", "/", headers={"Accept-Language": "en"})
    assert "Your chat has ended" in ended.text
    assert frame.token == NONE


def test_a_chat_that_its_own_button_deletes_takes_the_token_back(frame: Frame) -> None:
    frame.begins()
    for button in ("need_bot_capabilities", "need_delete_chat", "delete_chat_yes"):
        answer = frame.asks("POST", "/api/chat/messages", json={"id": uuid.uuid4().hex, "button": button})
    assert answer.json()["ended"]
    assert frame.token == NONE


def test_the_cookie_of_another_tab_is_not_used_in_the_frame(client: TestClient) -> None:
    """On a page of the same city a browser sends it along."""
    begun = client.post("/api/chat/session", json={"lang": "en"})
    cookie = begun.cookies[COOKIE]
    asked = {"Cookie": f"{COOKIE}={cookie}"}

    assert client.get("/api/chat/messages", headers={**asked, SESSION: NONE}).status_code == 401
    assert client.delete("/api/chat/session", headers={**asked, SESSION: NONE}).status_code == 401
    assert client.get("/api/chat/messages", headers=asked).status_code == 200
    client.delete("/api/chat/session", headers=asked)


@pytest.mark.parametrize(
    "made_up", ["", "0" * 31, "0" * 33, "F" * 32, f"none; {COOKIE}=%s", f"%s; {COOKIE}=%s", "%s, %s", " %s x", "\xff"]
)
def test_a_header_of_another_making_is_no_session(client: TestClient, made_up: str) -> None:
    token = Frame(client).begins().token
    header = made_up.replace("%s", token).encode("latin-1")

    assert client.get("/api/chat/messages", headers=[(SESSION.encode(), header)]).status_code == 401


def test_without_the_header_the_page_has_its_cookie_as_ever(client: TestClient) -> None:
    begun = client.post("/start", data={"lang": "en"})

    assert begun.status_code == 303
    assert begun.headers["location"] == "/"
    assert begun.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert SESSION not in begun.headers


def test_where_embedding_is_off_the_header_means_nothing(guide: Guide) -> None:
    begun = served(guide, ()).post("/start", data={"lang": "en"}, headers={SESSION: NONE})

    assert begun.status_code == 303
    assert "set-cookie" in begun.headers
    assert SESSION not in begun.headers


def test_a_problem_in_the_frame_speaks_the_language_of_its_chat(frame: Frame) -> None:
    frame.begins("pl")

    assert 'lang="pl"' in frame.asks("GET", "/nothing").text
    assert frame.asks("GET", "/api/nothing").json()["lang"] == "pl"


# Other sites


@pytest.mark.parametrize("origin", [*SITES, "https://evil.example", "null"])
def test_another_site_cannot_use_a_token_even_if_it_frames_the_guide(frame: Frame, origin: str) -> None:
    frame.begins()
    foreign = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    for path in ("/say", "/delete", "/start", "/report"):
        assert frame.asks("POST", path, data={"id": "1", "text": "hello"}, headers=foreign).status_code == 403
    assert frame.asks("DELETE", "/api/chat/session", headers=foreign).status_code == 403
    assert frame.asks("GET", "/api/chat/messages").status_code == 200


@pytest.mark.parametrize("path", ["/", "/say", "/api/chat/messages", SCRIPT, FRAME, LETTERS])
def test_a_browser_that_asks_whether_another_site_may_send_the_header_hears_no(client: TestClient, path: str) -> None:
    asked = {"Origin": SITES[0], "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": SESSION}
    answer = client.options(path, headers=asked)

    assert answer.status_code == 405
    assert not [
        name for name in answer.headers if name.startswith(("access-control-allow-h", "access-control-allow-m"))
    ]


# The script


def facts_of(client: TestClient) -> dict[str, Any]:
    found = re.search(r"const facts = (\{.*\});", client.get(SCRIPT).text)
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def test_the_script_may_be_loaded_by_every_site_and_kept_for_a_while(client: TestClient) -> None:
    answer = client.get(SCRIPT)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in answer.headers
    again = client.get(SCRIPT, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cross-origin-resource-policy"] == "cross-origin"
    assert not again.content


def test_the_script_has_its_words_in_every_language_and_in_none_those_of_another(
    client: TestClient, guide: Guide
) -> None:
    words = facts_of(client)["words"]

    assert list(words) == list(guide.languages)
    for code, language in guide.languages.items():
        assert words[code].pop("dir") == language.direction
        assert all(words[code].values())
    for name in words["en"]:
        assert len({said[name] for said in words.values()}) == len(words), name


def test_the_script_knows_the_sites_and_the_way_out(client: TestClient, guide: Guide) -> None:
    facts = facts_of(client)

    assert facts["origins"] == " ".join(SITES)
    assert facts["exit"] == guide.settings.exit_url
    assert facts["language"] == guide.settings.default_language


def test_the_script_is_small(client: TestClient) -> None:
    assert len(client.get(SCRIPT).content) < 20_000


@pytest.mark.parametrize("lang", ["ar", "da"])
def test_the_page_in_the_frame_speaks_the_language_that_it_is_asked_for(client: TestClient, lang: str) -> None:
    html = client.get(FRAME, params={"lang": lang}).text

    assert f'<html lang="{lang}"' in html
    assert html.index("/static/embed.js") < html.index("/static/chat.js")
    assert f'data-hosts="{" ".join(SITES)}"' in html
