"""Slows down whoever tries many wrong receipts, without keeping an address and without locking anybody out."""

import asyncio
import hashlib
import secrets
import time
from dataclasses import dataclass, field

from bot.errors import Problem

FREE, PER_MINUTE = 60, 6.0
"""Wrong numbers from one address that cost nothing, and how many come back a minute: a school of sixty people who each
mistype once in ten minutes waits for nothing; a guesser gets six a minute, of 10²⁰ numbers."""
LONGEST_WAIT, SECONDS_EACH = 8.0, 0.5
MOST_WAITING = 20
MOST_KNOWN = 10_000
DAY = 86_400.0


@dataclass
class Address:
    wrong: float = 0.0
    seen: float = 0.0
    waiting: int = 0


@dataclass
class Brake:
    """In the memory of one process; an address is known by a keyed hash, and the key is thrown away every day."""

    free: int = FREE
    per_minute: float = PER_MINUTE
    most_waiting: int = MOST_WAITING
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _since: float = 0.0
    _known: dict[bytes, Address] = field(default_factory=dict, repr=False)

    async def wait(self, host: str) -> None:
        """Before a receipt is tried: nothing, or up to eight seconds. Raises Problem where twenty wait already."""
        address = self._of(host)
        over = address.wrong - self.free
        if over <= 0:
            return
        if address.waiting >= self.most_waiting:
            raise Problem(429, "own.too_many")
        address.waiting += 1
        try:
            await asyncio.sleep(min(LONGEST_WAIT, over * SECONDS_EACH))
        finally:
            address.waiting -= 1

    def wrong(self, host: str) -> None:
        """A receipt that opened nothing."""
        self._of(host).wrong += 1

    def _of(self, host: str) -> Address:
        now = time.monotonic()
        if now - self._since > DAY:
            self._key, self._since, self._known = secrets.token_bytes(32), now, {}
        name = hashlib.blake2b(host.encode(), key=self._key, digest_size=16).digest()
        if name not in self._known and len(self._known) >= MOST_KNOWN:
            del self._known[min(self._known, key=lambda each: self._known[each].wrong)]
        address = self._known.setdefault(name, Address(seen=now))
        address.wrong = max(0.0, address.wrong - (now - address.seen) / 60 * self.per_minute)
        address.seen = now
        return address
