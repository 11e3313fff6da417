"""The chat page: the same conversation as the JSON interface, as plain forms that need no script."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.errors import ConversationEndedError, NotSavedError, Problem
from bot.web.chat import braked, guide_of, token_of
from bot.web.forms import fields_of
from bot.web.problem import language_for, problem_of
from bot.web.session import check_same_origin, clear_cookie, read_token, set_cookie
from bot.web.templating import TEMPLATES

ENDED = 401
NEWEST = "/#newest"
NOTHING_SEEN = -1
_NUMBER = re.compile(r"[0-9]{1,6}")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Said:
    """A word of words.yml that the page says about itself: an `alert` for a problem, a `status` for an outcome."""

    word: str
    role: str
    status: int = 200
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> "Said":
        return cls(problem.word, "alert", problem.status, {name: str(it) for name, it in problem.values.items()})


def render(request: Request, name: str, code: str, said: Said | None, **more: object) -> Response:
    """A page in the language `code`, never stored: a shared phone must not show it again by its Back button."""
    guide = guide_of(request)
    context = {
        "language": guide.languages[code],
        "languages": list(guide.languages.values()),
        "word": partial(guide.page_word, code),
        "exit_url": guide.settings.exit_url,
        "operator": guide.settings.operator_name,
        "brand": request.app.state.brand,
        "new_id": lambda: str(uuid4()),
        "said": said,
        **more,
    }
    status = said.status if said else 200
    return TEMPLATES.TemplateResponse(request, name, context, status, {"Cache-Control": "no-store"})


# In which language a page without a conversation speaks


def language_of_request(request: Request) -> str:
    guide = guide_of(request)
    asked = request.query_params.get("lang", "")
    if asked in guide.languages:
        return asked
    return guide.negotiate(request.headers.get("accept-language", ""))


# Pages


def welcome(request: Request, said: Said | None = None) -> Response:
    asked = request.query_params
    return render(
        request, "welcome.html", language_of_request(request), said, entry=asked.get("from"), staff="staff" in asked
    )


async def problem_page(request: Request, said: Said) -> Response:
    """A page with the problem alone."""
    return render(request, "problem.html", await spoken_in(request), said)


async def spoken_in(request: Request) -> str:
    """The language that the address names, else that of the conversation, else what the browser asks for."""
    asked, guide = request.query_params.get("lang", ""), guide_of(request)
    return asked if asked in guide.languages else await language_for(request, guide)


async def conversation(request: Request, token: str, said: Said | None = None, text: str | None = None) -> Response:
    """The whole conversation; a `text` that was refused stays in the field, so that nobody has to write it twice."""
    reply = await guide_of(request).replay(token)
    messages: list[dict[str, Any]] = reply["messages"]
    return render(
        request,
        "conversation.html",
        reply["lang"],
        said,
        messages=messages,
        newest=newest_of(messages),
        answers=answers_of(messages),
        can_go_back=reply["back"],
        idle_minutes=guide_of(request).settings.idle_minutes,
        text=text,
    )


def answers_of(messages: list[dict[str, Any]]) -> list[list[tuple[Mapping[str, str], str]]]:
    """The buttons with their languages, by message: those of the last question first, for they stand right under it."""
    return [
        [(button, _language_of(button, message)) for button in message["buttons"]]
        for message in reversed(messages)
        if message["buttons"]
    ]


def _language_of(button: Mapping[str, str], message: Mapping[str, Any]) -> str:
    """A button that offers a language says its name in that language, and must be read aloud so."""
    prefix, _, code = button["id"].partition("_")
    return code if prefix == "language" else str(message["lang"])


def newest_of(messages: list[dict[str, Any]]) -> int:
    """Place of the guide's first answer in the newest turn: where reading goes on after a form was sent."""
    asked = [place for place, message in enumerate(messages) if message["from"] == "resident"]
    return min(asked[-1] + 1, len(messages) - 1) if asked else 0


