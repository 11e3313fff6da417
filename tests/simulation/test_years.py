"""Whole quarters, and how many come on which day of them."""

import datetime as dt

import pytest

from bot.errors import SettingError
from bot.simulation.years import Years, last_quarter


@pytest.mark.parametrize(
    ("quarter", "years", "since", "until"),
    [
        ("2026Q3", 2, dt.date(2024, 10, 1), dt.date(2026, 9, 30)),
        ("2026Q3", 0.25, dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        ("2025Q4", 1, dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ("2024Q1", 0.5, dt.date(2023, 10, 1), dt.date(2024, 3, 31)),
    ],
)
def test_years_end_with_a_quarter(quarter: str, years: float, since: dt.date, until: dt.date) -> None:
    assert Years.ending(quarter, years) == Years(since, until)


@pytest.mark.parametrize("quarter", ["2026", "2026Q5", "2026-Q3", "Q3", "2026q3", ""])
def test_what_is_no_quarter_is_named(quarter: str) -> None:
    with pytest.raises(SettingError, match="--until"):
        Years.ending(quarter, 1)


@pytest.mark.parametrize("years", [0, -1, 0.3, 0.1, 51, float("nan"), float("inf")])
def test_parts_of_quarters_are_refused(years: float) -> None:
    with pytest.raises(SettingError, match="--years"):
        Years.ending("2026Q3", years)


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (dt.date(2026, 11, 29), "2026Q3"), (dt.date(2026, 10, 1), "2026Q3"), (dt.date(2026, 9, 30), "2026Q2"),
        (dt.date(2026, 1, 1), "2025Q4"), (dt.date(2026, 3, 31), "2025Q4"),
    ],
)  # fmt: skip
def test_the_newest_quarter_that_is_over(today: dt.date, quarter: str) -> None:
    assert last_quarter(today) == quarter


def test_every_day_can_be_drawn_and_no_other() -> None:
    years = Years.ending("2024Q1", 0.25)
    assert years.shares().codes == tuple(years.days())
    assert len(list(years.days())) == 91
