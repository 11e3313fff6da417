"""Handing a report over to a body, and what comes of it, as staff do it."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, Response

from bot.casework.handover_rules import FAILED, MADE, SENDING, Choice
from bot.casework.vocabulary import BY_ENDPOINT, DUTY, HANDOVER_MODES, HANDOVER_OUTCOMES, HANDOVER_WAYS, WITH_CONSENT
from bot.errors import ConversationEndedError, NotAllowedError, Problem
from bot.store.case_verbs import HandoverRow
from bot.web.console.frame import NOT_FOUND, UNREADABLE, Entry, Visit

WAITING = (MADE, SENDING)


@dataclass(frozen=True)
class Takers:
    """To whom a report may be handed over, and how."""

    with_consent: Choice | None
    by_duty: tuple[Choice, ...]


def takers(choices: list[Choice]) -> Takers:
    return Takers(
        with_consent=next((it for it in choices if WITH_CONSENT in it.modes), None),
        by_duty=tuple(it for it in choices if DUTY in it.modes),
    )


async def hand_over(visit: Visit) -> Response:
    fields, team = visit.fields, visit.team
    body, way, mode = fields.get("body", ""), fields.get("way", ""), fields.get("mode", "")
    if body not in visit.console.law.bodies or way not in HANDOVER_WAYS or mode not in HANDOVER_MODES:
        raise Problem(UNREADABLE, "problem.unreadable")
    handover_id = secrets.token_hex(16)
    if await _is_open(visit, body, mode, way):
        await visit.note("handed_over", visit.row.id, body=body, way=way, mode=mode, handover=handover_id)
    try:
        await visit.console.handovers.make(
            visit.row.id, team, body, mode=mode, way=way, by_whom=visit.account.name,
            with_files=fields.get("files") == "yes", handover_id=handover_id,
        )  # fmt: skip
    except NotAllowedError as error:
        await visit.note("refused", visit.row.id, route="report.hand-over", why=str(error))
        return _back(visit, f"said.handover.{error}")
    except ConversationEndedError:
        await visit.note("refused", visit.row.id, route="report.hand-over", why="gone")
        return visit.back("/queue", "said.gone")
    return _back(visit, "said.handed_over")


async def _is_open(visit: Visit, body: str, mode: str, way: str) -> bool:
    """Whether it can be done as far as is known: then it is on record before it is; else its refusal is."""
    choices = await visit.console.handovers.choices(visit.row.id)
    return any(it.body.id == body and mode in it.modes and way in it.ways for it in choices)


async def open_handover(visit: Visit) -> Response:
    """As a page to read or print."""
    row, package = await _package(visit, "page")
    return visit.page("package.html", package=package, handover=row, back=f"/report/{visit.row.id}")


async def download(visit: Visit) -> Response:
    row, package = await _package(visit, "json")
    return as_download(row, package)


def as_download(row: HandoverRow, package: Mapping[str, object]) -> Response:
    name = f"vejviser-{row.made_on.isoformat()}-{row.id[:8]}.json"
    return JSONResponse(package, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _package(visit: Visit, form: str) -> tuple[HandoverRow, dict[str, object]]:
    row, team = await _of_report(visit), visit.team
    await visit.note("handover_downloaded", visit.row.id, handover=row.id, form=form)
    try:
        return row, await visit.console.handovers.open_for_staff(row.id, team)
    except (NotAllowedError, ConversationEndedError):
        raise Problem(NOT_FOUND, "problem.not_found") from None


async def _of_report(visit: Visit) -> HandoverRow:
    """The handover of the address, if it is one of this report."""
    row = await visit.console.store.cases.handover(str(visit.request.path_params["handover"]))
    if row is None or row.report_id != visit.row.id:
        await visit.note("refused", visit.row.id, route="report.handover", why="not of this report")
        raise Problem(NOT_FOUND, "problem.not_found")
    return row


async def send_again(visit: Visit) -> Response:
    """One that was given up begins anew; one that waits is tried now, behind the page: a server may take minutes."""
    row, console = await _of_report(visit), visit.console
    if row.way != BY_ENDPOINT:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("handover_sent", visit.row.id, handover=row.id, attempt=row.attempts, outcome="again")
    if row.state == FAILED:
        try:
            await console.handovers.send_again(row.id)
        except NotAllowedError as error:
            return _back(visit, f"said.handover.{error}")
    elif not await console.store.cases.change_handover(row.id, {"next_try": _now()}, only_from=WAITING):
        return _back(visit, "said.handover.wrong_state")
    response = _back(visit)
    response.background = BackgroundTask(console.delivery.send_due, _now())
    return response


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def note_outcome(visit: Visit) -> Response:
    row, outcome = await _of_report(visit), visit.fields.get("outcome", "")
    if outcome not in HANDOVER_OUTCOMES:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("outcome_noted", visit.row.id, handover=row.id, outcome=outcome)
    try:
        await visit.console.handovers.note_outcome(row.id, outcome)
    except NotAllowedError as error:
        return _back(visit, f"said.handover.{error}")
    return _back(visit)


def _back(visit: Visit, said: str | None = None) -> Response:
    return visit.back(f"/report/{visit.row.id}", said)


AT = "/report/{report}/handover/{handover}"
ENTRIES = [
    Entry("report.hand-over", "POST", "/report/{report}/hand-over", hand_over),
    Entry("report.handover", "GET", AT, open_handover),
    Entry("report.handover", "GET", AT + "/json", download),
    Entry("report.handover-send", "POST", AT + "/send", send_again),
    Entry("report.handover-outcome", "POST", AT + "/outcome", note_outcome),
]
