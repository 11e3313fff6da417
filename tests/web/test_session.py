"""A session is made by the server alone, ends when it should, and leaves nothing behind."""

import asyncio
import copy
import dataclasses
import re
import sqlite3
from http.cookies import SimpleCookie

import pytest
from starlette.testclient import TestClient

from bot.engine.conversation import SessionKeys
from bot.engine.conversation_store import minute_now
from bot.engine.guide import Guide
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.guard import HEADERS
from tests.web.interface import Chat, checked, headers_for, rows_of_conversation

COOKIE = "vejviser_session"
INVENTED = "0123456789abcdef" * 2


# The cookie


def test_scripts_and_other_sites_cannot_read_the_cookie(chat: Chat) -> None:
    cookie = SimpleCookie(chat.begun.headers["set-cookie"])[COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["expires"]
    assert not cookie["max-age"]


def test_the_cookie_is_only_sent_over_https_where_the_setting_says_so(guide: Guide) -> None:
    secure = copy.copy(guide)
    secure.settings = dataclasses.replace(guide.settings, secure_cookie=True)
    begun = checked(TestClient(make_app(secure))).post("/api/chat/session", json={})

    assert SimpleCookie(begun.headers["set-cookie"])[COOKIE]["secure"]


def test_a_session_id_has_128_bits_and_is_never_given_twice(client: TestClient) -> None:
    tokens = {Chat(client).token for _ in range(20)}

    assert len(tokens) == 20
    assert all(re.fullmatch(r"[0-9a-f]{32}", token) for token in tokens)
    assert all(len({token[place] for token in tokens}) > 1 for place in range(32))


def test_a_session_id_stands_in_no_body(chat: Chat) -> None:
    answers = [chat.begun, chat.says("Hello"), chat.replays(), chat.client.get("/"), chat.client.get("/health")]

    assert all(chat.token not in answer.text for answer in answers)


# Sessions that a client makes up

MADE_UP = [
    INVENTED,
    "0" * 32,
    INVENTED.upper(),
    INVENTED[:-1],
    INVENTED + "0",
    INVENTED + "\n",
    "",
    "admin",
    "' OR 1=1 --",
    "../../conversations.db",
    "\xff" * 32,
    "٠" * 32,
]


@pytest.mark.parametrize("token", MADE_UP, ids=ascii)
def test_a_session_that_the_server_did_not_make_is_refused(client: TestClient, token: str) -> None:
    cookie = {"Cookie": f"{COOKIE}={token}".encode()}
    said = client.post("/api/chat/messages", json={"id": "one", "text": "hello"}, headers=cookie)
    replayed = client.get("/api/chat/messages", headers=cookie)

    for refused in (said, replayed):
        assert refused.status_code == 401
        assert refused.json()["type"] == "/problems/session_ended"


def test_without_a_cookie_nothing_is_said_replayed_or_deleted(client: TestClient) -> None:
    assert client.post("/api/chat/messages", json={"id": "one", "text": "hello"}).status_code == 401
    assert client.get("/api/chat/messages").status_code == 401
    assert client.delete("/api/chat/session").status_code == 401


def test_a_cookie_that_somebody_planted_is_not_taken_over(client: TestClient) -> None:
    client.cookies.set(COOKIE, INVENTED)
    begun = client.post("/api/chat/session", json={})

    assert SimpleCookie(begun.headers["set-cookie"])[COOKIE].value != INVENTED
    assert client.get("/api/chat/messages", headers={"Cookie": f"{COOKIE}={INVENTED}"}).status_code == 401


def test_two_residents_do_not_see_each_other(guide: Guide, chat: Chat) -> None:
    other = Chat(checked(TestClient(make_app(guide))))
    chat.says("I want to learn Danish")
    other.ends()

    assert other.replays().status_code == 401
    assert len(chat.replays().json()["messages"]) > 1


@pytest.mark.parametrize(
    ("asked", "words"), [("ar", "محادثت"), ("da", "chat"), ("en-GB,en;q=0.9", "Your chat has ended"), ("", "chat")]
)
def test_without_a_session_problems_speak_the_language_of_the_browser(
    client: TestClient, guide: Guide, asked: str, words: str
) -> None:
    problem = client.get("/api/chat/messages", headers={"Accept-Language": asked}).json()

    code = asked[:2] or guide.settings.default_language
    assert (problem["lang"], problem["dir"]) == (code, guide.languages[code].direction)
    assert words in problem["detail"]


# Ends


def test_a_deleted_session_is_over_and_its_row_is_gone(chat: Chat, settings: Settings) -> None:
    keys = SessionKeys.of(chat.token)
    cookie = {"Cookie": f"{COOKIE}={chat.token}"}
    chat.says("Hello")
    assert len(rows_of_conversation(settings.var, keys.conversation_id)) == 1
    ended = chat.ends()

    assert ended.status_code == 204
    assert not ended.content
    assert rows_of_conversation(settings.var, keys.conversation_id) == []
    assert chat.client.get("/api/chat/messages", headers=cookie).status_code == 401
    assert chat.client.delete("/api/chat/session", headers=cookie).status_code == 204
    assert chat.client.post("/api/chat/messages", json={"id": "1", "text": "hello"}, headers=cookie).status_code == 401


def test_deleting_takes_the_cookie_back(chat: Chat) -> None:
    cookie = SimpleCookie(chat.ends().headers["set-cookie"])[COOKIE]

    assert cookie.value == ""
    assert cookie["max-age"] == "0"
    assert COOKIE not in chat.client.cookies


def test_a_session_that_was_idle_too_long_is_over_and_its_row_is_swept(
    chat: Chat, guide: Guide, settings: Settings
) -> None:
    conversation = SessionKeys.of(chat.token).conversation_id
    since_last_message(settings, conversation, minutes=settings.idle_minutes + 1)

    assert chat.replays().status_code == 401
    assert chat.says("Hello, are you still there?").status_code == 401
    assert asyncio.run(guide.delete_idle()) >= 1
    assert rows_of_conversation(settings.var, conversation) == []


def test_a_session_that_is_nearly_idle_goes_on_and_starts_anew(chat: Chat, guide: Guide, settings: Settings) -> None:
    conversation = SessionKeys.of(chat.token).conversation_id
    since_last_message(settings, conversation, minutes=settings.idle_minutes - 1)
    asyncio.run(guide.delete_idle())
    assert chat.says("Hello").status_code == 200

    assert rows_of_conversation(settings.var, conversation)[0][1] >= minute_now() - 1


def since_last_message(settings: Settings, conversation: str, minutes: int) -> None:
    """As if the last message had come so long ago."""
    connection = sqlite3.connect(settings.var / "conversations.db")
    with connection:
        row = [minute_now() - minutes, conversation]
        assert connection.execute("UPDATE conversation SET last_minute = ? WHERE id = ?", row).rowcount == 1
    connection.close()


# What is kept


def test_what_is_kept_opens_only_with_the_cookie(chat: Chat, settings: Settings) -> None:
    chat.says("My name is Scheherazade and I live in Vanløse")
    kept = b"".join(path.read_bytes() for path in settings.var.iterdir())

    assert b"Scheherazade" not in kept
    assert "Vanløse".encode() not in kept
    assert chat.token.encode() not in kept
    assert bytes.fromhex(chat.token) not in kept
    assert SessionKeys.of(chat.token).conversation_id.encode() in kept


# Other sites

FOREIGN = [
    {"Origin": "https://example.org"},
    {"Origin": "null"},
    {"Origin": "http://testserver.example.org"},
    {"Origin": "http://testserver:8000"},
    {"Origin": "http://["},
    {"Origin": "http://[::1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://example.org"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_can_neither_begin_speak_nor_delete(chat: Chat, headers: dict[str, str]) -> None:
    refused = [
        chat.client.post("/api/chat/session", json={}, headers=headers),
        chat.client.post("/api/chat/messages", json={"id": "one", "text": "hello"}, headers=headers),
        chat.client.delete("/api/chat/session", headers=headers),
        *(chat.client.post(path, data={"id": "1", "lang": "en", "text": "hello"}, headers=headers) for path in FORMS),
    ]

    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert chat.replays().json() == chat.begun.json()


FORMS = ("/start", "/say", "/delete")


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "none"}, {}], ids=str)
def test_the_own_site_can_speak(chat: Chat, headers: dict[str, str]) -> None:
    assert chat.posts(b'{"id": "one", "text": "hello"}', headers).status_code == 200


# Headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/health", 200),
        ("HEAD", "/health", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/static/chat.css", 200),
        ("GET", "/static/chat.js", 200),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
        ("GET", "/static/..%2fapp.py", 404),
        ("GET", "/static/%00", 404),
        ("POST", "/static/chat.css", 405),
        ("GET", "/nothing", 404),
        ("GET", "/%00", 404),
        ("GET", "/" + "a" * 5_000, 404),
        ("GET", "/say", 303),
        ("PUT", "/say", 405),
        ("GET", "/api/", 404),
        ("GET", "/api/chat/nothing", 404),
        ("GET", "/api/chat/session", 405),
        ("OPTIONS", "/api/chat/messages", 405),
        ("TRACE", "/", 405),
        ("PATCH", "/api/chat/messages", 405),
        ("GET", "/api/chat/messages", 401),
        ("POST", "/api/chat/messages", 401),
        ("POST", "/api/chat/session", 415),
        ("POST", "/say", 401),
    ],
)
def test_every_answer_carries_the_security_headers(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == headers_for(answer)
    assert "server" not in answer.headers
    if path.startswith("/api/") and answer.is_error:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_no_script_of_another_making_runs_and_no_other_site_frames_the_page() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("asked", [b"\xff\xfe", b"*", b";q=", b"da;q=x", b"ar;q=nan", b"," * 5_000, b"en-" * 3_000])
def test_strange_headers_do_no_harm(chat: Chat, asked: bytes) -> None:
    headers = [(b"accept-language", asked), (b"cookie", b"a=" + asked[:99]), (b"referer", asked[:99])]

    assert chat.client.get("/api/chat/messages", headers=headers).status_code in {200, 401}
    assert chat.client.get("/", headers=headers).status_code == 200
    assert chat.replays().status_code == 200
