"""How long staff have: a week to say that a report came, three months to answer, and who stops and starts it."""

import asyncio
import datetime as dt

import pytest
import time_machine

from bot.casework.caseload import days_left
from bot.casework.clocks import ACKNOWLEDGED, AWAITING, CLOSED, IN_REVIEW, NEW, REFERRED, Clocks
from bot.casework.vocabulary import STATUSES
from bot.settings import Settings
from bot.store.case_verbs import Sought
from tests.casework.room import CAME, Room, goes_to

pytestmark = pytest.mark.usefixtures("clock")


def overdue(room: Room, day: dt.date) -> int:
    return asyncio.run(room.caseload.seek(Sought(overdue_on=day))).total


# The rules


@pytest.mark.parametrize(
    ("status", "since", "due"),
    [
        (NEW, "2026-11-22", "2026-11-29"),
        (NEW, "2026-12-28", "2027-01-04"),
        (ACKNOWLEDGED, "2026-11-22", "2027-02-22"),
        (IN_REVIEW, "2026-11-30", "2027-02-28"),
        (IN_REVIEW, "2027-11-30", "2028-02-29"),
        (IN_REVIEW, "2026-12-31", "2027-03-31"),
        (AWAITING, "2026-11-22", None),
        (REFERRED, "2026-11-22", None),
        (CLOSED, "2026-11-22", None),
    ],
)
def test_a_week_to_acknowledge_and_three_months_to_answer(status: str, since: str, due: str | None) -> None:
    found = Clocks().due(status, dt.date.fromisoformat(since))
    assert found == (dt.date.fromisoformat(due) if due else None)


def test_the_settings_say_how_long() -> None:
    clocks = Clocks.of(Settings(acknowledge_days=3, answer_months=1))
    assert clocks.due(NEW, CAME) == dt.date(2026, 12, 3)
    assert clocks.due(IN_REVIEW, CAME) == dt.date(2026, 12, 30)


def test_every_status_has_a_rule() -> None:
    assert set(STATUSES) == {NEW, ACKNOWLEDGED, IN_REVIEW, AWAITING, REFERRED, CLOSED}


# A report's clock, day by day


def test_a_new_report_is_in_time_for_seven_days_and_overdue_on_the_eighth(room: Room) -> None:
    row = room.row
    assert (row.clock_from, row.clock_due) == (CAME, dt.date(2026, 12, 7))
    assert [days_left(row, CAME + dt.timedelta(days=days)) for days in (0, 7, 8)] == [7, 0, -1]
    assert overdue(room, dt.date(2026, 12, 7)) == 0
    assert overdue(room, dt.date(2026, 12, 8)) == 1


def test_once_it_is_acknowledged_the_three_months_run_from_the_day_it_came(
    room: Room, clock: time_machine.Traveller
) -> None:
    goes_to(clock, dt.date(2026, 12, 5))
    asyncio.run(room.caseload.set_status(room.report, ACKNOWLEDGED))
    assert room.row.clock_due == dt.date(2027, 2, 28)
    goes_to(clock, dt.date(2027, 1, 5))
    asyncio.run(room.caseload.set_status(room.report, IN_REVIEW))
    assert room.row.clock_due == dt.date(2027, 2, 28)
    assert overdue(room, dt.date(2027, 2, 28)) == 0
    assert overdue(room, dt.date(2027, 3, 1)) == 1


@pytest.mark.parametrize("status", [AWAITING, REFERRED])
def test_nobody_is_late_while_nobody_waits_for_staff(room: Room, status: str) -> None:
    asyncio.run(room.caseload.set_status(room.report, status))
    row = room.row
    assert days_left(row, dt.date(2036, 1, 1)) is None
    assert overdue(room, dt.date(2036, 1, 1)) == 0


def test_a_closed_report_has_no_clock(room: Room) -> None:
    asyncio.run(room.caseload.close(room.report, "answered"))
    assert room.row.clock_due is None
    assert asyncio.run(room.caseload.seek(Sought(is_open=False, overdue_on=dt.date(2036, 1, 1)))).total == 0


def test_moving_a_report_about_does_not_win_time(room: Room, clock: time_machine.Traveller) -> None:
    goes_to(clock, dt.date(2027, 2, 20))
    for status in (AWAITING, NEW, REFERRED, IN_REVIEW):
        asyncio.run(room.caseload.set_status(room.report, status))
    assert room.row.clock_due == dt.date(2027, 2, 28)


# What the person writes back


@pytest.mark.parametrize("status", [AWAITING, REFERRED, CLOSED])
def test_what_the_person_writes_back_starts_the_clock_again(
    room: Room, clock: time_machine.Traveller, status: str
) -> None:
    if status == CLOSED:
        asyncio.run(room.caseload.close(room.report, "no_contact"))
    else:
        asyncio.run(room.caseload.set_status(room.report, status))
    goes_to(clock, dt.date(2027, 6, 1))
    asyncio.run(room.own.write(room.key, "It happened again.", "en", "a"))
    row = room.row
    assert (row.status, row.clock_from, row.clock_due) == (IN_REVIEW, dt.date(2027, 6, 1), dt.date(2027, 9, 1))
    assert (row.outcome, row.closed_on) == (None, None)


@pytest.mark.parametrize("status", [NEW, ACKNOWLEDGED, IN_REVIEW])
def test_whoever_writes_while_staff_are_due_does_not_give_them_more_time(
    room: Room, clock: time_machine.Traveller, status: str
) -> None:
    asyncio.run(room.caseload.set_status(room.report, status))
    before = room.row
    goes_to(clock, dt.date(2026, 12, 6))
    asyncio.run(room.own.write(room.key, "Are you there?", "en", "a"))
    assert room.row == before


def test_the_same_message_again_does_not_start_it_twice(room: Room, clock: time_machine.Traveller) -> None:
    asyncio.run(room.own.write(room.key, "It happened again.", "en", "a"))
    asyncio.run(room.office.answer(room.report, room.team, "Hvornår?", "da"))
    goes_to(clock, dt.date(2027, 1, 1))
    asyncio.run(room.own.write(room.key, "It happened again.", "en", "a"))
    assert room.row.status == AWAITING


@pytest.mark.parametrize(
    ("status", "due"), [(AWAITING, None), (ACKNOWLEDGED, dt.date(2027, 2, 28)), (IN_REVIEW, dt.date(2027, 2, 28))]
)
def test_an_answer_says_who_waits_for_whom_after_it(room: Room, status: str, due: dt.date | None) -> None:
    asyncio.run(room.office.answer(room.report, room.team, "Tak.", "da", status))
    row = room.row
    assert (row.status, row.clock_from, row.clock_due) == (status, CAME, due)


def test_a_report_that_staff_open_again_has_its_full_time(room: Room, clock: time_machine.Traveller) -> None:
    asyncio.run(room.caseload.close(room.report, "answered"))
    goes_to(clock, dt.date(2027, 6, 1))
    asyncio.run(room.caseload.reopen(room.report))
    row = room.row
    assert (row.status, row.clock_due, row.outcome, row.closed_on) == (IN_REVIEW, dt.date(2027, 9, 1), None, None)
