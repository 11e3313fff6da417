"""The chat interface: JSON in, JSON out; described in openapi.json."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.engine.guide import Guide
from bot.engine.hearing import LONGEST_WORDS
from bot.errors import ConversationEndedError, Problem
from bot.language.figures import Kind, figures_in
from bot.web.brake import Brake
from bot.web.session import check_same_origin, clear_cookie, read_token, set_cookie

LONGEST_BODY = 65_536
"""Bytes; ten thousand characters of any script fit."""
UNKNOWN_RECEIPT = "utter_receipt_unknown"
"""The reply to a receipt that opens nothing."""


async def begin(request: Request) -> Response:
    check_same_origin(request)
    body = await read_body(request, {"lang"})
    language = body.get("lang")
    if language is not None and not isinstance(language, str):
        raise Problem(422, "problem.unknown_language")
    guide = guide_of(request)
    token, reply = await guide.begin(language, request.headers.get("accept-language", ""))
    response = JSONResponse(said(reply), 201)
    set_cookie(response, token, guide.settings)
    return response


async def say(request: Request) -> Response:
    check_same_origin(request)
    token = token_of(request)
    body = await read_body(request, {"id", "text", "button"})
    for name in ("id", "text", "button"):
        if not isinstance(body.get(name, ""), str) or (name == "id" and name not in body):
            raise Problem(422, "problem.unreadable")
    said_by = {name: whole(value) for name, value in body.items()}
    reply = await braked(request, token, said_by["id"], said_by.get("text"), said_by.get("button"))
    response = JSONResponse(reply)
    if reply["ended"]:
        clear_cookie(response)
    return response


async def replay(request: Request) -> Response:
    return JSONResponse(said(await guide_of(request).replay(token_of(request))))


async def back(request: Request) -> Response:
    check_same_origin(request)
    token = token_of(request)
    seen = (await read_body(request, {"seen"})).get("seen")
    if type(seen) is not int:
        raise Problem(422, "problem.unreadable")
    return JSONResponse(said(await guide_of(request).back.go(token, seen)))


async def erase(request: Request) -> Response:
    check_same_origin(request)
    await guide_of(request).erase(token_of(request))
    response = Response(status_code=204)
    clear_cookie(response)
    return response


async def braked(request: Request, token: str, message_id: str, text: str | None, button: str | None) -> dict[str, Any]:
    """Say it to the guide; who has tried many wrong receipts waits before the next one is tried."""
    brake: Brake = request.app.state.brake
    host = request.client.host if request.client else ""
    if text and len(text) <= LONGEST_WORDS and any(figure.kind is Kind.RECEIPT for figure in figures_in(text)):
        await brake.wait(host)  # what is longer is refused below: its numbers alone would take seconds to find
    reply = await guide_of(request).say(token, message_id, text=text, button=button)
    if any(message["reply"] == UNKNOWN_RECEIPT for message in reply["messages"]):
        brake.wrong(host)
    return reply


def said(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: reply[name] for name in ("lang", "dir", "messages", "back")}


def whole(text: str) -> str:
    """`text` with halves of a character (lone surrogates, which JSON can spell) marked as lost."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def guide_of(request: Request) -> Guide:
    guide: Guide = request.app.state.guide
    return guide


def token_of(request: Request) -> str:
    token = read_token(request)
    if token is None:
        raise ConversationEndedError("no session cookie")
    return token


async def read_body(request: Request, known: set[str]) -> dict[str, Any]:
    """The body as a JSON object with no other fields than `known`; else raises Problem."""
    if "json" not in request.headers.get("content-type", ""):
        raise Problem(415, "problem.unreadable")
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > LONGEST_BODY:
            raise Problem(413, "problem.too_long", limit="1000")
    try:
        body = json.loads(received)
    except (ValueError, RecursionError):
        raise Problem(400, "problem.unreadable") from None
    if not isinstance(body, dict) or not set(body) <= known:
        raise Problem(422, "problem.unreadable")
    return body


routes = [
    Route("/api/chat/session", begin, methods=["POST"]),
    Route("/api/chat/session", erase, methods=["DELETE"]),
    Route("/api/chat/messages", say, methods=["POST"]),
    Route("/api/chat/messages", replay, methods=["GET"]),
    Route("/api/chat/back", back, methods=["POST"]),
]
