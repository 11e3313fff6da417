"""Actions run inside this process, and still cannot touch what they were given."""

import asyncio
import copy
import json
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.engine import in_process
from bot.engine.in_process import InProcessActions, work_out_once

CALL = {
    "next_action": "action_under_test",
    "sender_id": "resident",
    "tracker": {
        "sender_id": "resident",
        "slots": {"grounds": ["age"], "language": "da"},
        "latest_message": {"text": "hej", "entities": [{"entity": "district", "value": "valby"}]},
        "events": [{"event": "slot", "name": "language", "value": "da"}],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    },
    "domain": {"slots": {"grounds": {"type": "any"}}},
}


@pytest.fixture(scope="module")
def actions() -> InProcessActions:
    return InProcessActions()


def call(actions: InProcessActions, action: Any, given: dict[str, Any] | None = None) -> Any:
    """Rasa's call of an action that exists for this test."""
    actions._executor.register_function("action_under_test", action)
    return asyncio.run(actions.request(method="post", json=CALL if given is None else given))


async def greedy(say: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
    """Changes everything within its reach."""
    tracker.slots["grounds"].append("sex")
    tracker.slots["language"] = "xx"
    tracker.events.clear()
    tracker.latest_message["text"] = "changed"
    tracker.latest_message["entities"][0]["value"] = "changed"
    domain["slots"]["grounds"]["type"] = "text"
    domain.clear()
    return []


def test_an_action_cannot_change_what_it_was_given(actions: InProcessActions) -> None:
    given = copy.deepcopy(CALL)
    call(actions, greedy, given)
    assert given == CALL


def test_an_action_cannot_change_its_answer_afterwards(actions: InProcessActions) -> None:
    kept: list[dict[str, Any]] = []

    async def keeps_a_hand_on_it(_: Any, __: Any, ___: Any) -> list[dict[str, Any]]:
        kept.append({"event": "slot", "name": "language", "value": "da"})
        return kept

    answer = call(actions, keeps_a_hand_on_it)
    kept[0]["value"] = "changed"
    assert answer["events"][0]["value"] == "da"


def test_what_an_action_says_and_leaves_comes_back(actions: InProcessActions) -> None:
    async def speaks(say: CollectingDispatcher, tracker: Tracker, _: Any) -> list[dict[str, Any]]:
        say.utter_message(response="utter_hello", services=["jobnet"])
        return [{"event": "slot", "name": "language", "value": tracker.get_slot("language")}]

    answer = call(actions, speaks)
    assert answer["events"] == [{"event": "slot", "name": "language", "value": "da"}]
    assert answer["responses"][0]["response"] == "utter_hello"
    assert answer["responses"][0]["services"] == ["jobnet"]


def test_what_is_no_json_does_not_pass(actions: InProcessActions) -> None:
    async def leaves_an_object(_: Any, __: Any, ___: Any) -> list[dict[str, Any]]:
        return [{"event": "slot", "name": "guided", "value": object()}]

    with pytest.raises(TypeError, match="JSON"):
        call(actions, leaves_an_object)


def test_an_unknown_action_is_told_as_an_action_server_tells_it(actions: InProcessActions) -> None:
    with pytest.raises(ClientResponseError) as told:
        asyncio.run(actions.request(json={**CALL, "next_action": "action_nobody_wrote"}))
    assert told.value.status == 404
    assert json.loads(told.value.text)["action_name"] == "action_nobody_wrote"


def test_a_rejection_is_told_as_an_action_server_tells_it(actions: InProcessActions) -> None:
    async def rejects(_: Any, __: Any, ___: Any) -> list[dict[str, Any]]:
        raise ActionExecutionRejection("action_under_test")

    with pytest.raises(ClientResponseError) as told:
        call(actions, rejects)
    assert told.value.status == 400
    assert json.loads(told.value.text)["action_name"] == "action_under_test"


def test_an_action_that_takes_too_long_is_given_up(actions: InProcessActions, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    async def dawdles(_: Any, __: Any, ___: Any) -> list[dict[str, Any]]:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)
        return []

    monkeypatch.setattr(in_process, "LONGEST_SECONDS", 0.02)
    with pytest.raises(ClientConnectionError):
        call(actions, dawdles)
    assert ended == [True]


def test_every_action_of_the_package_is_found(actions: InProcessActions) -> None:
    assert {"action_guide", "action_report_send", "action_topic", "action_own_report"} <= actions.names


RIGHT: list[Any] = [{}, {"events": [], "responses": []}, {"events": [{"event": "slot", "name": "a", "value": 1}]}]
FAULTY: list[Any] = [[], None, {"events": [{}]}, {"events": {}}, {"responses": ["text"]}, {"events": [{"event": 1}]}]
STOCK = RemoteAction._validate_action_result


@pytest.mark.parametrize("result", [*RIGHT, *FAULTY], ids=str)
def test_the_compiled_validator_judges_as_the_stock_one(result: Any) -> None:
    work_out_once()
    assert RemoteAction._validate_action_result is not STOCK
    assert judged(RemoteAction._validate_action_result, result) == judged(STOCK, result) == (result in RIGHT)


def judged(validate: Any, result: Any) -> bool:
    try:
        return bool(validate(RemoteAction("action_under_test", None), result))
    except ValidationError:
        return False
