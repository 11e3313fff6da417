"""A process that files reports and logs referrals without end, until somebody kills it; it knows casework and store.

`python -m tests.faults.filing VAR FIRST LAST` takes up the work at number FIRST. A line `NUMBER RECEIPT` is printed
only after everything of that number was said to be stored, as the chat shows a receipt. Each is filed three times.
Where the store says that it did not take it, the line is `NUMBER not saved`, and it is sent again.
"""

import asyncio
import dataclasses
import hashlib
import os
import sys
import time
from pathlib import Path

from bot.casework.desk import Desk, Guided
from bot.casework.telling import Telling
from bot.casework.vocabulary import AREAS, GROUNDS
from bot.errors import NotSavedError
from bot.settings import read_settings
from bot.store.opening import open_store
from bot.store.secrets import server_key
from tests.reports import VERSIONS, a_telling

SERVICES = ("danskuddannelse", "jobnet")
TIMES = 3


def secret_of(number: int) -> bytes:
    """Of the conversation with this number: the same when it is taken up again, as a session token's would be."""
    return hashlib.blake2b(b"%d" % number, digest_size=32).digest()


def telling_of(number: int) -> Telling:
    ground, other = GROUNDS[number % len(GROUNDS)], GROUNDS[(number + 1) % len(GROUNDS)]
    return a_telling(ground=[ground, other], area=[AREAS[number % len(AREAS)]])


async def file_one(desk: Desk, number: int) -> str:
    telling = telling_of(number)
    filing = await desk.begin_filing(telling, secret_of(number))
    receipts = {await desk.file(filing, telling.report("da"), VERSIONS) for _ in range(TIMES)}
    guided = [Guided(service, "find_job", "employment", None, None, None) for service in SERVICES]
    await desk.count(guided, "da", secret_of(number))
    (receipt,) = receipts
    return receipt.replace(" ", "")


def file_at_last(desk: Desk, number: int) -> str:
    while True:
        try:
            return asyncio.run(file_one(desk, number))
        except NotSavedError:
            print(number, "not saved", flush=True)  # noqa: T201 - what the person would see
            time.sleep(0.02)


def main(var: Path, first: int, last: int) -> None:
    assert not {name for name in sys.modules if name.split(".")[0] in {"rasa", "starlette"} or "engine" in name}
    store = open_store(dataclasses.replace(read_settings(os.environ), var=var))
    desk = Desk(store, server_key(var))
    for number in range(first, last + 1):
        receipt = file_at_last(desk, number)
        print(number, receipt, flush=True)  # noqa: T201 - what the person would see
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
