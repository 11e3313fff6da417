"""One turn at a time in a conversation, in all processes; in one process in the order in which the messages came."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from rasa.core.lock_store import LockStore

from bot.engine.turn import current_turn
from bot.errors import NotOursError
from bot.store.locks import Locks


class Turns:
    """A lock a conversation, for as long as somebody holds it or waits for it.

    `others` keeps other processes apart; without it this one is alone.
    """

    def __init__(self, others: Locks | None = None) -> None:
        self._others = others
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def one_at_a_time(self, conversation_id: str) -> AsyncGenerator[None]:
        lock, users = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock, self._others.held(conversation_id) if self._others else nullcontext():
                yield
        finally:
            lock, users = self._locks.pop(conversation_id)
            if users > 1:
                self._locks[conversation_id] = (lock, users - 1)

    def close(self) -> None:
        if self._others:
            self._others.close()


class TurnLockStore(LockStore):
    """Rasa's side of it: the lock is held already when Rasa asks, around reading, answering and saving.

    The stock lock stores poll once a second (`rasa/core/lock_store.py:95`).
    """

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncGenerator[None]:
        if conversation_id != current_turn().conversation_id:
            raise NotOursError("Rasa locks another conversation than the one under way")
        yield
