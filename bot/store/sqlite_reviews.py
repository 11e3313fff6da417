"""Pending reviews of translations on SQLite."""

from sqlite_utils import Database

from bot.store.review_verbs import ReviewRow
from bot.store.sqlite import Worker, as_record, at_once
from bot.store.sqlite_reports import of_days

ORDER = "ORDER BY language, catalogue, context, source"
THIS_ROW = " AND ".join(f"{column} IS :{column}" for column in ReviewRow.__dataclass_fields__)


class SqliteReviews:
    """`review_verbs.Reviews` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def note(self, row: ReviewRow) -> None:
        await self._worker.do(lambda database: database.table("pending_review").insert(as_record(row), replace=True))

    async def pending(self, language: str | None = None) -> list[ReviewRow]:
        found = f"SELECT * FROM pending_review WHERE :language IS NULL OR language = :language {ORDER}"  # noqa: S608 - a constant
        rows = await self._worker.do(lambda database: list(database.query(found, {"language": language})))
        return [ReviewRow(**of_days(row)) for row in rows]

    async def drop(self, rows: list[ReviewRow]) -> int:
        def work(database: Database) -> int:
            dropped = f"DELETE FROM pending_review WHERE {THIS_ROW}"  # noqa: S608 - our own columns
            with at_once(database):
                return sum(database.execute(dropped, as_record(row)).rowcount for row in rows)

        return await self._worker.do(work)
