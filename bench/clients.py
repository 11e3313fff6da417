"""Somebody who talks to a side over HTTP, and how long each answer took."""

import http.client
import json
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bench.conversations import Turn
from bench.served import HOST
from bot.engine.buttons import Button

ANSWER_WITHIN = 60.0
CUT = (OSError, http.client.HTTPException, RuntimeError)
"""What `Connection` raises where a turn has no answer, or an error for one."""


@dataclass(frozen=True)
class Answered:
    """One turn: `seconds` from the first byte sent to the last byte of the answer."""

    typed: bool
    seconds: float
    as_written: bool = True


class Connection:
    """One session on one connection that is kept open, as browsers do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_WITHIN)
        self._cookie = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _post(self, path: str, body: Mapping[str, Any]) -> tuple[float, Any]:
        return self._ask("POST", path, json.dumps(body).encode())

    def _ask(self, method: str, path: str, sent: bytes | None = None) -> tuple[float, Any]:
        """Seconds, and what is answered; RuntimeError for an answer that is an error."""
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        begun = time.perf_counter()
        self._connection.request(method, path, sent, headers)
        response = self._connection.getresponse()
        received = response.read()
        seconds = time.perf_counter() - begun
        if response.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{path}: {response.status} {received[:300]!r}")
        self._cookie = (response.getheader("Set-Cookie") or self._cookie).partition(";")[0]
        return seconds, json.loads(received)


class Client(Connection, ABC):
    """Plays written turns; an answer without a message is an error."""

    @abstractmethod
    def take(self, turn: Turn) -> Answered: ...


class VejviserClient(Client):
    """Presses only what is offered: where the written button is not, the first one that is."""

    def __init__(self, port: int, language: str) -> None:
        super().__init__(port)
        self._language = language
        self._begin()

    def _begin(self) -> None:
        _, begun = self._post("/api/chat/session", {"lang": self._language})
        self._offered = _offered(begun)

    def take(self, turn: Turn) -> Answered:
        """A conversation that this turn ends is followed by a new one, whose beginning is not timed."""
        said = turn.said if turn.typed or turn.said in self._offered else self._first_offered()
        message = {"id": uuid.uuid4().hex, "text" if turn.typed else "button": said}
        seconds, reply = self._post("/api/chat/messages", message)
        if not reply["messages"]:
            raise RuntimeError(f"no answer to {turn}")
        self._offered = _offered(reply)
        if reply["ended"]:
            self._begin()
        return Answered(turn.typed, seconds, said == turn.said)

    def _first_offered(self) -> str:
        """The page's language menu is there even where an answer offers nothing."""
        return next(iter(self._offered), f"language_{self._language}")


class StockClient(Client):
    """The REST channel: a pressed button sends its payload, `/intent{…}`."""

    def __init__(self, port: int, buttons: Mapping[str, Button]) -> None:
        super().__init__(port)
        self._buttons = buttons
        self._sender = uuid.uuid4().hex

    def take(self, turn: Turn) -> Answered:
        message = turn.said if turn.typed else self._buttons[turn.said].payload
        seconds, answers = self._post("/webhooks/rest/webhook", {"sender": self._sender, "message": message})
        if not answers:
            raise RuntimeError(f"no answer to {turn}")
        return Answered(turn.typed, seconds)


def _offered(reply: Mapping[str, Any]) -> list[str]:
    return [button["id"] for message in reply["messages"] for button in message["buttons"]]
