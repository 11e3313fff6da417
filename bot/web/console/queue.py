"""The queue: which reports there are, whose they are, and whose clock runs out first."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from bot.accounts.roles import OPENS_REPORTS, may, state_of
from bot.casework.caseload import days_left
from bot.casework.vocabulary import (
    AREAS,
    DISTRICTS,
    FORMS,
    GROUNDS,
    HARMS,
    JOURNAL,
    PROOFS,
    REASONS,
    RELATIONS,
    STATUSES,
    TRIAGES,
    WISHES,
    YES_NO,
)
from bot.errors import Problem
from bot.language.dates import today
from bot.store.case_verbs import ME, NOBODY, Sought
from bot.web.console.frame import MENU, SEE_OTHER, UNREADABLE, Entry, Visit, page_number

A_PAGE = 50
LONGEST_NAME, MOST_VIEWS = 60, 20
COLUMNS = {
    "status": STATUSES, "area": AREAS, "district": DISTRICTS, "triage": TRIAGES, "journal": JOURNAL,
    "relation": RELATIONS, "worse": YES_NO, "reason": REASONS,
    "consent_level": ("count_only", "staff_may_read", "staff_may_reply", "may_forward"),
}  # fmt: skip
ANSWERS = {"ground": GROUNDS, "form": FORMS, "harm": HARMS, "proof": PROOFS, "wish": WISHES}
ORDERS = ("clock", "newest", "oldest")
SET = (*COLUMNS, *ANSWERS, "language", "whose", "label", "overdue", "translator", "closed", "order")
"""What an address of the queue may say; anything else in it is left out."""


async def home(visit: Visit) -> Response:
    """To the first page that somebody has."""
    visit.noted += 1  # only a way
    first = next(it for it in MENU if visit.may(it))
    return RedirectResponse("/queue" if first == "queue" else f"/{first}", SEE_OTHER)


async def queue(visit: Visit) -> Response:
    chosen = chosen_in(visit.request.query_params)
    number = page_number(visit.request)
    console, day, role = visit.console, today(), visit.account.role
    page = await console.caseload.seek(_sought(chosen, visit.account.name, number))
    pages = -(-page.total // A_PAGE)
    await visit.note("queue_viewed", shown=len(page.rows))
    if number > pages > 0:  # reports have left the list since
        return RedirectResponse(f"/queue?{urlencode({**chosen, 'page': pages})}", SEE_OTHER)
    counts = await console.caseload.count_by_status()
    return visit.page(
        "queue.html",
        rows=page.rows, total=page.total, labels_of=page.labels, unread=page.unread, number=number,
        pages=pages, chosen=chosen, query=urlencode(chosen),
        left={row.id: days_left(row, day) for row in page.rows},
        may_open={row.id: may(role, "report.see", state_of(row, visit.account.name)) for row in page.rows},
        counts={status: counts.get(status, 0) for status in STATUSES}, columns=COLUMNS, answers=ANSWERS, orders=ORDERS,
        labels=await console.caseload.labels_in_use(), colleagues=await colleagues(visit),
        views=await console.store.staff.views(visit.account.name),
    )  # fmt: skip


def chosen_in(params: Mapping[str, str]) -> dict[str, str]:
    """What an address chooses, without what is empty, unknown or no code."""
    codes = {**COLUMNS, **ANSWERS, "order": ORDERS}
    return {
        name: value[:LONGEST_NAME]
        for name, value in params.items()
        if name in SET and value and (name not in codes or value in codes[name])
    }


def _sought(chosen: Mapping[str, str], name: str, number: int) -> Sought:
    whose = chosen.get("whose")
    columns = {column: chosen[column] for column in (*COLUMNS, "language") if column in chosen}
    return Sought(
        columns=columns,
        answers={question: chosen[question] for question in ANSWERS if question in chosen},
        assigned_to={ME: name, NOBODY: ""}.get(whose, whose) if whose else None,
        label=chosen.get("label"),
        is_open="closed" not in chosen,
        overdue_on=today() if "overdue" in chosen else None,
        translator="translator" in chosen,
        order=chosen.get("order", "clock"),
        first=(number - 1) * A_PAGE,
        most=A_PAGE,
    )


async def colleagues(visit: Visit) -> list[str]:
    """Those to whom a report can be given."""
    return [it.name for it in await visit.console.accounts.accounts() if it.role in OPENS_REPORTS and it.active]


async def save_view(visit: Visit) -> Response:
    """Raises Problem for a view without a name, or one too many."""
    name = " ".join(visit.fields.get("name", "").split())[:LONGEST_NAME]
    chosen = urlencode(chosen_in(dict(parse_qsl(visit.fields.get("chosen", "")))))
    kept = await visit.console.store.staff.views(visit.account.name)
    if not name or (name not in kept and len(kept) >= MOST_VIEWS):
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("view_saved")
    await visit.console.store.staff.save_view(visit.account.name, name, chosen)
    return RedirectResponse(f"/queue?{chosen}", SEE_OTHER)


async def drop_view(visit: Visit) -> Response:
    await visit.note("view_dropped")
    await visit.console.store.staff.drop_view(visit.account.name, visit.fields.get("name", ""))
    return visit.back("/queue")


ENTRIES = [
    Entry("home", "GET", "/", home),
    Entry("queue", "GET", "/queue", queue),
    Entry("queue.save-view", "POST", "/queue/views", save_view),
    Entry("queue.drop-view", "POST", "/queue/views/drop", drop_view),
]
