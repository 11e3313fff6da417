"""Of all processes on one store, one holds a name at a time; on every engine, with real processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import NotSavedError
from bot.settings import ROOT, Settings
from bot.store import locks as module
from bot.store.locks import Locks
from bot.store.opening import open_locks
from tests.store.kept import Kept


def environment(settings: Settings) -> dict[str, str]:
    named = {"VEJVISER_VAR": str(settings.var), "VEJVISER_DATABASE": settings.database}
    return os.environ | {name: value for name, value in named.items() if value}


class Holder:
    """Another process that holds `names`."""

    def __init__(self, settings: Settings, *names: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.holding", *names],
            cwd=ROOT, env=environment(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.says("held")

    def says(self, word: str) -> None:
        assert self.process.stdout
        assert self.process.stdout.readline() == f"{word}\n"

    def goes_on(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def killed(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def holding(settings: Settings, *names: str) -> Iterator[Holder]:
    holder = Holder(settings, *names)
    try:
        yield holder
    finally:
        holder.killed()


@pytest.fixture
def locks(kept: Kept) -> Iterator[Locks]:
    locks = open_locks(kept.settings)
    yield locks
    locks.close()


async def got(locks: Locks, name: str) -> float:
    """Seconds until it was held."""
    since = time.monotonic()
    async with locks.held(name):
        return time.monotonic() - since


def is_refused(locks: Locks, name: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.1)
    try:
        asyncio.run(got(locks, name))
    except NotSavedError:
        return True
    return False


def test_what_another_process_holds_is_waited_for(locks: Locks, kept: Kept) -> None:
    with holding(kept.settings, "a") as other:

        async def both() -> tuple[float, float]:
            waiting = asyncio.create_task(got(locks, "a"))
            free = await got(locks, "b")
            await asyncio.sleep(0.3)
            assert not waiting.done()
            other.goes_on()
            return free, await waiting

        free, waited = asyncio.run(both())
        assert free < 0.3 <= waited
        other.says("given back")


def test_waiting_has_an_end(locks: Locks, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    with holding(kept.settings, "a", "b"):
        assert is_refused(locks, "a", monkeypatch)
        assert is_refused(locks, "b", monkeypatch)
        assert not is_refused(locks, "c", monkeypatch)


def test_a_process_that_dies_holds_nothing(locks: Locks, kept: Kept) -> None:
    with holding(kept.settings, "a", "b") as other:
        other.killed()
        assert asyncio.run(got(locks, "a")) < 5
        assert asyncio.run(got(locks, "b")) < 5


def test_others_wait_for_what_is_held_here_until_it_is_given_back(locks: Locks, kept: Kept) -> None:
    async def held_for_a_moment() -> subprocess.Popen[str]:
        async with locks.held("a"):
            other = subprocess.Popen(
                [sys.executable, "-m", "tests.store.holding", "a"],
                cwd=ROOT, env=environment(kept.settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            said = asyncio.create_task(asyncio.to_thread(other.stdout.readline))  # type: ignore[union-attr]
            await asyncio.sleep(3)
            assert not said.done()
        assert await said == "held\n"
        return other

    other = asyncio.run(held_for_a_moment())
    other.kill()
    other.wait()


def test_the_loop_goes_on_while_a_turn_waits(locks: Locks, kept: Kept) -> None:
    async def ticks() -> int:
        waiting = asyncio.create_task(got(locks, "a"))
        longest, last = 0.0, time.monotonic()
        for _ in range(200):
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        waiting.cancel()
        return round(longest * 1000)

    with holding(kept.settings, "a"):
        assert asyncio.run(ticks()) < 250


@pytest.mark.parametrize("moment", [0.0, 0.001, 0.02])
def test_who_gives_up_waiting_holds_nothing(locks: Locks, kept: Kept, moment: float) -> None:
    async def give_up() -> None:
        waiting = asyncio.create_task(got(locks, "a"))
        await asyncio.sleep(moment)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    async def take_and_leave() -> None:
        async with locks.held("a"):
            await asyncio.sleep(10)

    async def be_cancelled() -> None:
        holding_it = asyncio.create_task(take_and_leave())
        await asyncio.sleep(moment)
        holding_it.cancel()
        await asyncio.gather(holding_it, return_exceptions=True)

    with holding(kept.settings, "a"):
        asyncio.run(give_up())
    asyncio.run(be_cancelled())
    with holding(kept.settings, "a"):
        pass
