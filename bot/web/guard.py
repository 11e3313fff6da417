"""The outermost layer of both applications: headers on every answer, no person's page in a cache, never a traceback."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.engine.logs import log

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
CACHED = "public, max-age=300"
"""What a page says of itself that is the same for everybody and may be kept; every other one is kept nowhere."""
type OnError = Callable[[Request, Exception], Awaitable[Response]]


class Guard:
    """`on_error` makes words of an error that nobody foresaw; `by_path` are headers in place of HEADERS (embed.py)."""

    def __init__(
        self, app: ASGIApp, on_error: OnError, by_path: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    ) -> None:
        self._app = app
        self._on_error = on_error
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self._by_path.get(scope["path"], HEADERS).items():
                    headers[name] = value
                if not scope["path"].startswith("/static/") and headers.get("Cache-Control") != CACHED:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception as error:  # noqa: BLE001 - the border of the service: words for the person, a name in the log
            log.error("request_failed", error=type(error).__name__)
            if not begun:
                response = await self._on_error(Request(scope, receive), error)
                await response(scope, receive, with_headers)
