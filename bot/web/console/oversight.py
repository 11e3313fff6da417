"""Who saw and did what, and what will be deleted: for those who answer for it."""

from starlette.responses import Response

from bot.casework.retention import leaving
from bot.language.dates import today
from bot.web.console.frame import Entry, Visit

A_PAGE = 100
LONGEST_NUMBER = 18
"""Digits of an event's number: more are none, and no number that a database takes."""


async def history(visit: Visit) -> Response:
    """Everything on record about one report: who opened it, and what they did."""
    await visit.note("history_viewed", visit.row.id)
    return visit.page("history.html", events=await _events(visit, visit.row.id), row=visit.row)


async def audit(visit: Visit) -> Response:
    await visit.note("audit_viewed")
    return visit.page("audit.html", events=await _events(visit, None), a_page=A_PAGE)


async def _events(visit: Visit, object_: str | None) -> list[object]:
    text = visit.request.query_params.get("before", "")
    before = int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
    return list(await visit.console.store.audit.newest(A_PAGE, before, object_))


async def retention(visit: Visit) -> Response:
    """What the daily run deletes in the coming week, and what a reason of law keeps from it."""
    await visit.note("retention_viewed")
    return visit.page("retention.html", leaving=await leaving(visit.console.store, today()), today=today())


ENTRIES = [
    Entry("report.history", "GET", "/report/{report}/history", history),
    Entry("audit", "GET", "/audit", audit),
    Entry("retention", "GET", "/retention", retention),
]
