"""Chains for tests: whole ones in memory, and journals on a real database."""

import asyncio
import dataclasses
import datetime as dt
import subprocess
import sys
from pathlib import Path

from bot.audit.anchor import Anchor, Anchored, Anchors
from bot.audit.chain import Fault, check
from bot.audit.journal import EVERY_EVENTS, Journal
from bot.settings import ROOT
from bot.store.audit_verbs import Event, EventRow, following
from bot.store.sqlite import SqliteStore

BEGINNING = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
LATER = BEGINNING + dt.timedelta(days=365)
ACTORS = (("amina", "caseworker"), ("bo", "lead"), ("carl", "partner"))
VERBS = (("report_viewed", '{"words":"yes"}'), ("status_set", '{"status":"in_review"}'), ("signed_out", "{}"))


def an_event(number: int) -> Event:
    """One every ten seconds, so that no two in a row are alike."""
    actor, role = ACTORS[number % len(ACTORS)]
    verb, detail = VERBS[number // 2 % len(VERBS)]
    return Event(BEGINNING + dt.timedelta(seconds=10 * number), actor, role, verb, f"{number % 17:032x}", detail)


def a_chain(length: int) -> list[EventRow]:
    rows: list[EventRow] = []
    for number in range(1, length + 1):
        rows.append(following(rows[-1] if rows else None, an_event(number)))
    return rows


def chained_again(rows: list[EventRow]) -> list[EventRow]:
    """The same events, renumbered and with right hashes, as somebody would write them who knows how."""
    again: list[EventRow] = []
    for row in rows:
        event = Event(*(getattr(row, field.name) for field in dataclasses.fields(Event)))
        again.append(following(again[-1] if again else None, event))
    return again


def anchors_of(rows: list[EventRow]) -> Anchors:
    """As the journal of one process anchors them: the first, and each hundredth after."""
    return Anchors(tuple(Anchored(row.seq, row.hash, row.at) for row in rows[::EVERY_EVENTS]))


def faults(rows: list[EventRow], anchors: Anchors) -> list[Fault]:
    return list(check(rows, anchors, LATER))


class Kept:
    """A store and an anchor in a folder, with a journal."""

    def __init__(self, folder: Path) -> None:
        self.store_path = folder / "store.db"
        self.store = SqliteStore(self.store_path)
        self.path = folder / "anchors" / "audit.anchor"
        self.anchor = Anchor(self.path)
        self.journal = Journal(self.store.audit, self.anchor)

    def notes(self, times: int = 1) -> list[EventRow]:
        async def work() -> list[EventRow]:
            return [await self.journal.note("amina", "lead", "queue_viewed", shown=number) for number in range(times)]

        return asyncio.run(work())

    def rows(self) -> list[EventRow]:
        return asyncio.run(self.store.audit.since(0, 1_000_000))

    def anchored(self) -> list[int]:
        return [line.seq for line in self.anchor.read().lines]

    def faults(self) -> list[Fault]:
        return list(check(self.rows(), self.anchor.read(), dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)))


def run_together(script: str, *arguments: object, processes: int = 3) -> None:
    """Real processes that wait for each other where the script reads a line, and must all end well."""
    begin = "print('ready', flush=True); sys.stdin.readline()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script.replace("BEGIN", begin), *map(str, arguments)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(processes)
    ]  # fmt: skip
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        _, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
