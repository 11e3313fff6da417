"""The console application: its routes, its errors, and what runs beside its pages."""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.engine.logs import log
from bot.errors import ConversationEndedError, NotAllowedError, NotSavedError, Problem
from bot.monitoring import figures
from bot.settings import ROOT, Settings
from bot.store.case_verbs import Sought
from bot.web.console import (
    content,
    door,
    forwarded,
    handovers,
    oversight,
    own,
    questions,
    queue,
    report,
    statistics,
    team,
)
from bot.web.console.desk import Console
from bot.web.console.door import Departures, console_of
from bot.web.console.frame import Entry, code_of, render
from bot.web.guard import Guard

EVERY_SECONDS = 60.0
ROOMS = (door, queue, report, handovers, forwarded, oversight, questions, statistics, content, team, own)
ENTRIES: tuple[Entry, ...] = tuple(entry for room in ROOMS for entry in room.ENTRIES)
"""Every page and order for somebody who is signed in."""
KNOWN = {403: "not_allowed", 404: "not_found", 405: "not_allowed", 413: "unreadable"}
"""{status: how its text in console_words.yml is called}; what else is refused was not understood."""


async def health(request: Request) -> Response:
    """Raises NotSavedError, which is a 503, where nothing can be written."""
    await console_of(request).store.check()
    return PlainTextResponse("ready")


async def on_error(request: Request, error: Exception) -> Response:
    """Words in the page of the console; where even that fails, two plain lines."""
    problem = _problem_of(error)
    try:
        return _problem_page(request, problem.status, problem.word)
    except Exception as second:  # noqa: BLE001 - the page that tells of an error must not be one
        log.error("error_page_failed", error=type(second).__name__)
        return PlainTextResponse("Det kunne ikke lade sig gøre. / That was not possible.", problem.status)


def _problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case ConversationEndedError() | NotAllowedError():  # its person withdrew it, or a consent, a moment ago
            return Problem(404, "problem.not_found")
        case NotSavedError():
            return Problem(503, "problem.not_saved")
        case _:
            return Problem(503, "problem.failed")


def _problem_page(request: Request, status: int, word: str) -> Response:
    console = console_of(request)
    seat = console.seats.of(request)
    name = word.removeprefix("problem.").removeprefix("own.")
    known = name if console.words.knows(f"problem.{name}.title") else KNOWN.get(status, "failed")
    return render(
        request, console, seat.code if seat else code_of(request), "problem.html", status, said=None,
        title=f"problem.{known}.title", text=f"problem.{known}",
    )  # fmt: skip


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own: no such path, method not allowed."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type below
    response = await on_error(request, Problem(error.status_code, KNOWN.get(error.status_code, "unreadable")))
    response.headers.update(error.headers or {})
    return response


async def work(console: Console) -> None:
    """Beside the pages: sends what is due, deletes what is kept no longer, anchors the record."""
    deleted_on: dt.date | None = None
    while True:
        now = dt.datetime.now(dt.UTC)
        await _done(console.delivery.send_due(now))
        if deleted_on != now.date() and await _done(console.delete_expired(now.date())):
            deleted_on = now.date()
        await _done(console.journal.anchor_if_due())
        await _done(_show_late(console, now.date()))
        await asyncio.sleep(EVERY_SECONDS)


async def _show_late(console: Console, day: dt.date) -> None:
    """For operators: how many reports have waited too long, and the first of them for how long."""
    late = await console.store.cases.seek(Sought(overdue_on=day, most=1))
    first = next((row.clock_due for row in late.rows if row.clock_due), day)
    figures.reports_late.set(late.total)
    figures.oldest_late_days.set((day - first).days)


async def _done(step: Awaitable[object]) -> bool:
    """False where a step failed: it comes again in a minute, and keeps no other from being taken."""
    try:
        await step
    except Exception as error:  # noqa: BLE001 - else nothing would be sent or deleted until the next start, unseen
        log.error("console_work_failed", error=type(error).__name__)
        return False
    return True


def make_console(settings: Settings) -> Starlette:
    """The ASGI application for staff."""
    console = Console(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        working = asyncio.create_task(work(console))
        yield
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await console.journal.anchor_now()
        console.close()

    app = Starlette(
        routes=[
            Route("/health", health),
            *door.OPEN,
            *(entry.route() for entry in ENTRIES),
            Mount("/static", StaticFiles(directory=ROOT / "bot" / "web" / "static")),
        ],
        middleware=[Middleware(Guard, on_error=on_error)],
        exception_handlers={HTTPException: on_http_error, Problem: on_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # Starlette would send a browser to whatever host the request names
    app.state.console = console
    app.state.departures = Departures()
    return app
