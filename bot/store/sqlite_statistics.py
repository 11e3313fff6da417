"""Rows to count, daily tallies and the ledger of releases, on SQLite."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.errors import NotSavedError
from bot.store.sqlite import Worker, as_record, at_once
from bot.store.statistics_verbs import COLUMNS, ENTRIES, REFERRALS, REPORTS, SLIPS, TALLIES, ReleaseRow, Row

SEVERAL = (
    "(SELECT group_concat(answer, ' ') FROM (SELECT answer FROM report_answer "
    "WHERE report_id = report.id AND question = '{question}' ORDER BY answer))"
)
HANDED = (
    "(SELECT group_concat({column}, ' ') FROM (SELECT DISTINCT {column} FROM handover WHERE report_id = report.id "
    "AND state NOT IN ('made', 'failed', 'recalled') AND {column} IS NOT NULL ORDER BY {column}))"
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
    **{(source, "n"): "sum(n)" for source in GROUPED},
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
    "INSERT INTO tally VALUES (?, ?, ?, ?, 1) ON CONFLICT (counted_on, kind, code, language) DO UPDATE SET n = n + 1"
)


class SqliteStatistics:
    """`statistics_verbs.Statistics` on SQLite."""

    def __init__(self, worker: Worker, path: Path) -> None:
        self._worker = worker
        self._path = path

    async def tally(self, on_day: dt.date, kind: str, code: str, language: str) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.execute(ONE_MORE, [on_day.isoformat(), kind, code, language])

        await self._worker.do(work)

    async def tally_once(self, mark: str, on_day: dt.date, kind: str, code: str | None, language: str) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                kept = "INSERT OR IGNORE INTO poll_mark VALUES (?, ?)"
                if not database.execute(kept, [mark, on_day.isoformat()]).rowcount:
                    return False
                if code is not None:
                    database.execute(ONE_MORE, [on_day.isoformat(), kind, code, language])
                return True

        return await self._worker.do(work)

    async def marked(self, marks: Sequence[str]) -> set[str]:
        found = f"SELECT mark FROM poll_mark WHERE mark IN ({', '.join('?' * len(marks))})"  # noqa: S608 - question marks
        return {row["mark"] for row in await self._worker.do(lambda database: list(database.query(found, list(marks))))}

    async def read[Result](
        self, source: str, since: dt.date, until: dt.date, work: Callable[[Iterable[Row]], Result]
    ) -> Result:
        """On a connection of its own: a reader of SQLite's log holds up no writer."""
        days = {"since": since.isoformat(), "until": until.isoformat()}

        def on_snapshot() -> Result:
            try:
                with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
                    return work(connection.execute(_asked(source), days))
            except sqlite3.Error as error:
                raise NotSavedError(type(error).__name__) from error

        return await asyncio.to_thread(on_snapshot)

    async def releases(self, kind: str | None = None, tier: str | None = None) -> list[ReleaseRow]:
        found = (
            "SELECT * FROM release WHERE (:kind IS NULL OR kind = :kind) AND (:tier IS NULL OR tier = :tier) "
            "ORDER BY kind, period, tier, edition"
        )
        rows = await self._worker.do(lambda database: list(database.query(found, {"kind": kind, "tier": tier})))
        return [ReleaseRow(**{**row, "made_on": dt.date.fromisoformat(row["made_on"])}) for row in rows]

    async def record_sets(self, kind: str, tier: str, period: str) -> list[tuple[str, bytes]]:
        found = (
            "SELECT source, records FROM record_set WHERE kind = ? AND tier = ? AND period = ? ORDER BY edition, source"
        )
        rows = await self._worker.do(lambda database: list(database.query(found, [kind, tier, period])))
        return [(row["source"], row["records"]) for row in rows]

    async def keep_release(self, row: ReleaseRow, record_sets: Mapping[str, bytes]) -> bool:
        key: dict[str, Any] = {name: vars(row)[name] for name in ("kind", "period", "tier", "edition")}

        def work(database: Database) -> bool:
            with at_once(database):
                if database.table("release").count_where(
                    "kind = :kind AND period = :period AND tier = :tier AND edition = :edition", key
                ):
                    return False
                database.table("release").insert(as_record(row))
                database.table("record_set").insert_all(
                    {**key, "source": source, "records": records} for source, records in record_sets.items()
                )
                return True

        return await self._worker.do(work)

    async def forget(self, before: dt.date) -> int:
        def work(database: Database) -> int:
            with at_once(database):
                return sum(
                    database.execute(f"DELETE FROM {table} WHERE {day} < ?", [before.isoformat()]).rowcount  # noqa: S608 - constants
                    for table, day in (*FROM.values(), MARKS)
                    if table != "report"
                )

        return await self._worker.do(work)

    async def simulated(self) -> bool:
        return await self._worker.do(lambda database: database.table("simulation").count > 0)


def _asked(source: str) -> str:
    table, day = FROM[source]
    columns = ", ".join(MADE_OF.get((source, name), name) for name in COLUMNS[source])
    return f"SELECT {columns} FROM {table} WHERE {day} BETWEEN :since AND :until{GROUPED.get(source, '')}"  # noqa: S608 - constants
