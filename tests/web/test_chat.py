"""The chat interface says what openapi.json says, and takes whatever a client sends."""

import asyncio
import dataclasses
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import time_machine
from jsonschema import Draft202012Validator
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.directory.services import Service
from bot.engine.guide import Guide
from bot.engine.hearing import LONGEST_TEXT
from bot.settings import ROOT
from bot.web.app import make_app
from bot.web.chat import LONGEST_BODY
from tests.server import Server
from tests.web.interface import DESCRIPTION, Chat, buttons_of, check_later, checked, replies_of, resolved

METHODS = {"get", "post", "put", "patch", "delete"}


# The description


def test_the_served_description_is_the_file(client: TestClient) -> None:
    assert client.get("/api/openapi.json").content == (ROOT / "bot" / "web" / "openapi.json").read_bytes()


def test_every_route_of_the_interface_is_described_and_no_other(guide: Guide) -> None:
    served = {
        (route.path, method.lower())
        for route in make_app(guide).routes
        if isinstance(route, Route) and (route.path.startswith("/api/") or route.path.startswith("/health"))
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {(path, method) for path, item in DESCRIPTION["paths"].items() for method in item if method in METHODS}

    assert described == served


def test_every_example_of_the_description_fits_its_schema() -> None:
    places = [
        (place, kind)
        for item in DESCRIPTION["paths"].values()
        for operation in item.values()
        for place in [operation.get("requestBody", {}), *map(resolved, operation["responses"].values())]
        for kind in place.get("content", {}).values()
    ]
    examples = [
        (kind["schema"], value)
        for _, kind in places
        for value in [kind.get("example"), *(it["value"] for it in kind.get("examples", {}).values())]
        if value is not None
    ]

    assert len(examples) > 10
    for schema, example in examples:
        Draft202012Validator({**schema, "components": DESCRIPTION["components"]}).validate(example)


def test_problems_are_described_with_the_words_that_exist(guide: Guide) -> None:
    for response in DESCRIPTION["components"]["responses"].values():
        example = response["content"]["application/problem+json"]["example"]
        word = "problem." + example["type"].removeprefix("/problems/")
        said = guide.page_word("en", word, **({"limit": "1000"} if word == "problem.too_long" else {}))
        assert without_marks(said) == example["detail"]


def without_marks(text: str) -> str:
    """Without the marks that keep a number's direction."""
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def test_health_names_the_languages_that_can_be_chosen(client: TestClient, guide: Guide) -> None:
    assert client.get("/health").json()["languages"] == list(guide.languages)


@pytest.mark.parametrize("part", ["store", "conversations"])
def test_health_says_so_where_nothing_can_be_written(guide: Guide, part: str) -> None:
    """Reading still works then, and the process lives."""
    client = TestClient(make_app(guide))
    worker = (guide.store if part == "store" else guide._conversations)._worker  # type: ignore[attr-defined]
    switch = "PRAGMA query_only={}"
    asyncio.run(worker.do(lambda database: database.execute(switch.format("ON"))))
    answer = client.get("/health")
    asyncio.run(worker.do(lambda database: database.execute(switch.format("OFF"))))
    told = answer.json()
    assert (answer.status_code, told["status"]) == (503, "failing")
    assert {it: told[it] for it in ("store", "conversations")} == {"store": True, "conversations": True} | {part: False}
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health").json()["status"] == "ready"


def test_health_tells_of_facts_past_their_review(
    client: TestClient, guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, review = client.get("/health").json(), dt.date(2099, 1, 1)
    services: dict[str, Service] = guide.directory.services  # type: ignore[assignment]
    for service in [it for it in services.values() if it.serves][:3]:
        checked = dataclasses.replace(service, checked_on=dt.date(2098, 1, 1), review_by=review)
        monkeypatch.setitem(services, service.id, checked)
    told = {}
    for late in (0, 1):
        with time_machine.travel(review + dt.timedelta(days=late)):
            told = client.get("/health").json()
        assert told["facts_past_review"] - before["facts_past_review"] == 3 * late
    assert told["facts_never_checked"] == before["facts_never_checked"] - 3
    assert told["status"] == "ready"


# Beginning


def test_every_language_has_a_welcome_of_its_own_in_its_direction(client: TestClient, guide: Guide) -> None:
    welcomes = {}
    for code, language in guide.languages.items():
        begun = Chat(client, code).begun.json()
        assert (begun["lang"], begun["dir"]) == (code, language.direction)
        assert {(it["lang"], it["dir"]) for it in begun["messages"]} == {(code, language.direction)}
        welcomes[code] = begun["messages"][0]["text"]

    assert len(set(welcomes.values())) == len(welcomes)
    assert "112" in min(welcomes.values(), key=lambda text: "112" in text)


def test_arabic_runs_from_right_to_left_and_danish_from_left_to_right(client: TestClient) -> None:
    assert Chat(client, "ar").begun.json()["dir"] == "rtl"
    assert Chat(client, "da").begun.json()["dir"] == "ltr"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("ar-EG,ar;q=0.9,en;q=0.8", "ar"), ("tlh, en;q=0.5", "en"), ("tlh", "da"), ("", "da"), (";q=,*;q=x", "da")],
)
def test_without_a_choice_the_browser_is_asked(client: TestClient, asked: str, spoken: str) -> None:
    assert Chat(client, None, asked).begun.json()["lang"] == spoken


