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
from tests.postgres import postgres
from tests.resident import Resident
from tests.server import Server

__all__ = ["postgres"]
"""A fixture of a module of its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick files first, one that needs the model before all others: while it is trained, a second worker does those
    that need none. Files with slow tests come last, in an order that ends with short ones, so that no worker waits long
    for the other.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    ranks = {file: _rank(own) for file, own in files.items()}
    first = next((file for file, rank in ranks.items() if rank == MODEL), None)
    ranks |= {first: FIRST} if first else {}
    order = {file: (ranks[file], -place if ranks[file] == SLOW else place) for place, file in enumerate(files)}
    items.sort(key=lambda item: order[item.path])


FIRST, PLAIN, MODEL, SLOW = range(4)


def _rank(items: list[pytest.Item]) -> int:
    if any(item.get_closest_marker("slow") for item in items):
        return SLOW
    return MODEL if any("model" in getattr(item, "fixturenames", ()) for item in items) else PLAIN


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
