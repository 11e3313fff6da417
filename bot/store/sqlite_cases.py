"""Staff's work on reports on SQLite."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from sqlite_utils import Database

from bot.store.case_verbs import HandoverKeyRow, HandoverRow, NoteRow, Page, Sought, Standing
from bot.store.report_verbs import TEAM, ReportRow
from bot.store.sqlite import Worker, as_record, at_once, empty_log
from bot.store.sqlite_reports import next_number, of_days, update

SORTED = {
    "clock": "clock_due IS NULL, clock_due, received_on, id",
    "newest": "received_on DESC, id",
    "oldest": "received_on, id",
}
COLUMNS = frozenset(ReportRow.__dataclass_fields__)
_OPENS_IT = "report_id = ? AND holder = ? AND key_id = ?"
_HANDOVER_DAYS = {"made_on", "changed_on"}
_TO_RECALL = (
    "SELECT id FROM handover WHERE report_id = ? AND state NOT IN ('recalled', 'recalled_late') "
    "AND (? IS NULL OR (mode = 'with_consent' AND body != ?))"
)
_RECALL = (
    "UPDATE handover SET sealed = x'', next_try = NULL, state = CASE WHEN attempts > 0 "
    "OR state IN ('sent', 'seen', 'accepted', 'declined') THEN 'recalled_late' ELSE 'recalled' END WHERE id = ?"
)
_CLAIM = (
    "UPDATE handover SET attempts = attempts + 1, next_try = ?, "
    "changed_on = CASE state WHEN 'sending' THEN changed_on ELSE ? END, state = 'sending' "
    "WHERE id = ? AND next_try = ?"
)
"""SQLite reads the columns on the right as they were before."""


class SqliteCases:
    """`case_verbs.Cases` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def seek(self, sought: Sought) -> Page:
        where, values = _condition(sought)

        def work(database: Database) -> Page:
            total = database.execute(f"SELECT count(*) FROM report WHERE {where}", values).fetchone()[0]  # noqa: S608 - checked names
            found = f"SELECT * FROM report WHERE {where} ORDER BY {SORTED[sought.order]} LIMIT ? OFFSET ?"  # noqa: S608
            rows = [ReportRow(**of_days(row)) for row in database.query(found, [*values, sought.most, sought.first])]
            ids = [row.id for row in rows]
            return Page(tuple(rows), int(total), _labels(database, ids), _unread(database, ids))

        return await self._worker.do(work)

    async def count_by_status(self) -> dict[str, int]:
        return {row["status"]: row["n"] for row in await self._rows("SELECT status, count(*) n FROM report GROUP BY 1")}

    async def labels_in_use(self) -> list[str]:
        return [row["label"] for row in await self._rows("SELECT DISTINCT label FROM report_label ORDER BY label")]

    async def change(self, report_id: str, values: Mapping[str, object]) -> None:
        await self._worker.do(lambda database: update(database, "report", report_id, values))

    async def assign(self, report_id: str, name: str | None, *, only_from: str | None = None) -> bool:
        condition, values = ("", []) if only_from is None else (" AND coalesce(assigned_to, '') = ?", [only_from])
        statement = f"UPDATE report SET assigned_to = ? WHERE id = ?{condition}"  # noqa: S608 - constants
        return await self._worker.do(
            lambda database: database.execute(statement, [name, report_id, *values]).rowcount > 0
        )

    async def labels(self, report_id: str) -> list[str]:
        rows = await self._rows("SELECT label FROM report_label WHERE report_id = ? ORDER BY label", report_id)
        return [row["label"] for row in rows]

    async def set_labels(self, report_id: str, labels: list[str]) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.execute("DELETE FROM report_label WHERE report_id = ?", [report_id])
                database.table("report_label").insert_all({"report_id": report_id, "label": each} for each in labels)

        await self._worker.do(work)

    async def add_note(self, row: NoteRow) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                if not database.table("note").count_where("id = ?", [row.id]):
                    number = next_number(database, "note", row.report_id)
                    database.table("note").insert({**as_record(row), "number": number})

        await self._worker.do(work)

    async def notes(self, report_id: str) -> list[NoteRow]:
        columns = "id, report_id, by_whom, on_day, sealed"
        rows = await self._rows(f"SELECT {columns} FROM note WHERE report_id = ? ORDER BY number", report_id)  # noqa: S608 - constants
        return [NoteRow(**of_days(row)) for row in rows]

    async def mark_likeness(self, report_id: str, key_id: str, marks: Mapping[str, str]) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.execute("DELETE FROM likeness WHERE report_id = ? OR key_id != ?", [report_id, key_id])
                if not database.table("report_key").count_where(_OPENS_IT, [report_id, TEAM, key_id]):
                    return
                database.table("likeness").insert_all(
                    {"report_id": report_id, "kind": kind, "key_id": key_id, "mark": mark}
                    for kind, mark in marks.items()
                )

        await self._worker.do(work)

    async def alike(self, report_id: str) -> dict[str, list[ReportRow]]:
        found = (
            "SELECT other.kind AS likeness_kind, report.* FROM likeness own JOIN likeness other "
            "ON other.mark = own.mark AND other.kind = own.kind AND other.report_id != own.report_id "
            "JOIN report ON report.id = other.report_id "
            "WHERE own.report_id = ? AND EXISTS (SELECT 1 FROM report_key WHERE report_id = report.id AND holder = ?) "
            "ORDER BY received_on DESC, report.id"
        )
        alike: dict[str, list[ReportRow]] = {}
        for row in await self._rows(found, report_id, TEAM):
            alike.setdefault(row.pop("likeness_kind"), []).append(ReportRow(**of_days(row)))
        return alike

    async def leaving(self, until: dt.date) -> list[ReportRow]:
        found = "SELECT * FROM report WHERE keep_until <= ? ORDER BY keep_until, id"
        return [ReportRow(**of_days(row)) for row in await self._rows(found, until.isoformat())]

    # Handing over

    async def hand_over(
        self, row: HandoverRow, keys: list[HandoverKeyRow], rests_on: Standing, change: Mapping[str, object]
    ) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                if not _stands(database, row.report_id, rests_on):
                    return False
                database.table("handover").insert(_stored(vars(row)))
                database.table("handover_key").insert_all(as_record(key) for key in keys)
                if change:
                    update(database, "report", row.report_id, change)
                return True

        return await self._worker.do(work)

    async def handover(self, handover_id: str) -> HandoverRow | None:
        rows = await self._rows("SELECT * FROM handover WHERE id = ?", handover_id)
        return _handover(rows[0]) if rows else None

    async def handovers(self, report_id: str) -> list[HandoverRow]:
        return await self._listed("WHERE report_id = ? ORDER BY made_on, id", report_id)

    async def handovers_to(self, body: str) -> list[HandoverRow]:
        return await self._listed("WHERE body = ? AND way = 'console' ORDER BY made_on DESC, id", body)

    async def to_send(self, now: dt.datetime) -> list[HandoverRow]:
        return await self._listed("WHERE next_try <= ? ORDER BY next_try, id", _moment(now))

    async def _listed(self, which: str, value: str) -> list[HandoverRow]:
        columns = ", ".join(name for name in HandoverRow.__dataclass_fields__ if name != "sealed")
        rows = await self._rows(f"SELECT {columns}, x'' AS sealed FROM handover {which}", value)  # noqa: S608 - constants
        return [_handover(row) for row in rows]

    async def handover_key(self, handover_id: str, holder: str) -> HandoverKeyRow | None:
        rows = await self._rows("SELECT * FROM handover_key WHERE handover_id = ? AND holder = ?", handover_id, holder)
        return HandoverKeyRow(**rows[0]) if rows else None

    async def handover_keys_of_team(self) -> list[HandoverKeyRow]:
        return [HandoverKeyRow(**row) for row in await self._rows("SELECT * FROM handover_key WHERE holder = ?", TEAM)]

    async def change_handover(
        self, handover_id: str, values: Mapping[str, object], *, only_from: Collection[str]
    ) -> bool:
        states = ", ".join("?" * len(only_from))
        return await self._set(values, f"id = ? AND state IN ({states})", handover_id, *only_from)

    async def recall(self, report_id: str, *, named: str | None = None) -> int:
        def work(database: Database) -> int:
            with at_once(database):
                found = database.execute(_TO_RECALL, [report_id, named, named]).fetchall()
                for (handover_id,) in found:
                    database.execute("DELETE FROM handover_key WHERE handover_id = ?", [handover_id])
                    database.execute(_RECALL, [handover_id])
            if found and not empty_log(database):
                raise sqlite3.OperationalError("another process was reading the log all the time")
            return len(found)

        return await self._worker.do(work)

    async def claim(self, row: HandoverRow, until: dt.datetime, on_day: dt.date) -> HandoverRow | None:
        def work(database: Database) -> HandoverRow | None:
            with at_once(database):
                before = [row.id, _moment(row.next_try) if row.next_try else None]
                if not database.execute(_CLAIM, [_moment(until), on_day.isoformat(), *before]).rowcount:
                    return None
                return _handover(next(database.query("SELECT * FROM handover WHERE id = ?", [row.id])))

        return await self._worker.do(work)

    async def note_attempt(self, claimed: HandoverRow, values: Mapping[str, object]) -> bool:
        until = _moment(claimed.next_try) if claimed.next_try else None
        return await self._set(values, "id = ? AND next_try = ?", claimed.id, until)

    async def _set(self, values: Mapping[str, object], where: str, *bound: object) -> bool:
        columns = ", ".join(f"{name} = ?" for name in values)
        statement = f"UPDATE handover SET {columns} WHERE {where}"  # noqa: S608 - our own columns and conditions
        stored = [*_stored(values).values(), *bound]
        return await self._worker.do(lambda database: database.execute(statement, stored).rowcount > 0)

    async def _rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        return await self._worker.do(lambda database: list(database.query(statement, list(values))))


