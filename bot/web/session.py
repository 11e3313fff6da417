"""The session cookie, and who may send one; in the frame on another site's page embed.py puts a header in its place."""

import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.engine.conversation import TOKEN_BYTES
from bot.errors import Problem
from bot.settings import Settings

COOKIE = "vejviser_session"
_TOKEN = re.compile(rf"[0-9a-f]{{{2 * TOKEN_BYTES}}}")


def read_token(request: Request) -> str | None:
    """The session token of the cookie, or None where it is missing or not of our making."""
    token = request.cookies.get(COOKIE, "")
    return token if is_token(token) else None


def is_token(text: str) -> bool:
    """Whether `text` looks like a session token of ours; it may be of a conversation that is gone."""
    return _TOKEN.fullmatch(text) is not None


def set_cookie(response: Response, token: str, settings: Settings) -> None:
    """Ends with the browser; the server forgets earlier (idle_minutes)."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=settings.secure_cookie, path="/")


def clear_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", path="/")


def check_same_origin(request: Request) -> None:
    """Raises Problem where a browser says that another site sends this (beside SameSite, for old browsers)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Problem(403, "problem.not_allowed")
    origin = request.headers.get("origin")
    if origin == "null" and request.headers.get("sec-fetch-site") == "same-origin":
        return  # a browser that sends no referrer hides the origin of its own page's form too
    if origin and _site_of(origin) != request.headers.get("host"):
        raise Problem(403, "problem.not_allowed")


def _site_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # a bracket that is not closed
        return None
