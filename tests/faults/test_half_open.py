"""Half-open connections, of people and to PostgreSQL: whoever is still there is answered, and no turn is lost."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from bot.command.connections import HEAD, STILL_THERE
from bot.errors import NotSavedError
from bot.store import postgres_connection
from bot.store.opening import open_locks
from bot.store.postgres import CONNECTIONS
from tests.faults.test_postgres import NOTHING, WHAT, Sent, sent_again
from tests.keys import make_keys
from tests.postgres import Cluster
from tests.server import Server
from tests.store.kept import OnPostgres

pytestmark = pytest.mark.slow

SEED = 20261130
GIVES_UP = 35.0
"""Seconds after which the page waits no longer for an answer."""
TCP_REPAIR = 19
"""linux/tcp.h: a socket that is closed while it is set says nothing to the other side."""


@pytest.fixture(scope="module")
def kept(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPostgres]:
    kept = OnPostgres(postgres, postgres.database(), tmp_path_factory.mktemp("half_open"))
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def server(model: Path, kept: OnPostgres) -> Iterator[Server]:
    server = Server(kept.settings.var, VEJVISER_DATABASE=kept.settings.database)
    server.passphrases = make_keys(kept.store)
    with server:
        yield server


# People


class Person:
    """Somebody with a conversation, who sends their messages by hand."""

    def __init__(self, server: Server, language: str = "en") -> None:
        self.server = server
        self.client = httpx.Client(base_url=server.url, timeout=GIVES_UP)
        self.client.post("/api/chat/session", json={"lang": language}).raise_for_status()
        self.numbers = 0

    def says(self, text: str, message_id: str | None = None) -> httpx.Response:
        self.numbers += 1
        body = {"id": message_id or f"message-{self.numbers}", "text": text}
        return self.client.post("/api/chat/messages", json=body)

    def said(self) -> list[str]:
        messages = self.client.get("/api/chat/messages").json()["messages"]
        return [it["text"] for it in messages if it["from"] == "resident"]

    def request(self, text: str, message_id: str) -> bytes:
        """The same message as bytes."""
        body = f'{{"id": "{message_id}", "text": "{text}"}}'.encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        head = (
            f"POST /api/chat/messages HTTP/1.1\r\nhost: 127.0.0.1:{self.server.port}\r\ncookie: {cookies}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def connect(server: Server, sent: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port))
    opened.sendall(sent)
    return opened


def reset(opened: socket.socket) -> None:
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    opened.close()


def vanish(opened: socket.socket) -> None:
    """Without a word, as a phone does in a tunnel; where nobody but root may, with a reset."""
    try:
        opened.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    except PermissionError:
        reset(opened)
    else:
        opened.close()


def open_files(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def memory(server: Server) -> int:
    """Resident, in bytes."""
    pages = Path(f"/proc/{server.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert holds()


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.long)])
def test_hundreds_of_half_open_connections_keep_nobody_from_being_answered(server: Server, count: int) -> None:
    honest = Person(server)
    honest.says("I want to learn Danish").raise_for_status()
    files, before = open_files(server), memory(server)
    whole = Person(server).request("where can I learn Danish", "of somebody else")
    chance = random.Random(SEED)  # noqa: S311 - the same cuts each time
    half = [
        connect(server, whole[: chance.choice((0, 1, chance.randrange(300), len(whole) - 1))]) for _ in range(count)
    ]
    until(lambda: open_files(server) >= files + 0.9 * count, 10)
    for number in range(5):
        begun = time.monotonic()
        honest.says(f"I want to learn Danish {number}").raise_for_status()
        assert time.monotonic() - begun < 5
    for end, ended in ((reset, half[::3]), (vanish, half[1::3])):
        for opened in ended:
            end(opened)
    for opened in half[2::3]:
        opened.close()
    until(lambda: open_files(server) <= files + 5, max(HEAD, STILL_THERE["TCP_KEEPIDLE"]) + 10)
    assert memory(server) - before < 20_000_000 + 10_000 * count
    assert len(honest.said()) == 6


@pytest.mark.parametrize("leave", [reset, vanish, socket.socket.close], ids=["reset", "vanished", "closed"])
def test_a_turn_of_somebody_who_left_is_completed_once(server: Server, leave: Callable[[socket.socket], None]) -> None:
    """At once after the last byte, and some milliseconds later."""
    for wait in (0, 0.005, 0.02, 0.1):
        person = Person(server)
        opened = connect(server, person.request("where can I learn Danish", "the same"))
        time.sleep(wait)
        leave(opened)
        until(lambda person=person: len(person.said()) == 1, 10)  # type: ignore[misc]
        again = [person.says("where can I learn Danish", "the same").json() for _ in range(2)]
        assert again[0] == again[1]
        assert person.said() == ["where can I learn Danish"]


def test_who_never_takes_an_answer_holds_up_nobody(server: Server) -> None:
    person, other = Person(server), Person(server)
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    opened.connect(("127.0.0.1", server.port))
    for number in range(30):
        opened.sendall(person.request("where can I learn Danish", f"number {number}"))
    for number in range(3):
        other.says(f"I want to learn Danish {number}").raise_for_status()
    until(lambda: len(person.said()) >= 1, 20)
    opened.close()


# PostgreSQL


def backends(kept: OnPostgres) -> list[int]:
    """Processes of the server that serve this database's chat and store."""
    with psycopg.connect(kept.settings.database) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'vejviser' AND datname = current_database()"
        )
        return [pid for (pid,) in found]


