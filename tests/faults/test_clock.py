"""A clock that jumps a year ahead and is set right again: nothing is erased that a calendar would have kept."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine

from bot.audit.chain import check
from bot.casework.retention import LONGEST_PAUSE
from bot.command.main import main
from bot.engine.conversation import Conversation, Part, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore, minute_now
from bot.engine.guide import Guide
from bot.errors import ConversationEndedError, NotSavedError
from bot.store.opening import open_conversations
from tests.casework.conftest import clock
from tests.casework.failing_server import FailingServer, Way
from tests.casework.handing import Handing
from tests.casework.room import Room, goes_to
from tests.casework.test_delivery import Sender, sent
from tests.casework.test_retention import on_record
from tests.reports import SEND, go, receipt_in, way
from tests.resident import Resident
from tests.store.kept import CONVERSATIONS, OnSqlite

__all__ = ["clock"]
"""A fixture of the casework."""

YEAR = dt.timedelta(days=365)
IDLE_MINUTES = 30
TODAY = dt.date(2026, 11, 30)
KEPT = 24 * 31
"""Days after which a report is due, and more."""


def in_a_year() -> time_machine.travel:
    return time_machine.travel(dt.datetime.now(dt.UTC) + YEAR, tick=True)


def logged(capsys: pytest.CaptureFixture[str]) -> str:
    """Since it was asked last; where it goes depends on who set up the log."""
    told = capsys.readouterr()
    return told.out + told.err


# Conversations


class Talk:
    """A conversation in the middle of a report, and the store that keeps it."""

    def __init__(self, kept: OnSqlite) -> None:
        self.kept = kept
        self.store = ConversationStore(open_conversations(kept.settings), IDLE_MINUTES)
        self.keys = SessionKeys.of(new_token())
        conversation = Conversation("da", main=Part(transcript=[{"text": "before"}]))
        conversation.set_apart().transcript.append({"text": "what happened"})
        asyncio.run(self.store.create(self.keys, conversation))
        asyncio.run(self.store.save(self.keys, conversation))

    def sweep(self) -> int:
        return asyncio.run(self.store.delete_idle())

    def texts(self) -> list[str]:
        conversation = asyncio.run(self.store.load(self.keys))
        assert conversation.apart
        return [it["text"] for it in (*conversation.main.transcript, *conversation.apart.transcript)]

    def goes_on(self, text: str) -> None:
        conversation = asyncio.run(self.store.load(self.keys))
        conversation.main.transcript.append({"text": text})
        asyncio.run(self.store.save(self.keys, conversation))

    def grows_older(self) -> None:
        older = "UPDATE conversation SET last_minute = last_minute - %s"
        self.kept.by_other_hands(older, IDLE_MINUTES + 1, of=CONVERSATIONS)

    def minutes_ahead(self) -> int:
        (row,) = self.kept.rows("conversation")
        return int(row["last_minute"]) - minute_now()


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    kept = OnSqlite(tmp_path)
    talk = Talk(kept)
    yield talk
    talk.store.close()
    kept.close()


def test_a_jump_that_is_taken_back_ends_no_conversation(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    with in_a_year():
        assert talk.sweep() == 0
        assert talk.texts() == ["before", "what happened"]
    assert talk.sweep() == 0
    assert talk.texts() == ["before", "what happened"]
    assert logged(capsys).count("clock_jumped") == 2


def test_whoever_writes_before_the_sweep_has_seen_the_jump_is_answered(talk: Talk) -> None:
    with in_a_year():
        talk.goes_on("meanwhile")
        assert talk.sweep() == 0
    assert talk.texts() == ["before", "meanwhile", "what happened"]


def test_what_was_said_during_a_jump_is_not_kept_for_a_year_after_it(talk: Talk) -> None:
    """Neither by the process that saw it nor by one that was started since."""
    with in_a_year():
        talk.goes_on("meanwhile")
    assert talk.minutes_ahead() > 500_000
    later = ConversationStore(open_conversations(talk.kept.settings), IDLE_MINUTES)
    assert asyncio.run(later.delete_idle()) == 0
    assert talk.minutes_ahead() <= 0
    talk.grows_older()
    assert asyncio.run(later.delete_idle()) == 1
    later.close()


def test_a_jump_is_not_forgotten_where_it_could_not_be_noted(talk: Talk) -> None:
    asyncio.run(talk.store._worker.do(lambda it: it.execute("PRAGMA busy_timeout=20").fetchall()))
    with in_a_year():
        with closing(sqlite3.connect(talk.kept.settings.var / "conversations.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(NotSavedError):
                talk.sweep()
        assert talk.sweep() == 0
        assert talk.texts() == ["before", "what happened"]


def test_the_time_of_a_conversation_still_ends_after_a_jump(talk: Talk) -> None:
    with in_a_year():
        assert talk.sweep() == 0
        talk.grows_older()
        with pytest.raises(ConversationEndedError):
            talk.texts()
        assert talk.sweep() == 1


# Reports, evidence and all else that is kept for a time


@pytest.fixture
def room(clock: time_machine.Traveller, tmp_path: Path) -> Iterator[Room]:
    """With a report, a file of it, and a run of today on record."""
    room = Room(tmp_path)
    asyncio.run(room.own.add_file(room.key, b"a photo", "image/png", "a", cleaned=True))
    assert room.deletes() == 0
    yield room
    room.store.close()


def kept_in(room: Room) -> dict[str, int]:
    """Rows by table."""
    tables = room.store._worker.database.kept_tables()
    return {table: room.count(table) for table in tables}


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def test_a_jump_that_is_taken_back_erases_no_report(
    room: Room, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept_in(room)
    goes_to(clock, days(KEPT))
    for _ in range(3):
        assert room.deletes() == 0
    assert kept_in(room) == before
    assert "clock_jumped" in logged(capsys)
    goes_to(clock, days(1))
    assert room.deletes() == 0
    assert [event for event in on_record(room) if event[0] == "retention_run"][-1][1] == days(1).isoformat()
    assert room.sees().words
    assert "clock_jumped" not in logged(capsys)


def test_what_happens_during_a_jump_makes_nobody_believe_the_clock(room: Room, clock: time_machine.Traveller) -> None:
    """A new report, an event on record and a count, all of that day."""
    goes_to(clock, days(KEPT))
    new = room.another("Elsewhere")
    asyncio.run(room.journal.note("sam", "caseworker", "report_viewed", new.report_id, words="no"))
    asyncio.run(room.desk.note("step", "sent", "da"))
    assert room.deletes() == 0
    assert room.row.id == room.report


def test_a_service_that_was_off_for_a_week_goes_on_by_itself(room: Room, clock: time_machine.Traveller) -> None:
    for start in range(0, KEPT, LONGEST_PAUSE):
        goes_to(clock, days(start))
        room.deletes()
    assert room.count("report") == 0
    goes_to(clock, days(KEPT + LONGEST_PAUSE + 1))
    assert room.deletes() == 0
    assert on_record(room)[-1][1] < days(KEPT).isoformat()


def test_a_store_that_never_had_a_run_has_its_first(clock: time_machine.Traveller, tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert room.row.id == room.report
    goes_to(clock, days(KEPT))
    assert room.deletes() == 1
    room.store.close()


def erase(capsys: pytest.CaptureFixture[str], *given: str) -> tuple[int, str]:
    return main(["store", "erase", *given]), logged(capsys)


def test_an_operators_word_is_enough_and_must_name_the_day(
    room: Room, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_VAR", str(room.folder))
    goes_to(clock, days(KEPT))
    for given in ([], ["--day", TODAY.isoformat()], ["--day", "soon"]):
        code, told = erase(capsys, *given)
        assert (code, room.count("report")) == (1, 1)
        assert f"this machine's clock says {days(KEPT)}" in told
    code, told = erase(capsys, "--day", days(KEPT).isoformat())
    assert (code, room.count("report")) == (0, 0)
    assert "1 reports" in told
    assert room.deletes() == 0
    assert [verb for verb, *_ in on_record(room)][-2:] == ["report_erased", "retention_run"]
    goes_to(clock, days(KEPT + 1))
    assert room.deletes() == 0
    assert on_record(room)[-1][1] == days(KEPT + 1).isoformat()


def test_the_record_stays_whole_through_a_jump(room: Room, clock: time_machine.Traveller) -> None:
    for day in (days(1), days(KEPT), days(2)):
        goes_to(clock, day)
        asyncio.run(room.journal.note("sam", "caseworker", "report_viewed", room.report, words="no"))
    rows = asyncio.run(room.store.audit.since(0, 1_000))
    anchors = room.journal._anchor.read()
    assert list(check(rows, anchors, dt.datetime.now(dt.UTC))) == []


# Packages on their way


def test_a_package_that_failed_during_a_jump_does_not_wait_for_a_year(tmp_path: Path) -> None:
    server = FailingServer(tmp_path)
    handing = Handing(tmp_path, server.url, server.ca)
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = Way.FAULT
    assert asyncio.run(sender.delivery.send_due(sender.now + YEAR)) == 1
    waits = handing.row(row).next_try
    assert waits
    assert waits > sender.now + YEAR
    server.way = Way.WELL
    assert sender.send() == 1
    assert sent(handing, row, server)
    handing.close()
    server.close()


# The guide


def test_a_report_is_told_through_a_jump_and_opened_after_it(guide: Guide) -> None:
    resident = Resident(guide, "en")
    steps = way(short=True)
    with in_a_year():
        go(resident, steps[:3])
        asyncio.run(guide.delete_idle())
    asyncio.run(guide.delete_idle())
    go(resident, steps[3:])
    resident.presses(SEND)
    receipt = receipt_in(resident.text)
    with in_a_year():
        asyncio.run(guide.delete_idle())
        assert asyncio.run(guide.erase_expired()) == 0
        assert Resident(guide, "en").says(receipt).replies[0].startswith("utter_own")
    assert Resident(guide, "en").says(receipt).replies[0].startswith("utter_own")
