"""What operators' machines ask: whether the process lives, and whether a message would be answered and kept."""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.engine.guide import Guide
from bot.errors import NotSavedError
from bot.language.dates import today
from bot.settings import Settings


async def live(_: Request) -> Response:
    """200 while the process answers at all: one that does not should be started anew."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> Response:
    """200 where the store and the conversations take writing now, else 503: then others should be sent the messages.

    Facts past their review are told, and change nothing: an old fact is better than no guide.
    """
    guide: Guide = request.app.state.guide
    kept = {"store": await _works(guide.store.check()), "conversations": await _works(guide.check_conversations())}
    status = "ready" if all(kept.values()) else "failing"
    body = {"status": status, "engine": _engine(guide.settings), **kept, **_known(guide)}
    return JSONResponse(body, 200 if status == "ready" else 503)


async def _works(asked: Awaitable[None]) -> bool:
    try:
        await asked
    except NotSavedError:
        return False
    return True


def _engine(settings: Settings) -> str:
    return "postgresql" if settings.database else "sqlite"


def _known(guide: Guide) -> dict[str, object]:
    """What the process was started with."""
    on = today()
    shown = [service for service in guide.directory.services.values() if service.serves]
    return {
        "model": guide.engine.model_name,
        "meaning": guide.engine.understands_meaning,
        "languages": list(guide.languages),
        "services": len(guide.directory.services),
        "facts_past_review": sum(service.is_overdue(on) for service in shown),
        "facts_never_checked": sum(not service.checked_on for service in shown),
    }


ROUTES = (Route("/health", ready), Route("/health/live", live))