@contextlib.contextmanager
def silent(kept: OnPostgres) -> Iterator[None]:
    """All of them are there and do nothing: the system still takes what is sent to them."""
    stopped = backends(kept)
    assert stopped
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@pytest.mark.long
def test_a_person_is_told_in_time_that_a_silent_database_took_nothing(server: Server, kept: OnPostgres) -> None:
    person = Person(server, "da")
    person.says("Jeg vil lære dansk").raise_for_status()
    begun = time.monotonic()
    with silent(kept):
        answer = person.says("Jeg leder efter et job", "the same")
        assert time.monotonic() - begun < GIVES_UP - 5
    assert answer.status_code == 503
    told: dict[str, Any] = answer.json()
    assert told["type"] == "/problems/not_saved"
    assert "112" in told["detail"]
    assert person.says("Jeg leder efter et job", "the same").is_success
    assert person.says("Jeg leder efter et job", "the same").is_success
    assert person.said() == ["Jeg vil lære dansk", "Jeg leder efter et job"]
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "leder" not in log


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, postgres: Cluster, tmp_path: Path) -> Iterator[OnPostgres]:
    """Whose connections wait for a second only."""
    for schema in postgres_connection.SILENCE:
        monkeypatch.setitem(postgres_connection.SILENCE, schema, 1.0)
    kept = OnPostgres(postgres, postgres.database(), tmp_path)
    yield kept
    kept.close()


def is_done_in_the_end(sent: Sent, what: str) -> bool:
    """A process has a few connections; once each was found silent there is a new one in its place."""
    for _ in range(CONNECTIONS + 1):
        with contextlib.suppress(NotSavedError):
            asyncio.run(WHAT[what](sent))  # type: ignore[arg-type]
            return True
    return False


@pytest.mark.parametrize("what", WHAT)
def test_what_a_silent_database_did_not_take_is_said_and_done_once_later(hurried: OnPostgres, what: str) -> None:
    sent = Sent(hurried)
    assert sent.found() == NOTHING
    begun = time.monotonic()
    with silent(hurried):
        with pytest.raises(NotSavedError, match="OperationalError"):
            asyncio.run(WHAT[what](sent))  # type: ignore[arg-type]
        assert 1 <= time.monotonic() - begun < 4
        assert is_done_in_the_end(sent, what)
    assert sent.found() == NOTHING | {what: 1}
    sent_again(sent, what)
    sent.conversations.close()


def test_a_turns_lock_of_a_silent_database_is_not_waited_for_for_ever(hurried: OnPostgres) -> None:
    locks = open_locks(hurried.settings)

    async def held() -> None:
        async with locks.held("a conversation"):
            pass

    asyncio.run(held())
    begun = time.monotonic()
    with silent(hurried):
        with pytest.raises(NotSavedError, match="OperationalError"):
            asyncio.run(held())
        assert 1 <= time.monotonic() - begun < 4
        asyncio.run(held())
    asyncio.run(held())
    locks.close()


def test_what_takes_long_on_a_database_that_is_well_is_not_cut_off(hurried: OnPostgres) -> None:
    """Emptying tables, and reading all of them."""
    worker = hurried.store.worker
    assert asyncio.run(worker.look(lambda it: it.execute("SELECT 1 FROM pg_sleep(2)").fetchone())) == (1,)
    assert asyncio.run(worker.read("SELECT 1 FROM pg_sleep(2)", [], list)) == [(1,)]
    with pytest.raises(NotSavedError):
        asyncio.run(worker.do(lambda it: it.execute("SELECT 1 FROM pg_sleep(2)").fetchone()))
    assert asyncio.run(hurried.store.counts())["report"] == 0
