"""The frame around every page of the console: who is there, may they, and that it stands on record.

A page is a function of a `Visit`. Its `Entry` names it as rights.csv does; a page that notes nothing is an error.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from nacl.public import PrivateKey
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.accounts.roles import FORWARDED, NOT_FORWARDED, OPENS_REPORTS, ever_may, may, state_of
from bot.casework.handover_rules import LIVE
from bot.casework.keyring import TeamKey
from bot.errors import Problem
from bot.language.sources import STAFF
from bot.store.case_verbs import HandoverRow
from bot.store.report_verbs import ReportRow
from bot.store.staff_verbs import AccountRow
from bot.web.console.desk import Console
from bot.web.console.seats import Seat, Stage, mark_of
from bot.web.console.words import SPOKEN
from bot.web.forms import fields_of
from bot.web.session import check_same_origin
from bot.web.templating import TEMPLATES

SEE_OTHER, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, UNREADABLE = 303, 401, 403, 404, 422
GOOD = frozenset({
    "said.answer_sent", "said.closed", "said.password_changed", "said.passphrase_changed", "said.key_removed",
    "said.handed_over", "said.saved",
})  # fmt: skip
"""Words that say that something was done; the others say why it was not."""
FIRST = {"me", "sign-out"}
"""What can be done before a first password is changed."""
LONGEST_NUMBER = 6
"""Digits of a page's number: what is longer is no page, and no number that a database takes."""
MENU = ("queue", "forwarded", "questions", "statistics", "content", "retention", "audit", "accounts", "keys", "me")


class NeedsKeyError(Exception):
    """A page that cannot be shown before a passphrase was given."""


@dataclass
class Visit:
    """One request of somebody who is signed in and may do this."""

    request: Request
    console: Console
    seat: Seat
    account: AccountRow
    fields: Mapping[str, str]
    report: ReportRow | None = None
    handover: HandoverRow | None = None
    noted: int = field(default=0)

    async def note(self, verb: str, object_: str = "", **fields: str | int | bool) -> None:
        """On record before it is done or shown; what cannot be recorded raises NotSavedError and does not happen."""
        await self.console.journal.note(self.account.name, self.account.role, verb, object_, **fields)
        self.noted += 1

    def may(self, route: str) -> bool:
        """Whether this person may do that with the report at hand; of other routes, whether at all."""
        if self.report and route.startswith("report."):
            return may(self.account.role, route, state_of(self.report, self.account.name))
        return ever_may(self.account.role, route)

    @property
    def row(self) -> ReportRow:
        """The report of this address."""
        assert self.report  # noqa: S101 - entries with {report} in their path are given one
        return self.report

    @property
    def package(self) -> HandoverRow:
        assert self.handover  # noqa: S101 - entries of partners are given one
        return self.handover

    @property
    def team(self) -> TeamKey:
        """The open key; raises NeedsKeyError, upon which the passphrase is asked for."""
        if self.seat.team is None:
            raise NeedsKeyError
        return self.seat.team

    @property
    def partner(self) -> PrivateKey:
        if self.seat.partner is None:
            raise NeedsKeyError
        return self.seat.partner

    def word(self, name: str, /, **values: object) -> str:
        return self.console.words.word(self.seat.code, name, **values)

    def page(self, template: str, status: int = 200, **more: object) -> Response:
        return render(self.request, self.console, self.seat.code, template, status, visit=self, seat=self.seat, **more)

    def back(self, path: str, said: str | None = None) -> Response:
        """To a page of our own, with a word of console_words.yml."""
        return RedirectResponse(path + (f"?{urlencode({'said': said})}" if said else ""), SEE_OTHER)


type Page = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True)
class Entry:
    """A page or an order: its name in rights.csv, and where it is."""

    name: str
    method: str
    path: str
    page: Page
    confirmed: bool = False
    """Password and code must have been given in the last minutes."""

    def route(self) -> Route:
        return Route(self.path, partial(enter, self), methods=[self.method], name=self.name)


async def enter(entry: Entry, request: Request) -> Response:
    console: Console = request.app.state.console
    seat = console.seats.of(request)
    if seat is None or seat.stage is not Stage.IN:
        return await _to_door(request, console)
    visit = await _visit(request, console, seat)
    if visit is None:
        console.seats.leave(request)
        return RedirectResponse("/sign-in", SEE_OTHER)
    if visit.account.must_change and entry.name.partition(".")[0] not in FIRST:
        return RedirectResponse("/me", SEE_OTHER)
    await _check(entry, visit)
    if entry.confirmed and not seat.is_confirmed:
        return RedirectResponse(f"/confirm?{urlencode({'next': _page_of(entry, request)})}", SEE_OTHER)
    try:
        response = await entry.page(visit)
    except NeedsKeyError:
        return visit.page("key.html", next=_page_of(entry, request), said=None, typed=_typed(visit.fields))
    if not visit.noted:
        raise AssertionError(f"{entry.name} left nothing on record")
    return response


