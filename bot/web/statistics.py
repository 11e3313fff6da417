"""The public page of figures: tier public only, rounded; for everybody, without a cookie, drawn once and kept."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.engine.guide import Guide
from bot.errors import NotSavedError, Problem
from bot.language.sources import STAFF
from bot.statistics.release import PUBLIC, Release
from bot.store.target_verbs import OfficialRow
from bot.store.verbs import Store
from bot.web.chat import guide_of
from bot.web.console.words import SPOKEN, Words
from bot.web.figures import Figures, asked_period, rows_of, show
from bot.web.guard import CACHED
from bot.web.page import Handler, guarded
from bot.web.release_files import MEDIA_TYPE, headers_of, zipped
from bot.web.target_view import efforts_shown
from bot.web.templating import TEMPLATES

LOOK_AGAIN_SECONDS = 60.0
"""So often, at most, the store is asked whether something new was released."""
MOST_KEPT = 400
"""Pages and archives that are kept as they were made."""

type Draw = Callable[[], bytes]


@dataclass(frozen=True)
class Edition:
    """What is public at one time, and what was drawn of it."""

    mark: str
    """Another one as soon as anything in it changes."""
    releases: tuple[Release, ...]
    official: tuple[OfficialRow, ...]
    _kept: dict[tuple[str, ...], bytes] = field(default_factory=dict, repr=False)
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def made(self, name: tuple[str, ...], draw: Draw) -> bytes:
        """Drawn once, off the event loop, one after the other: a crowd that comes at once costs one drawing."""
        found = self._kept.get(name)
        if found is not None:
            return found
        async with self._drawing:
            if name not in self._kept:
                found = await asyncio.to_thread(draw)
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[name] = found
            return self._kept[name]


class Publication:
    """What is public now: the store is asked at most once a minute."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._edition: Edition | None = None
        self._looked = 0.0
        self._looking = asyncio.Lock()

    async def edition(self, store: Store) -> Edition:
        """What the store holds, or held a moment ago; raises NotSavedError where it never could be read."""
        async with self._looking:
            now = time.monotonic()
            if self._edition is None or now - self._looked >= LOOK_AGAIN_SECONDS:
                self._edition = await self._looked_at(store)
                self._looked = now
            return self._edition

    async def _looked_at(self, store: Store) -> Edition:
        try:
            releases, _ = await self.figures.releases(store.statistics, PUBLIC)
            official = await store.targets.official()
        except NotSavedError:
            if self._edition is None:
                raise
            return self._edition
        mark = hashlib.sha256(repr((releases, official)).encode()).hexdigest()
        if self._edition and self._edition.mark == mark:
            return self._edition
        return Edition(mark, tuple(releases), tuple(official))


def publication_of(guide: Guide) -> Publication:
    """Made at the start: reading the plan and its words takes a moment."""
    words = Words(guide.settings, guide.languages)
    return Publication(Figures(guide.settings, guide.directory, words, guide.languages))


def public(page: Callable[[Request, Figures, Edition], Awaitable[Response]]) -> Handler:
    """A page that a browser and a proxy may keep, and that is sent again only if it says something else."""

    @guarded
    async def shown(request: Request) -> Response:
        of: Publication = request.app.state.publication
        response = await page(request, of.figures, await of.edition(guide_of(request).store))
        tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
        response.headers.update({"ETag": tag, "Cache-Control": CACHED})
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": CACHED})
        return response

    return shown


def code_of(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in SPOKEN else STAFF


@public
async def overview(request: Request, figures: Figures, edition: Edition) -> Response:
    """What is counted, with the newest totals, and the files."""
    code, (periods, period) = code_of(request), asked_period(edition.releases, request.query_params)
    of_period = [it for it in edition.releases if it.period == period]

    def draw() -> bytes:
        rows = rows_of(figures, figures.of_effort(None, None), of_period, figures.speech(code))
        return _drawn(
            figures, code, "list.html", f"/statistics?period={period}", period=period, rows=rows, of_period=of_period,
            periods=periods, releases=edition.releases[::-1], brand=request.app.state.brand,
        )  # fmt: skip

    return _page(await edition.made(("list", period, code), draw))


@public
async def targets(request: Request, figures: Figures, edition: Edition) -> Response:
    code = code_of(request)

    def draw() -> bytes:
        shown = efforts_shown(figures.targets, figures.plan.measures, edition.official, figures.speech(code))
        brand = request.app.state.brand
        return _drawn(figures, code, "targets.html", "/statistics/targets", efforts=shown, brand=brand)

    return _page(await edition.made(("targets", code), draw))


@public
async def measure(request: Request, figures: Figures, edition: Edition) -> Response:
    """One measure in one quarter, and the quarters before it."""
    code, found = code_of(request), figures.plan.measures.get(str(request.path_params["measure"]))
    if found is None:
        raise Problem(404, "problem.not_found")
    kind = figures.plan.sources[found.source].export
    releases = [it for it in edition.releases if it.kind == kind]
    periods, period = asked_period(releases, request.query_params)

    def draw() -> bytes:
        shown = show(figures.plan, found, releases, period, figures.speech(code))
        release = next((it for it in releases if it.period == period), None)
        here = f"/statistics/measure/{found.name}?period={period}"
        return _drawn(
            figures, code, "measure.html", here, measure=found, shown=shown, release=release, period=period,
            periods=periods, brand=request.app.state.brand,
        )  # fmt: skip

    return _page(await edition.made(("measure", found.name, period, code), draw))


@public
async def files(request: Request, figures: Figures, edition: Edition) -> Response:
    """The same files that `vejviser export` writes for the public."""
    asked = str(request.path_params["release"]).removesuffix(".zip")
    release = next((it for it in edition.releases if it.id == asked), None)
    if release is None:
        raise Problem(404, "problem.not_found")
    content = await edition.made(("files", release.id), lambda: zipped(figures, release))
    return Response(content, media_type=MEDIA_TYPE, headers=headers_of(release))


def _page(content: bytes) -> Response:
    return Response(content, media_type="text/html; charset=utf-8")


def _drawn(figures: Figures, code: str, template: str, here: str, **more: Any) -> bytes:
    """`here`: the address of the page, without the language."""
    context: Mapping[str, Any] = {
        "code": code,
        "speech": figures.speech(code),
        "plan": figures.plan,
        "targets": figures.targets,
        "here": here + ("&" if "?" in here else "?"),
        "query": f"?lang={code}",
        **more,
    }
    return TEMPLATES.get_template(f"statistics/{template}").render(context).encode()


ROUTES = [
    Route("/statistics", overview),
    Route("/statistics/targets", targets),
    Route("/statistics/measure/{measure}", measure),
    Route("/statistics/files/{release}", files),
]
"""Served only where VEJVISER_PUBLIC_STATISTICS says so."""
