"""The embedded store: one SQLite file through sqlite-utils."""

from pathlib import Path

from sqlite_utils import Database

from bot.store.migrations import migrations
from bot.store.sqlite import Worker, at_once, open_database
from bot.store.verbs import ReferralRow, ReportRow, as_record


class SqliteStore:
    """`verbs.Store` on SQLite; a commit is on the disk when a verb returns (synchronous=FULL)."""

    def __init__(self, path: Path) -> None:
        self._worker = Worker(open_database(path, migrations, synchronous="FULL"), "store")

    async def file_report(self, row: ReportRow) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                if database.table("report").count_where("receipt_hash = ?", [row.receipt_hash]):
                    return
                database.table("report").insert(as_record(row, "grounds", "wishes"))
                database.table("report_ground").insert_all(
                    {"report_id": row.id, "ground": ground} for ground in row.grounds
                )
                database.table("report_wish").insert_all({"report_id": row.id, "wish": wish} for wish in row.wishes)

        await self._worker.do(work)

    async def log_referrals(self, rows: list[ReferralRow]) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                for row in rows:
                    if not database.table("referral").count_where("mark = ?", [row.mark]):
                        database.table("referral").insert(as_record(row))

        await self._worker.do(work)

    async def has_receipt(self, receipt_hash: str) -> bool:
        found = await self._worker.do(
            lambda database: database.table("report").count_where("receipt_hash = ?", [receipt_hash])
        )
        return bool(found)

    async def counts(self) -> dict[str, int]:
        return await self._worker.do(
            lambda database: {name: database.table(name).count for name in ("referral", "report")}
        )

    def close(self) -> None:
        self._worker.close()
