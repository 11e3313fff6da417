"""The guard at the border of every action."""

import asyncio
import contextlib
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from tests.engine.turns import a_turn


class Failing(Errand):
    """Says something, then fails."""

    named = "action_of_a_test"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        say.utter_message(response="utter_greet")
        raise RuntimeError("what the person wrote")


def tracker() -> Tracker:
    message: dict[str, Any] = {"intent": {"name": "greet"}}
    return Tracker("t", {}, message, [], False, None, {}, "action_listen")


def test_an_error_ends_in_words_and_leaves_no_text_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    dispatcher = CollectingDispatcher()
    events = asyncio.run(Failing().run(dispatcher, tracker(), {}))
    assert events == []
    assert [message["response"] for message in dispatcher.messages] == ["utter_sorry"]
    logged = capsys.readouterr()
    assert "what the person wrote" not in logged.out + logged.err


class Digression(Errand):
    named = "action_of_another_test"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        return []


def test_a_digression_leads_back_to_the_report() -> None:
    dispatcher = CollectingDispatcher()
    with a_turn() as turn:
        turn.begin_report()
        assert asyncio.run(Digression().run(dispatcher, tracker(), {})) == []
    said = [message["response"] for message in dispatcher.messages]
    assert said == ["utter_report_continue", "utter_ask_report_safe"]


def test_without_a_report_or_a_turn_nothing_is_led_back_to() -> None:
    for context in (a_turn(), contextlib.nullcontext()):
        dispatcher = CollectingDispatcher()
        with context:
            assert asyncio.run(Digression().run(dispatcher, tracker(), {})) == []
        assert dispatcher.messages == []
