"""Killed at any moment: every receipt that was shown has its row, and nothing is stored twice."""

import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.casework.receipt import receipt_for, stretched
from bot.settings import ROOT
from bot.store.secrets import server_key
from tests.faults.filing import SERVICES, secret_of
from tests.keys import make_keys_in, real_receipts
from tests.reports import SEND, Step, way
from tests.server import Server

SEED = 20261122


# A process that files


class Filing:
    """Runs of filing.py on one folder, each killed; `shown` are the receipts that were printed."""

    def __init__(self, var: Path, chance: random.Random) -> None:
        self.var = var
        self.shown: dict[int, str] = {}
        self._chance = chance

    @property
    def newest(self) -> int:
        return max(self.shown, default=0)

    def run_and_kill(self) -> None:
        """Kill after some lines and a moment more; with no lines, anywhere between start and first commit."""
        lines = self._chance.randrange(4)
        process = self._start(self.newest, 1_000_000)
        assert process.stdout
        for _ in range(lines):
            self._note(process.stdout.readline())
        time.sleep(self._chance.uniform(0, 0.15 if lines else 1.2))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            self._note(line)
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        self.check_that_what_was_shown_is_stored()

    def check_that_what_was_shown_is_stored(self) -> None:
        """Before anything is sent again, which would mend it."""
        if self.shown:
            assert set(self.shown.values()) <= known_receipts(self.var, self.shown.values())

    def run_to_the_end(self, more: int) -> int:
        """Take up the newest number and file `more` after it; the last number filed."""
        process = self._start(self.newest, last := self.newest + more)
        told, _ = process.communicate(timeout=60)
        for line in told.splitlines(keepends=True):
            self._note(line)
        assert process.returncode == 0
        return last

    def _start(self, first: int, last: int) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-m", "tests.faults.filing", str(self.var), str(first), str(last)]
        return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def _note(self, line: str) -> None:
        """A line that was cut off was not shown; a number that is shown again has the receipt it had."""
        if line.endswith("\n"):
            number, receipt = line.split()
            assert self.shown.setdefault(int(number), receipt) == receipt


def known_receipts(var: Path, receipts: Iterable[str]) -> set[str]:
    """Those of `receipts` whose report is in the store, read beside whatever else has it open."""
    key = server_key(var)
    stored = {row[0] for row in rows(var / "store.db", "SELECT receipt_hash FROM report")}
    return {receipt for receipt in receipts if looked_up(key, receipt) in stored}


@cache
def looked_up(key: bytes, receipt: str) -> str:
    with real_receipts():
        return stretched(key, receipt).lookup


def rows(path: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = connection.execute(statement).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("kills", [pytest.param(8, marks=pytest.mark.slow), pytest.param(500, marks=pytest.mark.long)])
def test_a_process_killed_while_it_files_loses_no_receipt_and_doubles_nothing(tmp_path: Path, kills: int) -> None:
    make_keys_in(tmp_path)
    filing = Filing(tmp_path, random.Random(SEED + kills))  # noqa: S311 - the same moments each time
    for _ in range(kills):
        filing.run_and_kill()
    last = filing.run_to_the_end(3)
    numbers = range(last + 1)
    key, path = server_key(tmp_path), tmp_path / "store.db"

    assert set(filing.shown) == set(numbers)
    assert filing.shown == {number: receipt_for(key, secret_of(number), "attempt") for number in numbers}
    stored = [row[0] for row in rows(path, "SELECT receipt_hash FROM report")]
    assert sorted(stored) == sorted(looked_up(key, receipt) for receipt in filing.shown.values())

    for table, of_each in {"report_answer": 6, "piece": 4, "report_key": 3, "report_consent": 3}.items():
        parts = Counter(row[0] for row in rows(path, f"SELECT report_id FROM {table}"))  # noqa: S608 - constants
        assert set(parts.values()) == {of_each}, table
        assert len(parts) == len(numbers)
    referrals = Counter(row[0] for row in rows(path, "SELECT service FROM referral"))
    assert referrals == dict.fromkeys(SERVICES, len(numbers))
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []


# The whole server


class Reporter:
    """Somebody with a browser that sends a message again, with the same id, until it is answered."""

    def __init__(self, server: Server, receipts: list[str]) -> None:
        self.server = server
        self.receipts = receipts
        """All that were shown so far, to anybody."""
        self.client = httpx.Client(base_url=server.url, timeout=20)
        self.killing: threading.Timer | None = None
        self._send("/api/chat/session", {"lang": "en"})

    def press(self, button: str, message_id: str | None = None) -> list[dict[str, Any]]:
        return self._say({"id": message_id or uuid.uuid4().hex, "button": button})

    def walk(self, steps: list[Step]) -> None:
        for step in steps:
            said = {"button": step.button} if step.button else {"text": step.text}
            self._say({"id": uuid.uuid4().hex, **said})

    def _say(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self._send("/api/chat/messages", body)
        messages: list[dict[str, Any]] = answer["messages"]
        return messages

    def _send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                answer = self.client.post(path, json=body)
            except httpx.TransportError:
                self.start_again()
                continue
            assert answer.is_success, answer.text
            told: dict[str, Any] = answer.json()
            return told

    def kill_the_server_in(self, seconds: float) -> None:
        self.killing = threading.Timer(seconds, self.server.kill)
        self.killing.start()

    def start_again(self) -> None:
        """Wait for the kill that was coming, and start the server on the same folder and port."""
        assert self.killing, "the server went away although nobody killed it"
        self.killing.join()
        self.killing = None
        assert known_receipts(self.server.var, self.receipts) == set(self.receipts)
        self.server.start()

    def said(self) -> list[str]:
        messages = self.client.get("/api/chat/messages").json()["messages"]
        return [message["text"] for message in messages if message["from"] == "resident"]


def receipt_in(messages: list[dict[str, Any]]) -> str:
    (text,) = [message["text"] for message in messages if message["reply"] == "utter_report_receipt"]
    found = re.search(r"\d{4}(?: \d{4}){4}", text)
    assert found
    return found.group().replace(" ", "")


@pytest.mark.parametrize("kills", [pytest.param(1, marks=pytest.mark.slow), pytest.param(5, marks=pytest.mark.long)])
def test_a_server_killed_during_reports_loses_no_receipt_and_doubles_nothing(server: Server, kills: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time
    receipts: list[str] = []
    reports, pieces = len(server.rows("report")), len(server.rows("piece"))
    for kill in range(kills):
        reporter = Reporter(server, receipts)
        while_it_files = kill % 2
        if not while_it_files:
            reporter.kill_the_server_in(chance.uniform(0, 0.2))
        reporter.press("language_en")
        reporter.walk(way())
        if while_it_files:
            reporter.kill_the_server_in(chance.uniform(0, 0.2))
        receipts.append(receipt_in(reporter.press(SEND, "the last message")))
        if reporter.killing:
            reporter.start_again()
        assert receipt_in(reporter.press(SEND, "the last message")) == receipts[-1]
        assert reporter.said() == ["English", "Send my report"]

    assert len(set(receipts)) == kills
    assert len(server.rows("report")) == reports + kills
    assert len(server.rows("piece")) == pieces + kills
    server.stop()
    assert known_receipts(server.var, receipts) == set(receipts)
    assert rows(server.var / "store.db", "PRAGMA integrity_check") == [("ok",)]
    assert rows(server.var / "conversations.db", "PRAGMA integrity_check") == [("ok",)]
