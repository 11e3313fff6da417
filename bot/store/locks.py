"""One holder of a name at a time, in all processes that work on one store."""

import asyncio
import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.errors import NotSavedError

LONGEST_WAIT = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.05
"""Seconds between two tries; who holds a name rarely holds it longer than a turn takes."""


class Locks(ABC):
    """A process that dies holds nothing any more. Within a process, its tasks keep each other apart (`Turns`)."""

    @asynccontextmanager
    async def held(self, name: str) -> AsyncGenerator[None]:
        """Waits while another process holds it, `LONGEST_WAIT` seconds at most; then raises NotSavedError."""
        number = _number_of(name)
        give_up, pause = time.monotonic() + LONGEST_WAIT, FIRST_PAUSE
        try:
            while not await self.take(number):
                if time.monotonic() > give_up:
                    raise NotSavedError("another process holds it all the time")
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            yield
        finally:
            self.give_back(number)

    @abstractmethod
    async def take(self, number: int) -> bool:
        """Whether it was free and is held now."""

    @abstractmethod
    def give_back(self, number: int) -> None:
        """Nothing where it is not held; also where a `take` was cancelled that may have taken it."""

    @abstractmethod
    def close(self) -> None: ...


def _number_of(name: str) -> int:
    """63 bits: two names share one never, as far as anybody will see."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) >> 1
