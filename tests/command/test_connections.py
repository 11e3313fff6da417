"""Connections that send half a request, or none, or take no answer: closed in time, and nobody else notices."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.command import connections
from bot.command.connections import BoundedConnection

HEAD, BODY, ANSWER = 0.3, 0.7, 1.0
SLACK = 0.5
"""Seconds that a busy machine may add."""
HELLO = b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n"
WORK = b"GET /work HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n"


class Served:
    """A small application behind the same connections as the guide's."""

    def __init__(self) -> None:
        self.done = 0
        """Requests that were worked on to their end."""
        routes = [
            Route("/hello", lambda _: PlainTextResponse("hello")),
            Route("/work", self._work),
            Route("/read", self._read, methods=["POST"]),
            Route("/much", lambda _: PlainTextResponse("x" * 20_000_000)),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            port=0,
            http=BoundedConnection,
            ws="none",
            timeout_keep_alive=3,
            log_config=None,
            log_level="critical",
        )
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    async def _work(self, _: Request) -> Response:
        await asyncio.sleep(HEAD + SLACK)
        self.done += 1
        return PlainTextResponse("worked")

    async def _read(self, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    @property
    def open(self) -> int:
        return len(self.server.server_state.connections)

    def close(self) -> None:
        self.server.should_exit = True
        self._thread.join()

    def connect(self, *sent: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port))
        client.settimeout(10)
        for each in sent:
            client.sendall(each)
        return client


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        for name, seconds in {"HEAD": HEAD, "BODY": BODY, "ANSWER": ANSWER}.items():
            patch.setattr(connections, name, seconds)
        served = Served()
        yield served
        served.close()


def seconds_until_closed(client: socket.socket) -> float:
    begun = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while client.recv(65_536):
            pass
    return time.monotonic() - begun


@pytest.mark.parametrize("sent", [b"", b"G", HELLO[:-2], b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-le"])
def test_half_a_head_is_waited_for_as_long_as_was_said(served: Served, sent: bytes) -> None:
    client = served.connect(sent) if sent else served.connect()
    assert HEAD - 0.1 < seconds_until_closed(client) < HEAD + SLACK
    client.close()


def test_drops_of_a_head_win_no_time(served: Served) -> None:
    client, begun = served.connect(), time.monotonic()
    with contextlib.suppress(ConnectionError):
        for byte in HELLO[:-2] + b"x" * 50:
            client.sendall(bytes([byte]))
            time.sleep(0.05)
    assert HEAD - 0.1 < time.monotonic() - begun < HEAD + SLACK
    client.close()


@pytest.mark.parametrize("more", [b"", b"x" * 999])
def test_half_a_body_is_waited_for_longer_and_not_for_ever(served: Served, more: bytes) -> None:
    client = served.connect(POST + more)
    assert BODY - 0.1 < seconds_until_closed(client) < BODY + SLACK
    client.close()


def test_a_body_that_takes_longer_than_a_head_may_is_taken(served: Served) -> None:
    client = served.connect(POST + b"x" * 500)
    time.sleep(HEAD + 0.2)
    client.sendall(b"x" * 500)
    assert client.recv(65_536).endswith(b"1000")
    client.close()


def test_half_a_second_request_is_waited_for_as_a_first_one(served: Served) -> None:
    client = served.connect(HELLO)
    assert client.recv(65_536).endswith(b"hello")
    client.sendall(HELLO[:10])
    assert HEAD - 0.1 < seconds_until_closed(client) < HEAD + SLACK
    client.close()


def test_who_waits_between_two_requests_is_left_alone(served: Served) -> None:
    client = served.connect(HELLO)
    client.recv(65_536)
    time.sleep(HEAD + BODY)
    client.sendall(HELLO)
    assert client.recv(65_536).endswith(b"hello")
    client.close()


@pytest.mark.parametrize("requests", [1, 2])
def test_work_that_takes_long_is_answered(served: Served, requests: int) -> None:
    """Also where the next request was sent meanwhile."""
    client, told = served.connect(WORK * requests), b""
    while told.count(b"worked") < requests:
        told += client.recv(65_536)
    client.close()


def test_work_goes_on_where_nobody_waits_for_it_any_more(served: Served) -> None:
    before = served.done
    served.connect(WORK).close()
    time.sleep(HEAD + 2 * SLACK)
    assert served.done == before + 1


def test_who_takes_no_answer_is_let_go(served: Served) -> None:
    """The system's own limit on bytes that are not taken."""
    before = served.open
    client = served.connect(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n")
    time.sleep(0.2)
    assert served.open > before
    deadline = time.monotonic() + 20 * ANSWER
    while served.open > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert served.open == before
    client.close()


def test_a_hundred_of_them_keep_nobody_out_and_are_gone_in_the_end(served: Served) -> None:
    half = [served.connect(*([sent] if sent else [])) for sent in (b"", HELLO[:9], POST, POST + b"x") * 25]
    for _ in range(10):
        client = served.connect(HELLO)
        assert client.recv(65_536).endswith(b"hello")
        client.close()
    time.sleep(BODY + SLACK)
    assert served.open == 0
    for client in half:
        client.close()


def test_half_a_request_does_not_keep_a_process_from_ending_and_work_does() -> None:
    other = Served()
    half, work = [other.connect(*([sent] if sent else [])) for sent in (b"", HELLO[:9], POST)], other.connect(WORK)
    time.sleep(0.2)
    begun = time.monotonic()
    other.close()
    assert time.monotonic() - begun < HEAD + 2 * SLACK
    assert work.recv(65_536).endswith(b"worked")
    for client in (*half, work):
        client.close()
