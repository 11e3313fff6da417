"""Clients of the interface for tests: every answer they get is held against bot/web/openapi.json."""

import base64
import hashlib
import json
import re
import sqlite3
import uuid
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from bot.settings import ROOT
from bot.web.brand import FIRST
from bot.web.guard import CACHED, HEADERS

DESCRIPTION: dict[str, Any] = json.loads((ROOT / "bot" / "web" / "openapi.json").read_text(encoding="utf-8"))
JSON = {"Content-Type": "application/json"}
OK, NOT_MODIFIED, BAD_REQUEST = 200, 304, 400
POLICY = "Content-Security-Policy"


def check(response: httpx.Response) -> None:
    """What holds for every answer, whatever was asked; an event hook of every client here."""
    response.read()
    if response.status_code == BAD_REQUEST and response.headers["content-type"].startswith("text/plain"):
        return  # uvicorn's: what is no HTTP at all, or a method that its parser does not know, reaches no application
    for name, value in headers_for(response).items():
        assert response.headers.get(name) == value, (response.url, name, response.status_code, response.text[:80])
    if not response.url.path.startswith("/static/"):
        kept = response.url.path.startswith("/statistics") and response.status_code in {OK, NOT_MODIFIED}
        assert response.headers["cache-control"] == (CACHED if kept else "no-store"), response.url
    assert response.status_code < 500, (response.request.method, response.url, response.status_code)
    assert "Traceback" not in response.text
    if response.url.path in DESCRIPTION["paths"]:
        _check_described(response)


def headers_for(response: httpx.Response) -> dict[str, str]:
    """Those of every answer; the first page's policy names the styles within it, too, by their hash, and no more."""
    if response.url.path != FIRST:
        assert "<style" not in response.text, response.url
        return HEADERS
    hashes = re.findall(r" 'sha256-([^']+)'", response.headers[POLICY])
    assert len(hashes) == 1
    for styles in re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode() == hashes[0]
    policy = HEADERS[POLICY].replace("style-src 'self'", f"style-src 'self' 'sha256-{hashes[0]}'")
    return {**HEADERS, POLICY: policy}


async def check_later(response: httpx.Response) -> None:
    """`check` for asynchronous clients."""
    await response.aread()
    check(response)


def _check_described(response: httpx.Response) -> None:
    """Status, kind and body are among those that the operation describes; an undescribed method is 405."""
    path, method = response.url.path, response.request.method.lower()
    operation = DESCRIPTION["paths"][path].get("get" if method == "head" else method)
    if operation is None:
        assert response.status_code == 405, (method, path, response.status_code)
        return
    assert str(response.status_code) in operation["responses"], (method, path, response.status_code, response.text)
    described = resolved(operation["responses"][str(response.status_code)])
    for name, header in described.get("headers", {}).items():
        assert re.search(header["schema"]["pattern"], response.headers[name]), (path, name, response.headers[name])
    kind = response.headers.get("content-type", "").partition(";")[0]
    assert kind in described.get("content", {"": None}), (path, response.status_code, kind)
    if kind.endswith("json") and method != "head":
        _validator(json.dumps(described["content"][kind]["schema"])).validate(response.json())


def resolved(described: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into the description points at."""
    if "$ref" not in described:
        return described
    found: Any = DESCRIPTION
    for step in described["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": DESCRIPTION["components"]})


def checked[Client: httpx.Client](client: Client) -> Client:
    client.event_hooks = {"response": [check]}
    return client


class Chat:
    """A conversation over HTTP; each call gives the answer as it came."""

    def __init__(self, client: httpx.Client, language: str | None = "en", accept_language: str = "") -> None:
        self.client = client
        asked = {"Accept-Language": accept_language} if accept_language else {}
        self.begun = client.post("/api/chat/session", json={"lang": language}, headers=asked)
        assert self.begun.status_code == 201, self.begun.text

    @property
    def token(self) -> str:
        return self.client.cookies["vejviser_session"]

    def says(self, text: str, message_id: str | None = None) -> httpx.Response:
        return self.sends({"id": message_id or uuid.uuid4().hex, "text": text})

    def presses(self, button: str, message_id: str | None = None) -> httpx.Response:
        return self.sends({"id": message_id or uuid.uuid4().hex, "button": button})

    def sends(self, body: object) -> httpx.Response:
        """`body` as JSON in plain ASCII, so that lone surrogates travel as their escapes."""
        return self.posts(json.dumps(body).encode())

    def posts(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.client.post("/api/chat/messages", content=body, headers={**JSON, **(headers or {})})

    def replays(self) -> httpx.Response:
        return self.client.get("/api/chat/messages")

    def ends(self) -> httpx.Response:
        return self.client.delete("/api/chat/session")


def buttons_of(response: httpx.Response) -> list[str]:
    return [button["id"] for message in response.json()["messages"] for button in message["buttons"]]


def replies_of(response: httpx.Response) -> list[str]:
    return [message["reply"] for message in response.json()["messages"]]


def rows_of_conversation(var: Path, conversation_id: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{var / 'conversations.db'}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT * FROM conversation WHERE id = ?", [conversation_id]).fetchall()
