"""How the chat's files go over the line: by the hash of what they hold, kept by the browser, small.

docs/decisions/page.md says why pages of a conversation are never compressed.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.settings import ROOT
from bot.web.session import COOKIE

FOLDER = ROOT / "bot" / "web" / "static"
KEPT = "public, max-age=31536000, immutable"
"""Of an address that names what it holds: another content has another address."""
ASKED_AGAIN = "no-cache"
"""Of any other: the browser keeps it and asks by its ETag whether it is still the same."""
FONT = "public, max-age=2592000"
"""A month: a font that changes gets a new name."""
_DIGITS = 12


def address_of(name: str) -> str:
    """Where a file of `static` is, with the hash of its content, so that it may be kept for good."""
    return f"/static/{name}?v={_mark(name, (FOLDER / name).stat().st_mtime_ns)}"


@lru_cache
def _mark(name: str, _: int) -> str:
    return mark_of((FOLDER / name).read_bytes())


def mark_of(content: bytes) -> str:
    """Another one for another content."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


class Files(StaticFiles):
    """`static`, each file with how long it may be kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["Cache-Control"] = _kept(path, HTTPConnection(scope).query_params.get("v"))
        return response


def _kept(path: str, mark: str | None) -> str:
    """A mark that is not of this content keeps nothing, or an old page would keep a new file as its own for a year."""
    if Path(path).suffix == ".woff2":
        return FONT
    return KEPT if mark and address_of(path).endswith(f"?v={mark}") else ASKED_AGAIN


class Compressed:
    """Makes files small, and pages of somebody who has no conversation (against BREACH).

    Stands inside of embed.Embedded, which makes a frame's session a cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._smaller = GZipMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._smaller if scope["type"] == "http" and is_same_for_all(scope) else self._app
        await app(scope, receive, send)


def is_same_for_all(scope: Scope) -> bool:
    """Whether the answer can hold nothing of one person: a file, or a page asked for without a session."""
    path: str = scope["path"]
    if path.startswith("/static/"):
        return True
    asks = scope["method"] in {"GET", "HEAD"} and not path.startswith("/api/")
    return asks and COOKIE not in HTTPConnection(scope).cookies
