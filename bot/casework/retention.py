"""Until when a report is kept, by what became of it; and what leaves next."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.audit.anchor import log
from bot.audit.journal import Journal
from bot.casework.clocks import CLOSED
from bot.store.report_verbs import ReportRow
from bot.store.verbs import Store

KEPT_MONTHS = 24
"""After it came, unless its person withdraws it before: a norm of the project's own, promised before it is sent."""
COUNTED_MONTHS = 24
"""Referrals, slips, entries and daily counts: so long a quarter can still be corrected; what was released stays."""
AFTER_CLOSING: Mapping[str, int] = {"spam": 1, "test": 1, "duplicate": 6}
"""{triage: months} after it was closed: what is no report of its own need not be kept as long as one."""
WEEK, ONE_DAY = dt.timedelta(days=7), dt.timedelta(days=1)
LONGEST_PAUSE = 7
"""Days between two runs. After more the clock may be wrong: what it would delete early is gone for good."""
RUN = "retention_run"
PROGRAM = "program"
"""The role under which the record names what no person does."""


@dataclass(frozen=True)
class Leaving:
    """What the daily run will delete, and what a reason of law keeps from it."""

    deleted: tuple[ReportRow, ...]
    held: tuple[ReportRow, ...]


def keep_until(row: ReportRow) -> dt.date:
    """The last day on which it is kept."""
    promised: dt.date = row.received_on + relativedelta(months=KEPT_MONTHS)
    if row.status != CLOSED or row.closed_on is None or row.triage not in AFTER_CLOSING:
        return promised
    return min(promised, row.closed_on + relativedelta(months=AFTER_CLOSING[row.triage]))


def kept(row: ReportRow, changed: Mapping[str, Any]) -> dict[str, Any]:
    """A change of columns, and until when the report is kept after it."""
    return {**changed, "keep_until": keep_until(replace(row, **changed))}


async def delete_expired(store: Store, journal: Journal, today: dt.date, *, by_order: bool = False) -> int:
    """Delete what is kept no longer, each on record before; how many. Raises NotSavedError.

    May be called as often as one likes: of the runs of a day that find nothing, the first one is on record.
    Where the last run is longer ago than LONGEST_PAUSE by this clock, nothing is deleted until somebody has looked at
    it: `by_order`, or a clock that was set right.
    """
    if not by_order and await _has_jumped(store, today):
        log.error("clock_jumped", where="retention")
        return 0
    due = await store.cases.leaving(today - ONE_DAY)
    leave = [row for row in due if not row.hold]
    for row in leave:
        await journal.note("", PROGRAM, "report_erased", row.id, why="retention")
    deleted = await store.reports.erase_expired(today)
    await store.statistics.forget(today - relativedelta(months=COUNTED_MONTHS))
    day = today.isoformat()
    if leave or by_order or not await store.audit.newest(1, object_=day):
        await journal.note("", PROGRAM, RUN, day, deleted=deleted, held=len(due) - len(leave))
    return deleted


async def _has_jumped(store: Store, today: dt.date) -> bool:
    """The record is the only clock that nobody sets: each day of a service that runs has its run there."""
    for days in range(LONGEST_PAUSE + 1):
        if await store.audit.newest(1, object_=(today - dt.timedelta(days=days)).isoformat()):
            return False
    return await store.audit.ever(RUN)


async def leaving(store: Store, today: dt.date) -> Leaving:
    """In the week from today on, and what is overdue."""
    rows = await store.cases.leaving(today + WEEK)
    return Leaving(tuple(row for row in rows if not row.hold), tuple(row for row in rows if row.hold))
