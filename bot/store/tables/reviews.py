"""Pending reviews of translations on their table."""

from bot.store.database import Database, as_record, columns_of
from bot.store.review_verbs import ReviewRow
from bot.store.tables.part import Part

KEY = ("language", "catalogue", "context", "source")
THIS_ROW = " AND ".join(f"{column} IS NOT DISTINCT FROM :{column}" for column in ReviewRow.__dataclass_fields__)


class ReviewTable(Part):
    """`review_verbs.Reviews` on its table."""

    async def note(self, row: ReviewRow) -> None:
        await self._at_once(lambda database: database.replace("pending_review", [as_record(row)], KEY))

    async def pending(self, language: str | None = None) -> list[ReviewRow]:
        which, values = ("language = ?", [language]) if language is not None else ("true", [])
        found = f"SELECT {columns_of(ReviewRow)} FROM pending_review WHERE {which} ORDER BY {', '.join(KEY)}"  # noqa: S608 - constants
        return [ReviewRow(**row) for row in await self._rows(found, *values)]

    async def drop(self, rows: list[ReviewRow]) -> int:
        def work(database: Database) -> int:
            dropped = f"DELETE FROM pending_review WHERE {THIS_ROW}"  # noqa: S608 - our own columns
            return sum(database.execute(dropped, as_record(row)).rowcount for row in rows)

        return await self._at_once(work)
