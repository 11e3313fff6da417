"""The chat application: routes, headers, and the last guard of every request."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.engine.guide import Guide, sweep
from bot.errors import Problem
from bot.web import about, chat, embed, health, own_report, page, slip, statistics, useful
from bot.web.brake import Brake
from bot.web.brand import Brand
from bot.web.guard import Guard
from bot.web.problem import problem_of, problem_response
from bot.web.served import FOLDER, Compressed, Files

HERE = Path(__file__).parent
NOT_FOUND, NOT_ALLOWED = 404, 405


async def on_error(request: Request, error: Exception) -> Response:
    """An error as words: JSON for the interface, a page for the rest."""
    problem = problem_of(error)
    if request.url.path.startswith("/api/"):
        return await problem_response(request, problem)
    return await page.problem_page(request, page.Said.of(problem))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own: no such path, method not allowed, a form it cannot read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type below
    word = {NOT_FOUND: "problem.not_found", NOT_ALLOWED: "problem.not_allowed"}
    response = await on_error(request, Problem(error.status_code, word.get(error.status_code, "problem.unreadable")))
    response.headers.update(error.headers or {})
    return response


async def openapi(_: Request) -> Response:
    return FileResponse(HERE / "openapi.json", media_type="application/json")


def _routes(guide: Guide, brand: Brand) -> list[BaseRoute]:
    return [
        *health.ROUTES,
        Route("/api/openapi.json", openapi),
        *chat.routes,
        *page.routes,
        *slip.routes,
        *useful.routes,
        *own_report.routes,
        *about.routes,
        *embed.routes_of(guide, brand),
        *(statistics.ROUTES if guide.settings.public_statistics else ()),
        *brand.routes(),
        Mount("/static", Files(directory=FOLDER)),
    ]


def make_app(guide: Guide) -> Starlette:
    """The ASGI application around an open guide; closes it at the end."""
    brand = Brand.of(guide.settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await guide.resume()
        sweeping = asyncio.create_task(sweep(guide))
        yield
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        guide.close()

    app = Starlette(
        routes=_routes(guide, brand),
        middleware=[
            *([Middleware(embed.Embedded)] if guide.settings.embed_origins else ()),
            Middleware(Guard, on_error=on_error, by_path=brand.headers_by_path | embed.headers_by_path(guide.settings)),
            Middleware(Compressed),
        ],
        exception_handlers={HTTPException: on_http_error},
        lifespan=lifespan,
    )
    app.state.guide = guide
    app.state.brake = Brake()
    app.state.brand = brand
    if guide.settings.public_statistics:
        app.state.publication = statistics.publication_of(guide)
    return app
