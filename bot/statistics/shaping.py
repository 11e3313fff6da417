"""Merges the lines of a table until none is thin (R4) and none tells about everybody in it (R5)."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import partial

from bot.statistics.lines import Lines, Place, Seen, behind, dimensions_of, merges
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import DOMINANT, SMALL, THIN, is_small

OTHER = "other"
type Levels = Mapping[str, Mapping[str, str]]
"""{dimension: {code: parent code}}."""
type Figures = Mapping[Place, int]


@dataclass
class Draft:
    """A table on its way to release: its lines after merging, and what is hidden so far."""

    table: Table
    dimensions: tuple[str, ...]
    lines: tuple[Lines, ...]
    raised: tuple[int, ...]
    """How many levels up each dimension stands."""
    counts: Figures
    people: Figures
    """How many stand behind each figure; ten for ten or more (R0)."""
    hidden: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hidden |= {place for place in self.counts if self.primary(place)}

    @property
    def rows(self) -> tuple[str, ...]:
        """Lines down the table, as written."""
        return tuple(self.lines[0])

    @property
    def columns(self) -> tuple[str, ...]:
        """Lines across the table; ("",) for one dimension."""
        return tuple(self.lines[1]) if len(self.lines) > 1 else ("",)

    def primary(self, place: Place) -> bool:
        """The figure alone would tell of 1 to 4 (R3)."""
        return is_small(self.counts[place], self.people[place])

    def cells(self) -> list[tuple[str, str]]:
        """Places of all cells, without totals."""
        return [(row, column) for row in self.rows for column in self.columns]

    def released(self) -> Released:
        """As it would be written now: one mark, whatever the reason (R10)."""
        shown = {place: None if place in self.hidden else count for place, count in self.counts.items()}
        merged = merges(self.dimensions, self.lines)
        return Released(
            self.table.name,
            self.table.period,
            "internal",
            self.rows,
            self.columns,
            {cell: shown[cell] for cell in self.cells()},
            {row: shown[row, None] for row in self.rows},
            {column: shown[None, column] for column in self.columns},
            shown[None, None],
            merged,
            (("some_hidden",) if self.hidden else ()) + (("lines_merged",) if merged else ()),
        )

    def seen(self) -> Seen:
        """As a reader sees it."""
        return Seen(self.released(), self.dimensions, self.lines)

    def blank(self) -> Seen:
        """As a reader would see it with every figure hidden."""
        return replace(self, hidden=set(self.counts)).seen()


def shape(table: Table, levels: Levels, raised: tuple[int, ...] = ()) -> Draft | Refused:
    """The finest draft that keeps R4 and R5, at least `raised` levels up; refused where there is none."""
    dimensions = dimensions_of(table.name)
    raised = raised or (0,) * len(dimensions)
    while True:
        draft = _at_level(table, dimensions, levels, raised)
        if draft is None:
            return Refused(table.name, table.period, "thin")
        told = _tells(draft)
        if told is None:
            return draft
        higher = one_up(table, levels, raised, told)
        if higher is None:
            return Refused(table.name, table.period, "unsafe")
        raised = higher


def one_up(table: Table, levels: Levels, raised: tuple[int, ...], which: int) -> tuple[int, ...] | None:
    """The levels with one dimension a step further up; None where it has no further step."""
    parents = levels.get(dimensions_of(table.name)[which], {})
    codes = (table.rows, table.columns)[which]
    before = [_ancestor(code, parents, raised[which]) for code in codes]
    if before == [parents.get(code, code) for code in before]:
        return None
    return tuple(steps + (place == which) for place, steps in enumerate(raised))


def coarser(draft: Draft, levels: Levels) -> Draft | Refused:
    """One level up, columns before rows; refused where there is none."""
    for which in reversed(range(len(draft.dimensions))):
        raised = one_up(draft.table, levels, draft.raised, which)
        if raised is not None:
            return shape(draft.table, levels, raised)
    return Refused(draft.table.name, draft.table.period, "unsafe")


def _ancestor(code: str, parents: Mapping[str, str], steps: int) -> str:
    for _ in range(steps):
        code = parents.get(code, code)
    return code


def _at_level(table: Table, dimensions: tuple[str, ...], levels: Levels, raised: tuple[int, ...]) -> Draft | None:
    lines = []
    for which, dimension in enumerate(dimensions):
        codes = (table.rows, table.columns)[which]
        labels = {code: _ancestor(code, levels.get(dimension, {}), raised[which]) for code in codes}
        merged = _without_thin(_grouped(labels), partial(_size, _margin(table, which)))
        if merged is None:
            return None
        lines.append(merged)
    draft = drawn(table, tuple(lines), raised)
    return draft if min(draft.counts[None, None], draft.people[None, None]) >= THIN else None


def drawn(table: Table, lines: tuple[Lines, ...], raised: tuple[int, ...] = ()) -> Draft:
    """The table with lines that somebody else has chosen; what is small is hidden."""
    people = {place: behind(some) for place, some in _gathered(table.people, lines).items()}
    return Draft(table, dimensions_of(table.name), lines, raised, summed(table.counts, lines), people)


def _margin(table: Table, which: int) -> dict[str, tuple[int, frozenset[int]]]:
    """Of each code its count and its people, or ten of them at least."""
    counts = dict.fromkeys((table.rows, table.columns)[which], 0)
    people: dict[str, set[int]] = {code: set() for code in counts}
    for cell, number in table.counts.items():
        if number:
            counts[cell[which]] += number
            if len(own := people[cell[which]]) < THIN:
                own |= table.people[cell]
    return {code: (number, frozenset(people[code])) for code, number in counts.items()}


def _size(margin: Mapping[str, tuple[int, frozenset[int]]], codes: Set[str]) -> int:
    """Of a line: its count, or its people where they are fewer than ten."""
    count, people = sum(margin[code][0] for code in codes), behind(margin[code][1] for code in codes)
    return min(count, people) if people < THIN else count


def _without_thin(lines: Lines, size: Callable[[Set[str]], int]) -> Lines | None:
    """R4. Empty lines join the thin ones; where there are none they stay: zero may be shown (R3).

    Where all thin lines together are still thin, the smallest of the others joins them, so that one rare code does not
    cost the whole table; None where nothing else would be left.
    """
    total = {label: size(codes) for label, codes in lines.items()}
    if not any(0 < number < THIN for number in total.values()):
        return lines
    thin = {label for label, number in total.items() if number < THIN}
    rest = sorted(set(total) - thin - {OTHER}, key=lambda label: (total[label], label))
    while True:
        labels = {code: OTHER if label in thin else label for label, codes in lines.items() for code in codes}
        joined = _grouped(labels)
        if size(joined[OTHER]) >= THIN and len(joined) > 1:
            return joined
        if len(rest) <= 1:
            return None
        thin.add(rest.pop(0))


def _grouped(labels: Mapping[str, str]) -> dict[str, frozenset[str]]:
    lines: dict[str, set[str]] = {}
    for code, label in labels.items():
        lines.setdefault(label, set()).add(code)
    return {label: frozenset(codes) for label, codes in lines.items()}


def summed(part: Mapping[tuple[str, str], int], lines: tuple[Lines, ...]) -> dict[Place, int]:
    """Every cell and total of the merged table."""
    return {place: sum(numbers) for place, numbers in _gathered(part, lines).items()}


def _gathered[Value](part: Mapping[tuple[str, str], Value], lines: tuple[Lines, ...]) -> dict[Place, list[Value]]:
    rows = {code: label for label, codes in lines[0].items() for code in codes}
    columns = {code: label for label, codes in lines[1].items() for code in codes} if len(lines) > 1 else {"": ""}
    gathered: dict[Place, list[Value]] = {}
    for (row, column), value in part.items():
        for place in ((rows[row], columns[column]), (rows[row], None), (None, columns[column]), (None, None)):
            gathered.setdefault(place, []).append(value)
    return gathered


def _tells(draft: Draft) -> int | None:
    """R5: the dimension whose one category holds more than nine tenths of a line; None where there is none."""
    for which, line in _lines_of(draft):
        total = sum(draft.counts[cell] for cell in line)
        if len(line) > 1 and total >= SMALL and max(draft.counts[cell] for cell in line) > DOMINANT * total:
            return which
    return None


def _lines_of(draft: Draft) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each line, with the dimension that its cells differ in."""
    for column in draft.columns:
        yield 0, [(row, column) for row in draft.rows]
    for row in draft.rows:
        yield 1, [(row, column) for column in draft.columns]
