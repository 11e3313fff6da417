"""Which tables a store has, in an order in which rows can be put in, and what tells their rows apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import sqlite_utils

from bot.store.schema import STEPS

NO_KEY = ["rowid"]
STEPS_TAKEN = "_sqlite_migrations"


@dataclass(frozen=True)
class Shape:
    """Of one table."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Where in a row its key stands."""
        return tuple(self.columns.index(name) for name in self.key)

    @property
    def named(self) -> str:
        """The columns of the key, for a statement; `marks`: a place for the value of each."""
        return ", ".join(self.key)

    @property
    def marks(self) -> str:
        return ", ".join("?" * len(self.key))

    def key_of(self, row: Sequence[object]) -> tuple[object, ...]:
        return tuple(row[place] for place in self.places)


@cache
def shapes() -> tuple[Shape, ...]:
    """Every table after those to which its rows refer; read from SQLite's schema, to which all others are equal."""
    database = sqlite_utils.Database(memory=True)
    for migrations in STEPS:
        migrations.apply(database)
    found = {table.name: table for table in database.tables if table.name != STEPS_TAKEN}
    before = {name: {str(it.other_table) for it in table.foreign_keys} for name, table in sorted(found.items())}
    order = TopologicalSorter(before).static_order()
    return tuple(_shape(found[name]) for name in order)


def _shape(table: sqlite_utils.db.Table) -> Shape:
    if table.pks == NO_KEY:
        raise ValueError(f"{table.name} has no key, so that its rows cannot be told apart")
    return Shape(table.name, tuple(column.name for column in table.columns), tuple(table.pks))
