"""Writes what a group of releases says as equations: every figure is a sum of the finest cells that could be told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product

from bot.statistics.facts import Facts
from bot.statistics.lines import Place, Seen
from bot.statistics.release import PUBLIC
from bot.statistics.thresholds import BASE

type Variable = tuple[tuple[str, frozenset[str]], ...]
"""A figure nobody published as such: dimension and codes, in the order of the dimensions; () is the total."""
type _Set = tuple[str, ...]
"""Dimensions that are crossed, in the order of the alphabet."""
type _Atoms = list[frozenset[str]]


@dataclass(frozen=True)
class Equation:
    """The sum of some variables is a constant plus the sum of others."""

    variables: tuple[Variable, ...]
    constant: int = 0
    equals: tuple[Variable, ...] = ()


class System:
    """The equations of releases that count the same records, as `Facts.finest` writes them.

    Codes that no release ever parts where some dimensions are crossed are one atom there; so a cell that two releases
    part differently becomes two, and what the difference of both would tell is bounded too. Two dimensions that no
    release crosses are crossed here where it is known which of their codes can meet.
    """

    def __init__(self, group: Sequence[Seen], facts: Facts, *, of_people: bool = False) -> None:
        """`of_people`: a public figure of 0 or 5 may be the number of the few who stand behind many records (R0)."""
        self._group = group
        self._facts = facts
        self._of_people = of_people
        self._of_one = [{**dict(zip(one.dimensions, one.lines, strict=True)), **_within(one)} for one in group]
        self._sets: dict[_Set, dict[str, _Atoms]] = {}
        for crossed in dict.fromkeys(chain.from_iterable(map(_parts, self._of_one))):
            self._sets[crossed] = {dimension: self._atoms(dimension, crossed) for dimension in crossed}
        for both in facts.pairs:
            self._join(*both)
        self._cells = {crossed: self._cells_of(crossed) for crossed in self._sets}

    def equations(self, last: Seen | None = None) -> Iterator[Equation]:
        """Finer cells add up to coarser ones, and variables to what is published.

        `last`: instead of the last of the releases one with the same lines, of which other figures are hidden.
        """
        yield from self._structure
        yield from self._published([*self._group[:-1], last] if last else self._group)

    @cached_property
    def _structure(self) -> list[Equation]:
        sums = (self._sums(crossed, _without(crossed, one)) for crossed in self._sets for one in crossed)
        return [*chain.from_iterable(sums), *self._absent()]

    def variables(self) -> list[Variable]:
        """Every cell of every crossing; () is the total."""
        return [cell for cells in self._cells.values() for cell in cells]

    def variables_at(self, one: Seen, place: Place) -> tuple[Variable, ...]:
        """The variables whose sum stands at a place of a release."""
        codes = one.codes_at(place)
        crossed = tuple(sorted(codes))
        parts = [
            [(dimension, atom) for atom in self._sets[crossed][dimension] if atom <= codes[dimension]]
            for dimension in crossed
        ]
        return tuple(cell for cell in product(*parts) if self._facts.meet(cell))

    def _atoms(self, dimension: str, crossed: Iterable[str]) -> _Atoms:
        """Codes that stand in one line in every release that crosses these dimensions, or more."""
        return _refined([lines[dimension].values() for lines in self._of_one if {*crossed} <= set(lines)])

    def _join(self, one: str, other: str) -> None:
        """Crosses two dimensions with all that both are crossed with."""
        beside = [{_without(crossed, own) for crossed in self._sets if own in crossed} for own in (one, other)]
        for shared in beside[0] & beside[1]:
            if {one, other} & {*shared}:
                continue
            with_one, with_other = (self._sets[_sorted(*shared, own)] for own in (one, other))
            joined = {own: _refined([with_one[own], with_other[own]]) for own in shared}
            self._sets[_sorted(*shared, one, other)] = {**joined, one: with_one[one], other: with_other[other]}

    def _cells_of(self, crossed: _Set) -> list[Variable]:
        parts = [[(dimension, atom) for atom in self._sets[crossed][dimension]] for dimension in crossed]
        return [cell for cell in product(*parts) if self._facts.meet(cell)]

    def _sums(self, crossed: _Set, rest: _Set) -> Iterator[Equation]:
        """Cells of a crossing, summed over the dimension that `rest` lacks, where both say the same."""
        coarse = {own: min(self._sets[crossed][own], self._sets[rest][own], key=len) for own in rest}
        labels = {own: {code: number for number, atom in enumerate(coarse[own]) for code in atom} for own in rest}
        sides: dict[tuple[int, ...], tuple[list[Variable], list[Variable]]] = {}
        for which, cells in enumerate((self._cells[crossed], self._cells[rest])):
            for cell in cells:
                at = tuple(labels[own].get(next(iter(codes)), -1) for own, codes in cell if own in labels)
                if -1 not in at:
                    sides.setdefault(at, ([], []))[which].append(cell)
        for finer, coarser in sides.values():
            yield Equation(tuple(finer), equals=tuple(coarser))

    def _absent(self) -> Iterator[Equation]:
        """A code of which a release has no line has nothing among its records."""
        for one in self._group:
            for dimension, lines in zip(one.dimensions, one.lines, strict=True):
                there = frozenset().union(*lines.values())
                crossed = _sorted(dimension, *one.within)
                for cell in self._cells[crossed]:
                    at = dict(cell)
                    if not at.pop(dimension) <= there and all(codes <= one.within[own] for own, codes in at.items()):
                        yield Equation((cell,))

    def _published(self, group: Sequence[Seen]) -> Iterator[Equation]:
        for number, one in enumerate(group):
            for place, value in one.figures().items():
                if value is not None and one.released.tier == PUBLIC:
                    yield from self._near(self.variables_at(one, place), value, f"{number} {place}")
                elif value is not None:
                    yield Equation(self.variables_at(one, place), value)

    def _near(self, variables: tuple[Variable, ...], value: int, name: str) -> Iterator[Equation]:
        """A rounded figure: the true one is less than five away, and not negative."""
        least, most = max(0, value - BASE + 1), value + BASE - 1
        over, under = ((f"{name} over", frozenset[str]()),), ((f"{name} under", frozenset[str]()),)
        yield Equation(variables, least, (over,))
        if not (self._of_people and value <= BASE):
            yield Equation((over, under), most - least)


def _within(one: Seen) -> Mapping[str, Mapping[str, frozenset[str]]]:
    return {dimension: {"": codes} for dimension, codes in one.within.items()}


def _parts(lines: Iterable[str]) -> Iterator[_Set]:
    """Every crossing of some of the dimensions, none of them first."""
    dimensions = sorted(lines)
    return chain.from_iterable(combinations(dimensions, number) for number in range(len(dimensions) + 1))


def _sorted(*dimensions: str) -> _Set:
    return tuple(sorted(dimensions))


def _without(crossed: _Set, dimension: str) -> _Set:
    return tuple(it for it in crossed if it != dimension)


def _refined(partitions: Sequence[Iterable[frozenset[str]]]) -> _Atoms:
    """The coarsest parts that each partition is made of; a code that one lacks is apart."""
    numbers = [{code: number for number, codes in enumerate(parts) for code in codes} for parts in partitions]
    together: dict[tuple[int | None, ...], set[str]] = {}
    for code in sorted(set().union(*numbers)):
        together.setdefault(tuple(each.get(code) for each in numbers), set()).add(code)
    return [frozenset(codes) for codes in together.values()]
