"""Deadlines are counted by the calendar, not by thirty-day months."""

import datetime as dt

import pytest

from bot.directory.deadlines import read_deadlines
from bot.directory.services import read_directory
from bot.settings import Settings

CONTENT = Settings().content
DEADLINES = read_deadlines(CONTENT / "deadlines.yml")
TODAY = dt.date(2026, 11, 29)


@pytest.mark.parametrize(
    ("kind", "named", "last"),
    [
        ("danish_letter", "2026-11-03", "2026-12-03"),
        ("danish_letter", "2027-01-31", "2027-03-02"),
        ("danish_letter", "2028-02-01", "2028-03-02"),
        ("module_1_2", "2026-08-31", "2027-02-28"),
        ("module_3", "2026-11-29", "2027-06-29"),
        ("module_4", "2026-05-15", "2027-01-15"),
        ("module_5_6", "2026-05-31", "2027-02-28"),
        ("meeting", "2026-12-15", "2026-12-15"),
        ("meeting", "2026-11-29", "2026-11-29"),
        ("meeting", "2025-12-15", "2026-12-15"),
        ("meeting", "2026-11-28", "2027-11-28"),
    ],
)
def test_the_last_day_is_counted(kind: str, named: str, last: str) -> None:
    assert DEADLINES[kind].last_day(dt.date.fromisoformat(named), TODAY) == dt.date.fromisoformat(last)


def test_every_rule_names_where_it_was_read_and_its_numbers_stand_there() -> None:
    services = read_directory(CONTENT).services
    for deadline in DEADLINES.values():
        assert deadline.is_a_day is (deadline.service is None)
        if deadline.service and deadline.days:
            assert any(str(deadline.days) in step for step in services[deadline.service].how_to_start)
