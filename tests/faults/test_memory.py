"""A chat that gets no more memory: who needs some is told kindly and loses nothing, and the next one is answered.

The limit is the system's own (RLIMIT_AS), set on the running process, a little above what it has at that moment.
"""

import io
import random
import re
import resource
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.language.languages import find_languages
from bot.settings import Settings
from tests.faults.test_filing import known_receipts, receipt_in
from tests.reports import SEND, way
from tests.server import Server

pytestmark = pytest.mark.slow

SETTINGS = Settings()
LANGUAGES = find_languages(SETTINGS.locales, SETTINGS.data / "nlu")
UNLIMITED = resource.RLIM_INFINITY
CANARY = "kanariefugl"
LITTLE = 16_000_000
"""Bytes: enough for a turn, too few for a receipt (64 MB for a tenth of a second)."""
SIDE = 1_700
"""Of a photo of noise, in pixels: 8.7 MB, which no compression makes less."""


def photo() -> bytes:
    noise = random.Random(SIDE).randbytes(3 * SIDE * SIDE)  # noqa: S311 - the same each time
    written = io.BytesIO()
    Image.frombytes("RGB", (SIDE, SIDE), noise).save(written, "PNG", compress_level=0)
    return written.getvalue()


@contextmanager
def no_more_memory(server: Server, little: int = LITTLE) -> Iterator[None]:
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[0])
    resource.prlimit(server.pid, resource.RLIMIT_AS, (pages * resource.getpagesize() + little, UNLIMITED))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_AS, (UNLIMITED, UNLIMITED))


class Person:
    def __init__(self, server: Server, language: str = "en") -> None:
        self.client = httpx.Client(base_url=server.url, timeout=60)
        self.client.post("/api/chat/session", json={"lang": language}).raise_for_status()
        self.messages: list[dict[str, Any]] = []

    def says(self, message_id: str = "", **said: str) -> list[str]:
        """The names of the replies."""
        answer = self.client.post("/api/chat/messages", json={"id": message_id or uuid.uuid4().hex, **said})
        assert answer.is_success, answer.text
        self.messages = answer.json()["messages"]
        return [message["reply"] for message in self.messages]

    def tells_a_report(self) -> "Person":
        for step in way(f"{CANARY} sang", short=True):
            self.says(**({"button": step.button} if step.button else {"text": str(step.text)}))
        return self

    def files(self) -> str:
        """Its receipt."""
        self.tells_a_report().says(button=SEND)
        return receipt_in(self.messages)


def the_next_one_is_answered(server: Server) -> None:
    assert Person(server).says(text="I want to learn Danish") == ["utter_ask_residence"]


def log_holds_no_words(server: Server) -> bool:
    log = server.log.read_text()
    return "Traceback" not in log and CANARY not in log


def test_in_every_language_it_is_said_that_a_report_was_not_saved_and_it_is_sent_once_later(server: Server) -> None:
    people = {code: Person(server, code).tells_a_report() for code in LANGUAGES}
    before = len(server.rows("report"))
    with no_more_memory(server):
        for code, person in people.items():
            assert person.says("the last message", button=SEND) == ["utter_report_not_saved"], code
            assert SEND in {button["id"] for button in person.messages[0]["buttons"]}
            assert not re.search(r"\d{4}", person.messages[0]["text"]), code
        assert len({person.messages[0]["text"] for person in people.values()}) == len(LANGUAGES)
        the_next_one_is_answered(server)
    assert len(server.rows("report")) == before
    receipts = []
    for person in people.values():
        assert person.says("once more", button=SEND)[0] == "utter_report_receipt"
        receipts.append(receipt_in(person.messages))
        assert person.says("once more", button=SEND)[0] == "utter_report_receipt"
        assert receipt_in(person.messages) == receipts[-1]
    assert len(server.rows("report")) == before + len(set(receipts)) == before + len(LANGUAGES)
    assert known_receipts(server.var, receipts) == set(receipts)
    assert log_holds_no_words(server)


def test_a_receipt_that_cannot_be_tried_is_not_said_to_be_wrong(server: Server) -> None:
    receipt = Person(server).files()
    other = Person(server, "da")
    with no_more_memory(server):
        assert other.says(text=receipt) == ["utter_sorry"]
        the_next_one_is_answered(server)
    assert other.says(text=receipt)[0] == "utter_own_report"
    assert log_holds_no_words(server)


def test_a_report_that_cannot_be_put_aside_is_told_on(server: Server) -> None:
    person = Person(server).tells_a_report()
    with no_more_memory(server):
        assert person.says(button="report_pause")[0] == "utter_report_not_paused"
    assert person.says(button="report_pause")[0] == "utter_report_paused"


@pytest.mark.long
def test_a_file_that_is_too_large_for_the_moment_is_kept_or_said_not_to_be_and_is_there_once_later(
    server: Server,
) -> None:
    receipt = Person(server).files()
    person = Person(server, "da")
    assert person.says(text=receipt)[0] == "utter_own_report"
    before = len(server.rows("piece"))
    form = {"data": {"do": "file", "id": "a"}, "files": {"file": ("photo.png", photo(), "image/png")}}
    with no_more_memory(server, 2_000_000):
        answer = person.client.post("/report", **form)  # type: ignore[arg-type]
        if answer.status_code == 503:
            assert "Prøv igen" in answer.text
            assert "112" in answer.text
            assert len(server.rows("piece")) == before
        else:  # what was given back before was enough
            assert len(server.rows("piece")) == before + 1
        the_next_one_is_answered(server)
    for _ in range(2):
        answer = person.client.post("/report", **form)  # type: ignore[arg-type]
        assert "said=own.file_added" in answer.headers["location"]
    assert len(server.rows("piece")) == before + 1
    assert log_holds_no_words(server)