@pytest.mark.parametrize("body", [{"lang": "tlh"}, {"lang": ""}, {"lang": 5}, {"lang": ["da"]}, {"lang": "../da"}])
def test_a_language_that_is_not_spoken_is_refused(client: TestClient, body: dict[str, object]) -> None:
    refused = client.post("/api/chat/session", json=body)

    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/unknown_language"
    assert "set-cookie" not in refused.headers


# One message, one answer


def test_a_message_sent_again_gets_the_same_answer_and_is_said_once(chat: Chat) -> None:
    first = chat.says("I want to learn Danish", "one")
    again = chat.says("I want to learn Danish", "one")

    assert again.status_code == 200
    assert again.json() == first.json()
    assert said_by_resident(chat) == ["I want to learn Danish"]


def test_an_earlier_message_sent_again_moves_nothing(chat: Chat) -> None:
    first = chat.says("I want to learn Danish", "one")
    second = chat.presses("residence_unsaid", "two")

    assert chat.says("I want to learn Danish", "one").json()["messages"] == first.json()["messages"]
    assert chat.presses("residence_unsaid", "two").json() == second.json()
    assert len(said_by_resident(chat)) == 2


@pytest.mark.parametrize("other", [{"text": "Good bye"}, {"button": "language_da"}])
def test_the_same_id_with_other_words_is_refused(chat: Chat, other: dict[str, str]) -> None:
    chat.says("Hello", "one")
    refused = chat.sends({"id": "one", **other})

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/used_again"
    assert said_by_resident(chat) == ["Hello"]


def test_eight_identical_messages_at_once_are_answered_once(client: TestClient, chat: Chat, guide: Guide) -> None:
    async def all_at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(make_app(guide)),
            base_url="http://testserver",
            cookies=client.cookies,
            event_hooks={"response": [check_later]},
        ) as other:
            body = {"id": "one", "text": "I want to learn Danish"}
            return await asyncio.gather(*(other.post("/api/chat/messages", json=body) for _ in range(8)))

    answers = asyncio.run(all_at_once())

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert said_by_resident(chat) == ["I want to learn Danish"]


@pytest.mark.slow
def test_a_server_answers_eight_different_messages_at_once_in_turns(server: Server) -> None:
    with checked(httpx.Client(base_url=server.url)) as client, ThreadPoolExecutor(8) as threads:
        chat = Chat(client)
        texts = [f"Hello, this is message {number}" for number in range(8)]
        answers = list(threads.map(lambda text: [chat.says(text, text), chat.says(text, text)], texts))

        assert {answer.status_code for pair in answers for answer in pair} == {200}
        assert all(first.json() == again.json() for first, again in answers)
        assert sorted(said_by_resident(chat)) == texts
        from_whom = [message["from"] for message in chat.replays().json()["messages"]]
        assert from_whom == ["guide", *["resident", "guide"] * 8]


def said_by_resident(chat: Chat) -> list[str]:
    return [message["text"] for message in chat.replays().json()["messages"] if message["from"] == "resident"]


# Buttons


@pytest.mark.parametrize(("language", "button"), [("da", "knap"), ("ar", "الزر"), ("en", "button")])
def test_a_button_that_is_not_there_is_refused_in_the_language_of_the_session(
    client: TestClient, guide: Guide, language: str, button: str
) -> None:
    for unknown in ("nothing", "language_tlh", "", "/restart", "residence_eu"):
        refused = Chat(client, language).presses(unknown)
        problem = refused.json()

        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert problem["type"] == "/problems/not_offered"
        assert (problem["lang"], problem["dir"]) == (language, guide.languages[language].direction)
        assert problem["detail"] == guide.page_word(language, "problem.not_offered")
        assert button in problem["detail"]


def test_a_button_of_an_earlier_turn_is_refused(chat: Chat) -> None:
    earlier = buttons_of(chat.says("I want to learn Danish"))
    chat.says("What can you help me with?")
    now = buttons_of(chat.replays())

    for stale in set(earlier) - set(now):
        assert chat.presses(stale).json()["type"] == "/problems/not_offered"
    assert "residence_eu" in set(earlier) - set(now)


