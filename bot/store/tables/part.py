"""What all parts of the store have in common: how a verb asks, and how it writes."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.store.database import Database, Worker, as_record

DAYS = {
    "received_on", "keep_until", "on_day", "read_on", "clock_from", "clock_due", "closed_on", "sorted_on", "made_on",
    "changed_on", "imported_on",
}  # fmt: skip
FLAGS = {"translator", "cleaned", "must_change", "active"}
STILL_READ = "another process was reading the log all the time"
"""What was deleted may still stand there: to be tried again."""


class Part:
    """Verbs on some tables of the store."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def _rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """With days as dates, and flags as such."""
        rows = await self._worker.do(lambda database: list(database.query(statement, values)))
        return [with_days(row) for row in rows]

    async def _changed(self, statement: str, *values: Any) -> int:
        """How many rows a statement wrote."""
        return await self._at_once(lambda database: database.execute(statement, values).rowcount)

    async def _at_once[Result](self, work: Callable[[Database], Result]) -> Result:
        """`work` as one transaction."""

        def transaction(database: Database) -> Result:
            with database.at_once():
                return work(database)

        return await self._worker.do(transaction)


def with_days(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its days as dates and its flags as such."""
    days = {name: _day(value) for name, value in row.items() if name in DAYS}
    flags = {name: bool(value) for name, value in row.items() if name in FLAGS}
    return {**row, **days, **flags}


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def update(database: Database, table: str, row_id: str, values: Mapping[str, object]) -> None:
    """Set columns of one row; nothing where there is none such."""
    columns = ", ".join(f"{name} = ?" for name in values)
    stored = [value.isoformat() if isinstance(value, dt.date) else value for value in values.values()]
    database.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*stored, row_id])  # noqa: S608 - our own columns


class OfReport(Protocol):
    @property
    def report_id(self) -> str: ...


def insert_numbered(database: Database, table: str, rows: Sequence[OfReport]) -> None:
    """Rows of one report, behind those that it has: a number tells their order."""
    if rows:
        last = f"SELECT max(number) FROM {table} WHERE report_id = ?"  # noqa: S608 - our own tables
        first = int(database.execute(last, [rows[0].report_id]).fetchone()[0] or 0) + 1
        database.insert(table, ({**as_record(row), "number": number} for number, row in enumerate(rows, first)))
