"""Where somebody says by one tap whether an answer of their conversation was useful; nothing but that is sent."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.chat import guide_of, token_of
from bot.web.forms import fields_of
from bot.web.page import guarded, home, see
from bot.web.session import check_same_origin


@guarded
async def say(request: Request) -> Response:
    """Thanks stand where the question stood, so that the page needs no words at its top. A script reads the status."""
    check_same_origin(request)
    token, fields = token_of(request), await fields_of(request)
    message = fields.get("message", "")
    await guide_of(request).useful.say(token, message, fields.get("said", ""))
    return see(f"/#useful-{message}")


routes = [Route("/useful", say, methods=["POST"]), Route("/useful", home)]
