"""A disk that takes seconds for each sync, under a real server: others go on, who waits is told, and nothing doubles.

No disk here can be made slow, so the call by which SQLite waits for one is (slow_disk.c, loaded into the server).
"""

import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.test_filing import known_receipts, receipt_in
from tests.reports import SEND, way
from tests.server import Server

pytestmark = pytest.mark.slow

GIVES_UP = 35.0
"""Seconds after which the page waits no longer for an answer."""


class SlowDisk:
    """`takes` seconds from now on."""

    def __init__(self, folder: Path) -> None:
        self.library, self._told = folder / "slow_disk.so", folder / "seconds"
        source = Path(__file__).with_name("slow_disk.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True, capture_output=True)
        self.takes(0)

    def takes(self, seconds: float) -> None:
        self._told.write_text(str(seconds))

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "SLOW_DISK": str(self._told)}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> SlowDisk:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler, so no disk can be made slow")
    return SlowDisk(tmp_path_factory.mktemp("slow"))


@pytest.fixture(scope="module")
def server(model: Path, disk: SlowDisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("served"), **disk.environment) as server:
        yield server


class Person:
    """With a conversation; `took` is the time of the newest turn."""

    def __init__(self, server: Server, language: str = "en") -> None:
        self.client = httpx.Client(base_url=server.url, timeout=GIVES_UP)
        self.client.post("/api/chat/session", json={"lang": language}).raise_for_status()
        self.took = 0.0
        self.messages: list[dict[str, Any]] = []

    def says(self, message_id: str = "", **said: str) -> list[str]:
        """The names of the replies."""
        begun = time.monotonic()
        answer = self.client.post("/api/chat/messages", json={"id": message_id or uuid.uuid4().hex, **said})
        self.took = time.monotonic() - begun
        assert answer.is_success, answer.text
        self.messages = answer.json()["messages"]
        return [message["reply"] for message in self.messages]

    def tells_a_report(self) -> "Person":
        for step in way(short=True):
            self.says(**({"button": step.button} if step.button else {"text": str(step.text)}))
        return self

    def sends(self) -> "Person":
        self.says("the last message", button=SEND)
        return self


def files(person: Person) -> threading.Thread:
    thread = threading.Thread(target=person.sends)
    thread.start()
    return thread


@pytest.mark.long
def test_turns_that_write_little_go_on_and_reports_wait_in_order(server: Server, disk: SlowDisk) -> None:
    reporters, others = [Person(server).tells_a_report() for _ in range(2)], [Person(server) for _ in range(3)]
    before = len(server.rows("report"))
    disk.takes(1)
    filing = [files(reporter) for reporter in reporters]
    for number in range(3):
        for other in others:
            other.says(text=f"I want to learn Danish {number}")
            assert other.took < 4
    for thread in filing:
        thread.join()
    disk.takes(0)
    receipts = [receipt_in(reporter.messages) for reporter in reporters]
    assert len(set(receipts)) == 2
    assert all(1 < reporter.took < 20 for reporter in reporters)
    assert [receipt_in(reporter.sends().messages) for reporter in reporters] == receipts
    assert len(server.rows("report")) == before + 2
    assert known_receipts(server.var, receipts) == set(receipts)


def test_a_report_that_takes_too_long_is_said_not_to_be_saved_and_is_there_once_when_it_is_sent_again(
    server: Server, disk: SlowDisk
) -> None:
    """It reaches the disk after all, when nobody waits any more."""
    person, other = Person(server, "da").tells_a_report(), Person(server)
    before = len(server.rows("report"))
    disk.takes(9)
    person.sends()
    assert person.took < 15
    assert [message["reply"] for message in person.messages] == ["utter_report_not_saved"]
    assert "gemme" in person.messages[0]["text"]
    assert not any(digit.isdigit() for digit in person.messages[0]["text"])
    assert SEND in {button["id"] for button in person.messages[0]["buttons"]}
    other.says(text="I want to learn Danish")
    assert other.took < 12
    disk.takes(0)
    deadline = time.monotonic() + 20
    while len(server.rows("report")) == before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert person.says(button=SEND)[0] == "utter_report_receipt"
    receipt = receipt_in(person.messages)
    assert len(server.rows("report")) == before + 1
    assert other.says(text=receipt)[0] == "utter_own_report"
    log = server.log.read_text()
    assert "report_not_saved" in log
    assert "Traceback" not in log
