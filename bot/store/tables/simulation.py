"""Invented data on the tables: into an empty store only, and marked as invented in the same transaction."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from bot.errors import NotSavedError
from bot.store.database import Database, as_record
from bot.store.simulation_verbs import Invented, InventedReport
from bot.store.tables.part import Part

KEYS = {"team_key", "key_holder", "key_share"}
"""What an empty store may hold: without keys nothing can be sealed."""


class SimulationTables(Part):
    """`simulation_verbs.Simulation` on its tables."""

    async def begin(self, seed: str, made_on: dt.date, first: Invented) -> str | None:
        def work(database: Database) -> str | None:
            if held := _first_that_holds_anything(database):
                return held
            database.insert("simulation", [{"seed": seed, "made_on": made_on.isoformat()}])
            _insert(database, first)
            return None

        return await self._at_once(work)

    async def add(self, rows: Invented) -> None:
        def work(database: Database) -> None:
            if not database.count("simulation"):
                raise NotSavedError("the store is not marked as invented")
            _insert(database, rows)

        await self._at_once(work)


def _first_that_holds_anything(database: Database) -> str | None:
    tables = [name for name in database.kept_tables() if name not in KEYS]
    return next((name for name in tables if database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()), None)  # noqa: S608 - names of the schema


def _insert(database: Database, rows: Invented) -> None:
    for table, records in _by_table(rows):
        database.insert(table, records)


def _by_table(rows: Invented) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    """What a row refers to stands before it."""
    filed = [it.filed for it in rows.reports]
    yield "referral", map(as_record, rows.referrals)
    yield "slip", map(as_record, rows.slips)
    yield "entry", map(as_record, rows.entries)
    yield "tally", map(as_record, rows.tallies)
    yield "report", (as_record(it.row) for it in filed)
    yield "report_answer", _answers(rows.reports)
    yield "piece", (_numbered(piece, number) for it in filed for number, piece in enumerate(it.pieces, 1))
    yield "report_key", (as_record(key) for it in filed for key in it.keys)
    yield "report_consent", (_numbered(said, number) for it in filed for number, said in enumerate(it.consents, 1))
    yield "handover", (as_record(row) for it in rows.reports for row in it.handovers)


def _answers(reports: Iterable[InventedReport]) -> Iterator[dict[str, Any]]:
    for report in reports:
        for question, answer in report.filed.answers:
            yield {"report_id": report.filed.row.id, "question": question, "answer": answer}


def _numbered(row: object, number: int) -> dict[str, Any]:
    return {**as_record(row), "number": number}
