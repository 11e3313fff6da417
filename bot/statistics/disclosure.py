"""Decides what of a release may be written for the city's own analysts (tier internal), and refuses the rest.

Rules R0 to R10 of the project's disclosure control; docs/decisions/statistics.md says how they were read and why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from bot.statistics import covering
from bot.statistics.changes import tells_of_changes
from bot.statistics.facts import NOTHING, Facts
from bot.statistics.lines import Lines, Place, Seen, dimensions_of, seen, source_of
from bot.statistics.linked import linked
from bot.statistics.propagation import ContradictionError
from bot.statistics.release import INTERNAL
from bot.statistics.search import Search, Solutions, Target
from bot.statistics.shaping import Draft, Levels, coarser, drawn, shape
from bot.statistics.system import System, Variable
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import ROUNDS, SMALL, differs, is_small, median, must_reach, ratio
from bot.statistics.truth import Truth

__all__ = ["differs", "median", "protect", "ratio"]


def protect(
    tables: Sequence[Table], earlier: Sequence[Released], levels: Levels, facts: Facts = NOTHING
) -> list[Released | Refused]:
    """One answer for each table, in their order: what may be written, or that nothing may.

    Guarantees of all that is released here, read together with `earlier`: no hidden count of 1 to 4 can be narrowed to
    a range that does not hold both 1 and 5, under the whole-number constraints of every published figure of the same
    source and period, and of `facts`. A table that cannot be made so is refused; those after it do not suffer. What was
    let out of records that have changed since is compared: a table that would tell of 1 to 4 changes is refused.
    """
    answers: dict[int, Released | Refused] = {}
    for group in linked(tables):
        records = Truth([tables[number] for number in group], facts)
        room = _Room(records, facts, _of_the_period(tables[group[0]], earlier, facts))
        for number in group:
            answers[number] = room.admit(tables[number], levels)
    return [answers[number] for number in range(len(tables))]


def may_tell(lines: Lines, tables: Sequence[Table], released: Sequence[Released], facts: Facts = NOTHING) -> bool:
    """Whether the sums of some lines of the first table may be told beside what is released of all of them.

    A share tells its numerator and its base: {"well": {"4", "5"}, "badly": {"1", "2", "3"}, ...} of slips.by_met.
    """
    draft = drawn(tables[0], (lines,))
    room = _Room(Truth(tables, facts), facts, _of_the_period(tables[0], released, facts))
    return not draft.hidden and not room.exposed(draft)


def _of_the_period(first: Table, earlier: Sequence[Released], facts: Facts) -> list[Seen]:
    internal = (one for one in earlier if one.tier == INTERNAL)
    same = (one for one in internal if (source_of(one.name), one.period) == (source_of(first.name), first.period))
    return [facts.finest(seen(one)) for one in same]


class _Room:
    """What is out already about the same records, and what is let out beside it."""

    def __init__(self, truth: Truth, facts: Facts, earlier: Sequence[Seen]) -> None:
        self.truth = truth
        self.facts = facts
        self.out = [one for one in earlier if truth.agrees(one)]
        self.before = [one for one in earlier if not truth.agrees(one)]
        """What was let out of records that have changed since."""
        self.wide: set[object] = set()
        """What was found safe, with the equations it depends on, so that it is not searched for again."""
        self._guarded: list[tuple[Seen, Place]] = []
        if self.out:
            self._guard()

    def _guard(self) -> None:
        """Of an earlier release whose true counts are not at hand, what is wide now must stay so."""
        system = System(self.out, self.facts)
        try:
            search = Search(system.equations())
            search.settle()
        except ContradictionError:  # one of those without counts is of other records; those with counts cannot be
            self.before += [one for one in self.out if not self._is_counted(one)]
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
        if isinstance(draft, Draft) and any(self._is_other(one, table) for one in self.before):
            return Refused(table.name, table.period, "differs")
        while isinstance(draft, Draft):
            if self._made_safe(draft):
                return self._let_out(draft)
            draft = coarser(draft, levels)
        return draft

    def _is_other(self, before: Seen, table: Table) -> bool:
        """Some figure that was shown is 1 to 4 away from the present one: hiding that would tell of it, too."""
        crossed, _ = self.facts.finest_of(dimensions_of(table.name), ())
        for place, value in before.figures().items():
            codes = before.codes_at(place)
            if value is None or not {*codes} <= {*crossed} or not (codes or before.released.name == table.name):
                continue
            now = self.truth.of(codes)
            if now is not None and 0 < abs(now[0] - value) < SMALL:
                return True
        return False

    def _let_out(self, draft: Draft) -> Released | Refused:
        now = self._read(draft.seen())
        if any(tells_of_changes(now, one) for one in self.before):
            return Refused(draft.table.name, draft.table.period, "differs")
        self.out.append(now)
        return draft.released()

    def exposed(self, draft: Draft) -> list[Target]:
        """What the attacker narrows too far once the draft is out as it stands."""
        beside = self._beside(draft)
        return self._exposed(draft, beside, System([*beside, self._read(draft.blank())], self.facts), [])

    def _made_safe(self, draft: Draft) -> bool:
        beside = self._beside(draft)
        if all(_is_whole(one) for one in (*beside, draft.seen())):
            return True
        blank = self._read(draft.blank())
        system = System([*beside, blank], self.facts)
        known = self._known(draft, blank, system) if draft.hidden and beside else set()
        covering.pair_up(draft, known)
        met: list[Solutions] = []
        for _ in range(ROUNDS):
            exposed = self._exposed(draft, beside, system, met)
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

    def _known(self, draft: Draft, blank: Seen, system: System) -> set[Place]:
        """Places whose figure follows from what is out already: hiding them hides nothing."""
        search = Search(system.equations())
        bounds = {place: search.bounds(system.variables_at(blank, place)) for place in draft.counts}
        return {place for place, (low, high) in bounds.items() if low == high}

    def _exposed(self, draft: Draft, beside: list[Seen], system: System, met: list[Solutions]) -> list[Target]:
        """What the attacker narrows too far once the draft is out as it stands; `met`: solutions of earlier rounds."""
        as_read = self._read(draft.seen())
        group = [*beside, as_read]
        search = Search(system.equations(as_read))
        if met:
            search.try_again(met.pop())
        else:
            search.learn(self._true_values(system))
        targets = {
            target: high
            for target, high in self._targets(system, group).items()
            if (search.key(target), high) not in self.wide
        }
        search.spread(list(targets), 1, SMALL)
        exposed = [target for target, high in targets.items() if not self._is_wide(search, target, high)]
        met.append(search.solutions())
        return exposed

    def _true_values(self, system: System) -> dict[Variable, int]:
        true = {variable: self.truth.of(dict(variable)) for variable in system.variables()}
        return {variable: count[0] for variable, count in true.items() if count is not None}

    def _targets(self, system: System, group: list[Seen]) -> dict[Target, int]:
        """All that is 1 to 4, as published and hidden or as the difference of two releases; and what it must reach."""
        hidden = [(system.variables_at(one, place), one.codes_at(place)) for one, place in _hidden(group)]
        atoms: list[tuple[Target, dict[str, frozenset[str]]]] = [((it,), dict(it)) for it in system.variables()]
        inside = set(map(id, group))
        guarded = [system.variables_at(one, place) for one, place in self._guarded if id(one) in inside]
        true = ((target, self.truth.of(codes)) for target, codes in (*hidden, *atoms))
        small = {target: must_reach(*known) for target, known in true if known is not None and is_small(*known)}
        return dict.fromkeys(guarded, SMALL) | small

    def _cells(self, draft: Draft, exposed: Sequence[Target]) -> list[tuple[str, str]]:
        as_read = self._read(draft.seen())
        return [cell for target in exposed if (cell := _cell_of(as_read, dict(target[0]))) is not None]

    def _is_wide(self, search: Search, target: Target, high: int) -> bool:
        wide = search.reaches(target, 1, high)
        if wide:
            self.wide.add((search.key(target), high))
        return wide


def _is_whole(one: Seen) -> bool:
    """Nothing is hidden or merged, so that nothing more can be told by it."""
    return not one.released.merged and None not in one.figures().values()


def _hidden(group: Iterable[Seen]) -> Iterator[tuple[Seen, Place]]:
    for one in group:
        for place, value in one.figures().items():
            if value is None:
                yield one, place


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
