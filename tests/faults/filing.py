"""A process that files reports and logs referrals without end, until somebody kills it.

`python -m tests.faults.filing VAR FIRST LAST` takes up the work at number FIRST. A line `NUMBER RECEIPT` is printed
only after everything of that number was said to be stored, as the chat shows a receipt.
"""

import asyncio
import hashlib
import sys
from pathlib import Path

from bot.casework.desk import Desk, Guided
from bot.casework.report import Report
from bot.casework.vocabulary import AREAS, GROUNDS
from bot.store.secrets import server_key
from bot.store.sqlite_store import SqliteStore

SERVICES = ("danskuddannelse", "jobnet")


def secret_of(number: int) -> bytes:
    """Of the conversation with this number: the same when it is taken up again, as a session token's would be."""
    return hashlib.blake2b(b"%d" % number, digest_size=32).digest()


def report_of(number: int) -> Report:
    ground, other = GROUNDS[number % len(GROUNDS)], GROUNDS[(number + 1) % len(GROUNDS)]
    area = AREAS[number % len(AREAS)]
    return Report("self", (ground, other), area, "valby", "2026-11", "advice", "da")


async def file_one(desk: Desk, number: int) -> str:
    receipt = await desk.file(report_of(number), secret_of(number), "attempt")
    guided = [Guided(service, "find_job", "employment", None, None, None) for service in SERVICES]
    await desk.count(guided, "da", secret_of(number))
    return receipt.replace(" ", "")


def main(var: Path, first: int, last: int) -> None:
    store = SqliteStore(var / "store.db")
    desk = Desk(store, server_key(var))
    for number in range(first, last + 1):
        receipt = asyncio.run(file_one(desk, number))
        print(number, receipt, flush=True)  # noqa: T201 - what the person would see
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
