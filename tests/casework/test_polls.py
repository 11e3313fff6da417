"""One-tap questions: counted once, by the quarter, and no row of the database tells whose answer it was."""

import asyncio
import datetime as dt
import shutil
from typing import Any

import pytest
import time_machine

from bot.casework.clocks import ACKNOWLEDGED, CLOSED
from bot.casework.desk import Desk, Outcome
from bot.casework.own_report import OwnReports
from bot.casework.polls import Polls, quarter_of
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import GRADES, POLLS
from bot.errors import NotSavedError
from bot.store.sqlite import SqliteStore
from tests.casework.room import KEY, Room
from tests.reports import a_telling, filed, opened

QUARTER = "2026-10-01"
TALLIES = "SELECT kind, code, language, n, counted_on FROM tally"
SLIP = "find_job", ["jobnet"], "so"


@pytest.fixture
def polls(room: Room) -> Polls:
    return Polls(room.store, KEY)


def everything(store: SqliteStore) -> dict[str, list[Any]]:
    """Every row of every table."""

    def read(database: Any) -> dict[str, list[Any]]:
        return {table: list(database.execute(f"SELECT * FROM {table}")) for table in database.table_names()}  # noqa: S608 - the store's own tables

    return asyncio.run(store._worker.do(read))


def tallies(room: Room) -> list[tuple[Any, ...]]:
    return sorted(asyncio.run(room.store._worker.do(lambda database: list(database.execute(TALLIES)))))


def a_slip(desk: Desk, secret: bytes = b"secret") -> str:
    code = asyncio.run(desk.make_slip(*SLIP, secret))
    asyncio.run(desk.tell_outcomes([Outcome(code, "jobnet", "went", 4)]))
    return code


def answered(room: Room, status: str = "awaiting_reporter") -> ReportKey:
    """A report to which staff wrote."""
    asyncio.run(room.office.answer(room.report, room.team, "Tak.", "da", status))
    return room.key


def asks(polls: Polls, room: Room, key: ReportKey) -> bool:
    return asyncio.run(polls.asks_seriously(key, asyncio.run(room.own.look(key))))


def answer_seriously(polls: Polls, own: OwnReports, key: ReportKey, grade: int | None) -> None:
    asyncio.run(polls.answer_seriously(key, asyncio.run(own.look(key)), grade))


# With a slip


def test_statements_come_one_after_the_other_and_are_counted_once_a_slip(room: Room, polls: Polls) -> None:
    code = a_slip(room.desk)
    assert asyncio.run(polls.open_on(code)) == POLLS == ("trust", "community", "influence")
    for place, poll in enumerate(POLLS):
        assert asyncio.run(polls.answer(code, poll, place + 3)) == POLLS[place + 1 :]
    for poll in POLLS:
        assert asyncio.run(polls.answer(code, poll, 1)) == ()
    assert tallies(room) == [
        ("poll.community", "4", "", 1, QUARTER), ("poll.influence", "5", "", 1, QUARTER),
        ("poll.trust", "3", "", 1, QUARTER),
    ]  # fmt: skip


def test_a_hundred_answers_at_once_count_once(room: Room, polls: Polls) -> None:
    code = a_slip(room.desk)

    async def flood() -> None:
        await asyncio.gather(*(polls.answer(code, "trust", GRADES[number % 5]) for number in range(100)))

    asyncio.run(flood())
    assert sum(row[3] for row in tallies(room)) == 1


def test_who_would_rather_not_say_is_not_counted_and_not_asked_again(room: Room, polls: Polls) -> None:
    code = a_slip(room.desk)
    assert asyncio.run(polls.answer(code, "trust", None)) == ("community", "influence")
    assert asyncio.run(polls.answer(code, "trust", 5)) == ("community", "influence")
    assert tallies(room) == []


@pytest.mark.parametrize("code", ["", "0000 0000 0000", "x", "1234"])
def test_without_a_slip_nothing_is_asked_or_counted(room: Room, polls: Polls, code: str) -> None:
    a_slip(room.desk)
    assert asyncio.run(polls.open_on(code)) == ()
    assert asyncio.run(polls.answer(code, "trust", 5)) == ()
    assert tallies(room) == []


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-04-01", "2026-04-01"),
     ("2026-08-15", "2026-07-01"), ("2026-12-31", "2026-10-01"), ("2028-02-29", "2028-01-01")],
)  # fmt: skip
def test_a_quarter_begins_on_its_first_day(day: str, first: str) -> None:
    assert quarter_of(dt.date.fromisoformat(day)) == dt.date.fromisoformat(first)


# About a report


def test_nobody_is_asked_before_staff_have_answered(room: Room, polls: Polls) -> None:
    assert not asks(polls, room, room.key)
    asyncio.run(room.own.write(room.key, "Is anybody there?", "en", "one"))
    assert not asks(polls, room, room.key)
    answered(room, ACKNOWLEDGED)
    assert not asks(polls, room, room.key)
    answer_seriously(polls, room.own, room.key, 5)
    assert tallies(room) == []
    assert asks(polls, room, answered(room))


def test_a_closed_report_is_asked_about_where_staff_could_read_it(room: Room, polls: Polls) -> None:
    alone = opened(room.own, filed(room.desk, a_telling(readable=False), secret=b"another person"))
    for key in (room.key, alone):
        asyncio.run(room.store.cases.change(key.report_id, {"status": CLOSED, "outcome": "counted"}))
    assert asks(polls, room, room.key)
    assert not asks(polls, room, alone)


