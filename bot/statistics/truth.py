"""What tables of the same records say of any place; only the program knows it, and no reader of a release."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.statistics.facts import Facts
from bot.statistics.lines import Seen, behind, dimensions_of
from bot.statistics.table import Table

type _Place = Mapping[str, frozenset[str]]
type Known = tuple[int, int]
"""Count and people (R0)."""


class Truth:
    """The places are named as `Facts.finest` names them."""

    def __init__(self, tables: Sequence[Table], facts: Facts) -> None:
        self._tables = [_Counted(table, facts) for table in tables]
        self._met: dict[frozenset[tuple[str, frozenset[str]]], Known | None] = {}

    def of(self, codes: _Place) -> Known | None:
        """Count and people of a place, or None where no table tells."""
        key = frozenset(codes.items())
        if key not in self._met:
            answers = (table.of(codes) for table in self._tables if set(codes) <= set(table.dimensions))
            self._met[key] = next((it for it in answers if it is not None), None)
        return self._met[key]

    def agrees(self, other: Seen) -> bool:
        """No figure of a release contradicts the tables, so that both may be of the same records."""
        shown = ((self.of(other.codes_at(place)), value) for place, value in other.figures().items())
        return all(value is None or true is None or true[0] == value for true, value in shown)


class _Counted:
    """A table with its lines in the finest codes."""

    def __init__(self, table: Table, facts: Facts) -> None:
        named = dimensions_of(table.name)
        codes = (table.rows, table.columns)[: len(named)]
        alone = tuple({code: frozenset({code}) for code in of_one} for of_one in codes)
        self.dimensions, lines = facts.finest_of(named, alone)
        self._lines = [list(of_one.values()) for of_one in lines]
        self._counts = np.array([[table.counts[row, column] for column in table.columns] for row in table.rows])
        self._people = [[table.people[row, column] for column in table.columns] for row in table.rows]

    def of(self, codes: _Place) -> Known | None:
        """None where the place parts what is one line here; what has no line here is zero."""
        rows = self._chosen(0, codes)
        columns = self._chosen(1, codes) if len(self.dimensions) > 1 else [0]
        if rows is None or columns is None:
            return None
        people = behind(self._people[row][column] for row in rows for column in columns)
        return int(self._counts[np.ix_(rows, columns)].sum()), people

    def _chosen(self, which: int, codes: _Place) -> list[int] | None:
        wanted = codes.get(self.dimensions[which])
        if wanted is None:
            return list(range(len(self._lines[which])))
        touched = [number for number, line in enumerate(self._lines[which]) if line & wanted]
        return touched if all(self._lines[which][number] <= wanted for number in touched) else None
