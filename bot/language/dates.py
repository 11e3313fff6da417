"""Dates as people write them: "yesterday", "in October", "3 weeks ago", 12.10.2026; as a day or a month.

The words stand in `data/nlu/<code>/dates.yml`; a message is read with those of its language and with the Danish ones,
which people mix in.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.language.figures import in_ascii_digits

EARLIER = "earlier"
"""A year or more ago: no month can be told."""
_DAY_FIRST = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?!\d|[./-]\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(20\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_DAY_BEFORE, _YEAR_AFTER = re.compile(r"(?<!\d)(\d{1,2})\.?\s(?:de\s)?$"), re.compile(r"^,?\s(20\d\d)(?!\d)")
CENTURY = 2000


def today() -> dt.date:
    """The day in UTC, as everything here is dated."""
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class Date:
    value: str
    """`2026-10-12`, `2026-10` or `earlier`."""
    start: int
    end: int


class DateWords:
    """The words of one language.

    `months`: {1 … 12: spellings}; `relative`: {"-1d" "-1w" "-1m" "-1y" "0d" …: phrases}; `ago`: phrases with {n} and
    {unit}; `units`: {"d" "w" "m" "y": words}; `numbers`: {1 …: words}.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._months = _lookup(words.get("months") or {})
        self._relative = _lookup(words.get("relative") or {})
        self._units = _lookup(words.get("units") or {})
        self._numbers = {word: int(number) for word, number in _lookup(words.get("numbers") or {}).items()}
        self._month_names = _any_of(self._months)
        self._phrases = _any_of(self._relative)
        number, unit = rf"(?P<n>\d{{1,2}}|{_alternatives(self._numbers)})", f"(?P<unit>{_alternatives(self._units)})"
        self._ago = [
            re.compile(r"(?<!\w)" + re.escape(phrase).replace(r"\{n\}", number).replace(r"\{unit\}", unit) + r"(?!\w)")
            for phrase in words.get("ago") or []
        ]

    def dates_in(self, text: str, today: dt.date) -> Iterator[Date]:
        """Of a normalised text; offsets are those of `text`."""
        for match in self._month_names.finditer(text) if self._months else ():
            yield _of_month(text, match, int(self._months[match[0]]), today)
        for match in self._phrases.finditer(text) if self._relative else ():
            code = self._relative[match[0]]
            yield Date(_back(today, -int(code[:-1]), code[-1]), match.start(), match.end())
        for match in (match for pattern in self._ago for match in pattern.finditer(text)):
            count = self._numbers.get(match["n"]) or int(match["n"])
            yield Date(_back(today, count, self._units[match["unit"]]), match.start(), match.end())


def dates_in(text: str, words: Iterable[DateWords], today: dt.date) -> list[Date]:
    """The dates of a normalised text, the longest where two overlap, in order; a date that never was is none."""
    text = in_ascii_digits(text)
    found = [*_of_digits(text, today), *(date for language in words for date in language.dates_in(text, today))]
    kept: list[Date] = []
    for date in sorted(found, key=lambda date: date.start - date.end):
        if not any(date.start < other.end and other.start < date.end for other in kept):
            kept.append(date)
    return sorted(kept, key=lambda date: date.start)


def _of_digits(text: str, today: dt.date) -> Iterator[Date]:
    for match in _YEAR_FIRST.finditer(text):
        yield from _day(match, *(int(part) for part in match.groups()))
    for match in _DAY_FIRST.finditer(text):
        day, _, month, year = match.groups()
        if year or match[2] != "-":  # "2-3" is a range, not the second of March
            yield from _day(match, _year(year, int(month), today), int(month), int(day))


def _day(match: re.Match[str], year: int, month: int, day: int) -> Iterator[Date]:
    try:
        yield Date(dt.date(year, month, day).isoformat(), match.start(), match.end())
    except ValueError:
        return


def _year(written: str | None, month: int, today: dt.date) -> int:
    """The year that is written, else the one in which the month was last."""
    if written:
        return int(written) if len(written) > 2 else CENTURY + int(written)  # noqa: PLR2004 - two digits of a year
    return today.year if month <= today.month else today.year - 1


def _of_month(text: str, match: re.Match[str], month: int, today: dt.date) -> Date:
    after = _YEAR_AFTER.search(text[match.end() :])
    before = _DAY_BEFORE.search(text[: match.start()])
    year = int(after[1]) if after else _year(None, month, today)
    end = match.end() + (after.end() if after else 0)
    if before:
        day = next(_day(before, year, month, int(before[1])), None)
        if day:
            return Date(day.value, before.start(), end)
    return Date(f"{year}-{month:02}", match.start(), end)


def _back(today: dt.date, count: int, unit: str) -> str:
    """So many days, weeks, months or years before today: a day, a month, or `earlier`."""
    if unit == "d":
        return (today - dt.timedelta(days=count)).isoformat()
    if unit == "w":
        return (today - dt.timedelta(weeks=count)).isoformat()[:7]
    if unit == "m":
        months = today.year * 12 + today.month - 1 - count
        return f"{months // 12}-{months % 12 + 1:02}"
    return EARLIER if count else str(today.year)


def _lookup(words: Mapping[Any, Iterable[str]]) -> dict[str, str]:
    return {word: str(meaning) for meaning, spellings in words.items() for word in spellings}


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)})(?!\w)")