def _condition(sought: Sought) -> tuple[str, list[Any]]:
    """What stands behind WHERE, with its values; names of columns are checked, everything else is bound."""
    parts: list[tuple[str, list[Any]]] = [("1", [])]
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
        parts.append(("translator", []))
    return " AND ".join(condition for condition, _ in parts), [value for _, values in parts for value in values]


def _labels(database: Database, ids: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    marks = ", ".join("?" * len(ids))
    for row in database.query(f"SELECT * FROM report_label WHERE report_id IN ({marks}) ORDER BY label", ids):  # noqa: S608 - only marks
        found[row["report_id"]] = (*found.get(row["report_id"], ()), row["label"])
    return found


def _unread(database: Database, ids: list[str]) -> frozenset[str]:
    """A message, a file, or a part that was corrected, since staff last looked; what was filed is new by its state."""
    marks = ", ".join("?" * len(ids))
    same = "old.report_id = new.report_id AND old.kind = new.kind AND old.number < new.number"
    earlier = f"SELECT 1 FROM piece old WHERE {same}"  # noqa: S608 - constants
    is_later = f"(kind IN ('message', 'file') OR EXISTS ({earlier}))"
    unread = f"sender = 'reporter' AND read_on IS NULL AND {is_later}"
    found = f"SELECT DISTINCT report_id FROM piece new WHERE {unread} AND report_id IN ({marks})"  # noqa: S608 - only marks
    return frozenset(row["report_id"] for row in database.query(found, ids))


def _stands(database: Database, report_id: str, rests_on: Standing) -> bool:
    return bool(
        database.table("report").count_where("id = ?", [report_id])
        and database.table("team_key").count_where("id = ?", [rests_on.team_key])
        and database.table("report_consent").count_where("report_id = ?", [report_id]) == rests_on.consents
    )


def _stored(values: Mapping[str, object]) -> dict[str, object]:
    """By column, days and moments as text."""
    return {name: _text(value) if isinstance(value, dt.date) else value for name, value in values.items()}


def _text(value: dt.date) -> str:
    return _moment(value) if isinstance(value, dt.datetime) else value.isoformat()


def _moment(value: dt.datetime) -> str:
    """In UTC and of one length, so that texts stand in the order of time."""
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _handover(row: dict[str, Any]) -> HandoverRow:
    days = {name: dt.date.fromisoformat(row[name]) for name in _HANDOVER_DAYS}
    next_try = dt.datetime.fromisoformat(row["next_try"]) if row["next_try"] else None
    return HandoverRow(**{**row, **days, "next_try": next_try})
