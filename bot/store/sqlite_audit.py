"""The audit chain on SQLite."""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from bot.store.audit_verbs import Event, EventRow, following
from bot.store.sqlite import Worker, as_record, at_once

_AS_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
NO_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)
"""Stands where the stored time is not written as this program writes it."""
_FOUND = "SELECT seq, at, actor, role, verb, object, detail, previous, hash FROM event WHERE"
_BY_NUMBER = "seq > 0"
"""A row with a lower number was put there by other hands: only `since` gives it out."""


class SqliteAudit:
    """`audit_verbs.Audit` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def append(self, event: Event) -> EventRow:
        def work(database: Database) -> EventRow:
            with at_once(database):
                row = following(_head(database), event)
                database.table("event").insert(as_record(row))
                return row

        return await self._worker.do(work)

    async def head(self) -> EventRow | None:
        return await self._worker.do(_head)

    async def newest(self, most: int, before: int | None = None, object_: str | None = None) -> list[EventRow]:
        asked: dict[str, Any] = {"seq < ?": before, "object = ?": object_}
        where = {condition: value for condition, value in asked.items() if value is not None}
        statement = f"{_FOUND} {' AND '.join([_BY_NUMBER, *where])} ORDER BY seq DESC LIMIT ?"
        return await self._worker.do(lambda database: _rows(database, statement, *where.values(), most))

    async def since(self, seq: int, most: int) -> list[EventRow]:
        statement = f"{_FOUND} seq > ? ORDER BY seq LIMIT ?"
        return await self._worker.do(lambda database: _rows(database, statement, seq, most))


def _head(database: Database) -> EventRow | None:
    rows = _rows(database, f"{_FOUND} {_BY_NUMBER} ORDER BY seq DESC LIMIT 1")
    return rows[0] if rows else None


def _rows(database: Database, statement: str, *values: Any) -> list[EventRow]:
    try:
        found = database.execute(statement, list(values)).fetchall()
    except sqlite3.OperationalError:
        with _any_bytes(database):
            found = database.execute(statement, list(values)).fetchall()
    return [_event(*row) for row in found]


@contextmanager
def _any_bytes(database: Database) -> Iterator[None]:
    """Read text that is no UTF-8 too: otherwise one such row would hide all the others. Takes twice the time."""
    database.conn.text_factory = _decoded
    try:
        yield
    finally:
        database.conn.text_factory = str


def _decoded(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


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
