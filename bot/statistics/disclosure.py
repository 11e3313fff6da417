"""Decides what of a release may be written for the city's own analysts (tier internal), and refuses the rest.

Rules R0 to R10 of the project's disclosure control; docs/decisions/statistics.md says how they were read and why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from bot.statistics import covering
from bot.statistics.facts import NOTHING, Facts
from bot.statistics.lines import Place, Seen, dimensions_of, seen, source_of
from bot.statistics.search import ContradictionError, Search, Target
from bot.statistics.shaping import Draft, Levels, one_up, shape
from bot.statistics.system import System, Variable
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import ROUNDS, SMALL, differs, is_small, median, ratio
from bot.statistics.truth import Truth

__all__ = ["differs", "median", "protect", "ratio"]


def protect(
    tables: Sequence[Table], earlier: Sequence[Released], levels: Levels, facts: Facts = NOTHING
) -> list[Released | Refused]:
    """One answer for each table, in their order: what may be written, or that nothing may.

    Guarantees of all that is released here, read together with `earlier`: no hidden count of 1 to 4 can be narrowed to
    a range that does not hold both 1 and 5, under the whole-number constraints of every published figure of the same
    source and period, and of `facts`. A table that cannot be made so is refused; those after it do not suffer.
    """
    answers: dict[int, Released | Refused] = {}
    for group in _linked(tables):
        records = Truth([tables[number] for number in group], facts)
        first = tables[group[0]]
        room = _Room(records, _of_the_same(first, records, earlier, facts), facts)
        for number in group:
            answers[number] = room.admit(tables[number], levels)
    return [answers[number] for number in range(len(tables))]


def _linked(tables: Sequence[Table]) -> list[list[int]]:
    """Tables that share source, period, total and every margin: they count the same records."""
    groups: list[list[int]] = []
    for number, table in enumerate(tables):
        for group in groups:
            if all(_share(tables[other], table) for other in group):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def _share(one: Table, other: Table) -> bool:
    if (source_of(one.name), one.period) != (source_of(other.name), other.period):
        return False
    return sum(one.counts.values()) == sum(other.counts.values()) and all(
        _margin(one, dimension) == _margin(other, dimension)
        for dimension in {*dimensions_of(one.name)} & {*dimensions_of(other.name)}
    )


def _margin(table: Table, dimension: str) -> dict[str, int]:
    which = dimensions_of(table.name).index(dimension)
    margin: dict[str, int] = {}
    for cell, count in table.counts.items():
        margin[cell[which]] = margin.get(cell[which], 0) + count
    return {code: count for code, count in margin.items() if count}


def _of_the_same(first: Table, records: Truth, earlier: Sequence[Released], facts: Facts) -> list[Seen]:
    internal = (one for one in earlier if one.tier == "internal")
    same = (one for one in internal if (source_of(one.name), one.period) == (source_of(first.name), first.period))
    return [one for one in map(facts.finest, map(seen, same)) if records.agrees(one)]


@dataclass
class _Room:
    """What is out already about the same records, and what is let out beside it."""

    truth: Truth
    out: list[Seen]
    facts: Facts
    wide: set[object] = field(default_factory=set)
    """What was found safe, with the equations it depends on, so that it is not searched for again."""
    _guarded: list[tuple[Seen, Place]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Of an earlier release whose true counts are not at hand, what is wide now must stay so."""
        system = System(self.out, self.facts)
        try:
            search = Search(system.equations())
            search.settle()
        except ContradictionError:  # one of those without counts is of other records; those with counts cannot be
            self.out = [one for one in self.out if self._is_counted(one)]
            return
        for one, place in _hidden(self.out):
            if self.truth.of(one.codes_at(place)) is None and search.reaches(system.variables_at(one, place), 1, SMALL):
                self._guarded.append((one, place))

    def _is_counted(self, one: Seen) -> bool:
        return all(self.truth.of(one.codes_at(place)) is not None for place in one.figures())

    def admit(self, table: Table, levels: Levels) -> Released | Refused:
        """The table as finely as it is safe; merged upwards where hiding does not do."""
        draft = shape(table, levels)
        while isinstance(draft, Draft):
            if self._made_safe(draft):
                self.out.append(self._read(draft.seen()))
                return draft.released()
            draft = _coarser(draft, levels)
        return draft

    def _made_safe(self, draft: Draft) -> bool:
        beside = self._beside(draft)
        known = self._known(draft, beside) if draft.hidden else set()
        covering.pair_up(draft, known)
        for _ in range(ROUNDS):
            exposed = self._exposed(draft, beside)
            if not exposed:
                return True
            if not _hide_more(draft, self._cells(draft, exposed), known):
                return False
        return False

    def _read(self, one: Seen) -> Seen:
        return self.facts.finest(one)

    def _beside(self, draft: Draft) -> list[Seen]:
        """What is out and hangs together with the draft: nothing else does where all of them tell the same total."""
        own = self._read(draft.seen())
        if any(one.released.total is None for one in (own, *self.out)):
            return self.out
        near = set(own.dimensions)
        while more := {it for it in self._near(near) if it not in near}:
            near |= more
        return [one for one in self.out if near & {*one.dimensions}]

    def _near(self, dimensions: Set[str]) -> Iterator[str]:
        for together in (*(one.dimensions for one in self.out), *self.facts.pairs):
            if dimensions & {*together}:
                yield from together

    def _known(self, draft: Draft, beside: list[Seen]) -> set[Place]:
        """Places whose figure follows from what is out already: hiding them hides nothing."""
        if not beside:
            return set()
        blank = self._read(draft.blank())
        system = System([*beside, blank], self.facts)
        search = Search(system.equations())
        bounds = {place: search.bounds(system.variables_at(blank, place)) for place in draft.counts}
        return {place for place, (low, high) in bounds.items() if low == high}

    def _exposed(self, draft: Draft, beside: list[Seen]) -> list[Target]:
        """What the attacker narrows too far once the draft is out as it stands."""
        group = [*beside, self._read(draft.seen())]
        system = System(group, self.facts)
        search = Search(system.equations())
        search.learn(self._true_values(system))
        targets = [target for target in self._targets(system, group) if search.key(target) not in self.wide]
        search.spread(targets, 1, SMALL)
        return [target for target in targets if not self._is_wide(search, target)]

    def _true_values(self, system: System) -> dict[Variable, int]:
        true = {variable: self.truth.of(dict(variable)) for variable in system.variables()}
        return {variable: count[0] for variable, count in true.items() if count is not None}

    def _targets(self, system: System, group: list[Seen]) -> list[Target]:
        """All that is 1 to 4: as published and hidden, and as the difference of two releases might tell."""
        hidden = [(system.variables_at(one, place), one.codes_at(place)) for one, place in _hidden(group)]
        atoms: list[tuple[Target, dict[str, frozenset[str]]]] = [((it,), dict(it)) for it in system.variables()]
        small = [target for target, codes in (*hidden, *atoms) if self._is_small(codes)]
        inside = set(map(id, group))
        guarded = [system.variables_at(one, place) for one, place in self._guarded if id(one) in inside]
        return list(dict.fromkeys([*small, *guarded]))

    def _is_small(self, codes: Mapping[str, frozenset[str]]) -> bool:
        true = self.truth.of(codes)
        return true is not None and is_small(*true)

    def _cells(self, draft: Draft, exposed: Sequence[Target]) -> list[tuple[str, str]]:
        as_read = self._read(draft.seen())
        return [cell for target in exposed if (cell := _cell_of(as_read, dict(target[0]))) is not None]

    def _is_wide(self, search: Search, target: Target) -> bool:
        wide = search.reaches(target, 1, SMALL)
        if wide:
            self.wide.add(search.key(target))
        return wide


