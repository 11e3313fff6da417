"""The chain on a real database: what was appended comes back, and what other hands stored is found."""

import asyncio
import datetime as dt
import sqlite3

import pytest

from bot.audit.chain import Fault, Kind
from bot.store.audit_verbs import NOTHING_BEFORE, Event, hash_of
from bot.store.tables.audit import NO_TIME
from tests.audit.chains import Kept, a_chain, an_event


def appended(kept: Kept, times: int) -> None:
    for number in range(1, times + 1):
        asyncio.run(kept.store.audit.append(an_event(number)))


def by_other_hands(kept: Kept, statement: str) -> None:
    """Beside the store, as somebody who can write the file."""
    with sqlite3.connect(kept.store_path, isolation_level=None) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.executescript(statement)
    connection.close()


def test_what_is_appended_is_the_chain(kept: Kept) -> None:
    assert asyncio.run(kept.store.audit.head()) is None
    appended(kept, 30)
    assert kept.rows() == a_chain(30)
    assert asyncio.run(kept.store.audit.head()) == a_chain(30)[-1]
    assert kept.rows()[0].previous == NOTHING_BEFORE


def test_a_time_is_kept_in_utc_and_to_the_second_whatever_is_given(kept: Kept) -> None:
    at = dt.datetime(2026, 7, 1, 0, 30, 15, 999_999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    row = asyncio.run(kept.store.audit.append(Event(at, "amina", "lead", "signed_out", "", "{}")))
    assert row.at == dt.datetime(2026, 6, 30, 22, 30, 15, tzinfo=dt.UTC)
    assert kept.rows() == [row]
    assert hash_of(row) == row.hash


def test_the_newest_stand_first_and_go_on_before_a_number(kept: Kept) -> None:
    appended(kept, 30)
    newest = kept.store.audit.newest
    assert [row.seq for row in asyncio.run(newest(3))] == [30, 29, 28]
    assert [row.seq for row in asyncio.run(newest(3, before=28))] == [27, 26, 25]
    assert [row.seq for row in asyncio.run(newest(9, before=2))] == [1]
    name = f"{5:032x}"
    assert [row.seq for row in asyncio.run(newest(9, object_=name))] == [22, 5]
    assert [row.seq for row in asyncio.run(newest(9, before=22, object_=name))] == [5]
    assert asyncio.run(newest(9, object_="nothing")) == []


def test_the_chain_is_read_on_from_a_number(kept: Kept) -> None:
    appended(kept, 30)
    since = kept.store.audit.since
    assert [row.seq for row in asyncio.run(since(0, 3))] == [1, 2, 3]
    assert [row.seq for row in asyncio.run(since(28, 9))] == [29, 30]
    assert asyncio.run(since(30, 9)) == []


NO_TEXT = "UPDATE event SET actor = x'ff' WHERE seq = 5"
NO_UTF_8 = "UPDATE event SET actor = CAST(x'616dff' AS TEXT) WHERE seq = 5"


@pytest.mark.parametrize(
    "statement",
    [
        NO_TEXT,
        NO_UTF_8,
        "UPDATE event SET at = 'yesterday' WHERE seq = 5",
        "UPDATE event SET at = '' WHERE seq = 5",
        "UPDATE event SET at = '2026-11-02 08:00:50+00:00' WHERE seq = 5",
        "UPDATE event SET at = '2026-11-02T09:00:50+01:00' WHERE seq = 5",
        "UPDATE event SET at = '2026-11-02T08:00:50Z' WHERE seq = 5",
        "UPDATE event SET at = '2026-11-02T08:00:50' WHERE seq = 5",
        "UPDATE event SET at = x'00' WHERE seq = 5",
        "UPDATE event SET hash = x'00' WHERE seq = 5",
        "UPDATE event SET hash = upper(hash) WHERE seq = 5",
        "UPDATE event SET detail = 7 WHERE seq = 5",
        "UPDATE event SET object = object || char(0) WHERE seq = 5",
        "UPDATE event SET role = role || ' ' WHERE seq = 5",
    ],
)
def test_a_row_that_other_hands_changed_is_found_and_hides_no_other(kept: Kept, statement: str) -> None:
    appended(kept, 9)
    kept.anchor.write(kept.rows()[-1])
    by_other_hands(kept, statement)
    assert [row.seq for row in kept.rows()] == list(range(1, 10))
    assert kept.faults()[0] == Fault(5, Kind.EDITED)
    assert {fault.seq for fault in kept.faults()} <= {5, 6}


@pytest.mark.parametrize("statement", [NO_TEXT, NO_UTF_8])
def test_the_database_reads_text_as_before_after_a_row_that_is_none(kept: Kept, statement: str) -> None:
    appended(kept, 9)
    by_other_hands(kept, statement)
    asyncio.run(kept.store.audit.newest(9))
    assert asyncio.run(kept.store.keys.holders()) == []
    worker = kept.store._worker
    assert asyncio.run(worker.do(lambda it: it.conn.text_factory)) is str


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM event WHERE seq = 5", Fault(5, Kind.MISSING, 5)),
        ("DELETE FROM event WHERE seq > 5", Fault(6, Kind.CUT, 9)),
        ("DELETE FROM event", Fault(1, Kind.CUT, 9)),
        ("UPDATE event SET seq = 0 WHERE seq = 9; UPDATE event SET seq = 9 WHERE seq = 8", Fault(8, Kind.MISSING, 8)),
        ("INSERT INTO event SELECT 99, at, actor, role, verb, object, detail, previous, hash FROM event WHERE seq = 9",
         Fault(10, Kind.MISSING, 98)),
    ],
)  # fmt: skip
def test_a_row_that_other_hands_took_away_or_put_there_is_found(kept: Kept, statement: str, told: Fault) -> None:
    appended(kept, 9)
    kept.anchor.write(kept.rows()[-1])
    by_other_hands(kept, statement)
    assert told in kept.faults()


def test_a_row_before_the_first_is_no_head_and_is_not_shown(kept: Kept) -> None:
    by_other_hands(kept, "INSERT INTO event VALUES (-5, '', '', '', '', '', '', '', 'x')")
    assert asyncio.run(kept.store.audit.newest(9)) == []
    appended(kept, 1)
    assert kept.rows() == a_chain(1)


def test_a_time_that_is_none_is_shown_as_none(kept: Kept) -> None:
    appended(kept, 1)
    by_other_hands(kept, "UPDATE event SET at = 'soon'")
    assert kept.rows()[0].at == NO_TIME
