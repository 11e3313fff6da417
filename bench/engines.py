"""What SQLite and PostgreSQL take for a turn and for a report, one after the other and many at once.

`python -m bench.engines` starts a PostgreSQL of its own, from Debian's package, whose commits are on the disk.
"""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.engine.conversation import Conversation, Part, SessionKeys, new_token
from bot.engine.conversation_store import ConversationStore
from bot.engine.lock_store import Turns
from bot.settings import Settings
from bot.store.opening import open_conversations, open_locks, open_store
from tests.postgres import Cluster
from tests.store.rows import a_report

MESSAGES = 60
"""Of the conversation that is read and saved."""


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)] * 1000


async def timed(clients: int, times: int, work: Callable[[int], Awaitable[None]]) -> str:
    """`work` so many times by each of the clients."""
    taken: list[float] = []

    async def client(number: int) -> None:
        for _ in range(times):
            since = time.perf_counter()
            await work(number)
            taken.append(time.perf_counter() - since)

    since = time.perf_counter()
    await asyncio.gather(*map(client, range(clients)))
    rate = len(taken) / (time.perf_counter() - since)
    return f"p50 {percentile(taken, 0.5):6.1f} ms   p95 {percentile(taken, 0.95):6.1f} ms   {rate:6.0f} a second"


async def turns(settings: Settings, clients: int) -> str:
    """The lock, reading and saving of a turn; each client has a conversation."""
    conversations = ConversationStore(open_conversations(settings), settings.idle_minutes)
    lock, keys = Turns(open_locks(settings)), [SessionKeys.of(new_token()) for _ in range(clients)]
    for each in keys:
        said = [{"text": "where can I learn Danish near my home?"} for _ in range(MESSAGES)]
        await conversations.create(each, Conversation("ar", main=Part(transcript=said)))

    async def turn(number: int) -> None:
        async with lock.one_at_a_time(keys[number].conversation_id):
            await conversations.save(keys[number], await conversations.load(keys[number]))

    told = await timed(clients, 600 // clients, turn)
    conversations.close()
    lock.close()
    return told


async def reports(settings: Settings, clients: int) -> str:
    """Small ones, sealed beforehand."""
    store = open_store(settings)

    async def file(_: int) -> None:
        await store.reports.file(a_report(secrets.token_hex(32)))

    told = await timed(clients, 200 // clients, file)
    store.close()
    return told


def main() -> None:
    cluster = Cluster(durable=True)
    try:
        for engine, url in (("SQLite", ""), ("PostgreSQL", cluster.url(cluster.database()))):
            with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
                settings = Settings(var=Path(folder), database=url)
                for what, work, clients in (
                    ("a turn", turns, 1), ("a turn", turns, 20), ("a report", reports, 1), ("a report", reports, 10)
                ):  # fmt: skip
                    print(f"{engine:10}  {what:8}  {clients:2} clients  {asyncio.run(work(settings, clients))}")
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
