"""How long a time limit of content/law leaves somebody, counted on their side: from the first day that is possible."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from bot.casework.law import Start, TimeLimit
from bot.casework.report import NotAnAnswerError

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ONGOING, UNCOUNTED = "ongoing", ("earlier", "unknown")
SATURDAY = 5
CLOSED = frozenset({(1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31)})
"""(Month, day): fixed holidays, and days on which offices are closed without being holidays (general knowledge)."""
AFTER_EASTER = frozenset({-3, -2, 0, 1, 39, 49, 50})
"""Days from Easter Sunday to holidays. Store bededag (26) is none since 2024."""
_DAY, _MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")
_ONE_DAY = dt.timedelta(days=1)


class Basis(StrEnum):
    """From what the time was counted."""

    DAY = "day"
    MONTH = "month"
    TODAY = "today"
    """It still goes on, or the day that was named is yet to come."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TimeLeft:
    limit: TimeLimit
    basis: Basis
    last_day: dt.date | None = None
    """The last day that is surely in time; None where nothing can be counted."""
    do_by: dt.date | None = None
    """The last working day up to then, but not before today; None once the time has passed."""
    days_left: int | None = None
    """From today to `last_day`: 0 is today; None where nothing is counted or left."""
    passed: bool = False
    perhaps_in_time: bool = False
    """It has passed from the first possible moment, but not from the last."""

    @property
    def texts(self) -> tuple[tuple[str, dt.date | None], ...]:
        """What is said: (name in words.yml, the day for {date}). A passed time is never said alone.

        The caution goes with a day that was counted; all else says already whom to ask.
        """
        said = tuple(self._said())
        return (*said, ("law.check", None)) if self.do_by and self.limit.source.asks_for_care else said

    def _said(self) -> list[tuple[str, dt.date | None]]:
        reason: list[tuple[str, dt.date | None]] = []
        if self.basis in {Basis.MONTH, Basis.TODAY}:
            reason = [(f"limit.from_{self.basis}", None)]
        if self.basis is Basis.UNKNOWN:
            reason = [("limit.from_decision", None)] if self.limit.start is Start.DECISION else []
            return [*reason, ("limit.unknown", None)]
        if not self.passed:
            return [(f"limit.{self.limit.id}", self.do_by), *reason]
        if self.perhaps_in_time:
            return [*reason, ("limit.passed_maybe", None)]
        return [*reason, ("limit.passed", self.last_day), (f"exceptions.{self.limit.exceptions}", None)]


def time_left(limit: TimeLimit, happened: dt.date | str, now: dt.datetime, of: Start = Start.INCIDENT) -> TimeLeft:
    """`happened`: a day, `2026-11-03`, `2026-11`, `ongoing`, `earlier` or `unknown`; `of`: what happened then.

    A limit that runs from another day than the one at hand is not counted. Raises NotAnAnswerError for any other
    text, and ValueError for a time without zone.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    today = now.astimezone(COPENHAGEN).date()
    basis, first, last = _possible(str(happened), today)
    if basis is Basis.UNKNOWN or of is not limit.start:
        return TimeLeft(limit, Basis.UNKNOWN)
    last_day = _last_day(limit, first)
    if last_day < today:
        perhaps = _latest_day(limit, last) >= today
        return TimeLeft(limit, basis, last_day, passed=True, perhaps_in_time=perhaps)
    # The police are there every day; only what is counted in days or longer waits for an office.
    do_by = last_day if limit.hours else max(_working_day(last_day), today)
    return TimeLeft(limit, basis, last_day, do_by, (last_day - today).days)


def is_working_day(day: dt.date) -> bool:
    after_easter = (day - easter(day.year)).days
    return day.weekday() < SATURDAY and (day.month, day.day) not in CLOSED and after_easter not in AFTER_EASTER


def _possible(happened: str, today: dt.date) -> tuple[Basis, dt.date, dt.date]:
    """The first day on which it can have happened, never later than today, and the last."""
    if happened in UNCOUNTED:
        return Basis.UNKNOWN, today, today
    basis, first, last = (Basis.TODAY, today, today) if happened == ONGOING else _named(happened)
    return (Basis.TODAY, today, today) if first > today else (basis, first, last)


def _named(happened: str) -> tuple[Basis, dt.date, dt.date]:
    try:
        if _DAY.fullmatch(happened):
            day = dt.date.fromisoformat(happened)
            return Basis.DAY, day, day
        if _MONTH.fullmatch(happened):
            first = dt.date.fromisoformat(f"{happened}-01")
            return Basis.MONTH, first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    except ValueError:
        pass
    raise NotAnAnswerError("happened") from None


def _last_day(limit: TimeLimit, first: dt.date) -> dt.date:
    """The last day that is in time whatever the hour; 29 February is counted to 28 February."""
    if limit.hours:
        return max(first, _end_of_hours(limit, first).date() - _ONE_DAY)
    last: dt.date = first + relativedelta(years=limit.years, months=limit.months, days=limit.days)
    return last


def _latest_day(limit: TimeLimit, last: dt.date) -> dt.date:
    """The last day on which there may still be time, if it happened as late as it can have."""
    if limit.hours:
        return (_end_of_hours(limit, last + _ONE_DAY) - dt.timedelta.resolution).date()
    return _last_day(limit, last)


def _end_of_hours(limit: TimeLimit, day: dt.date) -> dt.datetime:
    """The local moment, real hours after the day began: a day of summer time's change has 23 or 25 of them."""
    began = dt.datetime.combine(day, dt.time(), COPENHAGEN).astimezone(dt.UTC)
    return (began + dt.timedelta(hours=limit.hours)).astimezone(COPENHAGEN)


def _working_day(day: dt.date) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day
