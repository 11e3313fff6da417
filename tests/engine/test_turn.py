"""The turn under way belongs to one message, and what cannot be saved is known at once."""

import asyncio

import pytest

from bot.casework.desk import Guided
from bot.casework.report import Report
from bot.directory.services import read_directory
from bot.engine.turn import current_turn, directory_at_hand
from bot.errors import ConversationEndedError
from bot.settings import Settings
from bot.store.sqlite_store import SqliteStore
from tests.engine.turns import a_turn

REPORT = Report("self", ("age",), "housing", "valby", "2026-10", "advice", "en")
JOBNET = Guided("jobnet", "find_job", "employment", None, None, None)


def test_outside_a_turn_there_is_none() -> None:
    with pytest.raises(ConversationEndedError):
        current_turn()
    with a_turn(), a_turn():
        pass
    with pytest.raises(ConversationEndedError):
        current_turn()


def test_a_turn_ends_even_when_it_fails() -> None:
    with pytest.raises(ZeroDivisionError), a_turn():
        _ = 1 // 0
    with pytest.raises(ConversationEndedError):
        current_turn()


def test_turns_at_the_same_time_do_not_see_each_other() -> None:
    async def one(name: str) -> str:
        with a_turn(name):
            await asyncio.sleep(0.01)
            return current_turn().conversation_id

    async def many() -> list[str]:
        return await asyncio.gather(*(one(str(number)) for number in range(4)))

    assert asyncio.run(many()) == [str(number) for number in range(4)]


def test_what_is_filed_and_counted_is_saved() -> None:
    with a_turn() as turn:
        receipt = asyncio.run(turn.file(REPORT, "attempt"))
        assert receipt
        assert asyncio.run(turn.file(REPORT, "attempt")) == receipt
        assert asyncio.run(turn.count([JOBNET], "en"))


def test_what_could_not_be_saved_has_no_receipt_and_is_not_counted() -> None:
    with a_turn() as turn:
        store = turn.desk._store
        assert isinstance(store, SqliteStore)
        asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA query_only=ON").fetchall()))
        assert asyncio.run(turn.file(REPORT, "attempt")) is None
        assert asyncio.run(turn.count([JOBNET], "en")) is False
        assert asyncio.run(store.counts()) == {"referral": 0, "report": 0}


def test_the_directory_is_that_of_the_turn_or_of_the_default_settings() -> None:
    ours = read_directory(Settings().content)
    assert directory_at_hand() is ours
    with a_turn() as turn:
        assert directory_at_hand() is turn.directory
