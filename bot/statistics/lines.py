"""Reads what a table's name and its merges say: its source, its dimensions, and the codes behind each line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from bot.statistics.table import Released, Table

type Lines = Mapping[str, frozenset[str]]
"""{a line as it is written: the codes of the plan in it}."""
type Place = tuple[str | None, str | None]
"""Row and column of a figure; None stands for the total."""


def source_of(name: str) -> str:
    """`reports` of reports.ground_by_area."""
    return name.partition(".")[0]


def dimensions_of(name: str) -> tuple[str, ...]:
    """`ground` and `area` of reports.ground_by_area; `ground` of reports.by_ground."""
    return tuple(name.partition(".")[2].removeprefix("by_").split("_by_"))


@dataclass(frozen=True)
class Seen:
    """A release as somebody reads it who knows the plan: every figure, and the codes behind each line."""

    released: Released
    dimensions: tuple[str, ...]
    lines: tuple[Lines, ...]
    """For each dimension."""

    def figures(self) -> dict[Place, int | None]:
        """Every figure by its place, the totals too."""
        written: dict[Place, int | None] = {}
        written |= {(row, column): value for (row, column), value in self.released.cells.items()}
        written |= {(row, None): value for row, value in self.released.row_totals.items()}
        written |= {(None, column): value for column, value in self.released.column_totals.items()}
        written[None, None] = self.released.total
        return written

    def codes_at(self, place: Place) -> dict[str, frozenset[str]]:
        """The codes of each dimension that a place narrows; a total narrows none."""
        labels = zip(self.dimensions, place, self.lines, strict=False)
        return {dimension: lines[label] for dimension, label, lines in labels if label is not None}


def seen(released: Released) -> Seen:
    """Reads the lines back from `merged`, which names codes of both dimensions in one mapping."""
    dimensions = dimensions_of(released.name)
    labels = (released.rows, released.columns)[: len(dimensions)]
    both = zip(dimensions, labels, strict=True)
    return Seen(released, dimensions, tuple(_lines(dimension, line, released.merged) for dimension, line in both))


def _lines(dimension: str, labels: Iterable[str], merged: Mapping[str, str]) -> Lines:
    codes = {label: {label} for label in labels}
    own = {key.removeprefix(f"{dimension}:"): into for key, into in merged.items() if ":" in key}
    for code, into in ({key: into for key, into in merged.items() if ":" not in key} | own).items():
        if into in codes and code not in codes:
            codes[into].add(code)
    return {label: frozenset(members) for label, members in codes.items()}


def merges(dimensions: tuple[str, ...], lines: tuple[Lines, ...]) -> dict[str, str]:
    """`Released.merged`; where both dimensions merge one code differently, the second is written `dimension:code`."""
    merged: dict[str, str] = {}
    for dimension, own in zip(dimensions, lines, strict=True):
        for label, codes in own.items():
            for code in sorted(codes - {label}):
                taken = merged.get(code, label) != label
                merged[f"{dimension}:{code}" if taken else code] = label
    return merged


@dataclass(frozen=True)
class Truth:
    """What tables of the same records say of each place, by dimension and code; only the program knows it."""

    tables: tuple[Table, ...]

    def of(self, codes: Mapping[str, frozenset[str]]) -> tuple[int, int] | None:
        """Count and distinct of a place, or None where no table crosses its dimensions."""
        for table in self.tables:
            dimensions = dimensions_of(table.name)
            if set(codes) <= set(dimensions):
                cells = _cells(table, dimensions, codes)
                return sum(table.counts[cell] for cell in cells), sum(table.distinct[cell] for cell in cells)
        return None

    def agrees(self, other: Seen) -> bool:
        """No figure of a release contradicts the tables, so that both may be of the same records."""
        shown = ((self.of(other.codes_at(place)), value) for place, value in other.figures().items())
        return all(value is None or true is None or true[0] == value for true, value in shown)


def _cells(table: Table, dimensions: tuple[str, ...], codes: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    of_columns = codes.get(dimensions[1], table.columns) if len(dimensions) > 1 else table.columns
    places = product(codes.get(dimensions[0], table.rows), of_columns)
    return [place for place in places if place in table.counts]
