"""Counts records into the finest cells that any table needs, and sums those into tables."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.statistics.plan import Measure, TablePlan
from bot.statistics.rounding import record_key
from bot.statistics.shaping import OTHER
from bot.statistics.table import Table

MANY = 10
"""As many people behind a cell are enough to know that there are many (Table.people)."""
_APART = np.uint64(0x9E3779B97F4A7C15)
"""An odd number: its multiples modulo 2**64 are all different."""
type Codes = tuple[str, ...]
type Unit = tuple[str, ...]
"""A record's id, whose it is, its code in each dimension, and perhaps more that does not matter."""


class Cell:
    """Counts, the sum of their keys modulo 2**64, and some of those behind them."""

    __slots__ = ("key", "number", "people")

    def __init__(self) -> None:
        self.number, self.key = 0, 0
        self.people: set[int] = set()

    def take(self, other: "Cell") -> None:
        self.number += other.number
        self.key = (self.key + other.key) % 2**64
        if len(self.people) < MANY:
            self.people |= other.people


@dataclass
class Count:
    """Records by all their dimensions at once."""

    dimensions: tuple[str, ...]
    finest: dict[Codes, Cell] = field(default_factory=dict)
    keys: array[int] = field(default_factory=lambda: array("Q"))
    """`record_key` of every record."""

    def add(self, units: Iterable[Unit], everybody: set[int] | None = None) -> None:
        """Count units; `everybody` is given all who stand behind them."""
        finest, keep, end = self.finest, self.keys.append, 2 + len(self.dimensions)
        for unit in units:  # a million times a quarter in a busy city
            codes = unit[2:end]
            cell = finest.get(codes)
            if cell is None:
                cell = finest[codes] = Cell()
            key = record_key(unit[0])
            keep(key)
            cell.number += 1
            cell.key += key
            if everybody is not None:
                everybody.add(hash(unit[1]))
            if len(cell.people) < MANY:
                cell.people.add(hash(unit[1]))

    def add_many(self, name: str, person: str, codes: Codes, number: int) -> None:
        """Count what is kept as a number only: nothing tells its units apart but their place in it."""
        keys = np.uint64(record_key(name)) + np.arange(number, dtype=np.uint64) * _APART
        self.keys.frombytes(keys.tobytes())
        cell = self.finest.setdefault(codes, Cell())
        cell.number += number
        cell.key = (cell.key + int(keys.sum())) % 2**64
        if len(cell.people) < MANY:
            cell.people.update(hash((person, serial)) for serial in range(min(number, MANY)))

    def renamed(self, dimensions: tuple[str, ...], rename: Callable[[Codes], Codes]) -> "Count":
        """The same records by other codes."""
        count = Count(dimensions, {}, self.keys)
        for codes, cell in self.finest.items():
            count.finest.setdefault(rename(codes), Cell()).take(cell)
        return count

    def records(self) -> NDArray[np.uint64]:
        """Sorted, for the ledger (R9)."""
        return np.sort(np.frombuffer(self.keys, dtype=np.uint64)) if self.keys else np.array([], dtype=np.uint64)

    def table(self, measure: Measure, period: str, plan: TablePlan) -> Table:
        """A measure's table with every cell, zeros too; codes that are in use no more stand in `other`."""
        known = [plan.dimensions[name].codes for name in measure.dimensions]
        summed = self._summed(measure.dimensions, known)
        rows, columns = (*_used(known, 0, summed),), (*_used(known, 1, summed),) if len(known) > 1 else ("",)
        every = {(row, column): summed.get((row, column)) or Cell() for row in rows for column in columns}
        return Table(
            measure.name,
            period,
            rows,
            columns,
            {at: cell.number for at, cell in every.items()},
            {at: frozenset(sorted(cell.people)[:MANY]) for at, cell in every.items()},
            {at: cell.key % 2**64 for at, cell in every.items()},
        )

    def _summed(self, dimensions: tuple[str, ...], known: list[tuple[str, ...]]) -> Mapping[tuple[str, str], Cell]:
        which = [self.dimensions.index(name) for name in dimensions]
        sets = [frozenset(codes) for codes in known]
        summed: dict[tuple[str, str], Cell] = {}
        for codes, cell in self.finest.items():
            at = [codes[place] if codes[place] in own else OTHER for place, own in zip(which, sets, strict=True)]
            summed.setdefault((at[0], at[1] if len(at) > 1 else ""), Cell()).take(cell)
        return summed


def _used(known: list[tuple[str, ...]], which: int, summed: Mapping[tuple[str, str], Cell]) -> Iterator[str]:
    """`other` only where something is in it."""
    there = {at[which] for at in summed}
    return (code for code in known[which] if code != OTHER or code in there)
