"""When it was: a month and never a day, and the months that are offered."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.report import MONTHS_OFFERED, is_when, months_back
from bot.casework.vocabulary import WHEN


@pytest.mark.parametrize("when", [*WHEN, "2026-11"])
def test_a_month_and_every_code_is_an_answer(when: str) -> None:
    assert is_when(when)


@pytest.mark.parametrize(
    "when", ["2026-00", "2026-13", "2026-1", "1999-12", "2026-11-22", "2026-11\n", " 2026-11", "26-11"]
)
def test_when_is_a_month_and_never_a_day(when: str) -> None:
    assert not is_when(when)


def test_a_month_is_written_in_one_way_only() -> None:
    assert not is_when("20٢٦-11")


def test_the_months_offered_go_over_the_end_of_a_year() -> None:
    assert months_back(dt.date(2027, 2, 28)) == ["2027-02", "2027-01", "2026-12", "2026-11", "2026-10", "2026-09"]


@pytest.mark.parametrize(
    ("day", "newest", "oldest"),
    [
        (dt.date(2026, 1, 1), "2026-01", "2025-08"),
        (dt.date(2026, 6, 30), "2026-06", "2026-01"),
        (dt.date(2026, 12, 31), "2026-12", "2026-07"),
        (dt.date(2100, 1, 31), "2100-01", "2099-08"),
    ],
)
def test_the_months_offered_begin_with_the_present_one(day: dt.date, newest: str, oldest: str) -> None:
    months = months_back(day)
    assert (months[0], months[-1]) == (newest, oldest)


@settings(deadline=None)
@given(st.dates(dt.date(2000, 6, 1), dt.date(2099, 12, 31)))
def test_the_months_offered_are_six_answers_without_a_gap(day: dt.date) -> None:
    months = months_back(day)
    assert len(months) == MONTHS_OFFERED
    assert all(is_when(month) for month in months)
    counted = [int(month[:4]) * 12 + int(month[5:]) for month in months]
    assert counted == list(range(counted[0], counted[0] - MONTHS_OFFERED, -1))
