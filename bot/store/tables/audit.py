"""The audit chain on its table."""

import datetime as dt
import re
from typing import Any

from bot.store.audit_verbs import Event, EventRow, following
from bot.store.database import Database, as_record
from bot.store.tables.part import Part

_AS_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
NO_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Stands where the stored time is not written as this program writes it."""
_FOUND = "SELECT seq, at, actor, role, verb, object, detail, previous, hash FROM event WHERE"
_BY_NUMBER = "seq > 0"
"""A row with a lower number was put there by other hands: only `since` gives it out."""


class AuditTable(Part):
    """`audit_verbs.Audit` on its table."""

    async def append(self, event: Event) -> EventRow:
        def work(database: Database) -> EventRow:
            row = following(_head(database), event)
            database.insert("event", [as_record(row)])
            return row

        return await self._at_once(work)

    async def head(self) -> EventRow | None:
        return await self._worker.do(_head)

    async def newest(self, most: int, before: int | None = None, object_: str | None = None) -> list[EventRow]:
        asked: dict[str, Any] = {"seq < ?": before, "object = ?": object_}
        where = {condition: value for condition, value in asked.items() if value is not None}
        statement = f"{_FOUND} {' AND '.join([_BY_NUMBER, *where])} ORDER BY seq DESC LIMIT ?"
        return await self._worker.do(lambda database: _events(database, statement, *where.values(), most))

    async def ever(self, verb: str) -> bool:
        statement = f"SELECT 1 FROM event WHERE {_BY_NUMBER} AND verb = ? LIMIT 1"  # noqa: S608 - a constant
        return bool(await self._worker.do(lambda database: database.execute(statement, [verb]).fetchone()))

    async def since(self, seq: int, most: int) -> list[EventRow]:
        statement = f"{_FOUND} seq > ? ORDER BY seq LIMIT ?"
        return await self._worker.do(lambda database: _events(database, statement, seq, most))


def _head(database: Database) -> EventRow | None:
    rows = _events(database, f"{_FOUND} {_BY_NUMBER} ORDER BY seq DESC LIMIT 1")
    return rows[0] if rows else None


def _events(database: Database, statement: str, *values: Any) -> list[EventRow]:
    return [_event(*row) for row in database.query_damaged(statement, values)]


def _event(seq: int, at: Any, *others: Any) -> EventRow:
    actor, role, verb, object_, detail, previous, hashed = (it if type(it) is str else repr(it) for it in others)
    return EventRow(_time(at), actor, role, verb, object_, detail, seq, previous, hashed)


def _time(stored: Any) -> dt.datetime:
    if not isinstance(stored, str) or not _AS_WRITTEN.fullmatch(stored):
        return NO_TIME
    try:
        return dt.datetime.fromisoformat(stored)
    except ValueError:
        return NO_TIME
