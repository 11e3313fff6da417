"""Processes or their PostgreSQL killed while people talk and report: each message once, a report for each receipt."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.load.residents import Found, Resident
from tests.command.test_workers import WORKERS, Service, make_keys_there
from tests.postgres import Cluster

pytestmark = pytest.mark.slow
RESIDENTS, PAUSE, SEED = 8, 0.3, 20261130


@pytest.fixture
def database() -> Iterator[Cluster]:
    """One that may be killed, and whose commits are on the disk."""
    cluster = Cluster(durable=True)
    yield cluster
    cluster.remove()


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_is_lost_or_doubled(model: Path, database: Cluster, tmp_path: Path, kills: int) -> None:
    """Every third kill is the database's, which comes back at once; the others are of any of the processes."""
    name = database.database()
    make_keys_there(tmp_path, database.url(name))
    service = Service(tmp_path, database.url(name))
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time
    with ThreadPoolExecutor(RESIDENTS) as threads:
        stop = threading.Event()
        living = [
            threads.submit(Resident(service.port, it, PAUSE).live, lambda: not stop.is_set()) for it in range(RESIDENTS)
        ]
        for number in range(kills):
            time.sleep(chance.uniform(0.5, 3))
            if number % 3 == 2:
                database.stop(at_once=True)
                database.start()
            else:
                os.kill(chance.choice(service.wait_for(WORKERS)), signal.SIGKILL)
        service.wait_for(WORKERS)
        time.sleep(2)
        stop.set()
        found = [each.result() for each in living]
    service.end()
    check(found, len(database.ask("SELECT id FROM vejviser.report", name)))


def check(found: list[Found], reports: int) -> None:
    receipts = [receipt for one in found for receipt in one.receipts]
    assert sum(one.lost for one in found) == 0
    assert len(set(receipts)) == len(receipts) == reports
    assert any(one.errors for one in found)
    assert sum(len(one.turns) for one in found) > RESIDENTS
