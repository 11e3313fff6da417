"""Staff's work on reports, on its tables."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.store.case_verbs import NoteRow, Page, Sought
from bot.store.database import Database, columns_of, is_one_of
from bot.store.report_verbs import TEAM, ReportRow
from bot.store.tables.handovers import HandoverTables
from bot.store.tables.part import insert_numbered, update, with_days

SORTED = {
    "clock": "clock_due IS NULL, clock_due, received_on, id",
    "newest": "received_on DESC, id",
    "oldest": "received_on, id",
}
COLUMNS = frozenset(ReportRow.__dataclass_fields__)
_REPORT = columns_of(ReportRow)
_OPENS_IT = "report_id = ? AND holder = ? AND key_id = ?"


class CaseTables(HandoverTables):
    """`case_verbs.Cases` on its tables."""

    async def seek(self, sought: Sought) -> Page:
        where, values = _condition(sought)

        def work(database: Database) -> Page:
            found = f"SELECT {_REPORT} FROM report WHERE {where} ORDER BY {SORTED[sought.order]} LIMIT ? OFFSET ?"  # noqa: S608 - checked names
            rows = [ReportRow(**with_days(row)) for row in database.query(found, [*values, sought.most, sought.first])]
            ids = [row.id for row in rows]
            total = database.count("report", where, values)
            return Page(tuple(rows), total, _labels(database, ids), _unread(database, ids))

        return await self._worker.do(work)

    async def count_by_status(self) -> dict[str, int]:
        rows = await self._rows("SELECT status, count(*) AS n FROM report GROUP BY status")
        return {row["status"]: row["n"] for row in rows}

    async def labels_in_use(self) -> list[str]:
        return [row["label"] for row in await self._rows("SELECT DISTINCT label FROM report_label ORDER BY label")]

    async def change(self, report_id: str, values: Mapping[str, object]) -> None:
        await self._at_once(lambda database: update(database, "report", report_id, values))

    async def assign(self, report_id: str, name: str | None, *, only_from: str | None = None) -> bool:
        condition, values = ("", []) if only_from is None else (" AND coalesce(assigned_to, '') = ?", [only_from])
        statement = f"UPDATE report SET assigned_to = ? WHERE id = ?{condition}"  # noqa: S608 - constants
        return await self._changed(statement, name, report_id, *values) > 0

    async def labels(self, report_id: str) -> list[str]:
        rows = await self._rows("SELECT label FROM report_label WHERE report_id = ? ORDER BY label", report_id)
        return [row["label"] for row in rows]

    async def set_labels(self, report_id: str, labels: list[str]) -> None:
        def work(database: Database) -> None:
            database.execute("DELETE FROM report_label WHERE report_id = ?", [report_id])
            database.insert("report_label", ({"report_id": report_id, "label": each} for each in labels))

        await self._at_once(work)

    async def add_note(self, row: NoteRow) -> None:
        def work(database: Database) -> None:
            if not database.count("note", "id = ?", [row.id]):
                insert_numbered(database, "note", [row])

        await self._at_once(work)

    async def notes(self, report_id: str) -> list[NoteRow]:
        found = f"SELECT {columns_of(NoteRow)} FROM note WHERE report_id = ? ORDER BY number"  # noqa: S608 - constants
        return [NoteRow(**row) for row in await self._rows(found, report_id)]

    async def mark_likeness(self, report_id: str, key_id: str, marks: Mapping[str, str]) -> None:
        def work(database: Database) -> None:
            database.execute("DELETE FROM likeness WHERE report_id = ? OR key_id != ?", [report_id, key_id])
            if database.count("report_key", _OPENS_IT, [report_id, TEAM, key_id]):
                mark = {"report_id": report_id, "key_id": key_id}
                database.insert("likeness", ({**mark, "kind": kind, "mark": marks[kind]} for kind in marks))

        await self._at_once(work)

    async def alike(self, report_id: str) -> dict[str, list[ReportRow]]:
        columns = ", ".join(f"report.{name}" for name in ReportRow.__dataclass_fields__)
        found = (
            f"SELECT other.kind AS likeness_kind, {columns} FROM likeness AS own JOIN likeness AS other "  # noqa: S608 - constants
            "ON other.mark = own.mark AND other.kind = own.kind AND other.report_id != own.report_id "
            "JOIN report ON report.id = other.report_id "
            "WHERE own.report_id = ? AND EXISTS (SELECT 1 FROM report_key WHERE report_id = report.id AND holder = ?) "
            "ORDER BY report.received_on DESC, report.id"
        )
        alike: dict[str, list[ReportRow]] = {}
        for row in await self._rows(found, report_id, TEAM):
            alike.setdefault(row.pop("likeness_kind"), []).append(ReportRow(**row))
        return alike

    async def leaving(self, until: dt.date) -> list[ReportRow]:
        found = f"SELECT {_REPORT} FROM report WHERE keep_until <= ? ORDER BY keep_until, id"  # noqa: S608 - constants
        return [ReportRow(**row) for row in await self._rows(found, until.isoformat())]


def _condition(sought: Sought) -> tuple[str, list[Any]]:
    """What stands behind WHERE, with its values; names of columns are checked, everything else is bound."""
    parts: list[tuple[str, list[Any]]] = [("true", [])]
    for column, code in sought.columns.items():
        if column not in COLUMNS:
            raise ValueError("not a column of a report")
        parts.append((f"{column} = ?", [code]))
    for question, code in sought.answers.items():
        parts.append((
            "id IN (SELECT report_id FROM report_answer WHERE question = ? AND answer = ?)", [question, code]
        ))  # fmt: skip
    if sought.assigned_to is not None:
        parts.append(("coalesce(assigned_to, '') = ?", [sought.assigned_to]))
    if sought.label:
        parts.append(("id IN (SELECT report_id FROM report_label WHERE label = ?)", [sought.label]))
    if sought.is_open and "status" not in sought.columns:
        parts.append(("status != 'closed'", []))
    if sought.overdue_on:
        parts.append(("clock_due < ?", [sought.overdue_on.isoformat()]))
    if sought.translator:
        parts.append(("translator = 1", []))
    return " AND ".join(condition for condition, _ in parts), [value for _, values in parts for value in values]


def _labels(database: Database, ids: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    asked = f"SELECT report_id, label FROM report_label WHERE {is_one_of('report_id', ids)} ORDER BY label"  # noqa: S608 - only marks
    for row in database.query(asked, ids):
        found[row["report_id"]] = (*found.get(row["report_id"], ()), row["label"])
    return found


def _unread(database: Database, ids: list[str]) -> frozenset[str]:
    """A message, a file, or a part that was corrected, since staff last looked; what was filed is new by its state."""
    same = "old.report_id = new.report_id AND old.kind = new.kind AND old.number < new.number"
    earlier = f"SELECT 1 FROM piece AS old WHERE {same}"  # noqa: S608 - constants
    is_later = f"(kind IN ('message', 'file') OR EXISTS ({earlier}))"
    unread = f"sender = 'reporter' AND read_on IS NULL AND {is_later}"
    found = f"SELECT DISTINCT report_id FROM piece AS new WHERE {unread} AND {is_one_of('report_id', ids)}"  # noqa: S608 - only marks
    return frozenset(row["report_id"] for row in database.query(found, ids))
