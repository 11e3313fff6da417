"""A released table as people read it: lines with names, in an order that tells something, and what was merged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.statistics.lines import Lines, seen
from bot.statistics.plan import Dimension, Measure, TablePlan
from bot.statistics.release import PUBLIC, Release
from bot.statistics.shaping import OTHER
from bot.statistics.table import Released
from bot.statistics.targets import Words

REPORTS = "reports"
"""Releases of which every picture says that they are no prevalence (R13)."""
IN_ORDER = frozenset({"step", "grade", "trust", "community", "influence", "taken_seriously", "question"})
"""Dimensions whose codes follow one another; the lines of all others stand by size."""


class Wording(Protocol):
    """How a language says things."""

    @property
    def code(self) -> str:
        """Of the language: da or en."""

    def word(self, name: str, /, **values: object) -> str:
        """A text of console_words.yml."""

    def label(self, dimension: str, code: str) -> str:
        """A code, a group or `other` in words."""

    def number(self, value: float) -> str:
        """With the signs of the language."""

    def quarter(self, period: str) -> str:
        """`3rd quarter 2026`."""


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[float | None, ...]
    """One for each column; None is hidden."""
    total: float | None
    holds: tuple[str, ...] = ()
    """What was merged into this line, in words."""


@dataclass(frozen=True)
class Column:
    label: str
    total: float | None
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Columns and the cells of lines are empty where the table has one dimension."""

    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    total: float | None

    @property
    def figures(self) -> list[float | None]:
        """Those that are drawn: all cells, or the totals of lines where there are no others."""
        return [cell for line in self.lines for cell in line.cells or (line.total,)]

    @property
    def hidden(self) -> int:
        return sum(figure is None for figure in self.figures)

    @property
    def merged(self) -> int:
        """Lines and columns that hold others."""
        return sum(bool(it.holds) for it in self.lines) + sum(bool(it.holds) for it in self.columns)

    @property
    def highest(self) -> float:
        return max((figure for figure in self.figures if figure), default=0)


@dataclass(frozen=True)
class Quarter:
    """A figure of one period in a series."""

    period: str
    value: float | None
    """None is hidden."""
    is_there: bool = True
    """False where nothing was released of that quarter."""


@dataclass(frozen=True)
class Trend:
    """A line of a table through the quarters."""

    label: str
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True)
class About:
    """What a picture says of itself, so that it can be passed on alone."""

    key: str
    """Beginning of the names within the picture; another one for each picture of a page."""
    title: str
    unit: str
    foot: tuple[str, ...]
    """Lines under the picture: where it is from, and what it must not be taken for."""
    is_simulated: bool


def about(key: str, plan: TablePlan, measure: Measure, release: Release, wording: Wording) -> About:
    """Of one measure in one release; R13's caveat cannot be left out."""
    say, source = wording.word, plan.sources[measure.source]
    foot = [say("chart.source", quarter=wording.quarter(release.period), edition=release.edition)]
    if source.export == REPORTS:
        foot.append(say("chart.not_prevalence"))
    if release.tier == PUBLIC:
        foot.append(say("note.figures_do_not_add_up"))
    else:
        foot.append(say("chart.internal"))
    title = f"{said(measure.title, wording)}, {wording.quarter(release.period)}"
    return About(key, title, said(source.unit, wording), tuple(foot), release.simulated)


def said(words: Words, wording: Wording) -> str:
    """Words of the plan in the language of the page."""
    return words.da if wording.code == "da" else words.en


def read(released: Released, plan: TablePlan, wording: Wording) -> Reading:
    """The table in words."""
    as_seen = seen(released)
    sides = [
        _Side(plan.dimensions[name], lines, wording)
        for name, lines in zip(as_seen.dimensions, as_seen.lines, strict=True)
    ]
    rows = sides[0].in_order(released.rows, released.row_totals)
    columns = sides[1].in_order(released.columns, released.column_totals) if len(sides) > 1 else []
    return Reading(
        tuple(
            Line(
                sides[0].name(row),
                tuple(released.cells[row, column] for column in columns),
                released.row_totals[row],
                sides[0].holds(row),
            )
            for row in rows
        ),
        tuple(Column(sides[1].name(it), released.column_totals[it], sides[1].holds(it)) for it in columns),
        released.total,
    )


@dataclass(frozen=True)
class _Side:
    """The rows or the columns of a table."""

    dimension: Dimension
    lines: Lines
    wording: Wording

    def name(self, code: str) -> str:
        return self.wording.label(self.dimension.name, code)

    def in_order(self, codes: Iterable[str], totals: Mapping[str, int | None]) -> list[str]:
        """By size, hidden ones behind the others whatever they are, and `other` at the end."""
        if self.dimension.name in IN_ORDER:
            return list(codes)
        return sorted(codes, key=lambda code: (code == OTHER, totals[code] is None, -(totals[code] or 0)))

    def holds(self, line: str) -> tuple[str, ...]:
        """Codes of this dimension: a release names the merged codes of both in one mapping."""
        merged = self.lines[line] - {line}
        return tuple(self.name(code) for code in self.dimension.codes if code in merged)