def guarded(handler: Handler) -> Handler:
    """A route whose problems become pages; where the conversation is over, the welcome page says so."""

    @wraps(handler)
    async def guard(request: Request) -> Response:
        try:
            return await handler(request)
        except (Problem, ConversationEndedError, NotSavedError) as error:
            problem = problem_of(error)
            return _ended(request) if problem.status == ENDED else await problem_page(request, Said.of(problem))

    return guard


def _ended(request: Request) -> Response:
    """Coming back late is no fault, so only a message that could not be said gets the status of a problem."""
    sent = request.method == "POST"
    status = ENDED if sent else 200
    response = welcome(request, Said("page.ended", "alert" if sent else "status", status))
    clear_cookie(response)
    return response


# Routes


@guarded
async def show(request: Request) -> Response:
    """The conversation where there is one; what the address says beside it counts only without one."""
    token = read_token(request)
    if token:
        return await conversation(request, token)
    if "deleted" in request.query_params:
        return welcome(request, Said("page.deleted", "status"))
    if request.query_params.get("lang", language_of_request(request)) not in guide_of(request).languages:
        return _unknown_language(request)
    return welcome(request)


def _unknown_language(request: Request) -> Response:
    return welcome(request, Said("problem.unknown_language", "alert", 400))


@guarded
async def start(request: Request) -> Response:
    """A new conversation; one that this browser had is deleted, for nobody could reach it any more."""
    check_same_origin(request)
    guide = guide_of(request)
    fields = await fields_of(request)
    code = fields.get("lang")
    if code not in guide.languages:
        return _unknown_language(request)
    before, for_staff = read_token(request), "staff" in fields
    if before:
        for_staff = for_staff or await guide.back.is_for_staff(before)
        await guide.erase(before)
    token, _ = await guide.begin(code, entry=fields.get("from"), for_staff=for_staff)
    response = see("/")
    set_cookie(response, token, guide.settings)
    return response


@guarded
async def say(request: Request) -> Response:
    check_same_origin(request)
    token = token_of(request)
    fields = await fields_of(request)
    text, button = fields.get("text"), fields.get("button")
    try:
        reply = await braked(request, token, fields.get("id", ""), text, button)
    except (Problem, NotSavedError) as error:
        return await conversation(request, token, Said.of(problem_of(error)), text)
    return _deleted(reply["lang"]) if reply["ended"] else see(NEWEST)


@guarded
async def back(request: Request) -> Response:
    """One step back from what the page shows; an older state is only shown anew."""
    check_same_origin(request)
    token = token_of(request)
    seen = (await fields_of(request)).get("seen", "")
    await guide_of(request).back.go(token, int(seen) if _NUMBER.fullmatch(seen) else NOTHING_SEEN)
    return see(NEWEST)


@guarded
async def stay(request: Request) -> Response:
    """The conversation is kept as long as if something had been said now (WCAG 2.2.1)."""
    check_same_origin(request)
    token = token_of(request)
    await guide_of(request).visits.stay(token)
    return Response(status_code=204)


@guarded
async def delete(request: Request) -> Response:
    """Deleting twice, or after the conversation has ended, says the same: it is deleted."""
    check_same_origin(request)
    guide, token = guide_of(request), read_token(request)
    code = (await fields_of(request)).get("lang", "")
    if token:
        await guide.erase(token)
    return _deleted(code if code in guide.languages else language_of_request(request))


async def home(_: Request) -> Response:
    """For a phone that opens its tabs again by GET at the address of a form."""
    return see("/")


def _deleted(code: str) -> Response:
    """The next page says so in the language of the conversation that is gone."""
    response = see("/?" + urlencode({"deleted": 1, "lang": code}))
    clear_cookie(response)
    return response


def see(address: str) -> Response:
    """To another page, by GET."""
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


routes = [
    Route("/", show),
    Route("/start", start, methods=["POST"]),
    Route("/say", say, methods=["POST"]),
    Route("/back", back, methods=["POST"]),
    Route("/stay", stay, methods=["POST"]),
    Route("/delete", delete, methods=["POST"]),
    *(Route(address, home) for address in ("/start", "/say", "/back", "/delete")),
]
