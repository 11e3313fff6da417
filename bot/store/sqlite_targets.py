"""Official figures of the plan's targets on SQLite."""

import datetime as dt
from typing import Any

from sqlite_utils import Database

from bot.store.sqlite import Worker, as_record, at_once
from bot.store.target_verbs import OfficialRow, Taken

SAME_PLACE = "target = :target AND year = :year AND source = :source"
ORDER = "ORDER BY target, source, year"


class SqliteTargets:
    """`target_verbs.Targets` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def take(self, rows: list[OfficialRow]) -> list[Taken]:
        def work(database: Database) -> list[Taken]:
            with at_once(database):
                return [_put(database, row) for row in rows]

        return await self._worker.do(work)

    async def official(self, target: str | None = None) -> list[OfficialRow]:
        found = f"SELECT * FROM official_value WHERE :target IS NULL OR target = :target {ORDER}"  # noqa: S608 - a constant
        rows = await self._worker.do(lambda database: list(database.query(found, {"target": target})))
        return [_row(row) for row in rows]


def _put(database: Database, row: OfficialRow) -> Taken:
    record = as_record(row)
    there = list(database.query(f"SELECT * FROM official_value WHERE {SAME_PLACE}", record))  # noqa: S608 - a constant
    database.table("official_value").insert(record, replace=True)
    return Taken(row, _row(there[0]) if there else None)


def _row(row: dict[str, Any]) -> OfficialRow:
    return OfficialRow(**{**row, "imported_on": dt.date.fromisoformat(row["imported_on"])})
