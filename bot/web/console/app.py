"""The staff console: the only process in which a key is ever open. Its accounts and roles are still to come."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from babel import Locale
from babel.dates import format_date
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.casework.keyring import Keyring, TeamKey
from bot.casework.office import Office
from bot.casework.own_report import OwnReports
from bot.casework.vocabulary import COVERAGE, HOLDS, STATUSES
from bot.errors import ConversationEndedError, NotAllowedError, Problem, WrongPassphraseError
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import CONSOLE_WORDS, STAFF, page_texts, reply_texts
from bot.settings import ROOT, Settings
from bot.store.secrets import server_key
from bot.store.sqlite_store import SqliteStore
from bot.web.forms import fields_of
from bot.web.guard import Guard
from bot.web.session import check_same_origin
from bot.web.templating import TEMPLATES

COOKIE = "vejviser_console"
IDLE = 30 * 60.0
"""Seconds after which a key is closed."""
GONE, SENT, NOT_ALLOWED = "console.gone", "console.sent", "console.may_not_reply"


@dataclass
class Sitting:
    """Somebody at work: their name and the open key, in this process's memory only."""

    name: str
    team: TeamKey = field(repr=False)
    code: str = STAFF
    seen: float = field(default_factory=time.monotonic)


class Console:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = SqliteStore(settings.var / "store.db")
        self.keyring = Keyring(self.store.keys, self.store.reports)
        self.office = Office(self.store, OwnReports(self.store, server_key(settings.var)))
        self.languages = find_languages(settings.locales, settings.data / "nlu")
        self._sittings: dict[str, Sitting] = {}
        spoken = [self.languages[code] for code in (STAFF, SOURCE)]
        self._catalogues = {it.code: read_catalogue(it, settings.locales, {}) for it in spoken}
        self._texts = {it.context: it.text for it in page_texts(CONSOLE_WORDS, "console")}
        self._titles = {it.context: it.text for it in reply_texts() if it.context.startswith("button_")}
        self._labels = {it.context: it.text for it in page_texts() if it.context.startswith("review.")}

    def begin(self, name: str, team: TeamKey) -> str:
        token = secrets.token_hex(16)
        self._sittings[token] = Sitting(name, team)
        return token

    def sitting(self, request: Request) -> Sitting | None:
        now = time.monotonic()
        self._sittings = {token: it for token, it in self._sittings.items() if now - it.seen < IDLE}
        found = self._sittings.get(request.cookies.get(COOKIE, ""))
        if found:
            found.seen = now
        return found

    def end(self, request: Request) -> None:
        self._sittings.pop(request.cookies.get(COOKIE, ""), None)

    def word(self, code: str, name: str, **values: str) -> str:
        return self._words(code).say(name, self._texts[name], **values)

    def label(self, code: str, question: str) -> str:
        name = f"review.{question}"
        return self._words(code).say(name, self._labels[name])

    def title(self, code: str, question: str, answer: str) -> str:
        """What stood on the button; a month as it is."""
        name = f"button_{question}_{answer}"
        return self._words(code).say(name, self._titles[name]) if name in self._titles else answer

    def _words(self, code: str) -> Catalogue:
        return self._catalogues[code]


# Pages

type Page = Callable[[Request, Console, Sitting], Awaitable[Response]]


