"""Sent over HTTPS until it has arrived: whatever a body's server does, a package is there once, or has failed."""

import asyncio
import base64
import datetime as dt
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from nacl.exceptions import CryptoError

from bot.casework import vocabulary as codes
from bot.casework.delivery import KEPT_TRYING, LEASE, LEAST_WAIT, MOST_WAIT, SENT, Delivery, after
from bot.casework.endpoint import HTTP, Answer, Patience, signed_headers
from bot.casework.vocabulary import FORWARD
from bot.settings import ROOT
from bot.store.case_verbs import HandoverRow
from bot.store.sqlite import SqliteStore
from tests.casework.failing_server import POURED, FailingServer, Way, reached_directly
from tests.casework.handing import ADVISER, INSTITUTE, SCHEMA, Handing, refused

SHORT = Patience(connect=0.5, read=0.4, whole=1.2)
SEED = 20261129
EXAMPLE: dict[str, Any] = {}
(_code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "handover.md").read_text(encoding="utf-8"), re.DOTALL)
exec(_code, EXAMPLE)  # noqa: S102 - the text that partners are given must be right
opened: Callable[..., dict[str, Any]] = EXAMPLE["opened"]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingServer]:
    with reached_directly(FailingServer(tmp_path), monkeypatch) as server:
        yield server


class Sender:
    """A delivery whose clock is a test's, and what was told of its attempts."""

    def __init__(self, handing: Handing, *, partners: bool = True) -> None:
        self.told: list[tuple[HandoverRow, str]] = []
        self.now = dt.datetime.now(dt.UTC)
        self.handing = handing
        self.delivery = Delivery(handing.store, {INSTITUTE: handing.partner} if partners else {}, self.hear, SHORT)

    async def hear(self, row: HandoverRow, outcome: str) -> None:
        self.told.append((row, outcome))

    def send(self) -> int:
        self.now = max(self.now, dt.datetime.now(dt.UTC))
        return asyncio.run(self.delivery.send_due(self.now))

    def send_when_due(self, row: HandoverRow) -> HandoverRow:
        """Wait for its next attempt, and make it."""
        due = self.handing.row(row).next_try
        assert due
        self.now = max(self.now, due)
        assert self.send() == 1
        return self.handing.row(row)

    def send_to_the_end(self, row: HandoverRow) -> HandoverRow:
        while self.handing.row(row).next_try:
            self.send_when_due(row)
        return self.handing.row(row)


def sent(handing: Handing, row: HandoverRow, server: FailingServer) -> bool:
    """Whether the body's people can open what their server kept: this package, once."""
    (request, *_) = [it for it in server.requests if it.id == row.id]
    secret, private = ("whsec_" + b64(handing.partner.secret)), b64(bytes(handing.private))
    at = int(request.headers["webhook-timestamp"])
    package = opened(request.headers, server.kept[row.id], secret, private, at)
    SCHEMA.validate(package)
    return list(server.kept) == [row.id] and package == handing.package(row)


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


# A server that fails

RETRIED = {
    Way.DOWN: "unreachable", Way.NO_TLS: "tls", Way.WRONG_CERTIFICATE: "certificate_unknown",
    Way.WRONG_NAME: "certificate_name",
    Way.DEAF: "timeout", Way.SILENT: "timeout", Way.DRIPS: "timeout", Way.FAULT: "http_500", Way.BUSY: "http_429",
    Way.CUT: "broken", Way.HUGE_HEAD: "broken", Way.GARBAGE: "broken",
}  # fmt: skip
GIVEN_UP = {Way.REFUSES: "http_400", Way.ELSEWHERE: "http_307"}
TAKEN = (Way.WELL, Way.HALF, Way.HUGE)


def test_every_way_to_fail_is_tried() -> None:
    assert {*RETRIED, *GIVEN_UP, *TAKEN, Way.GONE} == set(Way)
    assert {code for code in RETRIED.values() if not code.startswith(HTTP)} < set(codes.DELIVERY_FAULTS)


