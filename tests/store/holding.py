"""A process that holds turns of conversations, or everybody's writing, until somebody ends it.

`python -m tests.store.holding NAME…` says `held` when it holds all of them, and gives them back when it reads a line.
"""

import asyncio
import os
import sys
from contextlib import AsyncExitStack

from bot.settings import read_settings
from bot.store.opening import open_locks


async def main(names: list[str]) -> None:
    locks = open_locks(read_settings(os.environ))
    async with AsyncExitStack() as stack:
        for name in names:
            await stack.enter_async_context(locks.held(name))
        print("held", flush=True)  # noqa: T201 - the test reads it
        await asyncio.to_thread(sys.stdin.readline)
    locks.close()
    print("given back", flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
