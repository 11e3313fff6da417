"""PostgreSQL is gone in the middle of a commit and back, cut off, or asked for the same by two: once, or not at all."""

import asyncio
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.engine.conversation import Conversation, Part, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.errors import NotSavedError
from bot.settings import ROOT
from bot.store.opening import open_conversations
from bot.store.postgres import WRITING
from bot.store.secrets import server_key
from tests.faults.filing import SERVICES
from tests.faults.test_filing import SEED, looked_up
from tests.keys import make_keys
from tests.postgres import Cluster
from tests.store.kept import OnPostgres
from tests.store.rows import a_referral, a_report
from tests.store.test_locks import environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """One that may be stopped, and whose commits are on the disk."""
    cluster = Cluster(durable=True)
    yield cluster
    cluster.remove()


@pytest.fixture
def kept(server: Cluster, tmp_path: Path) -> Iterator[OnPostgres]:
    kept = OnPostgres(server, server.database(), tmp_path)
    yield kept
    kept.close()


# What is sent


class Sent:
    """Something that a resident sends, and sends again where they are told that it was not saved."""

    def __init__(self, kept: OnPostgres) -> None:
        self.store = kept.store
        self.conversations = ConversationStore(open_conversations(kept.settings), 30)
        self.keys = SessionKeys.of(new_token())
        self._conversation = Conversation("da", main=Part(transcript=[{"text": "before"}]))
        asyncio.run(self.conversations.create(self.keys, self._conversation))

    async def report(self) -> None:
        await self.store.reports.file(a_report("a" * 32))

    async def referrals(self) -> None:
        await self.store.log_referrals([a_referral("a"), a_referral("b")])

    async def turn(self) -> None:
        """As the guide does: what was answered already is not answered anew."""
        conversation = await self.conversations.load(self.keys)
        if len(conversation.transcript) == 1:
            conversation.main.transcript.append({"text": "the turn"})
            await self.conversations.save(self.keys, conversation)

    def found(self) -> dict[str, int]:
        """How often each is there; referrals only both together."""
        counts = asyncio.run(self.store.counts())
        assert counts["referral"] in {0, 2}
        turns = len(asyncio.run(self.conversations.load(self.keys)).transcript) - 1
        return {"report": counts["report"], "referrals": counts["referral"] // 2, "turn": turns}


@pytest.fixture
def sent(kept: OnPostgres) -> Iterator[Sent]:
    sent = Sent(kept)
    yield sent
    sent.conversations.close()


WHAT: dict[str, Callable[[Sent], Awaitable[None]]] = {
    "report": Sent.report, "referrals": Sent.referrals, "turn": Sent.turn,
}  # fmt: skip
NOTHING = dict.fromkeys(WHAT, 0)


def sent_while(sent: Sent, what: str, happens: Callable[[], None]) -> None:
    """`happens` while it waits; the verb must say that it was not saved."""

    async def both() -> None:
        waiting = asyncio.create_task(WHAT[what](sent))  # type: ignore[arg-type]
        await asyncio.sleep(0.3)
        assert not waiting.done()
        happens()  # here: the server ends with the thread that started it
        with pytest.raises(NotSavedError, match="OperationalError"):
            await waiting

    asyncio.run(both())


def sent_again(sent: Sent, what: str) -> None:
    for _ in range(3):
        asyncio.run(WHAT[what](sent))  # type: ignore[arg-type]
    assert sent.found() == NOTHING | {what: 1}


# Gone in the middle of a commit, and back


@pytest.fixture
def commits_wait(server: Cluster) -> Iterator[Callable[[], None]]:
    """Each commit is written, and then waits for another server that never answers: nobody is told of it."""
    server.ask("ALTER SYSTEM SET synchronous_standby_names TO 'nobody'")
    server.ask("SELECT pg_reload_conf()")
    time.sleep(0.3)

    def no_more() -> None:
        (server.folder / "data" / "postgresql.auto.conf").write_text("")

    yield no_more
    no_more()


@pytest.mark.parametrize("what", WHAT)
def test_what_was_written_before_the_server_went_but_not_told_is_done_once(
    sent: Sent, server: Cluster, commits_wait: Callable[[], None], what: str
) -> None:
    def goes_and_comes_back() -> None:
        server.stop(at_once=True)
        commits_wait()
        server.start()

    sent_while(sent, what, goes_and_comes_back)
    assert sent.found() == NOTHING | {what: 1}
    sent_again(sent, what)


@pytest.mark.parametrize("what", WHAT)
def test_of_what_was_under_way_when_the_server_went_nothing_is_there(
    sent: Sent, server: Cluster, kept: OnPostgres, what: str
) -> None:
    """Somebody else writes, so that the transaction is begun and cannot end."""
    command = [sys.executable, "-c", BLOCKING, kept.settings.database, *map(str, WRITING)]
    blocking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert blocking.stdout
    assert blocking.stdout.readline() == b"blocks\n"

    def goes_and_comes_back() -> None:
        server.stop(at_once=True)
        server.start()

    sent_while(sent, what, goes_and_comes_back)
    blocking.kill()
    blocking.wait()
    assert sent.found() == NOTHING
    sent_again(sent, what)


BLOCKING = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(number) for number in sys.argv[2:]])
    connection.execute("SELECT * FROM vejviser_conversations.conversation FOR UPDATE")
    print("blocks", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("what", WHAT)
def test_while_the_server_is_away_it_is_said_and_nothing_hangs(sent: Sent, server: Cluster, what: str) -> None:
    server.stop(at_once=True)
    since = time.monotonic()
    for _ in range(3):
        with pytest.raises(NotSavedError, match="OperationalError"):
            asyncio.run(WHAT[what](sent))  # type: ignore[arg-type]
    assert time.monotonic() - since < 5
    server.start()
    sent_again(sent, what)


# A process that files while the server goes and comes


class Filing:
    """Processes that file the same numbers at the same time; `shown` are the receipts that were told."""

    def __init__(self, kept: OnPostgres, processes: int, last: int) -> None:
        self.kept = kept
        self.shown: dict[int, str] = {}
        self.refused = 0
        arguments = [sys.executable, "-m", "tests.faults.filing", str(kept.settings.var), "0", str(last)]
        self.running = [
            subprocess.Popen(arguments, cwd=ROOT, env=environment(kept.settings), stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]
        self._begun = threading.Barrier(processes + 1)
        self._readers = [threading.Thread(target=self._read, args=[process]) for process in self.running]
        for reader in self._readers:
            reader.start()
        self._begun.wait(timeout=60)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for place, line in enumerate(process.stdout):
            if place == 0:
                self._begun.wait(timeout=60)
            number, told = line.strip().split(" ", 1)
            if told == "not saved":
                self.refused += 1
            else:
                assert self.shown.setdefault(int(number), told) == told

    def end(self) -> None:
        assert [process.wait(timeout=1200) for process in self.running] == [0] * len(self.running)
        for reader in self._readers:
            reader.join()

    def lookups(self) -> set[str]:
        key = server_key(self.kept.settings.var)
        return {looked_up(key, receipt) for receipt in self.shown.values()}

    def stored(self) -> list[str]:
        return [row["receipt_hash"] for row in self.kept.rows("report")]


def all_is_there_once(filing: Filing, count: int) -> None:
    stored = filing.stored()
    assert len(filing.shown) == count
    assert sorted(stored) == sorted(filing.lookups())
    for table, of_each in {"report_answer": 6, "piece": 4, "report_key": 3, "report_consent": 3}.items():
        parts = Counter(row["report_id"] for row in filing.kept.rows(table))
        assert set(parts.values()) == {of_each}, table
        assert len(parts) == count
    referrals = Counter(row["service"] for row in filing.kept.rows("referral"))
    assert referrals == dict.fromkeys(SERVICES, count)


def test_two_processes_that_file_the_same_at_once_file_it_once(kept: OnPostgres) -> None:
    make_keys(kept.store)
    filing = Filing(kept, processes=2, last=19)
    filing.end()
    assert filing.refused == 0
    all_is_there_once(filing, 20)


@pytest.mark.parametrize("times", [1, pytest.param(100, marks=pytest.mark.long)])
def test_a_server_that_goes_and_comes_while_somebody_files_loses_no_receipt_and_doubles_nothing(
    kept: OnPostgres, server: Cluster, times: int
) -> None:
    make_keys(kept.store)
    chance = random.Random(SEED + times)  # noqa: S311 - the same moments each time
    last = 6 * times + 9
    filing = Filing(kept, processes=2, last=last)
    for _ in range(times):
        time.sleep(chance.uniform(0.2, 1.2))
        server.stop(at_once=True)
        before = dict(filing.shown)
        server.start()
        key = server_key(kept.settings.var)
        assert {looked_up(key, receipt) for receipt in before.values()} <= set(filing.stored())
    filing.end()
    assert filing.refused > 0
    all_is_there_once(filing, last + 1)
