"""The plan's targets, and of each two series that never meet: what others published, what the guide counts (R13)."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.errors import ContentError
from bot.statistics.table import Released
from bot.store.target_verbs import OfficialRow

NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?")


class Unit(StrEnum):
    PERCENT = "percent"
    POINTS = "points"
    """Percentage points."""
    COUNT = "count"


RANGES = {Unit.PERCENT: (0, 100), Unit.POINTS: (-100, 100), Unit.COUNT: (0, 999_999_999)}


class Direction(StrEnum):
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    RISE = "rise"
    FALL = "fall"
    ABOVE_START = "above_start"
    """Above what it was in the year of `Target.start`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that somebody published: it can be read and compared for equality, and nothing else.

    There is no arithmetic, no order and no conversion, so that no code of ours can divide a count by it, add the two
    or draw one on the other's scale (R13). Raises ValueError for a number that its unit cannot have.
    """

    _number: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        lowest, highest = RANGES[self.unit]
        if not (self._number.is_finite() and lowest <= self._number <= highest):
            raise ValueError(f"must be {lowest} to {highest} ({self.unit})")
        if self.unit is Unit.COUNT and self._number % 1:
            raise ValueError("must be a whole number (count)")

    def __str__(self) -> str:
        return f"{self._number:f}"

    def text(self, language: str) -> str:
        """With the decimal sign of the language: a comma, in English a point."""
        return str(self) if language == "en" else str(self).replace(".", ",")


def decimal_of(text: str) -> Decimal:
    """With a decimal comma or point and no separator of thousands; raises ValueError."""
    if not NUMBER.fullmatch(text):
        raise ValueError("must be a number with a decimal comma or point, without spaces or signs for thousands")
    return Decimal(text.replace(",", "."))


def figure_of(text: str, unit: Unit) -> Figure:
    """Raises ValueError with the reason."""
    return Figure(decimal_of(text), unit)


@dataclass(frozen=True)
class Words:
    da: str
    en: str


@dataclass(frozen=True)
class Effort:
    id: str
    name: Words


@dataclass(frozen=True)
class Goal:
    value: Figure | None
    """None where the plan names a direction only."""
    year: int | None
    direction: Direction


@dataclass(frozen=True)
class Start:
    value: Figure | None
    year: int | None


@dataclass(frozen=True)
class OfficialSource:
    name: Words
    pages: tuple[str, ...]
    """As our sources name them; not checked."""


@dataclass(frozen=True)
class Printed:
    """A figure that was found in print; it is no part of the official series."""

    figure: Figure
    year: int | None
    of: Words
    source: str
    page: str | None
    source_date: str | None
    checked_on: dt.date | None
    """None: nobody has looked it up at its source."""


@dataclass(frozen=True)
class Target:
    id: str
    effort: str
    text: Words
    """Danish: the plan's own words."""
    definition: Words | None
    base: Words | None
    unit: Unit
    goal: Goal
    start: Start | None
    can: Words
    """What the guide's own data can say about it."""
    cannot: Words
    beside: tuple[str, ...]
    """Names of measures of the guide's own."""
    official: OfficialSource | None
    figures: tuple[Printed, ...]


@dataclass(frozen=True)
class Plan:
    efforts: Mapping[str, Effort]
    targets: Mapping[str, Target]


@dataclass(frozen=True)
class OfficialValue:
    """One figure of an official series, with where it is from; it has no arithmetic (see Figure)."""

    target: str
    year: int
    figure: Figure
    source: str
    source_url: str
    n: int | None
    low: Figure | None
    high: Figure | None
    imported_on: dt.date
    file_hash: str


@dataclass(frozen=True)
class Beside:
    """Both series of a target, apart. Nothing here joins them, and nothing should."""

    target: Target
    official: tuple[OfficialValue, ...]
    """By source and year."""
    own: Mapping[str, tuple[Released, ...]]
    """{measure: what may be written of it, by period}; empty where it was not computed yet."""


def beside(target: Target, official: Iterable[OfficialRow], own: Iterable[Released] = ()) -> Beside:
    """Of both series what belongs to the target; a measure that the target does not name is left out."""
    values = sorted((value_of(row, target) for row in official if row.target == target.id), key=_place)
    measures: dict[str, tuple[Released, ...]] = dict.fromkeys(target.beside, ())
    for table in sorted(own, key=lambda it: it.period):
        if table.name in measures:
            measures[table.name] += (table,)
    return Beside(target, tuple(values), measures)


def _place(value: OfficialValue) -> tuple[str, int]:
    return value.source, value.year


def value_of(row: OfficialRow, target: Target) -> OfficialValue:
    """Raises ContentError where what is stored does not fit the target's unit, as after a change of content/."""
    try:
        figure = figure_of(row.value, target.unit)
        low, high = (figure_of(it, target.unit) if it is not None else None for it in (row.low, row.high))
    except ValueError as error:
        raise ContentError(f"targets.yml: {target.id}: unit: a figure of {row.year} is stored that {error}") from error
    return OfficialValue(
        target=row.target,
        year=row.year,
        figure=figure,
        source=row.source,
        source_url=row.source_url,
        n=row.n,
        low=low,
        high=high,
        imported_on=row.imported_on,
        file_hash=row.file_hash,
    )
