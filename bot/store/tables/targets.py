"""Official figures of the plan's targets on their table."""

from bot.store.database import Database, as_record, columns_of
from bot.store.tables.part import Part, with_days
from bot.store.target_verbs import OfficialRow, Taken

KEY = ("target", "year", "source")
FOUND = f"SELECT {columns_of(OfficialRow)} FROM official_value WHERE"  # noqa: S608 - constants


class TargetTable(Part):
    """`target_verbs.Targets` on its table."""

    async def take(self, rows: list[OfficialRow]) -> list[Taken]:
        return await self._at_once(lambda database: [_put(database, row) for row in rows])

    async def official(self, target: str | None = None) -> list[OfficialRow]:
        which, values = ("target = ?", [target]) if target is not None else ("true", [])
        rows = await self._rows(f"{FOUND} {which} ORDER BY target, source, year", *values)
        return [OfficialRow(**row) for row in rows]


def _put(database: Database, row: OfficialRow) -> Taken:
    record = as_record(row)
    there = list(database.query(f"{FOUND} target = :target AND year = :year AND source = :source", record))
    database.replace("official_value", [record], KEY)
    return Taken(row, OfficialRow(**with_days(there[0])) if there else None)
