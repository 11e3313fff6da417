"""What the verbs ask of a database, whatever engine it is: SQL that all of them speak, and a few words beside it."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

type Values = Sequence[Any] | Mapping[str, Any]
"""For `?` in their order, or for `:name`."""
type Record = Mapping[str, Any]
type Row = tuple[Any, ...]


class Answer(Protocol):
    """What a statement gives back, as the drivers of all engines do."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Database(ABC):
    """One connection, for one thread at a time. Nothing is written outside of `at_once`.

    Days and moments are ISO text, flags 0 and 1, and texts stand in the order of their bytes: so a row is the same in
    every engine, and rows come in the same order.
    """

    @abstractmethod
    def execute(self, statement: str, values: Values = ()) -> Answer: ...

    @abstractmethod
    def execute_each(self, statement: str, records: Sequence[Record]) -> None:
        """The statement with each of the records, for its `:name`s."""

    @abstractmethod
    def query(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """Rows by the names of their columns."""

    @abstractmethod
    def query_damaged(self, statement: str, values: Values = ()) -> list[Row]:
        """Rows of a table to which other hands may have written: one that is no text hides none of the others."""

    @abstractmethod
    def at_once(self) -> AbstractContextManager[None]:
        """One transaction, with which nobody else's writing is mixed: it waits for them at its beginning."""

    @abstractmethod
    def emptied(self, *tables: str) -> bool:
        """Leave no more of what was deleted from these tables than the engine must; False where others hindered it."""

    @abstractmethod
    def kept_tables(self) -> list[str]:
        """All tables but the one in which the engine notes the steps of the schema."""

    @abstractmethod
    def close_for_good(self) -> None:
        """Within a transaction: from its commit on, no process writes to the store's tables any more."""

    def count(self, table: str, where: str = "true", values: Values = ()) -> int:
        return int(self.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0])  # noqa: S608 - our own names and conditions

    def insert(self, table: str, records: Iterable[Record]) -> None:
        """One that is there already is an error."""
        self._insert(table, records, "")

    def insert_new(self, table: str, records: Iterable[Record]) -> None:
        """Those that are there already stay as they are."""
        self._insert(table, records, " ON CONFLICT DO NOTHING")

    def replace(self, table: str, records: Iterable[Record], key: Sequence[str]) -> None:
        """Each takes the place of the one that has the same key."""
        some = list(records)
        others = [f"{name} = excluded.{name}" for name in (some[0] if some else ()) if name not in key]
        instead = f"({', '.join(key)}) DO UPDATE SET {', '.join(others)}" if others else "DO NOTHING"
        self._insert(table, some, f" ON CONFLICT {instead}")

    def _insert(self, table: str, records: Iterable[Record], known: str) -> None:
        some = list(records)
        if some:
            columns, values = ", ".join(some[0]), ", ".join(f":{name}" for name in some[0])
            self.execute_each(f"INSERT INTO {table} ({columns}) VALUES ({values}){known}", some)  # noqa: S608 - our own names


class Worker(Protocol):
    """Threads that own the connections, so that the event loop never waits for a disk or a network."""

    async def do[Result](self, work: Callable[[Database], Result]) -> Result:
        """Run `work` on a thread; an error of the database, disk, memory or network raises NotSavedError."""

    async def read[Result](self, statement: str, values: Values, work: Callable[[Iterable[Row]], Result]) -> Result:
        """Run `work` over the rows of one statement, one at a time, on one snapshot.

        Others wait for none of it, and it holds no rows back in memory.
        """

    async def look[Result](self, work: Callable[[Database], Result]) -> Result:
        """Run `work` over all tables on one snapshot, on a connection of its own that cannot write."""

    def now[Result](self, work: Callable[[Database], Result]) -> Result:
        """As `do`, for a thread of somebody else's, which waits."""

    def close(self) -> None:
        """Finish what was asked for, and close."""


def as_record(row: Any, *without: str) -> dict[str, Any]:
    """A row's fields by column, dates as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in vars(row).items()
        if name not in without
    }


def columns_of(row: type) -> str:
    """The columns of a row, for SELECT: a store that a later release has widened gives just these."""
    return ", ".join(row.__dataclass_fields__)  # type: ignore[attr-defined]


def is_one_of(column: str, values: Sequence[Any]) -> str:
    """The condition that a column holds one of the values; with none of them, nothing does."""
    return f"{column} IN ({', '.join('?' * len(values))})" if values else "false"
