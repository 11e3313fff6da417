"""A line between browser and server that breaks when it is told to: around a request, in it, or in its answer."""

import random
import re
import select
import socket
import struct
import threading
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

CUT = re.compile(rb"POST /api/chat/messages |GET / ")
"""What a cut waits for: a message, or the page."""
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ABRUPT = struct.pack("ii", 1, 0)


class Moment(StrEnum):
    BEFORE = "nothing of the request arrives"
    WITHIN = "a part of the request arrives"
    BETWEEN = "the request arrives, and nothing of the answer comes back"
    MIDDLE = "a part of the answer comes back"


class End(StrEnum):
    CLOSED = "closed"
    RESET = "reset"
    SILENT = "half-open: nothing more comes, and nobody says so"


@dataclass(frozen=True)
class Cut:
    moment: Moment
    end: End
    part: float = 0.5
    """How much of the request or of the answer passes, between 0 and 1."""

    @classmethod
    def at_random(cls, dice: random.Random) -> Self:
        return cls(dice.choice(list(Moment)), dice.choice(list(End)), dice.random())


class Line:
    """Passes bytes on to a port of this machine; `url` is its own address. Each cut takes one request, in order."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cuts: list[Cut] = []
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.done: list[Cut] = []
        self.is_broken = False
        """Whether the newest request for which a cut could wait was cut."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.close()

    def cut(self, *cuts: Cut) -> None:
        """The next requests, one each."""
        with self._lock:
            self._cuts += cuts

    def mend(self) -> None:
        """Forget the cuts that are still to come."""
        with self._lock:
            self._cuts.clear()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        with browser, socket.create_connection(("127.0.0.1", self._port)) as server:
            try:
                while self._pass(browser, server):
                    pass
            except OSError:
                return

    def _pass(self, browser: socket.socket, server: socket.socket) -> bool:
        """What has come from either side; False at the end."""
        ready, _, _ = select.select([browser, server], [], [])
        for source, target in ((browser, server), (server, browser)):
            if source not in ready:
                continue
            data = source.recv(65_536)
            cut = self._next(data) if source is browser else None
            if cut:
                self._break(browser, server, data, cut)
            if cut or not data:
                return False
            target.sendall(data)
        return True

    def _next(self, data: bytes) -> Cut | None:
        if not CUT.match(data):
            return None
        with self._lock:
            cut = self._cuts.pop(0) if self._cuts else None
        self.is_broken = cut is not None
        return cut

    def _break(self, browser: socket.socket, server: socket.socket, begun: bytes, cut: Cut) -> None:
        request = _whole(browser, begun)
        if cut.moment is Moment.WITHIN:
            server.sendall(_some(request, cut.part))
        if cut.moment in {Moment.BETWEEN, Moment.MIDDLE}:
            server.sendall(request)
            answer = _whole(server)
            browser.sendall(_some(answer, cut.part) if cut.moment is Moment.MIDDLE else b"")
        self.done.append(cut)
        if cut.end is End.SILENT:
            browser.recv(1)  # until the browser gives up
        if cut.end is End.RESET:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)


def _some(message: bytes, part: float) -> bytes:
    return message[: max(1, min(len(message) - 1, int(len(message) * part)))]


def _whole(source: socket.socket, begun: bytes = b"") -> bytes:
    """A request or answer of HTTP/1.1 that says how long it is."""
    message = begun
    while b"\r\n\r\n" not in message:
        message += source.recv(65_536) or _gone()
    head, _, body = message.partition(b"\r\n\r\n")
    length = int(found[1]) if (found := _LENGTH.search(head)) else 0
    while len(body) < length:
        piece = source.recv(65_536) or _gone()
        message, body = message + piece, body + piece
    return message


def _gone() -> bytes:
    raise ConnectionError("the other side has gone")
