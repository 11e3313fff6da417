"""Problems as RFC 9457 says them: `application/problem+json`, with words in the session's language."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.engine.guide import Guide
from bot.errors import ConversationEndedError, NotSavedError, Problem
from bot.web.session import read_token


def problem_of(error: Exception) -> Problem:
    """What to tell a person of an error; one that nobody foresaw is the guide's fault, not theirs."""
    match error:
        case Problem():
            return error
        case ConversationEndedError():
            return Problem(401, "problem.session_ended")
        case NotSavedError():
            return Problem(503, "problem.not_saved")
        case _:
            return Problem(503, "problem.failed")


async def problem_response(request: Request, problem: Problem) -> Response:
    guide: Guide = request.app.state.guide
    code = await language_for(request, guide)
    body = {
        "type": "/problems/" + problem.word.removeprefix("problem."),
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": guide.page_word(code, problem.word, **problem.values),
        "lang": code,
        "dir": guide.languages[code].direction,
    }
    return JSONResponse(body, problem.status, media_type="application/problem+json")


async def language_for(request: Request, guide: Guide) -> str:
    """The conversation's language, or what the browser asks for where there is none."""
    token = read_token(request)
    if token:
        try:
            return await guide.language_of(token)
        except (ConversationEndedError, NotSavedError):
            pass
    return guide.negotiate(request.headers.get("accept-language", ""))
