"""The way in from other sites' pages: the launcher's script, the page in its frame, and sessions without a cookie.

Off until VEJVISER_EMBED_ORIGINS names a site; docs/embedding.md says how a page takes it in.
"""

import hashlib
import json
from collections.abc import Mapping
from http.cookies import SimpleCookie
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.engine.guide import Guide
from bot.settings import Settings
from bot.web.brand import Brand
from bot.web.chat import guide_of
from bot.web.guard import CACHED, HEADERS
from bot.web.page import Handler, guarded, language_of_request, render
from bot.web.session import COOKIE, is_token

SCRIPT, FRAME, LETTERS = "/widget.js", "/embed", "/static/fonts/noto-sans-arabic-700.woff2"
SESSION = "Vejviser-Session"
"""Header in place of the cookie, both ways: a token, or NONE. A request that carries it comes from the frame."""
NEXT = "Vejviser-Location"
"""Header in place of a redirect, which a script would follow before it has seen the new token."""
NONE = "none"
REDIRECTS = range(300, 400)
WORDS = {"open": "embed.open", "close": "embed.close", "leave": "page.leave", "title": "page.title"}
"""{how the script calls it: its name in words.yml}"""


class Embedded:
    """Gives a frame's request its token as if it were a cookie, and its answer no cookie, whatever the page does.

    So no page needs to know of frames, and none can set a cookie in one by mistake. Another site cannot send the
    header: browsers ask before (CORS), and nothing here says yes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        token = headers.get(SESSION)
        if token is None:
            await self._app(scope, receive, send)
            return
        del headers["Cookie"]  # on a page of the same city it may be that of another tab
        if is_token(token):
            headers["Cookie"] = f"{COOKIE}={token}"

        async def without_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                _carry(message)
            await send(message)

        await self._app({**scope, "headers": headers.raw}, receive, without_cookie)


def _carry(message: Message) -> None:
    """Cookie and redirect of an answer become headers that the frame's script reads (static/embed.js)."""
    headers = MutableHeaders(scope=message)
    for cookie in headers.getlist("Set-Cookie"):
        headers[SESSION] = SimpleCookie(cookie)[COOKIE].value or NONE
    del headers["Set-Cookie"]
    if message["status"] in REDIRECTS and "Location" in headers:
        message["status"] = 200
        headers[NEXT] = headers["Location"]
        del headers["Location"]


def headers_by_path(settings: Settings) -> dict[str, Mapping[str, str]]:
    """What Guard sends in place of HEADERS: everybody may load the script, the named sites alone may frame the page."""
    for_all = {"Cross-Origin-Resource-Policy": "cross-origin"}
    script: dict[str, Mapping[str, str]] = {SCRIPT: {**HEADERS, **for_all}}
    if not settings.embed_origins:
        return script
    letters = {LETTERS: {**HEADERS, **for_all, "Access-Control-Allow-Origin": "*"}}  # without this no font is taken
    policy = HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", f"frame-ancestors {' '.join(settings.embed_origins)}"
    )
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp"}  # else a page that is isolated itself may not frame it
    frame = {**HEADERS, **for_all, **isolated, "Content-Security-Policy": policy}
    del frame["X-Frame-Options"]  # knows no list of sites
    return {**script, **letters, FRAME: frame}


def routes_of(guide: Guide, brand: Brand) -> list[Route]:
    """The script always, so that a switched-off widget can say so; the frame's page only where a site may hold it."""
    frame = [Route(FRAME, show)] if guide.settings.embed_origins else []
    return [Route(SCRIPT, _script(widget_of(guide, brand))), *frame]


@guarded
async def show(request: Request) -> Response:
    """The page in the frame before it knows of a conversation: the picker, and the script that goes on from there."""
    guide = guide_of(request)
    lost = {code: guide.page_word(code, "embed.lost") for code in guide.languages}
    hosts = " ".join(guide.settings.embed_origins)
    code = language_of_request(request)
    return render(request, "embed.html", code, None, entry=None, staff=False, hosts=hosts, lost=json.dumps(lost))


def widget_of(guide: Guide, brand: Brand) -> bytes:
    """The launcher's script with its words in every language, and nothing to fetch beside it."""
    settings = guide.settings
    facts = {
        "origins": " ".join(settings.embed_origins),
        "exit": settings.exit_url,
        "letters": LETTERS,
        "language": settings.default_language,
        "colours": brand.colours_on(".at"),
        "words": {
            code: {"dir": language.direction, **{name: guide.page_word(code, word) for name, word in WORDS.items()}}
            for code, language in guide.languages.items()
        },
    }
    source = Path(__file__).with_name("widget.js").read_text(encoding="utf-8")
    return source.replace('"FACTS"', json.dumps(facts, ensure_ascii=False, separators=(",", ":")), 1).encode()


def _script(content: bytes) -> Handler:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": CACHED}

    async def script(request: Request) -> Response:
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="text/javascript", headers=headers)

    return script
