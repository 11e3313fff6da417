"""What the store can be asked about the audit chain, and what makes a row the next one of it."""

import dataclasses
import datetime as dt
import hashlib
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Protocol

NOTHING_BEFORE = "0" * 64
"""`previous` of the first row."""


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    """UTC, to the second: of staff's acts, never of a resident's."""
    actor: str
    role: str
    verb: str
    object: str
    """What it was done to: the id of a report, the name of an account; empty where it was no one thing."""
    detail: str
    """JSON of the fields that bot/audit/events.yml declares for the verb."""


@dataclass(frozen=True)
class EventRow(Event):
    seq: int
    """1 for the first; no number is left out."""
    previous: str
    """The hash of the row before."""
    hash: str


def canonical(row: EventRow) -> bytes:
    """[seq, at, actor, role, verb, object, detail, previous] as JSON in ASCII without spaces; no two rows share one.

    `at` as 2026-11-29T17:00:00+00:00.
    """
    texts = (row.at.isoformat(), row.actor, row.role, row.verb, row.object, row.detail, row.previous)
    return f"[{row.seq},{','.join(map(encode_basestring_ascii, texts))}]".encode("ascii")


def hash_of(row: EventRow) -> str:
    """SHA-256 of the canonical form, in hexadecimal: what `hash` must be."""
    return hashlib.sha256(canonical(row)).hexdigest()


def following(head: EventRow | None, event: Event) -> EventRow:
    """The event as the row that stands behind `head`, or as the first one."""
    seq, previous = (head.seq + 1, head.hash) if head else (1, NOTHING_BEFORE)
    at = event.at.astimezone(dt.UTC).replace(microsecond=0)
    row = EventRow(**{**vars(event), "at": at}, seq=seq, previous=previous, hash="")
    return dataclasses.replace(row, hash=hash_of(row))


class Audit(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def append(self, event: Event) -> EventRow:
        """The new end of the chain; of two that come together one stands behind the other."""

    async def head(self) -> EventRow | None: ...

    async def newest(self, most: int, before: int | None = None, object_: str | None = None) -> list[EventRow]:
        """The newest first; `before`: only those with a lower number."""

    async def ever(self, verb: str) -> bool:
        """Whether the chain holds an event of this kind."""

    async def since(self, seq: int, most: int) -> list[EventRow]:
        """In the order of the chain, from the one after `seq` on.

        What was stored by other hands and is no text or no time comes back as something that no hash fits.
        """
