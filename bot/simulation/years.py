"""The days that are invented: whole quarters, with growth, seasons, weekdays and days on which all is closed."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from dateutil.relativedelta import relativedelta

from bot.errors import SettingError
from bot.simulation.assumptions import YEARS, read_assumptions
from bot.simulation.dice import Shares

MONTHS, QUARTERS = 3, 4
"""Of a quarter, and of a year."""
MOST_QUARTERS = 80
_QUARTER = re.compile(r"(20\d\d)Q([1-4])")


@dataclass(frozen=True)
class Years:
    since: dt.date
    until: dt.date
    """The last day; nothing is dated later."""

    @classmethod
    def ending(cls, quarter: str, years: float) -> Self:
        """Up to the end of a quarter such as 2026Q3; a quarter of a year is 0.25. Raises SettingError."""
        found, quarters = _QUARTER.fullmatch(quarter), years * QUARTERS
        if not found:
            raise SettingError(f"--until: {quarter} is no quarter such as 2026Q3")
        if not 1 <= quarters <= MOST_QUARTERS or quarters % 1:
            raise SettingError("--years: must be whole quarters, such as 2 or 0.25, and at most 20 years")
        after = dt.date(int(found[1]), (int(found[2]) - 1) * MONTHS + 1, 1) + relativedelta(months=MONTHS)
        return cls(after - relativedelta(months=MONTHS * int(quarters)), after - dt.timedelta(days=1))

    def days(self) -> Iterator[dt.date]:
        return (self.since + dt.timedelta(days=number) for number in range((self.until - self.since).days + 1))

    def shares(self) -> Shares[dt.date]:
        """How many come on which day."""
        days, values = list(self.days()), read_assumptions(YEARS).values
        return Shares({
            day: values["growth"] ** (number / len(days))
            * values["months"][day.month - 1]
            * values["weekdays"][day.weekday()]
            * values["closed"].get(f"{day:%m-%d}", 1)
            for number, day in enumerate(days)
        })  # fmt: skip


def last_quarter(today: dt.date) -> str:
    """The newest one that is over."""
    month = today.year * 12 + today.month - 1 - MONTHS
    return f"{month // 12}Q{month % 12 // MONTHS + 1}"