def seated(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Only for somebody whose key is open; everybody else sees the door."""

    async def guard(request: Request) -> Response:
        console = console_of(request)
        sitting = console.sitting(request)
        if sitting is None:
            return _door(request)
        if request.method == "POST":
            check_same_origin(request)
        return await page(request, console, sitting)

    return guard


def _door(request: Request, said: str | None = None) -> Response:
    return _render(request, STAFF, "door.html", 401 if said else 200, said=said)


async def enter(request: Request) -> Response:
    check_same_origin(request)
    console, fields = console_of(request), await fields_of(request)
    name = fields.get("name", "").strip()
    try:
        team = await console.keyring.open(name, fields.get("passphrase", ""))
    except WrongPassphraseError:
        return _door(request, "console.wrong")
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        COOKIE, console.begin(name, team), httponly=True, samesite="strict", secure=console.settings.secure_cookie
    )
    return response


@seated
async def leave(request: Request, console: Console, _: Sitting) -> Response:
    console.end(request)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@seated
async def queue(request: Request, console: Console, sitting: Sitting) -> Response:
    if request.query_params.get("lang") in (STAFF, SOURCE):
        sitting.code = request.query_params["lang"]
    said = request.query_params.get("said")
    return _render(
        request, sitting.code, "queue.html", reports=await console.office.queue(),
        said=GONE if said == GONE else None, sitting=sitting,
    )  # fmt: skip


@seated
async def show(request: Request, console: Console, sitting: Sitting) -> Response:
    try:
        opened = await console.office.open(request.path_params["report"], sitting.team)
    except ConversationEndedError:
        return RedirectResponse(f"/?said={GONE}", status_code=303)
    said = request.query_params.get("said")
    return _render(
        request, sitting.code, "report.html", opened=opened, statuses=STATUSES, holds=HOLDS, coverage=COVERAGE,
        said=said if said in {SENT, NOT_ALLOWED} else None, sitting=sitting,
    )  # fmt: skip


@seated
async def change(request: Request, console: Console, sitting: Sitting) -> Response:
    report, fields = request.path_params["report"], await fields_of(request)
    if fields.get("language", STAFF) not in console.languages:
        raise Problem(422, "problem.unreadable")
    try:
        word = await DO[fields.get("do", "")](console.office, report, sitting, fields)
    except NotAllowedError:
        word = NOT_ALLOWED
    except ConversationEndedError:
        return RedirectResponse(f"/?said={GONE}", status_code=303)
    except (KeyError, ValueError):
        raise Problem(422, "problem.unreadable") from None
    return RedirectResponse(f"/report/{report}" + (f"?said={word}" if word else ""), status_code=303)


async def _answer(office: Office, report: str, sitting: Sitting, fields: Mapping[str, str]) -> str:
    if fields["text"].strip():
        await office.answer(report, sitting.team, fields["text"].strip(), fields["language"])
    return SENT


async def _status(office: Office, report: str, _: Sitting, fields: Mapping[str, str]) -> str:
    await office.set_status(report, fields["status"])
    return ""


async def _hold(office: Office, report: str, _: Sitting, fields: Mapping[str, str]) -> str:
    await office.hold(report, fields["hold"] or None)
    return ""


async def _coverage(office: Office, report: str, sitting: Sitting, fields: Mapping[str, str]) -> str:
    await office.note_coverage(report, sitting.team, fields["result"], fields["reason"], sitting.name)
    return ""


DO = {"answer": _answer, "status": _status, "hold": _hold, "coverage": _coverage}


@seated
async def file(request: Request, console: Console, sitting: Sitting) -> Response:
    found = await console.office.file(request.path_params["report"], sitting.team, request.path_params["file"])
    if found is None:
        return RedirectResponse(f"/report/{request.path_params['report']}", status_code=303)
    media_type, content = found
    return Response(content, media_type=media_type, headers={"Content-Disposition": 'attachment; filename="file"'})


def _render(request: Request, code: str, name: str, status: int = 200, **more: object) -> Response:
    console = console_of(request)
    context = {
        "code": code,
        "word": partial(console.word, code),
        "label": partial(console.label, code),
        "title": partial(console.title, code),
        "language_name": lambda each: Locale.parse(each).get_display_name(code) if each else "",
        "languages": console.languages,
        "day": lambda day: format_date(day, "long", locale=code),
        "sitting": None,
        **more,
    }
    return TEMPLATES.TemplateResponse(request, f"console/{name}", context, status)


def console_of(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


async def on_error(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, Problem) else 503
    return PlainTextResponse("Det kunne ikke lade sig gøre. / That was not possible.", status)


async def health(request: Request) -> Response:
    await console_of(request).store.counts()
    return PlainTextResponse("ready")


def make_console(settings: Settings) -> Starlette:
    """The ASGI application for staff."""
    handlers: Any = {Problem: on_error}
    app = Starlette(
        routes=[
            Route("/health", health),
            Route("/", queue, methods=["GET"]),
            Route("/enter", enter, methods=["POST"]),
            Route("/leave", leave, methods=["POST"]),
            Route("/report/{report}", show, methods=["GET"]),
            Route("/report/{report}", change, methods=["POST"]),
            Route("/report/{report}/file/{file}", file),
            Mount("/static", StaticFiles(directory=ROOT / "bot" / "web" / "static")),
        ],
        middleware=[Middleware(Guard, on_error=on_error)],
        exception_handlers=handlers,
    )
    app.state.console = Console(settings)
    return app