@pytest.mark.parametrize("way", RETRIED)
def test_a_package_comes_once_after_a_server_that_failed_works_again(
    handing: Handing, server: FailingServer, way: Way
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = way
    for attempt in range(1, 4):
        found = sender.send_when_due(row)
        assert (found.state, found.error, found.attempts) == ("sending", RETRIED[way], attempt)
        assert found.next_try
        assert LEAST_WAIT <= found.next_try - sender.now <= MOST_WAIT
        assert handing.package(row)
    server.way = Way.WELL
    found = sender.send_to_the_end(row)
    assert (found.state, found.error, found.attempts) == ("sent", None, 4)
    assert sent(handing, row, server)
    assert len({request.body for request in server.requests}) == 1
    assert [outcome for _, outcome in sender.told] == [RETRIED[way]] * 3 + ["sent"]


@pytest.mark.parametrize("way", GIVEN_UP)
def test_what_is_refused_three_times_has_failed_and_comes_once_when_it_is_begun_anew(
    handing: Handing, server: FailingServer, way: Way
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = way
    found = sender.send_to_the_end(row)
    assert (found.state, found.error, found.attempts) == ("failed", GIVEN_UP[way], 3)
    assert len(server.requests) == 3
    assert {request.path for request in server.requests} == {"/reports"}
    server.way = Way.WELL
    assert sender.send() == 0
    asyncio.run(handing.handovers.send_again(row.id))
    assert sender.send_when_due(row).state == "sent"
    assert sent(handing, row, server)
    with refused("wrong_state"):
        asyncio.run(handing.handovers.send_again(row.id))


@pytest.mark.parametrize("way", TAKEN)
def test_an_answer_that_it_was_taken_is_enough_whatever_comes_after(
    handing: Handing, server: FailingServer, way: Way
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = way
    begun = time.monotonic()
    found = sender.send_when_due(row)
    assert time.monotonic() - begun < SHORT.whole
    assert (found.state, found.next_try, found.attempts) == ("sent", None, 1)
    assert sent(handing, row, server)
    time.sleep(0.2)
    assert server.poured < POURED / 4


def test_a_body_that_wants_no_more_has_declined_for_good(handing: Handing, server: FailingServer) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = Way.GONE
    found = sender.send_to_the_end(row)
    assert (found.state, found.error, found.attempts) == ("declined", "http_410", 1)


def test_one_refusal_after_an_outage_is_not_the_end(handing: Handing, server: FailingServer) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    for way in (Way.FAULT,) * 4 + (Way.REFUSES,):
        server.way = way
        assert sender.send_when_due(row).state == "sending"
    server.way = Way.WELL
    assert sender.send_when_due(row).state == "sent"


def test_a_server_that_is_down_for_a_week_is_given_up_and_staff_can_begin_anew(
    handing: Handing, server: FailingServer
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    begun, server.way = sender.now, Way.DOWN
    found = sender.send_to_the_end(row)
    assert (found.state, found.error) == ("failed", "unreachable")
    assert sender.now - begun >= KEPT_TRYING - dt.timedelta(days=1)
    assert sender.now - begun <= KEPT_TRYING + MOST_WAIT
    assert 18 <= found.attempts <= 40
    server.way = Way.WELL
    asyncio.run(handing.handovers.send_again(row.id))
    assert sender.send_when_due(row).state == "sent"
    assert sent(handing, row, server)


def a_row(attempts: int, error: str | None = None) -> HandoverRow:
    day = dt.date(2026, 11, 22)
    return HandoverRow("id", "report", INSTITUTE, "with_consent", "endpoint", "sending", None, day, "", day, b"",
                       attempts, None, error)  # fmt: skip


def test_waits_double_from_a_minute_to_twelve_hours_and_differ() -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    means = []
    for attempts in range(1, 30):
        waits = [after(a_row(attempts), Answer("timeout"), now)["next_try"] - now for _ in range(500)]
        assert LEAST_WAIT <= min(waits) < max(waits) <= MOST_WAIT
        means.append(sum(waits, dt.timedelta()) / 500)
    assert all(1.8 < later / earlier < 2.2 for earlier, later in pairwise(means[:9]))
    assert means[-1] > MOST_WAIT / 2


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7200", 7200, 7260),
        ("0", 60, 120),
        ("-5", 60, 120),
        ("99999999999999999999", 43_200, 43_200),
        ("soon", 60, 120),
        ("٣٦٠٠", 60, 120),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 60, 120),
        ("in two hours", 7190, 7260),
    ],
)
def test_a_server_that_is_busy_is_left_alone_as_long_as_it_asks(
    handing: Handing, server: FailingServer, asked: str, least: int, most: int
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = Way.BUSY
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    server.retry_after = format_datetime(later, usegmt=True) if asked == "in two hours" else asked
    found = sender.send_when_due(row)
    assert found.next_try
    assert least - 1 <= (found.next_try - sender.now).total_seconds() <= most + 1


# What is signed


def test_the_signature_is_the_one_that_the_specification_publishes() -> None:
    """Of the test of its own library for Python."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_example_of_the_documents_opens_what_was_sent_and_sees_each_changed_byte(
    handing: Handing, server: FailingServer
) -> None:
    row, sender, chance = handing.make(way="endpoint"), Sender(handing), random.Random(SEED)  # noqa: S311
    sender.send_when_due(row)
    (request,) = server.requests
    secret, private = "whsec_" + b64(handing.partner.secret), b64(bytes(handing.private))
    assert opened(request.headers, request.body, secret, private) == handing.package(row)
    for _ in range(500):
        body = bytearray(request.body)
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        with pytest.raises(ValueError, match="not signed"):
            opened(request.headers, bytes(body), secret, private)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        value = request.headers[name]
        changed = {**request.headers, name: value[:-2] + ("7" if value[-2] == "3" else "3") + value[-1]}
        with pytest.raises(ValueError, match="not signed"):
            opened(changed, request.body, secret, private)
    with pytest.raises(ValueError, match="not signed"):
        opened(request.headers, request.body, "whsec_" + b64(b"another secret of 24 bytes"), private)
    with pytest.raises(ValueError, match="too long ago"):
        opened(request.headers, request.body, secret, private, time.time() + 301)
    with pytest.raises(CryptoError):
        opened(request.headers, request.body, secret, b64(bytes(handing.team.private)))


def test_each_attempt_is_signed_at_its_own_time_over_the_same_bytes(handing: Handing, server: FailingServer) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    server.way = Way.FAULT
    times = []
    for _ in range(3):
        sender.send_when_due(row)
        times.append(int(sender.now.timestamp()))
    assert len({request.body for request in server.requests}) == 1
    signed_at = [int(request.headers["webhook-timestamp"]) for request in server.requests]
    assert all(0 <= at - now <= 1 for at, now in zip(signed_at, times, strict=True))


def test_a_package_with_files_comes_as_it_was(handing: Handing, server: FailingServer) -> None:
    content = random.Random(SEED).randbytes(3_000_000)  # noqa: S311
    asyncio.run(handing.own.add_file(handing.key, content, "image/png", "a", cleaned=True))
    row, sender = handing.make(way="endpoint", with_files=True), Sender(handing)
    sender.delivery = Delivery(handing.store, {INSTITUTE: handing.partner}, sender.hear)
    assert sender.send_when_due(row).state == "sent"
    assert sent(handing, row, server)
    assert base64.b64decode(handing.package(row)["files"][0]["content"]) == content


def test_passwords_of_the_machine_are_not_sent_and_its_proxy_is_used(
    handing: Handing, server: FailingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine localhost login someone password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    row, sender = handing.make(way="endpoint"), Sender(handing)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert sender.send_when_due(row).error == "unreachable"
    monkeypatch.delenv("HTTPS_PROXY")
    assert sender.send_when_due(row).state == "sent"
    (request,) = server.requests
    assert "authorization" not in request.headers


# Taken back


def test_what_rests_on_no_consent_any_more_is_not_sent(handing: Handing, server: FailingServer) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    handing.notes_consent(FORWARD, ADVISER)
    assert sender.send() == 0
    assert server.requests == []
    found = handing.row(row)
    assert (found.state, found.sealed, found.attempts) == ("recalled", b"", 0)


def test_a_report_that_is_withdrawn_is_not_sent(handing: Handing, server: FailingServer) -> None:
    handing.make(way="endpoint")
    asyncio.run(handing.own.withdraw(handing.key))
    assert Sender(handing).send() == 0
    assert server.requests == []


@pytest.mark.parametrize("way", [Way.WELL, Way.FAULT])
def test_what_is_taken_back_while_it_is_sent_stays_taken_back_and_says_that_it_may_have_left(
    handing: Handing, server: FailingServer, way: Way
) -> None:
    row, sender, server.way, server.lag = handing.make(way="endpoint"), Sender(handing), way, 0.3

    async def send_and_take_back() -> None:
        sending = asyncio.create_task(sender.delivery.send_due(dt.datetime.now(dt.UTC)))
        while not server.requests:
            await asyncio.sleep(0.01)
        assert await handing.store.cases.recall(handing.key.report_id) == 1
        assert await sending == 1

    asyncio.run(send_and_take_back())
    found = handing.row(row)
    assert (found.state, found.sealed, found.next_try) == ("recalled_late", b"", None)
    ((told, outcome),) = sender.told
    assert (told.state, outcome) == ("recalled_late", "sent" if way == Way.WELL else "http_500")


def test_after_a_failed_attempt_it_may_have_left(handing: Handing, server: FailingServer) -> None:
    row, sender, server.way = handing.make(way="endpoint"), Sender(handing), Way.CUT
    sender.send_when_due(row)
    handing.consents({FORWARD: "no"})
    assert handing.states() == {row.id: "recalled_late"}
    sender.now += MOST_WAIT
    assert sender.send() == 0


# Several processes


def test_two_processes_that_send_at_once_send_each_package_once(
    handing: Handing, server: FailingServer, tmp_path: Path
) -> None:
    rows = [handing.make(way="endpoint") for _ in range(12)]
    stores = [SqliteStore(handing.path) for _ in range(3)]
    now = dt.datetime.now(dt.UTC)

    async def hear(row: HandoverRow, outcome: str) -> None:
        assert (row.state, outcome) == ("sent", "sent")

    async def send_side_by_side() -> list[int]:
        partners = {INSTITUTE: handing.partner}
        return await asyncio.gather(*(Delivery(it, partners, hear, SHORT).send_due(now) for it in stores))

    tried = asyncio.run(send_side_by_side())
    assert sum(tried) == len(rows)
    assert Counter(request.id for request in server.requests) == {row.id: 1 for row in rows}
    assert set(handing.states().values()) == {"sent"}
    for store in stores:
        store.close()


def test_what_a_dead_process_had_claimed_is_taken_up_after_its_lease_and_not_before(
    handing: Handing, server: FailingServer
) -> None:
    row, sender = handing.make(way="endpoint"), Sender(handing)
    (due,) = asyncio.run(handing.store.cases.to_send(sender.now + LEAST_WAIT))
    assert asyncio.run(handing.store.cases.claim(due, sender.now + LEASE, sender.now.date()))
    assert asyncio.run(handing.store.cases.claim(due, sender.now + LEASE, sender.now.date())) is None
    sender.now += LEASE - dt.timedelta(seconds=1)
    assert sender.send() == 0
    sender.now += dt.timedelta(seconds=1)
    assert sender.send() == 1
    assert (handing.row(row).state, handing.row(row).attempts) == ("sent", 2)


def test_a_body_without_a_server_any_more_is_waited_for(handing: Handing, server: FailingServer) -> None:
    row = handing.make(way="endpoint")
    found = Sender(handing, partners=False).send_when_due(row)
    assert (found.state, found.error) == ("sending", "no_endpoint")
    assert Sender(handing).send_when_due(row).state == "sent"


def test_a_listener_that_fails_has_nothing_sent_twice(handing: Handing, server: FailingServer) -> None:
    rows = [handing.make(way="endpoint") for _ in range(2)]

    async def fails(row: HandoverRow, outcome: str) -> None:
        raise RuntimeError(outcome)

    hear: Callable[[HandoverRow, str], Awaitable[None]] = fails
    delivery = Delivery(handing.store, {INSTITUTE: handing.partner}, hear, SHORT)
    for _ in rows:
        with pytest.raises(RuntimeError, match=SENT):
            asyncio.run(delivery.send_due(dt.datetime.now(dt.UTC)))
    assert asyncio.run(delivery.send_due(dt.datetime.now(dt.UTC))) == 0
    assert Counter(request.id for request in server.requests) == {row.id: 1 for row in rows}


# Killed


class Sending:
    """Runs of sending.py on one store, each killed."""

    def __init__(self, handing: Handing) -> None:
        partner = handing.partner
        keys = [partner.public_key.hex(), partner.secret.hex(), str(partner.ca)]
        self._command = [
            sys.executable,
            "-m",
            "tests.casework.sending",
            str(handing.path),
            INSTITUTE,
            partner.url,
            *keys,
        ]
        self._start = dt.datetime.now(dt.UTC)

    def run_and_kill(self, seconds: float, *, rounds: int = 0) -> None:
        """So long after it is ready, or after so many rounds; the next run's clock begins six hours later."""
        arguments = [*self._command, self._start.isoformat()]
        self._start += dt.timedelta(hours=6)
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(1 + rounds):
                assert process.stdout.readline()
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kills", [pytest.param(10, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.long)])
def test_a_process_killed_while_it_sends_loses_nothing_and_what_comes_twice_is_the_same(
    handing: Handing, server: FailingServer, kills: int
) -> None:
    rows = [handing.make(way="endpoint") for _ in range(6 * kills)]
    sending, chance, server.lag = Sending(handing), random.Random(SEED), 0.01  # noqa: S311
    for _ in range(kills):
        sending.run_and_kill(chance.uniform(0, 0.08))
    killed_in_the_midst = Counter(handing.states().values())
    sending.run_and_kill(0, rounds=2)

    assert set(server.kept) == {row.id for row in rows}
    assert set(handing.states().values()) == {"sent"}
    assert Counter(handing.states().values()) != killed_in_the_midst
    bodies: dict[str, set[bytes]] = {}
    for request in server.requests:
        bodies.setdefault(request.id, set()).add(request.body)
    assert {len(each) for each in bodies.values()} == {1}
    assert len(server.requests) > len(rows), "no kill came between sending and noting"
    secret, private = "whsec_" + b64(handing.partner.secret), b64(bytes(handing.private))
    for request in server.requests:
        at = int(request.headers["webhook-timestamp"])
        assert opened(request.headers, request.body, secret, private, at)["handover"]["id"] == request.id
