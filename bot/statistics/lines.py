"""Reads what a table's name and its merges say: its source, its dimensions, and the codes behind each line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from bot.statistics.table import Released
from bot.statistics.thresholds import THIN

type Lines = Mapping[str, frozenset[str]]
"""{a line as it is written: the codes of the plan in it}."""
type Place = tuple[str | None, str | None]
"""Row and column of a figure; None stands for the total."""


def source_of(name: str) -> str:
    """`reports` of reports.ground_by_area."""
    return name.partition(".")[0]


def behind(people: Iterable[frozenset[int]]) -> int:
    """How many stand behind cells together, ten for ten or more: who stands behind two cells counts once (R0)."""
    together: set[int] = set()
    for some in people:
        together |= some
        if len(together) >= THIN:
            return THIN
    return len(together)


@cache
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
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of other dimensions: the only codes that were counted."""

    def figures(self) -> Mapping[Place, int | None]:
        """Every figure by its place, the totals too."""
        return self._figures

    @cached_property
    def _figures(self) -> dict[Place, int | None]:
        written: dict[Place, int | None] = {}
        written |= {(row, column): value for (row, column), value in self.released.cells.items()}
        written |= {(row, None): value for row, value in self.released.row_totals.items()}
        written |= {(None, column): value for column, value in self.released.column_totals.items()}
        written[None, None] = self.released.total
        return written

    def codes_at(self, place: Place) -> dict[str, frozenset[str]]:
        """The codes of each dimension that a place narrows; a total narrows none but those of `within`."""
        labels = zip(self.dimensions, place, self.lines, strict=False)
        return {**self.within, **{dimension: lines[label] for dimension, label, lines in labels if label is not None}}

    def told(self, codes: Mapping[str, frozenset[str]]) -> int | None:
        """The figure of a place by its codes, as the sum of lines where it needs several; None where nothing tells."""
        if not {*codes} <= {*self.dimensions}:
            return None
        parts = [self._making(which, codes.get(dimension)) for which, dimension in enumerate(self.dimensions)]
        if not all(parts):
            return None
        columns = parts[1] if len(parts) > 1 else [""]
        figures = [self._figures[row, column] for row in parts[0] for column in columns]
        known = [figure for figure in figures if figure is not None]
        return sum(known) if len(known) == len(figures) else None

    def _making(self, which: int, codes: frozenset[str] | None) -> list[str | None]:
        """The labels of lines that make up some codes; empty where they do not."""
        if codes is None:
            return [None]
        inside = {label: line for label, line in self.lines[which].items() if line <= codes}
        return [*inside] if frozenset().union(*inside.values()) == codes else []


def seen(released: Released) -> Seen:
    """Reads the lines back from `merged`, which names codes of both dimensions in one mapping."""
    dimensions = dimensions_of(released.name)
    labels = (released.rows, released.columns)[: len(dimensions)]
    both = zip(dimensions, labels, strict=True)
    return Seen(released, dimensions, tuple(_lines(dimension, line, released.merged) for dimension, line in both))


def _lines(dimension: str, labels: Iterable[str], merged: Mapping[str, str]) -> Lines:
    codes: dict[str, set[str]] = {label: set() for label in labels}
    prefix = f"{dimension}:"
    own = {key.removeprefix(prefix): into for key, into in merged.items() if key.startswith(prefix)}
    for code, into in ({key: into for key, into in merged.items() if ":" not in key} | own).items():
        if into in codes and (code == into or code not in codes):
            codes[into].add(code)
    return {label: frozenset(members or {label}) for label, members in codes.items()}


def merges(dimensions: tuple[str, ...], lines: tuple[Lines, ...]) -> dict[str, str]:
    """`Released.merged`; where it could be read of either dimension, a code is written `dimension:code`.

    So is a code that others were merged into: a line whose name stands for a group alone does not hold its name.
    """
    merged: dict[str, str] = {}
    of_both = set(lines[0]).intersection(*lines[1:]) if len(lines) > 1 else set()
    for dimension, own in zip(dimensions, lines, strict=True):
        for label, codes in own.items():
            for code in sorted(codes) if codes != {label} else ():
                taken = label in of_both or code == label or merged.get(code, label) != label
                merged[f"{dimension}:{code}" if taken else code] = label
    return merged
