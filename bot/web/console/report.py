"""A report: the person's own words first, the coded facts beside, everything that happened, and what can be done."""

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from bot.accounts.roles import OTHER, may, state_of
from bot.casework import vocabulary as known
from bot.casework.caseload import OPEN_STATUSES, Facts, days_left, labels_in
from bot.casework.clocks import ACKNOWLEDGED, AWAITING, IN_REVIEW
from bot.casework.consents import may as has_agreed
from bot.casework.fitting import fitting, said_section
from bot.casework.office import AFTER_ANSWER, Opened, contact_of
from bot.errors import ConversationEndedError, NotAllowedError, Problem
from bot.language.dates import today
from bot.store.report_verbs import ReportRow
from bot.web.console.frame import NOT_FOUND, UNREADABLE, Entry, Page, Visit
from bot.web.console.handovers import takers
from bot.web.console.queue import colleagues
from bot.web.console.timeline import timeline
from bot.web.console.words import Words

LONGEST = 10_000
MOST_EVENTS = 500
STATUS_AFTER = {"answer.received": ACKNOWLEDGED, "answer.forwarded": IN_REVIEW, "answer.delay": IN_REVIEW}
"""What a message without a question leaves to staff; the others wait for the person."""
ASKS_FOR_BODY = "answer.ask_forward"
DAYS_GIVEN = {"answer.received": 30, "answer.delay": 30}


async def show(visit: Visit) -> Response:
    console, row = visit.console, visit.row
    facts = await console.caseload.facts(row.id)
    readable = has_agreed(facts.consents, known.READ) and visit.may("report.read")
    if readable:
        visit.team  # noqa: B018 - asks for the passphrase before anything is noted or shown
    await visit.note("report_viewed", row.id, words=readable)
    opened = _permitted(visit, await console.office.open(row.id, visit.team)) if readable else None
    if opened and opened.alike:
        await visit.note("likeness_viewed", row.id, shown=sum(map(len, opened.alike.values())))
    events = await console.store.audit.newest(MOST_EVENTS, object_=row.id)
    return visit.page(
        "report.html",
        row=row, facts=facts, opened=opened, order_id=secrets.token_hex(16),
        contact=contact_of(opened.words) if opened and has_agreed(facts.consents, known.REPLY) else None,
        left=days_left(row, today()), timeline=timeline(facts, opened, events),
        handovers=await console.handovers.of(row.id), rules=_rules(visit, facts),
        agreed={it: has_agreed(facts.consents, it) for it in (known.READ, known.REPLY)},
        forward_to=facts.consents[known.FORWARD], statuses=OPEN_STATUSES, triages=known.TRIAGES, holds=known.HOLDS,
        coverage=known.COVERAGE, closings=known.CLOSINGS, journals=known.JOURNAL, outcomes=known.HANDOVER_OUTCOMES,
        answers=_messages(visit, facts), after=AFTER_ANSWER,
        colleagues=await colleagues(visit), takers=takers(await console.handovers.choices(row.id)),
    )  # fmt: skip


def _permitted(visit: Visit, opened: Opened) -> Opened:
    """Of reports that are alike only those that this person may see: likeness tells of what was written."""

    def sees(row: ReportRow) -> bool:
        return may(visit.account.role, "report.see", state_of(row, visit.account.name))

    seen = {kind: list(filter(sees, rows)) for kind, rows in opened.alike.items()}
    return replace(opened, alike={kind: rows for kind, rows in seen.items() if rows})


def _rules(visit: Visit, facts: Facts) -> list[dict[str, Any]]:
    """Rules that may fit and the days that are left at each body, as the person can see them too."""
    fits = visit.console.law.fits(facts.answers.get("ground", ()), facts.row.area, facts.answers.get("form", ()))
    found = fitting(visit.console.law, fits, facts.row.incident_when, dt.datetime.now(dt.UTC))
    words, code = visit.console.words, visit.seat.code
    return [said_section(words.catalogue(code), visit.console.law.words, it.title, it.lines) for it in found.sections]


