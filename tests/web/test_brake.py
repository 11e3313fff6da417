"""Whoever guesses receipts is slowed down; a school behind one address is not, and nobody's address is kept."""

import asyncio
import time

import pytest

from bot.errors import Problem
from bot.web import brake as braking
from bot.web.brake import FREE, MOST_KNOWN, MOST_WAITING, PER_MINUTE, Brake

ADDRESS = "203.0.113.77"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The hours of the day, in a test's hands: seconds in its only place."""
    now = [1_000.0]
    monkeypatch.setattr(braking.time, "monotonic", lambda: now[0])
    return now


def waited(brake: Brake, host: str = ADDRESS) -> float:
    begun = time.perf_counter()
    asyncio.run(brake.wait(host))
    return time.perf_counter() - begun


def test_a_language_school_behind_one_address_waits_for_nothing(clock: list[float]) -> None:
    """Sixty people in ten minutes, and each mistypes once."""
    brake = Brake()
    for _ in range(60):
        assert waited(brake) < 0.1
        brake.wrong(ADDRESS)
        clock[0] += 10
    assert waited(brake) < 0.1


def test_a_guesser_is_slowed_down_and_others_are_not(clock: list[float]) -> None:
    brake = Brake()
    for _ in range(FREE + 1):
        brake.wrong(ADDRESS)
    assert waited(brake) >= 0.4
    assert waited(brake, "198.51.100.1") < 0.1


def test_time_gives_tries_back(clock: list[float]) -> None:
    brake = Brake()
    for _ in range(FREE + 2):
        brake.wrong(ADDRESS)
    clock[0] += 60 * 2 / PER_MINUTE + 1
    assert waited(brake) < 0.1


def test_no_more_than_some_wait_at_once_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(braking, "LONGEST_WAIT", 0.3)
    brake = Brake()
    for _ in range(FREE + 100):
        brake.wrong(ADDRESS)

    async def many() -> list[object]:
        return list(
            await asyncio.gather(*(brake.wait(ADDRESS) for _ in range(MOST_WAITING + 5)), return_exceptions=True)
        )

    refused = [it for it in asyncio.run(many()) if it is not None]
    assert len(refused) == 5
    assert all(isinstance(it, Problem) and it.status == 429 for it in refused)
    assert waited(brake) >= 0.2


def test_an_address_stands_nowhere_and_its_name_changes_every_day(clock: list[float]) -> None:
    brake = Brake()
    brake.wrong(ADDRESS)
    (name,) = brake._known
    assert ADDRESS.encode() not in name
    assert ADDRESS not in repr(brake)
    clock[0] += 86_401
    brake.wrong(ADDRESS)
    assert set(brake._known) & {name} == set()


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    brake = Brake()
    for number in range(MOST_KNOWN + 50):
        brake.wrong(str(number))
    assert len(brake._known) == MOST_KNOWN


def test_a_year_of_guessing_finds_nothing() -> None:
    """With ten thousand live receipts, of 10²⁰ numbers (66 bits), from a thousand addresses at once."""
    guesses = 1_000 * (FREE + PER_MINUTE * 60 * 24 * 365)
    assert guesses * 10_000 / 10**20 < 1e-6
