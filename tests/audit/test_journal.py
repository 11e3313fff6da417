"""What is noted is on record before it happens, and anchored when it is time."""

import asyncio
import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import structlog
import time_machine
from structlog.testing import capture_logs

from bot.audit.chain import check
from bot.audit.events import detail_of
from bot.audit.journal import EVERY, EVERY_EVENTS, Journal
from bot.engine.logs import configure_logs
from bot.errors import NotSavedError
from bot.settings import ROOT
from tests.audit.chains import Kept, run_together

NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
PROCESSES, EACH = 3, 150
NOTING = """
import sys
from pathlib import Path
from tests.audit.chains import Kept
kept = Kept(Path(sys.argv[1]))
BEGIN
kept.notes(int(sys.argv[2]))
kept.store.close()
"""
LOGGING = """
import sys
from pathlib import Path
from bot.engine.logs import configure_logs
from tests.audit.chains import Kept
configure_logs("INFO")
kept = Kept(Path(sys.argv[1]))
kept.notes()
kept.store.close()
"""


# When it is anchored


def test_the_first_event_of_a_process_is_anchored(kept: Kept) -> None:
    kept.notes(3)
    assert kept.anchored() == [1]
    kept.journal = Journal(kept.store.audit, kept.anchor)
    kept.notes(3)
    assert kept.anchored() == [1, 4]


def test_each_hundredth_event_after_an_anchor_is_anchored(kept: Kept) -> None:
    kept.notes(2 * EVERY_EVENTS + 50)
    assert kept.anchored() == [1, 101, 201]
    assert kept.faults() == []