def _messages(visit: Visit, facts: Facts) -> list[dict[str, str]]:
    """What can be sent without writing: in the person's language, with the Danish or English beside it."""
    console, row = visit.console, facts.row
    named = facts.consents[known.FORWARD] if facts.consents[known.FORWARD] in console.law.bodies else None
    messages = []
    for name, body in _kinds(console.words, named):
        day = row.keep_until if name == "answer.closing" else _promised(name) or today()
        called = console.law.bodies[body].name_da if body else ""
        said = [
            console.words.answer(code, name, day, console.words.body(code, body, called) if body else "")
            for code in (row.language, visit.seat.code)
        ]
        messages.append({"name": name, "body": body or "", "called": called, "theirs": said[0], "ours": said[1]})
    return messages


def _promised(name: str) -> dt.date | None:
    """The day by which a message says that more will come."""
    return today() + dt.timedelta(days=DAYS_GIVEN[name]) if name in DAYS_GIVEN else None


def _kinds(words: Words, named: str | None) -> Iterator[tuple[str, str | None]]:
    """Messages that fit: a body is asked for until one is named, and spoken of once it is."""
    for name in words.answers:
        if name == ASKS_FOR_BODY:
            yield from ((name, body) for body in known.FORWARD_TO if not named)
        elif not words.needs_body(name):
            yield name, None
        elif named:
            yield name, named


async def file(visit: Visit) -> Response:
    """As a download only, so that no browser runs or shows what a stranger sent."""
    file_id = str(visit.request.path_params["file"])
    team = visit.team
    await visit.note("file_downloaded", visit.row.id, file=file_id[:64])
    found = await visit.console.office.file(visit.row.id, team, file_id)
    if found is None:
        raise Problem(NOT_FOUND, "problem.not_found")
    media_type, content = found
    return Response(content, media_type=media_type, headers={"Content-Disposition": 'attachment; filename="file"'})


# Orders: each notes first, then does, then shows the report again


async def take(visit: Visit) -> Response:
    """Whoever was slower is led back to the list: the report is not theirs to see any more."""
    await visit.note("report_taken", visit.row.id)
    if await visit.console.caseload.take(visit.row.id, visit.account.name):
        return _back(visit)
    row = await visit.console.caseload.row(visit.row.id)
    if row and row.assigned_to == visit.account.name:
        return _back(visit)
    await visit.note("refused", visit.row.id, route="report.take", why=OTHER)
    return visit.back("/queue", "said.taken_by_other")


async def assign(visit: Visit) -> Response:
    name = visit.fields.get("name", "")
    if name and name not in await colleagues(visit):
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("report_assigned", visit.row.id, to=name)
    await visit.console.caseload.assign(visit.row.id, name or None)
    return _back(visit)


async def set_status(visit: Visit) -> Response:
    status = _code(visit, "status", OPEN_STATUSES)
    await visit.note("status_set", visit.row.id, status=status)
    await visit.console.caseload.set_status(visit.row.id, status)
    return _back(visit)


async def close(visit: Visit) -> Response:
    outcome = _code(visit, "outcome", known.CLOSINGS)
    await visit.note("report_closed", visit.row.id, outcome=outcome)
    await visit.console.caseload.close(visit.row.id, outcome)
    return _back(visit, "said.closed")


async def reopen(visit: Visit) -> Response:
    await visit.note("report_reopened", visit.row.id)
    await visit.console.caseload.reopen(visit.row.id)
    return _back(visit)


async def set_triage(visit: Visit) -> Response:
    triage = _code(visit, "triage", known.TRIAGES)
    await visit.note("triage_set", visit.row.id, triage=triage)
    await visit.console.caseload.set_triage(visit.row.id, triage)
    return _back(visit)


async def set_labels(visit: Visit) -> Response:
    typed = visit.fields.get("labels", "")
    try:
        labels = labels_in(typed)
    except ValueError:
        visit.noted += 1  # nothing is done
        return _back(visit, "said.labels")
    await visit.note("labels_set", visit.row.id, labels=len(labels))
    await visit.console.caseload.set_labels(visit.row.id, typed)
    return _back(visit)


async def set_translator(visit: Visit) -> Response:
    needed = visit.fields.get("needed") == "yes"
    await visit.note("translator_set", visit.row.id, needed=needed)
    await visit.console.caseload.set_translator(visit.row.id, needed=needed)
    return _back(visit)


