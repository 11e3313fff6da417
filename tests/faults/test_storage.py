"""A store that fails while a report is sent: said in the person's language, no number is shown, nothing is lost."""

import asyncio
import datetime as dt
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.engine.guide import Guide
from bot.language.languages import find_languages
from bot.settings import Settings
from tests.keys import make_keys
from tests.reports import SEND, WORDS, go, receipt_in, way
from tests.resident import Resident

SETTINGS = Settings()
LANGUAGES = list(find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))


@pytest.fixture(scope="module")
def on_own_disk(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    guide = Guide(Settings(var=tmp_path_factory.mktemp("own")), model)
    make_keys(guide.store)
    yield guide
    guide.close()


def asks(guide: Guide, statement: str) -> list[Any]:
    """What the store's own connection answers."""
    worker = guide.store._worker  # type: ignore[attr-defined]
    return list(asyncio.run(worker.do(lambda database: database.execute(statement).fetchall())))


@contextmanager
def read_only(guide: Guide) -> Iterator[None]:
    asks(guide, "PRAGMA query_only=ON")
    yield
    asks(guide, "PRAGMA query_only=OFF")


@contextmanager
def full(guide: Guide) -> Iterator[None]:
    """SQLite's own limit stands for the disk's; a real disk runs full in tests/store/test_sqlite_disk.py."""
    ((most,),) = asks(guide, "PRAGMA max_page_count")
    ((used,),) = asks(guide, "PRAGMA page_count")
    asks(guide, f"PRAGMA max_page_count={used}")
    yield
    asks(guide, f"PRAGMA max_page_count={most}")


@contextmanager
def locked(guide: Guide) -> Iterator[None]:
    """Somebody else writes all the time; waiting is shortened, a whole one is in the test below."""
    asks(guide, "PRAGMA busy_timeout=20")
    with somebody_writes(guide):
        yield
    asks(guide, "PRAGMA busy_timeout=5000")


@contextmanager
def somebody_writes(guide: Guide) -> Iterator[None]:
    other = sqlite3.connect(guide.settings.var / "store.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize("fails", [read_only, full, locked])
def test_in_every_language_it_is_said_that_a_report_was_not_saved(
    on_own_disk: Guide, fails: Callable[[Guide], Any]
) -> None:
    """The narrative is long enough that no page with room takes it in."""
    residents = {code: go(Resident(on_own_disk, code), way(WORDS * 200, short=True)) for code in LANGUAGES}
    before = on_own_disk.store
    stored = asyncio.run(before.counts())["report"]
    with fails(on_own_disk):
        for code, resident in residents.items():
            resident.presses(SEND)
            assert resident.replies == ["utter_report_not_saved"], code
            assert not re.search(r"\d{4}", resident.text), code
            assert SEND in resident.buttons, code
    assert len({resident.text for resident in residents.values()}) == len(LANGUAGES)
    assert asyncio.run(before.counts())["report"] == stored
    for resident in residents.values():
        resident.presses(SEND)
        assert "utter_report_receipt" in resident.replies
    assert asyncio.run(before.counts())["report"] == stored + len(LANGUAGES)


@pytest.mark.parametrize("seconds", [pytest.param(7, marks=pytest.mark.slow), pytest.param(30, marks=pytest.mark.long)])
def test_a_store_that_is_locked_for_long_is_said_to_have_failed_and_then_takes_the_report(
    on_own_disk: Guide, seconds: int
) -> None:
    """SQLite waits five seconds for a lock."""
    resident = go(Resident(on_own_disk, "en"), way(short=True))
    free = threading.Event()

    def write() -> None:
        with somebody_writes(on_own_disk):
            begun.set()
            free.wait(seconds)

    begun = threading.Event()
    other = threading.Thread(target=write)
    other.start()
    begun.wait()
    since, said = time.monotonic(), []
    while other.is_alive():
        resident.presses(SEND)
        said += resident.replies
    assert time.monotonic() - since >= seconds
    assert said.count("utter_report_not_saved") >= seconds // 6
    if "utter_report_receipt" not in said:
        resident.presses(SEND)
    assert receipt_in(resident.text)


def test_a_clock_that_is_set_back_a_day_loses_nothing(on_own_disk: Guide) -> None:
    """In the middle of a telling, and after it: the report is stored, opened, and not swept away."""
    resident = go(Resident(on_own_disk, "en"), way())
    before = asyncio.run(on_own_disk.store.counts())["report"]
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    with time_machine.travel(yesterday, tick=True):
        resident.presses(SEND)
        receipt = receipt_in(resident.text)
        asyncio.run(on_own_disk.resume())
        other = Resident(on_own_disk, "en").says(receipt)
        assert other.replies[0].startswith("utter_own")
    assert asyncio.run(on_own_disk.store.counts())["report"] == before + 1
    again = Resident(on_own_disk, "en").says(receipt)
    assert again.replies[0].startswith("utter_own")


def test_a_clock_that_is_set_back_keeps_a_conversation_and_lets_a_receipt_be_tried(on_own_disk: Guide) -> None:
    resident = Resident(on_own_disk, "en").presses("need_danish_start")
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(days=1), tick=True):
        asyncio.run(on_own_disk.delete_idle())
        assert resident.presses("language_en").messages
