"""`vejviser audit`: proves that what staff saw and did is still on record as it was noted, or shows it."""

import argparse
import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from itertools import islice

from tqdm import tqdm

from bot.audit.anchor import Anchor, Anchored, Anchors
from bot.audit.chain import Fault, Kind, check
from bot.errors import NotSavedError, SettingError
from bot.settings import Settings
from bot.store.audit_verbs import Audit, EventRow
from bot.store.opening import open_store, place_of_store, store_is_there

SHOWN = 20
BLOCK = 10_000
LOWEST = -(2**63)
"""Below every number that a row can have: one that was put before the first is found too."""
SAID = {
    Kind.EDITED: "event {which}: edited, its fields do not give its hash",
    Kind.MISSING: "event {which}: missing",
    Kind.DISPLACED: "event {which}: inserted, exchanged or moved, it does not follow from the one before it",
    Kind.REWRITTEN: "event {which}: rewritten, it is not the one that was anchored",
    Kind.CUT: "event {which}: cut off, the anchor knows of it",
    Kind.DAMAGED_ANCHOR: "anchor file, line {which}: damaged",
    Kind.NOT_ANCHORED: "event {which}: not anchored in time, or the anchor was taken away",
}


def audit(settings: Settings, given: argparse.Namespace) -> int:
    """Exit code 0, or 1 where anything is not as it was noted."""
    place = place_of_store(settings)
    if not store_is_there(settings):
        raise SettingError(f"{place} is not there")
    store = open_store(settings)
    try:
        return show(store.audit, given) if given.what == "show" else verify(store.audit, settings)
    except NotSavedError as error:
        raise SettingError(f"the events in {place} cannot be read: {error}") from error
    finally:
        store.close()


# Proving


def verify(events: Audit, settings: Settings) -> int:
    anchors = _anchors_of(settings)
    chain = Chain(events)
    rows = tqdm(chain, total=chain.expected, unit="event", disable=None, leave=False)
    if tell_faults(check(rows, anchors, dt.datetime.now(dt.UTC))):
        return 1
    tell(proven(chain.read, anchors.last))
    return 0


def tell_faults(faults: Iterator[Fault]) -> int:
    """How many there are; the first of them are told one by one."""
    told = 0
    for fault in islice(faults, SHOWN):
        tell(said(fault))
        told += 1
    more = sum(1 for _ in faults)
    if more:
        tell(f"and {more} more")
    return told + more


class Chain:
    """All rows in order, read in blocks; counts them."""

    def __init__(self, events: Audit) -> None:
        self._events = events
        self.expected = asyncio.run(self._length())
        self.read = 0

    async def _length(self) -> int:
        head = await self._events.head()
        return head.seq if head else 0

    def __iter__(self) -> Iterator[EventRow]:
        after = LOWEST
        while rows := asyncio.run(self._events.since(after, BLOCK)):
            self.read += len(rows)
            yield from rows
            after = rows[-1].seq


def _anchors_of(settings: Settings) -> Anchors:
    path = settings.var / settings.anchor
    try:
        return Anchor(path).read()
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}") from error


def said(fault: Fault) -> str:
    several = fault.until is not None and fault.until > fault.seq
    return SAID[fault.kind].format(which=f"{fault.seq} to {fault.until}" if several else fault.seq)


def proven(events: int, last: Anchored | None) -> str:
    """What may be said of a chain without a fault, and what may not."""
    after = f"{events - (last.seq if last else 0)} events after the last anchor are not proven"
    end = f"{after}; if more were cut off the end, it cannot be seen"
    if last is None:
        return f"{events} events, nothing is anchored yet; {end}"
    return f"{events} events, proven up to event {last.seq}; nothing is anchored since {last.at.isoformat()}; {end}"


# Showing


def show(events: Audit, given: argparse.Namespace) -> int:
    """The newest first."""
    if given.most < 1:
        raise SettingError("--most: must be at least 1")
    rows = asyncio.run(events.newest(given.most, object_=given.object))
    if given.json:
        tell(json.dumps([vars(row) | {"at": row.at.isoformat()} for row in rows], indent=1))
        return 0
    for row in rows:
        tell(plain(f"{row.seq} {row.at.isoformat()} {row.actor} ({row.role}) {row.verb} {row.object} {row.detail}"))
    return 0


def plain(text: str) -> str:
    """What other hands stored may hold signs that steer a terminal: these are written as their numbers."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the command's result