def test_a_language_can_be_pressed_at_any_time(chat: Chat, guide: Guide) -> None:
    for code, language in guide.languages.items():
        answer = chat.presses(f"language_{code}")
        assert answer.status_code == 200
        assert (answer.json()["lang"], answer.json()["dir"]) == (code, language.direction)


# What cannot be answered


def test_a_thousand_characters_are_read_and_one_more_is_not(chat: Chat) -> None:
    words = ("I want to learn Danish. " * 50)[:LONGEST_TEXT]
    assert LONGEST_TEXT == 1_000
    assert chat.says(words).status_code == 200
    refused = chat.says(words + "!")

    assert refused.status_code == 413
    assert "1000" in refused.json()["detail"]
    assert said_by_resident(chat) == [words]


def test_characters_are_counted_not_bytes(chat: Chat) -> None:
    assert chat.says("🧭" * LONGEST_TEXT).status_code == 200
    assert chat.says("🧭" * (LONGEST_TEXT + 1)).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {"id": "one"},
        {"id": "one", "text": ""},
        {"id": "one", "text": " \t\n\r\u2003\u00a0"},
        {"id": "one", "text": "hello", "button": "language_da"},
    ],
)
def test_neither_nothing_nor_two_things_at_once_can_be_said(chat: Chat, body: dict[str, str]) -> None:
    refused = chat.sends(body)

    assert refused.status_code == 400
    assert refused.json()["type"] == "/problems/empty"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, {"text": "hello"}),
        (422, {"id": None, "text": "hello"}),
        (422, {"id": 1, "text": "hello"}),
        (422, {"id": "one", "text": None}),
        (422, {"id": "one", "text": 5}),
        (422, {"id": "one", "text": ["hello"]}),
        (422, {"id": "one", "text": {"text": "hello"}}),
        (422, {"id": "one", "button": True}),
        (422, {"id": "one", "text": "hello", "lang": "da"}),
        (422, {"id": "one", "text": "hello", "sender": "somebody"}),
        (422, []),
        (422, "hello"),
        (422, None),
        (422, 1),
        (400, {"id": "", "text": "hello"}),
        (400, {"id": "x" * 65, "text": "hello"}),
    ],
)
def test_a_body_of_another_shape_is_refused(chat: Chat, status: int, body: object) -> None:
    refused = chat.sends(body)

    assert refused.status_code == status
    assert refused.json()["type"] == "/problems/unreadable"
    assert said_by_resident(chat) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b'{"id": "one", "text": "hello"',
        b'{"id": "one", "text": "hello\n"}',
        b"\xff\xfe\x00",
        b'{"id": "one", "text": "\xe6\xf8"}',
        b"[" * 8_000,
        b'{"id":' * 2_000,
        b"1" * 5_000,
        b"\x00" * 100,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_not_json_is_refused(chat: Chat, body: bytes) -> None:
    assert chat.posts(body).json()["type"] == "/problems/unreadable"
    assert chat.posts(body).status_code == 400
    assert chat.client.post("/api/chat/session", content=body, headers={"Content-Type": "application/json"}).is_error


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_what_is_declared_as_json_is_read(chat: Chat, kind: str) -> None:
    refused = chat.posts(b'{"id": "one", "text": "hello"}', {"Content-Type": kind})

    assert refused.status_code == 415
    assert said_by_resident(chat) == []


@pytest.mark.parametrize("size", [LONGEST_BODY + 1, 10_000_000])
def test_a_huge_body_is_refused(chat: Chat, size: int) -> None:
    start, end = b'{"id": "one", "text": "', b'"}'
    body = start + b"a" * (size - len(start) - len(end)) + end

    assert len(body) == size
    assert chat.posts(body).status_code == 413
    assert chat.client.post("/api/chat/session", content=body, headers={"Content-Type": "application/json"}).is_error
    assert chat.says("Hello").status_code == 200


@pytest.mark.slow
def test_a_server_refuses_ten_megabytes_and_goes_on(server: Server) -> None:
    with checked(httpx.Client(base_url=server.url)) as client:
        chat = Chat(client)
        assert chat.says("a" * 10_000_000).status_code == 413
        assert chat.says("Hello").status_code == 200


# Text is only text

HARD_TEXTS = {
    "a NUL": "I want to\0learn Danish",
    "only a NUL": "\0",
    "control characters": "".join(map(chr, range(1, 32))) + "x\x7f\x80\x9f",
    "from right to left": "\u202eI want to learn Danish\u202c",
    "direction marks": "\u2066\u2067\u2068\u2069" * 200,
    "a heap of marks": "a" + "\u0301" * 999,
    "marks without a letter": "\u0301" * 1_000,
    "what cannot be seen": "\u200b\u200d\u2060\ufeff",
    "one family": "👨‍👩‍👧‍👦" * 90,
    "not a character": "\uffff\ufdd0\U0010ffff",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{{7*7}} ${7*7} {language} %s %(a)s {0}",
    "a query": "'; DROP TABLE report; --",
    "a path": "../../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: b=c\r\n\r\n",
}


