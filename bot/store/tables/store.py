"""The store on the tables of one database, whatever engine it is."""

import datetime as dt

from bot.store.audit_verbs import Audit
from bot.store.case_verbs import Cases
from bot.store.database import Database, Worker, as_record
from bot.store.key_verbs import Keys
from bot.store.report_verbs import Reports
from bot.store.review_verbs import Reviews
from bot.store.simulation_verbs import Simulation
from bot.store.staff_verbs import Staff
from bot.store.statistics_verbs import Statistics
from bot.store.tables.audit import AuditTable
from bot.store.tables.cases import CaseTables
from bot.store.tables.keys import KeyTables
from bot.store.tables.part import Part
from bot.store.tables.reports import ReportTables
from bot.store.tables.reviews import ReviewTable
from bot.store.tables.simulation import SimulationTables
from bot.store.tables.staff import StaffTables
from bot.store.tables.statistics import StatisticsTables
from bot.store.tables.targets import TargetTable
from bot.store.target_verbs import Targets
from bot.store.verbs import OutcomeRow, ReferralRow, SlipRow

ONE_MORE = (
    "INSERT INTO entry (entered_on, code, language, n) VALUES (?, ?, ?, 1) "
    "ON CONFLICT (entered_on, code, language) DO UPDATE SET n = entry.n + 1"
)


class TableStore(Part):
    """`verbs.Store` on its tables."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(worker)
        self.worker = worker
        """For those who carry whole tables: a move, a backup."""
        self.reports: Reports = ReportTables(worker)
        self.keys: Keys = KeyTables(worker)
        self.cases: Cases = CaseTables(worker)
        self.staff: Staff = StaffTables(worker)
        self.reviews: Reviews = ReviewTable(worker)
        self.audit: Audit = AuditTable(worker)
        self.targets: Targets = TargetTable(worker)
        self.statistics: Statistics = StatisticsTables(worker)
        self.simulation: Simulation = SimulationTables(worker)

    async def log_referrals(self, rows: list[ReferralRow]) -> None:
        def work(database: Database) -> None:
            for row in rows:
                if not database.count("referral", "mark = ?", [row.mark]):
                    database.insert("referral", [as_record(row)])

        await self._at_once(work)

    async def count_entry(self, entered_on: dt.date, code: str, language: str) -> None:
        await self._changed(ONE_MORE, entered_on.isoformat(), code, language)

    async def make_slip(self, rows: list[SlipRow]) -> None:
        await self._at_once(lambda database: database.insert_new("slip", map(as_record, rows)))

    async def places_of_slip(self, code_hash: str) -> dict[str, str | None]:
        rows = await self._rows("SELECT service, step FROM slip WHERE code_hash = ?", code_hash)
        return {row["service"]: row["step"] for row in rows}

    async def tell_outcomes(self, rows: list[OutcomeRow]) -> int:
        return await self._at_once(lambda database: sum(_tell(database, row) for row in rows))

    async def services_used(self) -> set[str]:
        return {row["service"] for row in await self._rows("SELECT DISTINCT service FROM referral")}

    async def counts(self) -> dict[str, int]:
        return await self._worker.do(lambda database: {name: database.count(name) for name in ("referral", "report")})

    async def check(self) -> None:
        await self._at_once(lambda database: database.execute("SELECT id FROM report LIMIT 1").fetchall())

    def close(self) -> None:
        self._worker.close()


def _tell(database: Database, row: OutcomeRow) -> int:
    return database.execute(
        "UPDATE slip SET step = ?, met = coalesce(?, met), said_on = ? WHERE code_hash = ? AND service = ?",
        [row.step, row.met, row.said_on.isoformat(), row.code_hash, row.service],
    ).rowcount
