"""Reports on SQLite."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from bot.store.report_verbs import (
    FILE,
    TEAM,
    ConsentRow,
    CoverageRow,
    FiledReport,
    KeyRow,
    PausedRow,
    PieceRow,
    QuestionRow,
    ReportRow,
)
from bot.store.sqlite import Worker, as_record, at_once, empty_log

DAYS = {"received_on", "keep_until", "on_day", "read_on", "clock_from", "clock_due", "closed_on", "sorted_on"}
FLAGS = {"translator", "cleaned"}
_PIECE = "id, report_id, kind, sender, language, on_day, media_type, size, cleaned, read_on"


class SqliteReports:
    """`report_verbs.Reports` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def file(self, filed: FiledReport) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                if database.table("report").count_where("receipt_hash = ?", [filed.row.receipt_hash]):
                    return
                database.table("report").insert(as_record(filed.row))
                database.table("report_answer").insert_all(
                    {"report_id": filed.row.id, "question": question, "answer": answer}
                    for question, answer in filed.answers
                )
                for piece in filed.pieces:
                    _insert_piece(database, piece)
                database.table("report_key").insert_all(as_record(key) for key in filed.keys)
                _insert_consents(database, filed.consents)
                _drop_paused(database, filed.row.receipt_hash)

        await self._worker.do(work)

    async def id_of(self, receipt_hash: str) -> str | None:
        rows = await self._rows("SELECT id FROM report WHERE receipt_hash = ?", receipt_hash)
        return rows[0]["id"] if rows else None

    async def report(self, report_id: str) -> ReportRow | None:
        rows = await self._rows("SELECT * FROM report WHERE id = ?", report_id)
        return ReportRow(**rows[0]) if rows else None

    async def reports(self) -> list[ReportRow]:
        rows = await self._rows("SELECT * FROM report ORDER BY received_on DESC, id")
        return [ReportRow(**row) for row in rows]

    async def answers(self, report_id: str) -> list[tuple[str, str]]:
        rows = await self._rows("SELECT question, answer FROM report_answer WHERE report_id = ?", report_id)
        return [(row["question"], row["answer"]) for row in rows]

    # Pieces

    async def pieces(self, report_id: str) -> list[PieceRow]:
        without = f"CASE kind WHEN '{FILE}' THEN x'' ELSE sealed END AS sealed"
        rows = await self._rows(f"SELECT {_PIECE}, {without} FROM piece WHERE report_id = ? ORDER BY number", report_id)  # noqa: S608 - constants
        return [PieceRow(**row) for row in rows]

    async def piece(self, report_id: str, piece_id: str) -> PieceRow | None:
        found = f"SELECT {_PIECE}, sealed FROM piece WHERE report_id = ? AND id = ?"  # noqa: S608 - constants
        rows = await self._rows(found, report_id, piece_id)
        return PieceRow(**rows[0]) if rows else None

    async def add_piece(self, row: PieceRow, change: Mapping[str, object] | None = None) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                if not database.table("report").count_where("id = ?", [row.report_id]):
                    return False
                if not database.table("piece").count_where("id = ?", [row.id]):
                    _insert_piece(database, row)
                    if change:
                        update(database, "report", row.report_id, change)
                return True

        return await self._worker.do(work)

    async def mark_read(self, report_id: str, sender: str, on_day: dt.date) -> None:
        await self._write(
            "UPDATE piece SET read_on = ? WHERE report_id = ? AND sender = ? AND read_on IS NULL",
            on_day.isoformat(), report_id, sender,
        )  # fmt: skip

    # Keys and consents

    async def key(self, report_id: str, holder: str) -> KeyRow | None:
        rows = await self._rows("SELECT * FROM report_key WHERE report_id = ? AND holder = ?", report_id, holder)
        return KeyRow(**rows[0]) if rows else None

    async def keys_of_team(self) -> list[KeyRow]:
        return [KeyRow(**row) for row in await self._rows("SELECT * FROM report_key WHERE holder = ?", TEAM)]

    async def consents(self, report_id: str) -> list[ConsentRow]:
        columns = "report_id, consent, answer, version, language, on_day"
        rows = await self._rows(f"SELECT {columns} FROM report_consent WHERE report_id = ? ORDER BY number", report_id)  # noqa: S608 - constants
        return [ConsentRow(**row) for row in rows]

    async def consent(self, rows: list[ConsentRow], level: str, keys: list[KeyRow], *, drop: tuple[str, ...]) -> None:
        def work(database: Database) -> None:
            report_id = rows[0].report_id
            with at_once(database):
                _insert_consents(database, rows)
                database.execute("UPDATE report SET consent_level = ? WHERE id = ?", [level, report_id])
                for holder in drop:
                    database.execute("DELETE FROM report_key WHERE report_id = ? AND holder = ?", [report_id, holder])
                if drop:
                    database.execute("DELETE FROM likeness WHERE report_id = ?", [report_id])
                database.table("report_key").insert_all((as_record(key) for key in keys), replace=True)
            if drop:
                empty_log(database)

        await self._worker.do(work)

    # What staff note of the law

    async def note_coverage(self, row: CoverageRow) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                if not database.table("coverage_view").count_where("id = ?", [row.id]):
                    number = next_number(database, "coverage_view", row.report_id)
                    database.table("coverage_view").insert({**as_record(row), "number": number})

        await self._worker.do(work)

    async def coverage(self, report_id: str) -> list[CoverageRow]:
        columns = "id, report_id, result, by_whom, on_day, sealed"
        rows = await self._rows(f"SELECT {columns} FROM coverage_view WHERE report_id = ? ORDER BY number", report_id)  # noqa: S608 - constants
        return [CoverageRow(**row) for row in rows]

    # Deleting

    async def erase(self, report_id: str) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                database.execute("DELETE FROM report WHERE id = ? AND hold IS NULL", [report_id])
                held = database.table("report").count_where("id = ?", [report_id])
            _emptied(database)
            return not held

        return await self._worker.do(work)

    async def erase_expired(self, today: dt.date) -> int:
        def work(database: Database) -> int:
            day = [today.isoformat()]
            with at_once(database):
                gone = database.execute("DELETE FROM report WHERE keep_until < ? AND hold IS NULL", day).rowcount
                paused = database.execute("DELETE FROM paused_report WHERE keep_until < ?", day).rowcount
            if gone or paused:
                _emptied(database)
            return int(gone)

        return await self._worker.do(work)

    # Paused reports, kept questions

    async def pause(self, row: PausedRow) -> None:
        await self._worker.do(lambda database: database.table("paused_report").insert(as_record(row), replace=True))

    async def paused(self, receipt_hash: str) -> PausedRow | None:
        rows = await self._rows("SELECT * FROM paused_report WHERE receipt_hash = ?", receipt_hash)
        return PausedRow(**rows[0]) if rows else None

    async def drop_paused(self, receipt_hash: str) -> None:
        def work(database: Database) -> None:
            _drop_paused(database, receipt_hash)
            _emptied(database)

        await self._worker.do(work)

    async def keep_question(self, row: QuestionRow) -> None:
        await self._worker.do(lambda database: database.table("kept_question").insert(as_record(row), ignore=True))

    async def sort_question(self, question_id: str, sorted_as: str, by_whom: str, on_day: dt.date) -> bool:
        changed = "UPDATE kept_question SET sorted_as = ?, sorted_by = ?, sorted_on = ? WHERE id = ?"
        values = [sorted_as, by_whom, on_day.isoformat(), question_id]
        return await self._worker.do(lambda database: database.execute(changed, values).rowcount > 0)

    async def drop_question(self, question_id: str) -> bool:
        def work(database: Database) -> bool:
            gone = database.execute("DELETE FROM kept_question WHERE id = ?", [question_id]).rowcount
            _emptied(database)
            return bool(gone)

        return await self._worker.do(work)

    async def questions(self) -> list[QuestionRow]:
        return [QuestionRow(**row) for row in await self._rows("SELECT * FROM kept_question ORDER BY on_day, id")]

    async def _rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        rows = await self._worker.do(lambda database: list(database.query(statement, list(values))))
        return [of_days(row) for row in rows]

    async def _write(self, statement: str, *values: Any) -> None:
        await self._worker.do(lambda database: database.execute(statement, list(values)))


