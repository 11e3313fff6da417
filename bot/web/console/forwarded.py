"""What a partner sees: packages that were handed over to their body, and nothing else of any report."""

from collections.abc import Awaitable

from starlette.responses import Response

from bot.casework.handover import ANSWERS
from bot.casework.handover_rules import ACCEPTED, DECLINED, LIVE
from bot.casework.vocabulary import HANDOVER_OUTCOMES
from bot.errors import ConversationEndedError, NotAllowedError, Problem, SealBrokenError
from bot.web.console.frame import NOT_FOUND, UNREADABLE, Entry, Visit
from bot.web.console.handovers import as_download

NOT_THEIRS = "not_theirs"
NO_KEY = f"said.handover.{NOT_THEIRS}"


async def forwarded(visit: Visit) -> Response:
    handed = await visit.console.store.cases.handovers_to(visit.account.body or "")
    rows = [row for row in handed if row.state in LIVE]
    await visit.note("queue_viewed", shown=len(rows))
    return visit.page("forwarded.html", rows=rows)


async def see(visit: Visit) -> Response:
    package = await _package(visit)
    if package is None:
        return visit.back("/forwarded", NO_KEY)
    return visit.page(
        "package.html", package=package, handover=visit.package, back="/forwarded", answers=ANSWERS,
        outcomes=HANDOVER_OUTCOMES, accepted=ACCEPTED,
    )  # fmt: skip


async def download(visit: Visit) -> Response:
    package = await _package(visit)
    return visit.back("/forwarded", NO_KEY) if package is None else as_download(visit.package, package)


async def _package(visit: Visit) -> dict[str, object] | None:
    """None where it was sealed before this account had its present key."""
    row, private = visit.package, visit.partner
    try:
        package = await _there(visit.console.handovers.open_for_partner(row.id, visit.account.name, private))
    except (NotAllowedError, SealBrokenError):
        await visit.note("refused", row.report_id, route="forwarded.see", why=NOT_THEIRS)
        return None
    await visit.note("handover_viewed", row.report_id, handover=row.id)
    return package


async def _there[Result](work: Awaitable[Result]) -> Result:
    """Of a package that its person has just taken back there is nothing left for its body."""
    try:
        return await work
    except NotAllowedError as error:
        if str(error) == NOT_THEIRS:
            raise
    except ConversationEndedError:
        pass
    raise Problem(NOT_FOUND, "problem.not_found")


async def answer(visit: Visit) -> Response:
    """Whether the body takes the case."""
    state = visit.fields.get("state", "")
    if state not in ANSWERS:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("handover_answered", visit.package.report_id, handover=visit.package.id, state=state)
    await _there(visit.console.handovers.answer(visit.package.id, state))
    if state == DECLINED:
        await visit.console.caseload.comes_back(visit.package.report_id)
    return visit.back(f"/forwarded/{visit.package.id}", "said.saved")


async def note_outcome(visit: Visit) -> Response:
    outcome = visit.fields.get("outcome", "")
    if outcome not in HANDOVER_OUTCOMES:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("outcome_noted", visit.package.report_id, handover=visit.package.id, outcome=outcome)
    await _there(visit.console.handovers.note_outcome(visit.package.id, outcome))
    return visit.back(f"/forwarded/{visit.package.id}", "said.saved")


AT = "/forwarded/{handover}"
ENTRIES = [
    Entry("forwarded", "GET", "/forwarded", forwarded),
    Entry("forwarded.see", "GET", AT, see),
    Entry("forwarded.download", "GET", AT + "/json", download),
    Entry("forwarded.answer", "POST", AT + "/answer", answer),
    Entry("forwarded.outcome", "POST", AT + "/outcome", note_outcome),
]
