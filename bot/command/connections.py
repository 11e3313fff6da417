"""Connections of both servers: who sends half a request, or takes no answer, holds a place for a bounded time only."""

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD, BODY, ANSWER = 15.0, 300.0, 60.0
"""Seconds for the head of a request, for its body (a file over a slow line), and until the other side takes bytes."""
STILL_THERE = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds, and tries, after which the system asks, and gives up on, somebody who may have gone without a word."""


class BoundedConnection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which one is there decides uvicorn
    """uvicorn itself waits for ever where a request was not sent to its end, and between two requests only counts.

    Bytes that drip do not win time. A turn under way goes on, whoever is still there.
    """

    _waiting_for: tuple[str, Any] | None = None
    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        _bound(transport.get_extra_info("socket"))
        self._wait_for("head", HEAD)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for("head", HEAD)
        elif self.cycle.more_body:
            self._wait_for("body", BODY)
        else:
            self._wait_for(None, 0)

    def connection_lost(self, error: Exception | None) -> None:
        self._wait_for(None, 0)
        super().connection_lost(error)

    def shutdown(self) -> None:
        """At the end of a process: half a request is not waited for, a turn under way is."""
        if self._waiting_for:
            self.transport.abort()
        else:
            super().shutdown()

    def _wait_for(self, part: str | None, seconds: float) -> None:
        """Of the same request the time goes on; else it begins, or ends."""
        waiting = (part, self.cycle) if part else None
        if waiting == self._waiting_for:
            return
        if self._limit:
            self._limit.cancel()
        self._waiting_for = waiting
        self._limit = asyncio.get_running_loop().call_later(seconds, self.transport.abort) if part else None


def _bound(opened: Any) -> None:
    """Where the system can (Linux)."""
    if opened is None or opened.family == socket.AF_UNIX:
        return
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in {**STILL_THERE, "TCP_USER_TIMEOUT": int(ANSWER * 1000)}.items():
        if hasattr(socket, name):
            opened.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
