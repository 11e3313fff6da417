"""The turn under way belongs to one message, and what cannot be saved is known at once."""

import asyncio

import pytest

from bot.casework.desk import Guided
from bot.directory.services import read_directory
from bot.engine.conversation import Conversation
from bot.engine.turn import current_turn, directory_at_hand, report_at_hand
from bot.errors import ConversationEndedError
from bot.settings import Settings
from bot.store.sqlite import SqliteStore
from tests.engine.turns import a_turn
from tests.keys import make_keys
from tests.reports import a_telling

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
        make_keys(turn.desk._store)
        turn.tell_on(a_telling())
        receipt = asyncio.run(turn.file())
        assert receipt
        assert asyncio.run(turn.file()) == receipt
        assert asyncio.run(turn.count([JOBNET], "en"))


def test_what_could_not_be_saved_has_no_receipt_and_is_not_counted() -> None:
    with a_turn() as turn:
        turn.tell_on(a_telling())
        store = turn.desk._store
        assert isinstance(store, SqliteStore)
        asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA query_only=ON").fetchall()))
        assert asyncio.run(turn.file()) is None
        assert asyncio.run(turn.pause()) is None
        assert asyncio.run(turn.count([JOBNET], "en")) is False
        assert asyncio.run(store.counts()) == {"referral": 0, "report": 0}


def test_a_report_is_told_apart_from_the_conversation_and_forgotten_as_a_whole() -> None:
    with a_turn() as turn:
        assert report_at_hand() is None
        turn.text = "They said no to me because of my name, call 22334455"
        telling = turn.begin_report()
        assert report_at_hand() is telling
        assert telling.first == "They said no to me because of my name, call ••••••••"
        telling.answer("safe", "yes")
        assert turn.conversation.apart
        assert turn.conversation.apart.telling == vars(telling)
        turn.forget_report()
        assert report_at_hand() is None
        assert turn.conversation == Conversation("en")


def test_without_a_report_there_is_nothing_to_file_or_answer() -> None:
    with a_turn() as turn:
        for attempt in (turn.file(), turn.pause()):
            with pytest.raises(ConversationEndedError):
                asyncio.run(attempt)


def test_the_directory_is_that_of_the_turn_or_of_the_default_settings() -> None:
    ours = read_directory(Settings().content)
    assert directory_at_hand() is ours
    with a_turn() as turn:
        assert directory_at_hand() is turn.directory
