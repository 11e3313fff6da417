"""Nothing that anybody wrote is in a log, at any level, whoever would log it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import httpx
import pytest
import structlog

from bot.engine.logs import ALLOWED, Wordless, configure_logs, log, only_allowed
from tests.reports import BEFORE_WORDS, SEND, TO_BE_ANSWERED, way
from tests.server import Server
from tests.web.interface import JSON, Chat, checked, replies_of

CANARY = "kanariefugl"


# What passes


def test_only_names_and_numbers_pass() -> None:
    event = {"event": "turn", "milliseconds": 5, "text": CANARY, "slots": {"name": CANARY}, "exc_info": CANARY}

    assert only_allowed(None, "info", event) == {"event": "turn", "milliseconds": 5}


def test_no_key_that_could_carry_a_message_is_allowed() -> None:
    assert not ALLOWED & {
        "text",
        "message",
        "msg",
        "slots",
        "tracker",
        "user_message",
        "sender_id",
        "exc_info",
        "stack",
    }


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
def test_a_record_of_a_library_keeps_its_place_and_loses_its_words(level: str) -> None:
    number = logging.getLevelNamesMapping()[level]
    record = logging.LogRecord("rasa.core", number, f"/{CANARY}.py", 7, f"{CANARY} %s", (CANARY,), None)
    record.stack_info = CANARY

    assert Wordless().format(record) == f"level={level.lower()} where=rasa.core:7"


def test_of_an_error_only_the_name_is_left() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord("rasa.core", logging.ERROR, "", 7, CANARY, None, sys.exc_info())

    assert Wordless().format(record) == "level=error where=rasa.core:7 error=ValueError"


@contextmanager
def logging_at(level: str) -> Iterator[io.StringIO]:
    """Logs as a server configures them; what they write is in the result."""
    with redirect_stderr(io.StringIO()) as written:
        configure_logs(level)
        yield written
    configure_logs("WARNING")


def test_every_road_to_the_log_drops_words() -> None:
    library = logging.getLogger("some.library")
    with logging_at("DEBUG") as written:
        library.debug("heard %s", CANARY)
        library.warning(CANARY, extra={"text": CANARY}, stack_info=True)
        structlog.get_logger("rasa.core.processor").info("processor.message", text=CANARY, tracker={"events": [CANARY]})
        log.bind(sender_id=CANARY).info("turn", text=CANARY, count=3)
        try:
            raise KeyError(CANARY)
        except KeyError:
            library.exception(CANARY)
            log.exception("turn_failed", text=CANARY)

    assert CANARY not in written.getvalue()
    assert written.getvalue().count("where=some.library:") == 3
    assert "event='processor.message'" in written.getvalue()
    assert "count=3" in written.getvalue()
    assert "error=KeyError" in written.getvalue()
    assert "Traceback" not in written.getvalue()


def test_a_library_that_brought_a_handler_of_its_own_loses_it() -> None:
    own = io.StringIO()
    library = logging.getLogger("talkative.library")
    library.addHandler(logging.StreamHandler(own))
    library.propagate = False
    with logging_at("DEBUG") as written:
        library.warning(CANARY)

    assert own.getvalue() == ""
    assert CANARY not in written.getvalue()
    assert "where=talkative.library:" in written.getvalue()


def test_what_is_below_the_level_is_not_written() -> None:
    with logging_at("WARNING") as written:
        log.info("turn")
        logging.getLogger("some.library").info("heard")
        log.warning("slow")

    assert "event='slow'" in written.getvalue()
    assert len(written.getvalue().splitlines()) == 1


# A whole server


@pytest.fixture(scope="module")
def talkative(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server that logs all it may."""
    with Server(tmp_path_factory.mktemp("talkative"), VEJVISER_LOG_LEVEL="DEBUG") as server:
        yield server


@pytest.mark.slow
def test_no_word_of_a_resident_is_in_the_log_of_a_server_at_its_most_talkative(talkative: Server) -> None:
    with checked(httpx.Client(base_url=talkative.url, timeout=60)) as client:
        for language in ("da", "en", "ar"):
            talk(Chat(client, language))
            client.cookies.clear()
        shout(client)
    written = talkative.log.read_text(encoding="utf-8", errors="replace")

    assert CANARY not in written.lower()
    assert "Traceback" not in written
    assert written.count("level=debug") + written.count("level='debug'") > 100
    assert len(talkative.rows("report")) == 3


def talk(chat: Chat) -> None:
    """Everything a resident may do with words: in a report, alone, in an id, in a button, too long."""
    report(chat)
    for text in (CANARY, f"My name is {CANARY}, I want to learn Danish", f"/{CANARY}", f'/restart{{"a":"{CANARY}"}}'):
        assert chat.says(text).status_code == 200
    for text in (f"Jeg bor på {CANARY}", f"{CANARY} hit me, I am in danger", f"أنا {CANARY} أريد أن أتعلم الدنماركية"):
        assert chat.says(text, (CANARY + text)[:64]).status_code == 200
    assert chat.says("hello", f"{CANARY} again").status_code == 200
    assert chat.says(CANARY, f"{CANARY} again").status_code == 409
    assert chat.presses(CANARY).status_code == 422
    assert chat.says(CANARY * 100).status_code == 413
    assert chat.ends().status_code == 204


def report(chat: Chat) -> None:
    """A report to its receipt, told in words and with words at every question that asks for buttons only."""
    for step in way(f"{CANARY} hit me", (*TO_BE_ANSWERED[:3], "contact_phone")):
        if step.button and step.button not in BEFORE_WORDS and not step.button.startswith("report_"):
            assert chat.says(f"{CANARY} said so").status_code == 200
        answer = chat.presses(step.button) if step.button else chat.says(str(step.text))
        assert answer.status_code == 200, (step, answer.text)
    for _ in range(2):
        assert chat.says(f"{CANARY} 22334455").status_code == 200
    assert "utter_report_receipt" in replies_of(chat.presses(SEND))


def shout(client: httpx.Client) -> None:
    """Everything around the words: broken bodies, cookies, headers, addresses, forms."""
    headers = {"User-Agent": CANARY, "Referer": CANARY, "Accept-Language": CANARY, "X-Forwarded-For": CANARY}
    cookie = {"Cookie": f"vejviser_session={CANARY}; {CANARY}={CANARY}"}
    chat = Chat(client)
    for body in (f'{{"id": "{CANARY}", "text": "{CANARY}', f"{CANARY}", f'["{CANARY}"]', f'{{"{CANARY}": 1}}'):
        assert chat.posts(body.encode(), headers).is_client_error
        assert client.post("/api/chat/session", content=body.encode(), headers=JSON).is_client_error
    assert client.post("/api/chat/session", json={"lang": CANARY}).status_code == 422
    assert chat.posts(json.dumps({"id": "1", "text": CANARY}).encode(), {"Content-Type": CANARY}).status_code == 415
    assert (
        chat.posts(json.dumps({"id": "1", "text": CANARY}).encode(), {"Origin": f"http://{CANARY}"}).status_code == 403
    )
    assert client.get("/api/chat/messages", headers={**headers, **cookie}).status_code == 401
    assert client.get(f"/{CANARY}?{CANARY}={CANARY}", headers=headers).status_code == 404
    assert client.get(f"/static/{CANARY}", headers=headers).status_code == 404
    assert client.request(CANARY.upper(), "/", headers=headers).is_client_error
    assert client.post("/say", data={"id": CANARY, "text": CANARY}).status_code == 303
    assert (
        client.post("/say", content=CANARY.encode(), headers={"Content-Type": "multipart/form-data"}).status_code == 400
    )