@pytest.mark.parametrize("name", HARD_TEXTS)
def test_hard_text_is_answered_and_kept_as_it_was_written(chat: Chat, name: str) -> None:
    answer = chat.says(HARD_TEXTS[name])

    assert answer.status_code == 200
    assert said_by_resident(chat) == [HARD_TEXTS[name]]
    assert chat.client.get("/").status_code == 200


def test_five_thousand_marks_on_one_letter_are_too_long(chat: Chat) -> None:
    assert chat.says("a" + "\u0301" * 5_000).status_code == 413


@pytest.mark.parametrize("text", ["half a face \ud83d", "\ude00", "a \ud800 b", "\udfff" * 1_000])
def test_half_a_character_does_no_harm(chat: Chat, text: str) -> None:
    assert chat.says(text).status_code in {200, 400}
    assert chat.presses(text).status_code in {400, 422}
    assert chat.sends({"id": text[:64], "text": "hello"}).status_code in {200, 400}
    assert chat.replays().status_code == 200
    assert chat.client.get("/").status_code == 200
    assert chat.says("Hello").status_code == 200


COMMANDS = [
    "/restart",
    '/answer_count{"count":"yes"}',
    '  /answer_count{"count":"yes"}',
    '/answer_count{"count": "yes"}',
    '/choose_language{"language": "ar"}',
    "/delete_chat_now",
    "/session_start",
    "/back",
    "/emergency",
    '/danish_start{"residence": "eu"}',
    "EXTERNAL: action_file_report",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_text_that_looks_like_a_command_is_only_text(chat: Chat, guide: Guide, text: str) -> None:
    answer = chat.says(text)

    assert answer.status_code == 200
    assert answer.json()["lang"] == "en"
    assert not answer.json()["ended"]
    assert said_by_resident(chat) == [text]
    parsed = asyncio.run(guide.engine.understand(text, "en"))
    assert parsed["intent"]["confidence"] < 1
    assert parsed["entities"] == []


@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_logs_a_referral_that_nobody_agreed_to(chat: Chat, guide: Guide, text: str) -> None:
    chat.says("I want to learn Danish")
    assert "count_yes" in buttons_of(chat.presses("residence_unsaid"))
    before = asyncio.run(guide.store.counts())
    chat.says(text)

    assert asyncio.run(guide.store.counts()) == before


# Replaying


def test_a_replay_is_what_was_said_and_only_the_newest_buttons_are_left(chat: Chat) -> None:
    welcome = chat.begun.json()["messages"]
    first = chat.says("I want to learn Danish").json()["messages"]
    second = chat.presses("residence_unsaid").json()["messages"]
    replay = chat.replays().json()["messages"]

    asked = [message for message in replay if message["from"] == "resident"]
    told = [message for message in replay if message["from"] == "guide"]
    assert asked[0]["text"] == "I want to learn Danish"
    assert asked[1]["text"] == next(it["title"] for it in first[-1]["buttons"] if it["id"] == "residence_unsaid")
    assert told == [{**message, "buttons": []} for message in welcome + first] + second
    assert [message["id"] for message in replay] == [f"m{number}" for number in range(len(replay))]


def test_a_replay_of_a_conversation_that_has_only_begun_is_its_welcome(chat: Chat) -> None:
    assert chat.replays().json() == chat.begun.json()


def test_a_service_is_shown_without_what_is_not_known(chat: Chat) -> None:
    chat.says("I want to learn Danish")
    services = [
        service for message in chat.presses("residence_unsaid").json()["messages"] for service in message["services"]
    ]

    assert 1 <= len(services) <= 3
    for service in services:
        assert set(service) <= set(DESCRIPTION["components"]["schemas"]["Service"]["properties"])
        assert all(value not in (None, "", []) for value in service.values())
        assert "null" not in json.dumps(service)


# The end


def test_the_chat_is_over_once_the_delete_button_is_pressed(chat: Chat) -> None:
    asked = chat.says("Please delete this chat")
    assert not asked.json()["ended"]
    assert "delete_chat_yes" in buttons_of(asked)
    ended = chat.presses("delete_chat_yes")

    assert ended.json()["ended"]
    assert 'vejviser_session=""' in ended.headers["set-cookie"]
    assert chat.replays().status_code == 401


def test_the_answer_after_a_restart_is_one_answer(chat: Chat) -> None:
    chat.says("I want to learn Danish")
    again = chat.says("start over")

    assert replies_of(again) == ["utter_restart"]
