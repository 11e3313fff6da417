"""A room on a day that tests know."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tests.casework.failing_server import FailingServer
from tests.casework.handing import Handing
from tests.casework.room import CAME, Room


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The report comes on the last day of November."""
    with time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def room(clock: time_machine.Traveller, tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    assert room.row.received_on == CAME
    yield room
    room.store.close()


@pytest.fixture
def handing(tmp_path: Path, server: FailingServer) -> Iterator[Handing]:
    """To the body whose server the test's own file has."""
    handing = Handing(tmp_path, server.url, server.ca)
    yield handing
    handing.close()
