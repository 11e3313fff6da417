"""The guard at the border of every action."""

import asyncio
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events


class Failing(Errand):
    """Says something, then fails."""

    named = "action_of_a_test"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        say.utter_message(response="utter_greet")
        raise RuntimeError("what the person wrote")


def tracker(loop: str | None = None) -> Tracker:
    message: dict[str, Any] = {"intent": {"name": "greet"}}
    return Tracker("t", {}, message, [], False, None, {"name": loop} if loop else {}, "action_listen")


def test_an_error_ends_in_words_and_leaves_no_text_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    dispatcher = CollectingDispatcher()
    events = asyncio.run(Failing().run(dispatcher, tracker(), {}))
    assert events == []
    assert [message["response"] for message in dispatcher.messages] == ["utter_sorry"]
    logged = capsys.readouterr()
    assert "what the person wrote" not in logged.out + logged.err


def test_a_digression_leads_back_to_the_report() -> None:
    class Digression(Errand):
        named = "action_of_another_test"

        async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
            return []

    dispatcher = CollectingDispatcher()
    events = asyncio.run(Digression().run(dispatcher, tracker("report_form"), {}))
    assert events == [{"event": "followup", "timestamp": None, "name": "report_form"}]
    assert [message["response"] for message in dispatcher.messages] == ["utter_report_continue"]