async def _to_door(request: Request, console: Console) -> Response:
    """Whose session ended while they wrote gets back what they had written, to copy it."""
    typed = ""
    if request.method == "POST":
        check_same_origin(request)
        typed = _typed(await fields_of(request))
    if not typed:
        return RedirectResponse("/sign-in", SEE_OTHER)
    return render(
        request, console, code_of(request), "sign_in.html", UNAUTHORIZED, said=None, typed=typed,
        sign_on=console.sign_on is not None,
    )  # fmt: skip


def _typed(fields: Mapping[str, str]) -> str:
    return fields.get("text") or fields.get("reason") or fields.get("corrected") or ""


def _page_of(entry: Entry, request: Request) -> str:
    """The page to come back to: of an order, the page on which it stands."""
    parts = request.url.path.split("/")
    if entry.method == "GET":
        return request.url.path
    return "/".join(parts[:3]) if parts[1] in {"report", "forwarded"} else f"/{parts[1]}"


async def _visit(request: Request, console: Console, seat: Seat) -> Visit | None:
    """None where the account was locked, renewed or taken away since."""
    account = await console.accounts.account(seat.name)
    if account is None or not account.active or mark_of(account) != seat.mark:
        return None
    await _close_old_keys(console, seat, account)
    if (chosen := request.query_params.get("lang")) in SPOKEN:
        seat.code = chosen
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        check_same_origin(request)
        fields = await fields_of(request)
        check_form(seat, fields)
    return Visit(request, console, seat, account, fields)


async def _close_old_keys(console: Console, seat: Seat, account: AccountRow) -> None:
    """Of a role that opens no reports any more, or one that was replaced since, in another process too."""
    if seat.team:
        current = await console.store.keys.team_key()
        if account.role not in OPENS_REPORTS or current is None or current.id != seat.team.id:
            seat.team = None
    if seat.partner:
        held = await console.store.staff.partner_key(account.name)
        if not account.body or held is None or held.public != bytes(seat.partner.public_key):
            seat.partner = None


def check_form(seat: Seat, fields: Mapping[str, str]) -> None:
    """Raises Problem for a form that did not come from a page of this session."""
    if fields.get("form") != seat.form:
        raise Problem(FORBIDDEN, "problem.not_allowed")


async def _check(entry: Entry, visit: Visit) -> None:
    """Raises Problem; what somebody may not see is as if it were not there."""
    state, role = await _state(entry, visit), visit.account.role
    if not (may(role, entry.name, state) if state else ever_may(role, entry.name)):
        await visit.note("refused", _object_of(visit), route=entry.name, why=state or "role")
        if not _object_of(visit):
            raise Problem(FORBIDDEN, "problem.not_allowed")
        raise Problem(NOT_FOUND, "problem.not_found")  # the same for what is there and what is not
    if state is None:
        raise Problem(NOT_FOUND, "problem.not_found")


async def _state(entry: Entry, visit: Visit) -> str | None:
    """What the object of the address is to this person; None where there is no such object."""
    params = visit.request.path_params
    if "report" in params:
        visit.report = await visit.console.caseload.row(params["report"])
        return state_of(visit.report, visit.account.name) if visit.report else None
    if "handover" in params and entry.name.startswith("forwarded."):
        visit.handover = await visit.console.store.cases.handover(params["handover"])
        return _state_of_handover(visit.handover, visit.account) if visit.handover else None
    return "any"


def _state_of_handover(row: HandoverRow, account: AccountRow) -> str:
    theirs = row.body == account.body and row.way == "console" and row.state in LIVE
    return FORWARDED if theirs else NOT_FORWARDED


def _object_of(visit: Visit) -> str:
    params = visit.request.path_params
    return str(params.get("report") or params.get("handover") or "")[:64]


def render(request: Request, console: Console, code: str, template: str, status: int = 200, **more: object) -> Response:
    words = console.words
    context: dict[str, Any] = {
        "code": code,
        "word": partial(words.word, code),
        "label": partial(words.label, code),
        "title": partial(words.title, code),
        "language_name": partial(words.language_name, code),
        "day": partial(words.day, code),
        "moment": partial(words.moment, code),
        "bodies": console.law.bodies,
        "languages": console.languages,
        "event": partial(words.event, code),
        "word_known": words.knows,
        "iso_day": lambda day: words.day(code, dt.date.fromisoformat(day)),
        "menu": MENU,
        "GOOD": GOOD,
        "typed": "",
        "visit": None,
        "seat": None,
        "said": said_in(request, console),
        **more,
    }
    return TEMPLATES.TemplateResponse(request, f"console/{template}", context, status)


def said_in(request: Request, console: Console) -> str | None:
    """A word that the page before wants said: only one of ours, so that no address can put words into our mouth."""
    said = request.query_params.get("said", "")
    return said if said.startswith("said.") and console.words.knows(said) else None


def page_number(request: Request) -> int:
    """Which page of a list an address asks for; the first where it says nothing of use."""
    asked = request.query_params.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else 1


def code_of(request: Request) -> str:
    """Of the language where nobody sits yet."""
    asked = request.query_params.get("lang", "")
    return asked if asked in SPOKEN else STAFF


def own_path(path: str) -> str:
    """A path of this site to go on to; anything else leads home."""
    is_own = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if is_own and not set(path) & set("\\?#:@ ") else "/"
