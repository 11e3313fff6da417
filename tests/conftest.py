"""What many tests share: the real model, a guide on a folder of its own, and a real server process."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.guide import Guide
from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.settings import Settings
from tests.keys import make_keys
from tests.resident import Resident
from tests.server import Server


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the present sources; trained once if it is not there."""
    configure_logs("WARNING")
    return train_if_needed(Settings())


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return dataclasses.replace(Settings(), var=tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="session")
def guide(model: Path, settings: Settings) -> Iterator[Guide]:
    """One guide for all tests that only talk: conversations do not see each other."""
    guide = Guide(settings, model)
    guide.first_passphrases = make_keys(guide.store)  # type: ignore[attr-defined]
    yield guide
    guide.close()


@pytest.fixture
def resident(guide: Guide) -> Resident:
    """Somebody who begins a conversation in English."""
    return Resident(guide, "en")


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server process on a folder of its own."""
    with Server(tmp_path_factory.mktemp("served")) as server:
        yield server