def _hidden(group: Iterable[Seen]) -> Iterator[tuple[Seen, Place]]:
    for one in group:
        for place, value in one.figures().items():
            if value is None:
                yield one, place


def _coarser(draft: Draft, levels: Levels) -> Draft | Refused:
    """One level up, columns before rows."""
    for which in reversed(range(len(draft.dimensions))):
        raised = one_up(draft.table, levels, draft.raised, which)
        if raised is not None:
            return shape(draft.table, levels, raised)
    return Refused(draft.table.name, draft.table.period, "unsafe")


def _hide_more(draft: Draft, cells: Sequence[tuple[str, str]], known: Set[Place]) -> bool:
    """Hides more around a quarter of the exposed cells, which often helps the others; False where nothing is left."""
    before = len(draft.hidden)
    for cell in sorted(cells, key=lambda cell: draft.counts[cell])[: 1 + len(cells) // 4]:
        if not (covering.cover(draft, cell, known) or covering.widen(draft, cell, known)):
            covering.hide_totals(draft, cell)
    covering.pair_up(draft, known)
    return len(draft.hidden) > before


def _cell_of(one: Seen, codes: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """The cell of a release of two dimensions that a variable lies in."""
    if len(one.dimensions) == 1 or set(codes) != set(one.dimensions):
        return None
    row, column = (
        next((label for label, line in lines.items() if codes[dimension] <= line), None)
        for dimension, lines in zip(one.dimensions, one.lines, strict=True)
    )
    return None if row is None or column is None else (row, column)
