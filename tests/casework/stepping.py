"""Another way of counting time limits: hour by hour and day by day, with summer time and Easter by other rules."""

import datetime as dt
from collections.abc import Iterator

from bot.casework.law import TimeLimit

ONE_DAY, ONE_HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def offset(moment: dt.datetime) -> dt.timedelta:
    """Of Danish time at a naive UTC moment, by the directive: the last Sundays of March and October, 01:00 UTC."""
    begins, ends = (
        max(day for day in days_of(moment.year, month) if day.isoweekday() == 7) for month in (3, 10)
    )  # fmt: skip
    at = dt.time(1)
    return dt.timedelta(hours=2 if dt.datetime.combine(begins, at) <= moment < dt.datetime.combine(ends, at) else 1)


def days_of(year: int, month: int) -> list[dt.date]:
    day, days = dt.date(year, month, 1), []
    while day.month == month:
        days.append(day)
        day += ONE_DAY
    return days


def local(moment: dt.datetime) -> dt.datetime:
    return moment + offset(moment)


def midnight(day: dt.date) -> dt.datetime:
    """The naive UTC moment at which a Danish day begins."""
    begin = dt.datetime.combine(day, dt.time())
    return next(moment for hours in (1, 2) if local(moment := begin - dt.timedelta(hours=hours)) == begin)


def after_hours(moment: dt.datetime, hours: int) -> dt.datetime:
    for _ in range(hours):
        moment += ONE_HOUR
    return moment


def stepped(limit: TimeLimit, first: dt.date) -> dt.date:
    """The last day in time, walked to."""
    day, wanted = first, first.day
    for _ in range(limit.days):
        day += ONE_DAY
    for _ in range(limit.months + 12 * limit.years):
        day = day.replace(day=1)
        month = day.month
        while day.month == month:
            day += ONE_DAY
        days = days_of(day.year, day.month)
        day = days[min(wanted, len(days)) - 1]
    if limit.hours:
        end = after_hours(midnight(first), limit.hours)
        while midnight(day + ONE_DAY + ONE_DAY) <= end:
            day += ONE_DAY
    return day


def easter_by_gauss(year: int) -> dt.date:
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    p, q = (13 + 8 * k) // 25, k // 4
    m, n = (15 - p + k - q) % 30, (4 + k - q) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    if d == 29 and e == 6:
        return dt.date(year, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return dt.date(year, 4, 18)
    return dt.date(year, 3, 22) + dt.timedelta(days=d + e)


def closed_days(year: int) -> Iterator[dt.date]:
    for month_and_day in ("01-01", "06-05", "12-24", "12-25", "12-26", "12-31"):
        yield dt.date.fromisoformat(f"{year}-{month_and_day}")
    sunday = easter_by_gauss(year)
    maundy_thursday, good_friday, easter_monday = sunday - 3 * ONE_DAY, sunday - 2 * ONE_DAY, sunday + ONE_DAY
    ascension = sunday + 5 * 7 * ONE_DAY + 4 * ONE_DAY
    whitsun = sunday + 7 * 7 * ONE_DAY
    yield from (maundy_thursday, good_friday, sunday, easter_monday, ascension, whitsun, whitsun + ONE_DAY)


def earlier_office_day(day: dt.date, today: dt.date) -> dt.date:
    while day > today and (day.isoweekday() in {6, 7} or day in set(closed_days(day.year))):
        day -= ONE_DAY
    return day


def possible_days(happened: str, today: dt.date) -> list[dt.date]:
    if happened == "ongoing":
        return [today]
    year, month, *day = (int(part) for part in happened.split("-"))
    named = [dt.date(year, month, day[0])] if day else days_of(year, month)
    return [it for it in named if it <= today] or [today]
