"""Writes what a group of releases says as equations: every figure is a sum of the finest cells that could be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from bot.statistics.lines import Place, Seen

type Variable = tuple[tuple[str, frozenset[str]], ...]
"""A figure nobody published as such: dimension and codes, in the order of the dimensions; () is the total."""


@dataclass(frozen=True)
class Equation:
    """The sum of some variables is a constant plus, where `equals` is named, another variable."""

    variables: tuple[Variable, ...]
    constant: int = 0
    equals: Variable | None = None


class System:
    """The equations of releases that count the same records.

    Codes that no release ever parts are one atom; so a cell that two releases part differently becomes two, and what
    the difference of both would tell is bounded too.
    """

    def __init__(self, group: Sequence[Seen]) -> None:
        self._group = group
        dimensions = sorted({dimension for one in group for dimension in one.dimensions})
        self.atoms = {dimension: _atoms(dimension, group) for dimension in dimensions}
        self._pairs = sorted({tuple(sorted(one.dimensions)) for one in group if len(one.dimensions) > 1})

    def equations(self) -> list[Equation]:
        """Margins add up to the total, cells to margins, and variables to what is published."""
        return [*self._margins(), *self._crossings(), *self._published()]

    def variables(self) -> list[Variable]:
        """Every atom of a dimension, and of two that are crossed somewhere."""
        margins = [((dimension, atom),) for dimension, atoms in self.atoms.items() for atom in atoms]
        crossed = [cell for pair in self._pairs for cell in self._cells(pair)]
        return [(), *margins, *crossed]

    def variables_at(self, one: Seen, place: Place) -> tuple[Variable, ...]:
        """The variables whose sum stands at a place of a release."""
        codes = one.codes_at(place)
        parts = [
            [(dimension, atom) for atom in self.atoms[dimension] if atom <= codes[dimension]]
            for dimension in sorted(codes)
        ]
        return tuple(tuple(cell) for cell in product(*parts))

    def _cells(self, pair: tuple[str, ...]) -> list[Variable]:
        return [
            tuple(cell)
            for cell in product(*([(dimension, atom) for atom in self.atoms[dimension]] for dimension in pair))
        ]

    def _margins(self) -> Iterable[Equation]:
        whole = {(dimension, frozenset(_codes(dimension, one))) for one in self._group for dimension in one.dimensions}
        for dimension, codes in whole | {(key, frozenset().union(*atoms)) for key, atoms in self.atoms.items()}:
            atoms = [atom for atom in self.atoms[dimension] if atom <= codes]
            yield Equation(tuple(((dimension, atom),) for atom in atoms), equals=())

    def _crossings(self) -> Iterable[Equation]:
        for pair in self._pairs:
            lines: dict[Variable, list[Variable]] = {}
            for cell in self._cells(pair):
                for part in cell:
                    lines.setdefault((part,), []).append(cell)
            for margin, cells in lines.items():
                yield Equation(tuple(cells), equals=margin)

    def _published(self) -> Iterable[Equation]:
        for one in self._group:
            for place, value in one.figures().items():
                if value is not None:
                    yield Equation(self.variables_at(one, place), value)


def _codes(dimension: str, one: Seen) -> set[str]:
    lines: Mapping[str, frozenset[str]] = one.lines[one.dimensions.index(dimension)]
    return {code for codes in lines.values() for code in codes}


def _atoms(dimension: str, group: Sequence[Seen]) -> list[frozenset[str]]:
    """Codes that stand in one line in every release that has the dimension."""
    together: dict[tuple[str | None, ...], set[str]] = {}
    line_of = [
        {code: label for label, codes in one.lines[one.dimensions.index(dimension)].items() for code in codes}
        for one in group
        if dimension in one.dimensions
    ]
    for code in sorted({code for lines in line_of for code in lines}):
        together.setdefault(tuple(lines.get(code) for lines in line_of), set()).add(code)
    return [frozenset(codes) for codes in together.values()]
