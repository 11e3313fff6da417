"""Reports on their tables."""

import datetime as dt
from collections.abc import Mapping

from bot.errors import NotSavedError
from bot.store.database import Database, as_record, columns_of
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
from bot.store.tables.part import STILL_READ, Part, insert_numbered, update

_REPORT = columns_of(ReportRow)
_PIECE = columns_of(PieceRow)
_KEY = columns_of(KeyRow)
OF_A_REPORT = (
    "report", "report_answer", "piece", "report_key", "report_consent", "coverage_view", "report_label", "note",
    "likeness", "handover", "handover_key",
)  # fmt: skip
"""What goes when a report goes."""


class ReportTables(Part):
    """`report_verbs.Reports` on their tables."""

    async def file(self, filed: FiledReport) -> None:
        def work(database: Database) -> None:
            if database.count("report", "receipt_hash = ?", [filed.row.receipt_hash]):
                return
            database.insert("report", [as_record(filed.row)])
            answers = ({"report_id": filed.row.id, "question": asked, "answer": code} for asked, code in filed.answers)
            database.insert("report_answer", answers)
            insert_numbered(database, "piece", filed.pieces)
            database.insert("report_key", map(as_record, filed.keys))
            insert_numbered(database, "report_consent", filed.consents)
            _drop_paused(database, filed.row.receipt_hash)

        await self._at_once(work)

    async def id_of(self, receipt_hash: str) -> str | None:
        rows = await self._rows("SELECT id FROM report WHERE receipt_hash = ?", receipt_hash)
        return rows[0]["id"] if rows else None

    async def report(self, report_id: str) -> ReportRow | None:
        rows = await self._rows(f"SELECT {_REPORT} FROM report WHERE id = ?", report_id)  # noqa: S608 - constants
        return ReportRow(**rows[0]) if rows else None

    async def reports(self) -> list[ReportRow]:
        rows = await self._rows(f"SELECT {_REPORT} FROM report ORDER BY received_on DESC, id")  # noqa: S608 - constants
        return [ReportRow(**row) for row in rows]

    async def answers(self, report_id: str) -> list[tuple[str, str]]:
        rows = await self._rows("SELECT question, answer FROM report_answer WHERE report_id = ?", report_id)
        return [(row["question"], row["answer"]) for row in rows]

    # Pieces

    async def pieces(self, report_id: str) -> list[PieceRow]:
        columns = _PIECE.replace("sealed", "CASE kind WHEN ? THEN ? ELSE sealed END AS sealed")
        found = f"SELECT {columns} FROM piece WHERE report_id = ? ORDER BY number"  # noqa: S608 - constants
        rows = await self._rows(found, FILE, b"", report_id)
        return [PieceRow(**row) for row in rows]

    async def piece(self, report_id: str, piece_id: str) -> PieceRow | None:
        found = f"SELECT {_PIECE} FROM piece WHERE report_id = ? AND id = ?"  # noqa: S608 - constants
        rows = await self._rows(found, report_id, piece_id)
        return PieceRow(**rows[0]) if rows else None

    async def add_piece(self, row: PieceRow, change: Mapping[str, object] | None = None) -> bool:
        def work(database: Database) -> bool:
            if not database.count("report", "id = ?", [row.report_id]):
                return False
            if not database.count("piece", "id = ?", [row.id]):
                insert_numbered(database, "piece", [row])
                if change:
                    update(database, "report", row.report_id, change)
            return True

        return await self._at_once(work)

    async def mark_read(self, report_id: str, sender: str, on_day: dt.date) -> None:
        await self._changed(
            "UPDATE piece SET read_on = ? WHERE report_id = ? AND sender = ? AND read_on IS NULL",
            on_day.isoformat(), report_id, sender,
        )  # fmt: skip

    # Keys and consents

    async def key(self, report_id: str, holder: str) -> KeyRow | None:
        found = f"SELECT {_KEY} FROM report_key WHERE report_id = ? AND holder = ?"  # noqa: S608 - constants
        rows = await self._rows(found, report_id, holder)
        return KeyRow(**rows[0]) if rows else None

    async def keys_of_team(self) -> list[KeyRow]:
        rows = await self._rows(f"SELECT {_KEY} FROM report_key WHERE holder = ?", TEAM)  # noqa: S608 - constants
        return [KeyRow(**row) for row in rows]

    async def consents(self, report_id: str) -> list[ConsentRow]:
        found = f"SELECT {columns_of(ConsentRow)} FROM report_consent WHERE report_id = ? ORDER BY number"  # noqa: S608 - constants
        return [ConsentRow(**row) for row in await self._rows(found, report_id)]

    async def consent(self, rows: list[ConsentRow], level: str, keys: list[KeyRow], *, drop: tuple[str, ...]) -> None:
        def work(database: Database) -> None:
            report_id = rows[0].report_id
            with database.at_once():
                insert_numbered(database, "report_consent", rows)
                database.execute("UPDATE report SET consent_level = ? WHERE id = ?", [level, report_id])
                for holder in drop:
                    database.execute("DELETE FROM report_key WHERE report_id = ? AND holder = ?", [report_id, holder])
                if drop:
                    database.execute("DELETE FROM likeness WHERE report_id = ?", [report_id])
                database.replace("report_key", map(as_record, keys), ("report_id", "holder"))
            if drop:
                database.emptied("report_key", "likeness")

        await self._worker.do(work)

    # What staff note of the law

    async def note_coverage(self, row: CoverageRow) -> None:
        def work(database: Database) -> None:
            if not database.count("coverage_view", "id = ?", [row.id]):
                insert_numbered(database, "coverage_view", [row])

        await self._at_once(work)

    async def coverage(self, report_id: str) -> list[CoverageRow]:
        found = f"SELECT {columns_of(CoverageRow)} FROM coverage_view WHERE report_id = ? ORDER BY number"  # noqa: S608 - constants
        return [CoverageRow(**row) for row in await self._rows(found, report_id)]

    # Deleting

    async def erase(self, report_id: str) -> bool:
        def work(database: Database) -> bool:
            with database.at_once():
                database.execute("DELETE FROM report WHERE id = ? AND hold IS NULL", [report_id])
                held = database.count("report", "id = ?", [report_id])
            _emptied(database, *OF_A_REPORT)
            return not held

        return await self._worker.do(work)

    async def erase_expired(self, today: dt.date) -> int:
        def work(database: Database) -> int:
            day = [today.isoformat()]
            with database.at_once():
                gone = database.execute("DELETE FROM report WHERE keep_until < ? AND hold IS NULL", day).rowcount
                paused = database.execute("DELETE FROM paused_report WHERE keep_until < ?", day).rowcount
            if gone or paused:
                _emptied(database, *OF_A_REPORT, "paused_report")
            return gone

        return await self._worker.do(work)

    # Paused reports, kept questions

    async def pause(self, row: PausedRow) -> None:
        await self._at_once(lambda database: database.replace("paused_report", [as_record(row)], ("receipt_hash",)))

    async def paused(self, receipt_hash: str) -> PausedRow | None:
        found = f"SELECT {columns_of(PausedRow)} FROM paused_report WHERE receipt_hash = ?"  # noqa: S608 - constants
        rows = await self._rows(found, receipt_hash)
        return PausedRow(**rows[0]) if rows else None

    async def drop_paused(self, receipt_hash: str) -> None:
        def work(database: Database) -> None:
            with database.at_once():
                _drop_paused(database, receipt_hash)
            _emptied(database, "paused_report")

        await self._worker.do(work)

    async def keep_question(self, row: QuestionRow) -> None:
        await self._at_once(lambda database: database.insert_new("kept_question", [as_record(row)]))

    async def sort_question(self, question_id: str, sorted_as: str, by_whom: str, on_day: dt.date) -> bool:
        changed = "UPDATE kept_question SET sorted_as = ?, sorted_by = ?, sorted_on = ? WHERE id = ?"
        return await self._changed(changed, sorted_as, by_whom, on_day.isoformat(), question_id) > 0

    async def drop_question(self, question_id: str) -> bool:
        def work(database: Database) -> bool:
            with database.at_once():
                gone = database.execute("DELETE FROM kept_question WHERE id = ?", [question_id]).rowcount
            _emptied(database, "kept_question")
            return bool(gone)

        return await self._worker.do(work)

    async def questions(self) -> list[QuestionRow]:
        found = f"SELECT {columns_of(QuestionRow)} FROM kept_question ORDER BY on_day, id"  # noqa: S608 - constants
        return [QuestionRow(**row) for row in await self._rows(found)]


def _drop_paused(database: Database, receipt_hash: str) -> None:
    database.execute("DELETE FROM paused_report WHERE receipt_hash = ?", [receipt_hash])


def _emptied(database: Database, *tables: str) -> None:
    """What was deleted stands in the log no longer; where somebody was reading it all the time, that is an error."""
    if not database.emptied(*tables):
        raise NotSavedError(STILL_READ)
