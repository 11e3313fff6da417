"""Reads the chain from its beginning and tells every place where it is not what was written."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.audit.anchor import Anchors
from bot.audit.journal import EVERY
from bot.store.audit_verbs import NOTHING_BEFORE, EventRow, hash_of

AT_WORK = dt.timedelta(minutes=1)
"""An event as young as this may stand while its anchor is still being written."""


class Kind(StrEnum):
    EDITED = "edited"
    """A field or the hash was changed."""
    MISSING = "missing"
    DISPLACED = "displaced"
    """It does not follow from the event before it: one was inserted, exchanged or moved."""
    REWRITTEN = "rewritten"
    """It fits the others, and is not what was anchored."""
    CUT = "cut"
    """The anchor knows of it, and the chain ends before it."""
    DAMAGED_ANCHOR = "damaged_anchor"
    """`seq` is the number of a line of the anchor file."""
    NOT_ANCHORED = "not_anchored"
    """It is more than an hour younger than the last anchor: lines were taken away, or could not be written."""


@dataclass(frozen=True)
class Fault:
    seq: int
    kind: Kind
    until: int | None = None
    """The last of several that are missing or cut off."""


def check(rows: Iterable[EventRow], anchors: Anchors, now: dt.datetime) -> Iterator[Fault]:
    """The faults of a chain that is read from its first row on; keeps one row at a time.

    Finds every change up to the last anchor. What came after it and was rewritten to its end, or cut off, cannot be
    found. `anchors` must be read before the rows are, or those of events that came meanwhile would look cut off.
    """
    yield from (Fault(line, Kind.DAMAGED_ANCHOR) for line in anchors.damaged)
    before, late, known = _BEFORE_ALL, _Late(anchors, now), _by_number(anchors)
    for row in rows:
        if not _follows(row, before):
            yield from _faults_of(row, before)
        if row.seq in known and known[row.seq] != {row.hash}:
            yield Fault(row.seq, Kind.REWRITTEN)
        if row.seq > late.after:
            late.take(row)
        before = row if row.seq > before.seq else before
    last = anchors.last
    if last and last.seq > before.seq:
        yield Fault(before.seq + 1, Kind.CUT, last.seq)
    if late.first:
        yield Fault(late.first, Kind.NOT_ANCHORED)


_BEFORE_ALL = EventRow(dt.datetime.min.replace(tzinfo=dt.UTC), "", "", "", "", "", 0, "", NOTHING_BEFORE)


def _follows(row: EventRow, before: EventRow) -> bool:
    return row.seq == before.seq + 1 and row.previous == before.hash and row.hash == hash_of(row)


def _faults_of(row: EventRow, before: EventRow) -> Iterator[Fault]:
    if hash_of(row) != row.hash:
        yield Fault(row.seq, Kind.EDITED)
    if row.seq > before.seq + 1:
        yield Fault(before.seq + 1, Kind.MISSING, row.seq - 1)
    elif row.seq <= before.seq or row.previous != before.hash:
        yield Fault(row.seq, Kind.DISPLACED)


def _by_number(anchors: Anchors) -> dict[int, set[str]]:
    known: dict[int, set[str]] = {}
    for line in anchors.lines:
        known.setdefault(line.seq, set()).add(line.hash)
    return known


class _Late:
    """Looks for the first event that should have been anchored by now and was not."""

    def __init__(self, anchors: Anchors, now: dt.datetime) -> None:
        self.after = anchors.last.seq if anchors.last else 0
        self._since = max((line.at for line in anchors.lines), default=None)
        self._settled = now - AT_WORK
        self.first: int | None = None

    def take(self, row: EventRow) -> None:
        if self.first is None and row.at <= self._settled and self._is_late(row):
            self.first = row.seq

    def _is_late(self, row: EventRow) -> bool:
        return self._since is None or row.at - self._since >= EVERY
