"""Rows to count, daily tallies and the ledger of releases, on their tables."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.store.database import Database, as_record, columns_of, is_one_of
from bot.store.statistics_verbs import COLUMNS, ENTRIES, REFERRALS, REPORTS, SLIPS, TALLIES, ReleaseRow, Row
from bot.store.tables.part import Part

SEVERAL = (
    "(SELECT string_agg(answer, ' ') FROM (SELECT answer FROM report_answer "
    "WHERE report_id = report.id AND question = '{question}' ORDER BY answer) AS told)"
)
HANDED = (
    "(SELECT string_agg({column}, ' ') FROM (SELECT DISTINCT {column} FROM handover WHERE report_id = report.id "
    "AND state NOT IN ('made', 'failed', 'recalled') AND {column} IS NOT NULL ORDER BY {column}) AS handed)"
)
FROM: Mapping[str, tuple[str, str]] = {
    REFERRALS: ("referral", "made_on"),
    SLIPS: ("slip", "made_on"),
    REPORTS: ("report", "received_on"),
    TALLIES: ("tally", "counted_on"),
    ENTRIES: ("entry", "entered_on"),
}
"""Table, and the column of its day."""
MARKS = ("poll_mark", "counted_on")
GROUPED = {TALLIES: " GROUP BY kind, code, language", ENTRIES: " GROUP BY code, language"}
MADE_OF: Mapping[tuple[str, str], str] = {
    (REFERRALS, "visit"): "coalesce(visit, id)",
    (SLIPS, "id"): "code_hash || service",
    (SLIPS, "visit"): "code_hash",
    **{(source, "n"): "CAST(sum(n) AS BIGINT)" for source in GROUPED},
    **{(REPORTS, name): SEVERAL.format(question=name) for name in ("ground", "form", "wish")},
    (REPORTS, "body"): HANDED.format(column="body"),
    (REPORTS, "handover_outcome"): HANDED.format(column="outcome"),
    (REPORTS, "may_reply"): (
        "coalesce((SELECT answer FROM report_consent WHERE report_id = report.id AND consent = 'staff_may_reply' "
        "ORDER BY number DESC LIMIT 1), CASE WHEN consent_level = 'staff_may_reply' THEN 'yes' END)"
    ),
    (REPORTS, "answered_on"): (
        "(SELECT min(on_day) FROM piece WHERE report_id = report.id AND sender = 'staff' AND kind = 'message')"
    ),
}
"""What is no column of its table."""
ONE_MORE = (
    "INSERT INTO tally (counted_on, kind, code, language, n) VALUES (?, ?, ?, ?, 1) "
    "ON CONFLICT (counted_on, kind, code, language) DO UPDATE SET n = tally.n + 1"
)


class StatisticsTables(Part):
    """`statistics_verbs.Statistics` on their tables."""

    async def tally(self, on_day: dt.date, kind: str, code: str, language: str) -> None:
        await self._changed(ONE_MORE, on_day.isoformat(), kind, code, language)

    async def tally_once(self, mark: str, on_day: dt.date, kind: str, code: str | None, language: str) -> bool:
        def work(database: Database) -> bool:
            kept = "INSERT INTO poll_mark (mark, counted_on) VALUES (?, ?) ON CONFLICT DO NOTHING"
            if not database.execute(kept, [mark, on_day.isoformat()]).rowcount:
                return False
            if code is not None:
                database.execute(ONE_MORE, [on_day.isoformat(), kind, code, language])
            return True

        return await self._at_once(work)

    async def marked(self, marks: Sequence[str]) -> set[str]:
        rows = await self._rows(f"SELECT mark FROM poll_mark WHERE {is_one_of('mark', marks)}", *marks)  # noqa: S608 - question marks
        return {row["mark"] for row in rows}

    async def read[Result](
        self, source: str, since: dt.date, until: dt.date, work: Callable[[Iterable[Row]], Result]
    ) -> Result:
        days = {"since": since.isoformat(), "until": until.isoformat()}
        return await self._worker.read(_asked(source), days, work)

    async def releases(self, kind: str | None = None, tier: str | None = None) -> list[ReleaseRow]:
        asked = {"kind = ?": kind, "tier = ?": tier}
        where = {condition: value for condition, value in asked.items() if value is not None}
        found = (
            f"SELECT {columns_of(ReleaseRow)} FROM release WHERE {' AND '.join(['true', *where])} "  # noqa: S608 - constants
            "ORDER BY kind, period, tier, edition"
        )
        return [ReleaseRow(**row) for row in await self._rows(found, *where.values())]

    async def record_sets(self, kind: str, tier: str, period: str) -> list[tuple[str, bytes]]:
        found = (
            "SELECT source, records FROM record_set WHERE kind = ? AND tier = ? AND period = ? ORDER BY edition, source"
        )
        return [(row["source"], row["records"]) for row in await self._rows(found, kind, tier, period)]

    async def keep_release(self, row: ReleaseRow, record_sets: Mapping[str, bytes]) -> bool:
        key: dict[str, Any] = {name: vars(row)[name] for name in ("kind", "period", "tier", "edition")}

        def work(database: Database) -> bool:
            if database.count("release", " AND ".join(f"{name} = :{name}" for name in key), key):
                return False
            database.insert("release", [as_record(row)])
            sets = ({**key, "source": source, "records": records} for source, records in record_sets.items())
            database.insert("record_set", sets)
            return True

        return await self._at_once(work)

    async def forget(self, before: dt.date) -> int:
        def work(database: Database) -> int:
            return sum(
                database.execute(f"DELETE FROM {table} WHERE {day} < ?", [before.isoformat()]).rowcount  # noqa: S608 - constants
                for table, day in (*FROM.values(), MARKS)
                if table != "report"
            )

        return await self._at_once(work)

    async def simulated(self) -> bool:
        return await self._worker.do(lambda database: database.count("simulation") > 0)


def _asked(source: str) -> str:
    table, day = FROM[source]
    columns = ", ".join(MADE_OF.get((source, name), name) for name in COLUMNS[source])
    return f"SELECT {columns} FROM {table} WHERE {day} BETWEEN :since AND :until{GROUPED.get(source, '')}"  # noqa: S608 - constants
