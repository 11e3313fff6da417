"""The embedded store: one SQLite file through sqlite-utils."""

import datetime as dt
from pathlib import Path

from sqlite_utils import Database

from bot.store.audit_verbs import Audit
from bot.store.case_verbs import Cases
from bot.store.key_verbs import Keys
from bot.store.report_verbs import Reports
from bot.store.review_verbs import Reviews
from bot.store.schema import STEPS
from bot.store.simulation_verbs import Simulation
from bot.store.sqlite import Worker, as_record, at_once, open_database
from bot.store.sqlite_audit import SqliteAudit
from bot.store.sqlite_cases import SqliteCases
from bot.store.sqlite_keys import SqliteKeys
from bot.store.sqlite_reports import SqliteReports
from bot.store.sqlite_reviews import SqliteReviews
from bot.store.sqlite_simulation import SqliteSimulation
from bot.store.sqlite_staff import SqliteStaff
from bot.store.sqlite_statistics import SqliteStatistics
from bot.store.sqlite_targets import SqliteTargets
from bot.store.staff_verbs import Staff
from bot.store.statistics_verbs import Statistics
from bot.store.target_verbs import Targets
from bot.store.verbs import OutcomeRow, ReferralRow, SlipRow


class SqliteStore:
    """`verbs.Store` on SQLite; a commit is on the disk when a verb returns (synchronous=FULL)."""

    def __init__(self, path: Path) -> None:
        self._worker = Worker(open_database(path, STEPS, synchronous="FULL"), "store")
        self.reports: Reports = SqliteReports(self._worker)
        self.keys: Keys = SqliteKeys(self._worker)
        self.cases: Cases = SqliteCases(self._worker)
        self.staff: Staff = SqliteStaff(self._worker)
        self.reviews: Reviews = SqliteReviews(self._worker)
        self.audit: Audit = SqliteAudit(self._worker)
        self.targets: Targets = SqliteTargets(self._worker)
        self.statistics: Statistics = SqliteStatistics(self._worker, path)
        self.simulation: Simulation = SqliteSimulation(self._worker)

    async def log_referrals(self, rows: list[ReferralRow]) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                for row in rows:
                    if not database.table("referral").count_where("mark = ?", [row.mark]):
                        database.table("referral").insert(as_record(row))

        await self._worker.do(work)

    async def count_entry(self, entered_on: dt.date, code: str, language: str) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.execute(
                    "INSERT INTO entry VALUES (?, ?, ?, 1) "
                    "ON CONFLICT (entered_on, code, language) DO UPDATE SET n = n + 1",
                    [entered_on.isoformat(), code, language],
                )

        await self._worker.do(work)

    async def make_slip(self, rows: list[SlipRow]) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.table("slip").insert_all((as_record(row) for row in rows), ignore=True)

        await self._worker.do(work)

    async def places_of_slip(self, code_hash: str) -> dict[str, str | None]:
        rows = await self._worker.do(
            lambda database: list(database.query("SELECT service, step FROM slip WHERE code_hash = ?", [code_hash]))
        )
        return {row["service"]: row["step"] for row in rows}

    async def tell_outcomes(self, rows: list[OutcomeRow]) -> int:
        def work(database: Database) -> int:
            with at_once(database):
                return sum(_tell(database, row) for row in rows)

        return await self._worker.do(work)

    async def services_used(self) -> set[str]:
        rows = await self._worker.do(lambda database: list(database.query("SELECT DISTINCT service FROM referral")))
        return {row["service"] for row in rows}

    async def counts(self) -> dict[str, int]:
        return await self._worker.do(
            lambda database: {name: database.table(name).count for name in ("referral", "report")}
        )

    def close(self) -> None:
        self._worker.close()


def _tell(database: Database, row: OutcomeRow) -> int:
    told = database.execute(
        "UPDATE slip SET step = ?, met = coalesce(?, met), said_on = ? WHERE code_hash = ? AND service = ?",
        [row.step, row.met, row.said_on.isoformat(), row.code_hash, row.service],
    )
    return int(told.rowcount)