async def add_note(visit: Visit) -> Response:
    text, team = _text(visit, "text"), visit.team
    await visit.note("note_added", visit.row.id)
    await visit.console.office.add_note(visit.row.id, team, text, visit.account.name, order_id=_order_id(visit))
    return _back(visit)


async def answer(visit: Visit) -> Response:
    """A text of one's own in a language that is named, or one that needs no writing in the person's language."""
    name, team = visit.fields.get("template", ""), visit.team
    if name:
        facts = await visit.console.caseload.facts(visit.row.id)
        meant = (name, visit.fields.get("body", ""))
        text = next((it["theirs"] for it in _messages(visit, facts) if (it["name"], it["body"]) == meant), "")
        language, status, promised = visit.row.language, STATUS_AFTER.get(name, AWAITING), _promised(name)
    else:
        text, language = _text(visit, "text"), _code(visit, "language", tuple(visit.console.languages))
        status, promised = _code(visit, "after", AFTER_ANSWER), None
    if not text:  # it speaks of a body that is not the one that is named now, or it is no message
        raise (
            NotAllowedError(name) if name in visit.console.words.answers else Problem(UNREADABLE, "problem.unreadable")
        )
    await visit.note("answer_sent", visit.row.id, language=language, template=name)
    await visit.console.office.answer(
        visit.row.id, team, text, language, status, promised=promised, order_id=_order_id(visit)
    )
    return _back(visit, "said.answer_sent")


async def note_coverage(visit: Visit) -> Response:
    result, reason, team = _code(visit, "result", known.COVERAGE), _text(visit, "reason"), visit.team
    await visit.note("coverage_noted", visit.row.id, result=result)
    await visit.console.office.note_coverage(
        visit.row.id, team, result, reason, visit.account.name, order_id=_order_id(visit)
    )
    return _back(visit)


async def hold(visit: Visit) -> Response:
    reason = _code(visit, "hold", ("", *known.HOLDS))
    await visit.note("hold_set", visit.row.id, hold=reason)
    await visit.console.caseload.hold(visit.row.id, reason or None)
    return _back(visit)


async def set_journal(visit: Visit) -> Response:
    journal = _code(visit, "journal", known.JOURNAL)
    await visit.note("journal_set", visit.row.id, journal=journal)
    await visit.console.caseload.set_journal(visit.row.id, journal)
    return _back(visit)


def _as_agreed(name: str, page: Page) -> Page:
    """A page or order whose person may take back a consent, or the report, while it is under way."""

    async def checked(visit: Visit) -> Response:
        try:
            return await page(visit)
        except NotAllowedError:
            await visit.note("refused", visit.row.id, route=name, why="not agreed to")
            return _back(visit, "said.not_agreed")
        except ConversationEndedError:
            await visit.note("refused", visit.row.id, route=name, why="gone")
            return visit.back("/queue", "said.gone")

    return checked


def _entry(name: str, method: str, path: str, page: Page) -> Entry:
    return Entry(name, method, f"/report/{{report}}{path}", _as_agreed(name, page))


def _back(visit: Visit, said: str | None = None) -> Response:
    return visit.back(f"/report/{visit.row.id}", said)


def _code(visit: Visit, name: str, codes: tuple[str, ...]) -> str:
    value = visit.fields.get(name, "")
    if value not in codes:
        raise Problem(UNREADABLE, "problem.unreadable")
    return value


def _order_id(visit: Visit) -> str:
    """Of the page from which an order comes: a button that is pressed twice sends it twice."""
    return visit.fields.get("order", "")


def _text(visit: Visit, name: str) -> str:
    text = visit.fields.get(name, "").strip()
    if not text or len(text) > LONGEST:
        raise Problem(UNREADABLE, "problem.unreadable")
    return text


ORDERS = {
    "take": take, "assign": assign, "status": set_status, "close": close, "reopen": reopen, "triage": set_triage,
    "labels": set_labels, "translator": set_translator, "note": add_note, "answer": answer, "coverage": note_coverage,
    "hold": hold, "journal": set_journal,
}  # fmt: skip
ENTRIES = [
    _entry("report.see", "GET", "", show),
    _entry("report.file", "GET", "/file/{file}", file),
    *(_entry(f"report.{name}", "POST", f"/{name}", page) for name, page in ORDERS.items()),
]
