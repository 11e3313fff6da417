"""Reports on their way to a body, on their tables."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from bot.errors import NotSavedError
from bot.store.case_verbs import HandoverKeyRow, HandoverRow, Standing
from bot.store.database import Database, as_record, columns_of, is_one_of
from bot.store.report_verbs import TEAM
from bot.store.tables.part import STILL_READ, Part, update, with_days

_HANDOVER = columns_of(HandoverRow)
_HANDOVER_KEY = columns_of(HandoverKeyRow)
_TO_RECALL = (
    "SELECT id FROM handover WHERE report_id = :report AND state NOT IN ('recalled', 'recalled_late') "
    "AND (CAST(:named AS TEXT) IS NULL OR (mode = 'with_consent' AND body != :named))"
)
_RECALL = (
    "UPDATE handover SET sealed = ?, next_try = NULL, state = CASE WHEN attempts > 0 "
    "OR state IN ('sent', 'seen', 'accepted', 'declined') THEN 'recalled_late' ELSE 'recalled' END WHERE id = ?"
)
_CLAIM = (
    "UPDATE handover SET attempts = attempts + 1, next_try = ?, "
    "changed_on = CASE state WHEN 'sending' THEN changed_on ELSE ? END, state = 'sending' "
    "WHERE id = ? AND next_try = ?"
)
"""The columns on the right are read as they were before."""
LONGEST_WAIT = dt.timedelta(days=1)
"""Nobody is left waiting for longer: a later time was set by a clock that has been set back since."""


class HandoverTables(Part):
    """The verbs of `case_verbs.Cases` on handing over."""

    async def hand_over(
        self, row: HandoverRow, keys: list[HandoverKeyRow], rests_on: Standing, change: Mapping[str, object]
    ) -> bool:
        def work(database: Database) -> bool:
            if not _stands(database, row.report_id, rests_on):
                return False
            database.insert("handover", [_stored(vars(row))])
            database.insert("handover_key", map(as_record, keys))
            if change:
                update(database, "report", row.report_id, change)
            return True

        return await self._at_once(work)

    async def handover(self, handover_id: str) -> HandoverRow | None:
        rows = await self._rows(f"SELECT {_HANDOVER} FROM handover WHERE id = ?", handover_id)  # noqa: S608 - constants
        return _handover(rows[0]) if rows else None

    async def handovers(self, report_id: str) -> list[HandoverRow]:
        return await self._listed("WHERE report_id = ? ORDER BY made_on, id", report_id)

    async def handovers_to(self, body: str) -> list[HandoverRow]:
        return await self._listed("WHERE body = ? AND way = 'console' ORDER BY made_on DESC, id", body)

    async def to_send(self, now: dt.datetime) -> list[HandoverRow]:
        due = "WHERE next_try <= ? OR next_try > ? ORDER BY next_try, id"
        return await self._listed(due, _moment(now), _moment(now + LONGEST_WAIT))

    async def _listed(self, which: str, *values: str) -> list[HandoverRow]:
        columns = ", ".join(name for name in HandoverRow.__dataclass_fields__ if name != "sealed")
        rows = await self._rows(f"SELECT {columns} FROM handover {which}", *values)  # noqa: S608 - constants
        return [_handover({**row, "sealed": b""}) for row in rows]

    async def handover_key(self, handover_id: str, holder: str) -> HandoverKeyRow | None:
        found = f"SELECT {_HANDOVER_KEY} FROM handover_key WHERE handover_id = ? AND holder = ?"  # noqa: S608 - constants
        rows = await self._rows(found, handover_id, holder)
        return HandoverKeyRow(**rows[0]) if rows else None

    async def handover_keys_of_team(self) -> list[HandoverKeyRow]:
        rows = await self._rows(f"SELECT {_HANDOVER_KEY} FROM handover_key WHERE holder = ?", TEAM)  # noqa: S608 - constants
        return [HandoverKeyRow(**row) for row in rows]

    async def change_handover(
        self, handover_id: str, values: Mapping[str, object], *, only_from: Collection[str]
    ) -> bool:
        states = list(only_from)
        return await self._set(values, f"id = ? AND {is_one_of('state', states)}", handover_id, *states)

    async def recall(self, report_id: str, *, named: str | None = None) -> int:
        def work(database: Database) -> int:
            with database.at_once():
                found = database.execute(_TO_RECALL, {"report": report_id, "named": named}).fetchall()
                for (handover_id,) in found:
                    database.execute("DELETE FROM handover_key WHERE handover_id = ?", [handover_id])
                    database.execute(_RECALL, [b"", handover_id])
            if found and not database.emptied("handover", "handover_key"):
                raise NotSavedError(STILL_READ)
            return len(found)

        return await self._worker.do(work)

    async def claim(self, row: HandoverRow, until: dt.datetime, on_day: dt.date) -> HandoverRow | None:
        def work(database: Database) -> HandoverRow | None:
            before = [row.id, _moment(row.next_try) if row.next_try else None]
            if not database.execute(_CLAIM, [_moment(until), on_day.isoformat(), *before]).rowcount:
                return None
            (claimed,) = database.query(f"SELECT {_HANDOVER} FROM handover WHERE id = ?", [row.id])  # noqa: S608 - constants
            return _handover(with_days(claimed))

        return await self._at_once(work)

    async def note_attempt(self, claimed: HandoverRow, values: Mapping[str, object]) -> bool:
        until = _moment(claimed.next_try) if claimed.next_try else None
        return await self._set(values, "id = ? AND next_try = ?", claimed.id, until)

    async def _set(self, values: Mapping[str, object], where: str, *bound: object) -> bool:
        columns = ", ".join(f"{name} = ?" for name in values)
        statement = f"UPDATE handover SET {columns} WHERE {where}"  # noqa: S608 - our own columns and conditions
        return await self._changed(statement, *_stored(values).values(), *bound) > 0


def _stands(database: Database, report_id: str, rests_on: Standing) -> bool:
    return bool(
        database.count("report", "id = ?", [report_id])
        and database.count("team_key", "id = ?", [rests_on.team_key])
        and database.count("report_consent", "report_id = ?", [report_id]) == rests_on.consents
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
    next_try = dt.datetime.fromisoformat(row["next_try"]) if row["next_try"] else None
    return HandoverRow(**{**row, "next_try": next_try})