@pytest.mark.parametrize(("after", "anchored"), [(EVERY, [1, 2]), (EVERY - dt.timedelta(seconds=1), [1])])
def test_the_first_event_an_hour_after_an_anchor_is_anchored(
    kept: Kept, after: dt.timedelta, anchored: list[int]
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        kept.notes()
        clock.shift(after)
        kept.notes()
        assert kept.anchored() == anchored
        assert list(check(kept.rows(), kept.anchor.read(), NOON + 24 * EVERY)) == []


def test_the_hour_and_the_hundred_begin_again_with_each_anchor(kept: Kept) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        kept.notes(60)
        clock.shift(EVERY)
        kept.notes(100)
        assert kept.anchored() == [1, 61]
        kept.notes(1)
        assert kept.anchored() == [1, 61, 161]


def test_a_clock_that_is_set_back_a_day_does_not_put_off_the_next_anchor(kept: Kept) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        kept.notes()
        clock.shift(-dt.timedelta(days=1))
        kept.notes(2)
        assert kept.anchored() == [1, 2]


def test_the_chain_is_anchored_as_it_is_when_that_is_asked(kept: Kept) -> None:
    assert asyncio.run(kept.journal.anchor_now())
    assert kept.anchored() == []
    kept.notes(3)
    assert asyncio.run(kept.journal.anchor_now())
    assert kept.anchored() == [1, 3]
    kept.notes(EVERY_EVENTS)
    assert kept.anchored() == [1, 3, 103]


def test_events_that_come_together_are_each_on_the_chain_and_the_first_is_anchored(kept: Kept) -> None:
    async def work() -> None:
        await asyncio.gather(*(kept.journal.note("amina", "lead", "queue_viewed", shown=it) for it in range(250)))

    asyncio.run(work())
    assert len(kept.rows()) == 250
    assert kept.anchored()
    assert kept.faults() == []


def test_processes_that_note_together_keep_one_chain(tmp_path: Path) -> None:
    """They do write in turns: the numbers that each of them counts stand mixed."""
    run_together(NOTING, tmp_path, EACH, processes=PROCESSES)
    kept = Kept(tmp_path)
    rows = kept.rows()
    assert [row.seq for row in rows] == list(range(1, PROCESSES * EACH + 1))
    numbers = [detail_of(row)["shown"] for row in rows]
    assert sorted(numbers) == sorted([*range(EACH)] * PROCESSES)
    assert sum(number != before + 1 for before, number in pairwise(numbers)) > 2 * PROCESSES
    assert len(kept.anchored()) == PROCESSES * (1 + (EACH - 1) // EVERY_EVENTS)
    assert kept.faults() == []
    kept.store.close()


# What fails


def asks(kept: Kept, statement: str) -> None:
    worker: Any = kept.store._worker
    asyncio.run(worker.do(lambda database: database.execute(statement).fetchall()))


@contextmanager
def read_only(kept: Kept) -> Iterator[None]:
    asks(kept, "PRAGMA query_only=ON")
    yield
    asks(kept, "PRAGMA query_only=OFF")


def test_an_event_that_is_not_saved_is_an_error_and_nothing_is_anchored(kept: Kept) -> None:
    with read_only(kept):
        for _ in range(3):
            with pytest.raises(NotSavedError):
                kept.notes()
        assert not kept.path.exists()
        assert kept.rows() == []
    kept.notes()
    assert kept.anchored() == [1]


def test_an_event_that_is_not_as_declared_is_not_saved(kept: Kept) -> None:
    with pytest.raises(ValueError, match="queue_viewed: shown is missing"):
        asyncio.run(kept.journal.note("amina", "lead", "queue_viewed"))
    assert kept.rows() == []
    assert not kept.path.exists()


def test_an_anchor_that_cannot_be_written_is_logged_and_tried_with_each_event_until_it_is(kept: Kept) -> None:
    """A file stands where its folder should be."""
    kept.path.parent.write_text("")
    with capture_logs() as logged:
        rows = kept.notes(3)
    assert kept.rows() == rows
    assert [it["error"] for it in logged] == ["FileExistsError"] * 3
    assert [(it["event"], it["log_level"], it["seq"], it["hash"]) for it in logged] == [
        ("audit_not_anchored", "error", row.seq, row.hash) for row in rows
    ]
    kept.path.parent.unlink()
    kept.notes(2)
    assert kept.anchored() == [4]


def test_an_anchor_that_fails_later_is_tried_again_too(kept: Kept) -> None:
    kept.notes()
    kept.path.rename(kept.path.with_name("away"))
    kept.path.mkdir()
    with capture_logs() as logged:
        kept.notes(EVERY_EVENTS + 5)
        assert not asyncio.run(kept.journal.anchor_now())
    assert [it["seq"] for it in logged] == [101, 102, 103, 104, 105, 106, 106]
    kept.path.rmdir()
    kept.path.with_name("away").rename(kept.path)
    kept.notes()
    assert kept.anchored() == [1, 107]
    assert kept.faults() == []


def test_a_caller_that_stops_waiting_stops_no_anchor(kept: Kept) -> None:
    """As when a browser goes away: what was begun is ended, and what failed is known to have failed."""
    kept.path.parent.write_text("")

    async def note_and_leave() -> None:
        noting = asyncio.ensure_future(kept.journal.note("amina", "lead", "queue_viewed", shown=0))
        while not noting.done():
            await asyncio.sleep(0.001)
            noting.cancel()

    with capture_logs():
        asyncio.run(note_and_leave())
    kept.path.parent.unlink()
    kept.notes()
    assert kept.anchored() == [kept.rows()[-1].seq]


# The log


@pytest.fixture
def informed() -> Iterator[None]:
    """A log that says what a server's says, whatever tests before it were quiet about."""
    before = structlog.get_config()
    configure_logs("INFO")
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("informed")
def test_an_anchor_is_named_in_the_log_with_its_number_and_hash(kept: Kept) -> None:
    with capture_logs() as logged:
        (row, _) = kept.notes(2)
    assert logged == [{"event": "audit_anchored", "log_level": "info", "seq": 1, "hash": row.hash}]


def test_number_and_hash_pass_what_keeps_words_out_of_the_log(tmp_path: Path) -> None:
    """The log as a server configures it is the third place."""
    told = subprocess.run(
        [sys.executable, "-c", LOGGING, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept = Kept(tmp_path)
    (row,) = kept.rows()
    kept.store.close()
    assert "event='audit_anchored'" in told.stderr
    assert f"hash='{row.hash}'" in told.stderr
    assert "seq=1" in told.stderr