def of_days(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its days as dates and its flags as such."""
    days = {name: _day(value) for name, value in row.items() if name in DAYS}
    flags = {name: bool(value) for name, value in row.items() if name in FLAGS}
    return {**row, **days, **flags}


def update(database: Database, table: str, row_id: str, values: Mapping[str, object]) -> None:
    """Set columns of one row; nothing where there is none such."""
    columns = ", ".join(f"{name} = ?" for name in values)
    stored = [value.isoformat() if isinstance(value, dt.date) else value for value in values.values()]
    database.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*stored, row_id])  # noqa: S608 - our own columns


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _insert_piece(database: Database, row: PieceRow) -> None:
    database.table("piece").insert({**as_record(row), "number": next_number(database, "piece", row.report_id)})


def _insert_consents(database: Database, rows: Iterable[ConsentRow]) -> None:
    for row in rows:
        number = next_number(database, "report_consent", row.report_id)
        database.table("report_consent").insert({**as_record(row), "number": number})


def next_number(database: Database, table: str, report_id: str) -> int:
    last = database.execute(f"SELECT max(number) FROM {table} WHERE report_id = ?", [report_id]).fetchone()[0]  # noqa: S608 - a constant
    return int(last or 0) + 1


def _drop_paused(database: Database, receipt_hash: str) -> None:
    database.execute("DELETE FROM paused_report WHERE receipt_hash = ?", [receipt_hash])


def _emptied(database: Database) -> None:
    """What was deleted stands in the log no longer; where somebody was reading it all the time, that is an error."""
    if not empty_log(database):
        raise sqlite3.OperationalError("another process was reading the log all the time")
