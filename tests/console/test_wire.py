"""The console as a process on a socket: bytes that no browser sends, and what of them is left in its log and folder."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.store.sqlite import SqliteStore
from bot.web.console.seats import COOKIE
from bot.web.guard import HEADERS
from tests.console.member import form_in
from tests.keys import make_keys_in
from tests.server import Server
from tests.staff import PASSWORD, hired

pytestmark = pytest.mark.slow

CANARY = b"kanariefugl3b8e"
SECONDS = 10
HEAD = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    var: Path = tmp_path_factory.mktemp("wire")
    made = make_keys_in(var)
    with Server(var, "console", VEJVISER_LOG_LEVEL="DEBUG") as server:
        server.passphrases = made
        yield server


@pytest.fixture(scope="module")
def cookie(served: Server) -> bytes:
    """Of a coordinator who is signed in, as a header."""
    assert served.passphrases
    store = SqliteStore(served.var / "store.db")
    person = hired(store, served.var, served.passphrases.team, "kim", "coordinator")
    store.close()
    with httpx.Client(base_url=served.url) as client:
        client.post("/sign-in", data={"name": "kim", "password": PASSWORD})
        form = form_in(client.get("/code").text)
        assert client.post("/code", data={"form": form, "code": person.code()}).headers["location"] == "/"
        assert client.get("/queue").status_code == 200
        return f"Cookie: {COOKIE}={client.cookies[COOKIE]}\r\n".encode()


def told(server: Server, sent: bytes) -> bytes:
    """What comes back on a socket until it is closed."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as wire:
        wire.sendall(sent)
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            while some := wire.recv(65_536):
                answer += some
    return answer


REQUESTS = {
    "a path of high bytes": b"GET /" + CANARY + b"\xff\xfe\xe6" + HEAD,
    "a query of high bytes": b"GET /queue?lang=\xff\xfe&x=" + CANARY + HEAD,
    "a query that is no UTF-8": b"GET /queue?label=%ff%fe%c3&x=" + CANARY + HEAD,
    "half a character": b"GET /queue?label=%ED%A0%80&whose=%ED%BF%BF" + CANARY + HEAD,
    "an absolute address": b"GET http://evil.example/queue?" + CANARY + HEAD,
    "two slashes": b"GET //evil.example/" + CANARY + HEAD,
    "a path that climbs": b"GET /static/../../../../etc/passwd?" + CANARY + HEAD,
    "a path that climbs unseen": b"GET /static/..%2f..%2f..%2fetc%2fpasswd%00?" + CANARY + HEAD,
    "a line in a path": b"GET /report/%0d%0aSet-Cookie:%20a=b" + CANARY + HEAD,
    "a long path": b"GET /report/" + b"x" * 60_000 + CANARY + HEAD,
    "a long query": b"GET /queue?page=" + b"9" * 60_000 + b"&x=" + CANARY + HEAD,
    "no such method": b"KANARIE /queue" + HEAD,
    "no such version": b"GET /queue HTTP/9.9\r\n\r\n",
    "no host": b"GET /queue HTTP/1.1\r\nConnection: close\r\n",
    "two hosts": b"GET /queue HTTP/1.1\r\nHost: a\r\nHost: " + CANARY + b"\r\nConnection: close\r\n",
    "a host of high bytes": b"GET /queue HTTP/1.1\r\nHost: \xff\xfe" + CANARY + b"\r\nConnection: close\r\n",
    "a header of high bytes": b"GET /queue" + HEAD + b"X-Forwarded-For: \xff" + CANARY + b"\r\n",
    "a forwarded host": b"GET /queue/"
    + HEAD
    + b"X-Forwarded-Host: evil.example\r\nForwarded: host="
    + CANARY
    + b"\r\n",
    "an origin that is none": b"POST /sign-in" + HEAD + b"Origin: http://[" + CANARY + b"\r\nContent-Length: 0\r\n",
    "two lengths": b"POST /sign-in" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n",
    "a length and pieces": b"POST /sign-in" + HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    "a websocket": b"GET /queue"
    + HEAD
    + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n",
    "an upgrade": b"GET /queue" + HEAD + b"Upgrade: h2c\r\nHTTP2-Settings: AAAA\r\n",
    "nothing of HTTP": b"\x16\x03\x01\x02\x00\x01\x00" + CANARY + b"\r\n",
}


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_bytes_that_no_browser_sends_are_no_fault(
    served: Server, cookie: bytes, request_: bytes, signed_in: bool
) -> None:
    answer = told(served, request_ + (cookie if signed_in else b"") + b"\r\n")
    status = int(answer.split(b" ", 2)[1]) if answer else 400
    assert status < 500, answer[:300]
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"evil.example" not in answer
    assert b"\r\nset-cookie: a=b" not in head
    assert b"root:" not in answer
    if answer and b"text/html" in head:
        assert all(name.lower().encode() in head for name in HEADERS)
    assert httpx.get(f"{served.url}/health").text == "ready"


def test_nothing_that_was_sent_is_left_in_the_log_or_the_folder(served: Server, cookie: bytes) -> None:
    for request in REQUESTS.values():
        told(served, request + cookie + b"\r\n")
    log = served.log.read_bytes()
    assert b"ready" in log
    assert b"Traceback" not in log
    assert b"level='error'" not in log
    for path in served.var.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert CANARY not in content, path.name
        assert b"127.0.0.1" not in content or path == served.log, path.name
