"""Where the console notes what staff see and do: checked, on the chain, and anchored when it is time."""

import asyncio
import datetime as dt

from bot.audit.anchor import Anchor, log
from bot.audit.events import Value, check_value, checked
from bot.store.audit_verbs import Audit, Event, EventRow

EVERY_EVENTS = 100
EVERY = dt.timedelta(hours=1)


class Journal:
    """One a process: its first event is anchored, then the hundredth after an anchor, or the first an hour after it."""

    def __init__(self, audit: Audit, anchor: Anchor) -> None:
        self._audit = audit
        self._anchor = anchor
        self._since_anchor = 0
        self._anchored_at: dt.datetime | None = None
        """None where nothing is anchored yet, or the last anchor could not be written: the next event tries it."""

    async def note(self, actor: str, role: str, verb: str, /, object_: str = "", **fields: Value) -> EventRow:
        """The event, when it is on the disk.

        Raises NotSavedError, and then what it tells of must not happen; raises ValueError for an event that is not as
        events.yml declares it. An anchor that cannot be written is logged, and the event stands.
        """
        detail = checked(verb, fields)
        for name, value in {"actor": actor, "role": role, "object": object_}.items():
            check_value(verb, name, value)
        row = await self._audit.append(Event(dt.datetime.now(dt.UTC), actor, role, verb, object_, detail))
        self._since_anchor += 1
        if self._is_due(row):
            await self._write(row)
        return row

    async def anchor_now(self) -> bool:
        """Anchor the chain as it is: for a clock, and for the end of a process. False if it failed, which is logged."""
        head = await self._audit.head()
        return await self._write(head) if head else True

    async def anchor_if_due(self) -> bool:
        """For a clock: anchor what came since the last anchor, once that is an hour old."""
        if not self._since_anchor or self._anchored_at is None:
            return True
        return dt.datetime.now(dt.UTC) - self._anchored_at < EVERY or await self.anchor_now()

    def _is_due(self, row: EventRow) -> bool:
        """A clock that was set back makes it due too."""
        if self._anchored_at is None or self._since_anchor >= EVERY_EVENTS:
            return True
        return abs(row.at - self._anchored_at) >= EVERY

    async def _write(self, row: EventRow) -> bool:
        self._since_anchor = 0
        return await asyncio.to_thread(self._written, row)

    def _written(self, row: EventRow) -> bool:
        """On a thread to its end, whoever has stopped waiting for it."""
        try:
            self._anchored_at = self._anchor.write(row).at
        except OSError as error:
            self._anchored_at = None
            log.error("audit_not_anchored", seq=row.seq, hash=row.hash, error=type(error).__name__)
            return False
        return True