@pytest.mark.parametrize("grade", [*GRADES, None])
def test_a_report_is_asked_about_once(room: Room, polls: Polls, grade: int | None) -> None:
    key = answered(room)
    answer_seriously(polls, room.own, key, grade)
    assert not asks(polls, room, key)
    answer_seriously(polls, room.own, key, 3)
    asyncio.run(room.office.answer(room.report, room.team, "Mere.", "da"))
    assert not asks(polls, room, key)
    assert tallies(room) == ([("poll.taken_seriously", str(grade), "", 1, QUARTER)] if grade else [])


def test_a_message_cannot_be_named_so_that_it_leads_from_the_mark_to_its_report(room: Room, polls: Polls) -> None:
    """The page lets a browser name its messages."""
    key = answered(room)
    for name in ("taken_seriously", "poll.taken_seriously"):
        asyncio.run(room.own.write(key, "x", "en", name))
    answer_seriously(polls, room.own, key, 2)
    ((mark, _),) = everything(room.store)["poll_mark"]
    others = {table: rows for table, rows in everything(room.store).items() if table != "poll_mark"}
    assert mark not in str(others)
    assert not any(str(piece)[:32] in mark for piece, *_ in others["piece"])


def test_marks_go_with_what_was_counted(room: Room, polls: Polls) -> None:
    code = a_slip(room.desk)
    asyncio.run(polls.answer(code, "trust", 4))
    assert [row[1] for row in everything(room.store)["poll_mark"]] == [QUARTER]
    asyncio.run(room.store.statistics.forget(dt.date.fromisoformat(QUARTER)))
    assert asyncio.run(polls.open_on(code)) == ("community", "influence")
    asyncio.run(room.store.statistics.forget(dt.date(2026, 10, 2)))
    assert asyncio.run(polls.open_on(code)) == POLLS
    assert tallies(room) == []


# Whose answer it was


def in_another_world(room: Room, name: str) -> SqliteStore:
    """The same database once more, to see what comes of it if people answer otherwise."""
    folder = room.folder / name
    folder.mkdir()
    asyncio.run(room.store._worker.do(lambda database: database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()))
    shutil.copy(room.folder / "store.db", folder / "store.db")
    return SqliteStore(folder / "store.db")


def test_the_database_is_the_same_whichever_slip_gave_which_answer(room: Room) -> None:
    mine, other = a_slip(room.desk), a_slip(room.desk, b"another person")
    worlds = []
    for grades in ((1, 5), (5, 1)):
        store = in_another_world(room, f"slips-{grades[0]}")
        polls = Polls(store, KEY)
        for code, grade in zip((mine, other), grades, strict=True):
            for poll in POLLS:
                asyncio.run(polls.answer(code, poll, grade))
        worlds.append(everything(store))
        store.close()
    assert worlds[0] == worlds[1]
    assert len(worlds[0]["poll_mark"]) == len(worlds[0]["tally"]) == 2 * len(POLLS)


def test_the_database_is_the_same_whichever_report_gave_which_answer(room: Room) -> None:
    keys = [room.key, opened(room.own, filed(room.desk, secret=b"another person"))]
    for key in keys:
        asyncio.run(room.office.answer(key.report_id, room.team, "Tak.", "da"))
    worlds = []
    for grades in ((1, 5), (5, 1)):
        store = in_another_world(room, f"reports-{grades[0]}")
        polls, own = Polls(store, KEY), OwnReports(store, KEY)
        for key, grade in zip(keys, grades, strict=True):
            answer_seriously(polls, own, key, grade)
        worlds.append(everything(store))
        store.close()
    assert worlds[0] == worlds[1]
    assert len(worlds[0]["tally"]) == 2


def test_the_database_is_the_same_whoever_answered_at_all(room: Room, clock: time_machine.Traveller) -> None:
    """Of two slips and two reports one answers, on another day of the quarter: only a random-looking mark differs."""
    codes = [a_slip(room.desk), a_slip(room.desk, b"another person")]
    keys = [room.key, opened(room.own, filed(room.desk, secret=b"another person"))]
    for key in keys:
        asyncio.run(room.office.answer(key.report_id, room.team, "Tak.", "da"))
    worlds = []
    for who in (0, 1):
        store = in_another_world(room, f"one-{who}")
        clock.move_to(dt.datetime(2026, 12, 3 + who, 12, tzinfo=dt.UTC))
        polls = Polls(store, KEY)
        asyncio.run(polls.answer(codes[who], "trust", 4))
        answer_seriously(polls, OwnReports(store, KEY), keys[who], 4)
        worlds.append(everything(store))
        store.close()
    marks = [{row[0] for row in world.pop("poll_mark")} for world in worlds]
    assert worlds[0] == worlds[1]
    assert [len(each) for each in marks] == [2, 2]
    assert not marks[0] & marks[1]
    assert not any(mark in str(worlds[0]) for each in marks for mark in each)


# What cannot be saved


def test_an_answer_that_is_not_saved_leaves_neither_mark_nor_count(room: Room, polls: Polls) -> None:
    code = a_slip(room.desk)
    asyncio.run(room.store._worker.do(lambda database: database.execute("PRAGMA query_only=ON").fetchall()))
    with pytest.raises(NotSavedError):
        asyncio.run(polls.answer(code, "trust", 4))
    asyncio.run(room.store._worker.do(lambda database: database.execute("PRAGMA query_only=OFF").fetchall()))
    assert asyncio.run(polls.open_on(code)) == POLLS
    assert tallies(room) == []


def test_a_mark_and_its_count_are_one_transaction(room: Room) -> None:
    """The count fails after the mark was set: the mark is gone too."""
    asyncio.run(
        room.store._worker.do(
            lambda database: database.execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON tally BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    )
    day = dt.date(2026, 10, 1)
    with pytest.raises(NotSavedError):
        asyncio.run(room.store.statistics.tally_once("a" * 64, day, "poll.trust", "4", ""))
    assert asyncio.run(room.store.statistics.marked(["a" * 64])) == set()
