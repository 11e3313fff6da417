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
from tqdm import tqdm

from bench.load.residents import Found, Resident
from tests.command.test_workers import WORKERS, Service, make_keys_there
from tests.postgres import Cluster

pytestmark = pytest.mark.long
"""With every change: tests/command/test_workers.py and test_postgres.py beside this."""
KILLS, RESIDENTS, PAUSE, SEED = 200, 8, 0.3, 20261130


@pytest.fixture
def database() -> Iterator[Cluster]:
    """One that may be killed, and whose commits are on the disk."""
    cluster = Cluster(durable=True)
    yield cluster
    cluster.remove()


@pytest.fixture
def service(model: Path, database: Cluster, tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """With the name of its database."""
    name = database.database()
    make_keys_there(tmp_path, database.url(name))
    service = Service(tmp_path, database.url(name))
    yield service, name
    service.end()


def test_nothing_is_lost_or_doubled(service: tuple[Service, str], database: Cluster) -> None:
    """Every second kill is the database's, which comes back at once; the others are of any of the processes."""
    served, name = service
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time
    stop = threading.Event()
    with ThreadPoolExecutor(RESIDENTS) as threads:
        try:
            living = [
                threads.submit(Resident(served.port, number, PAUSE).live, lambda: not stop.is_set())
                for number in range(RESIDENTS)
            ]
            for number in tqdm(range(KILLS), desc="killed"):
                time.sleep(chance.uniform(0.5, 3))
                if number % 2:
                    database.stop(at_once=True)
                    database.start()
                else:
                    os.kill(chance.choice(served.wait_for(WORKERS)), signal.SIGKILL)
            served.wait_for(WORKERS)
            time.sleep(2)
        finally:
            stop.set()
        found = Found.together(each.result() for each in living)
    check(found, len(database.ask("SELECT id FROM vejviser.report", name)))


def check(found: Found, reports: int) -> None:
    assert found.lost == []
    assert len(set(found.receipts)) == reports
    assert found.errors
    assert len(found.turns) > RESIDENTS
