"""A process that sends what is due without end, until somebody kills it; its clock leaps from lease to lease.

`python -m tests.casework.sending STORE BODY URL PUBLIC_KEY SECRET CA START`; keys in hex, START as ISO 8601.
"""

import asyncio
import datetime as dt
import sys
import time
from pathlib import Path

from bot.casework.delivery import LEASE, Delivery
from bot.casework.partners import Partner
from bot.store.case_verbs import HandoverRow
from bot.store.sqlite import SqliteStore


async def unheard(row: HandoverRow, outcome: str) -> None:
    """Nobody keeps an audit chain here."""


def main(*given: str) -> None:
    path, body, url, public, secret, ca, start = given
    store = SqliteStore(Path(path))
    partner = Partner(body, url, bytes.fromhex(public), bytes.fromhex(secret), Path(ca))
    delivery, now = Delivery(store, {body: partner}, unheard), dt.datetime.fromisoformat(start)
    print("ready", flush=True)  # noqa: T201 - for who kills it
    while True:
        asyncio.run(delivery.send_due(now))
        print("round", flush=True)  # noqa: T201
        now += LEASE + dt.timedelta(minutes=1)
        time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
