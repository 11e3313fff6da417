"""The engine is made of our parts or not at all, and takes text for text."""

import asyncio
import uuid
from pathlib import Path

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine.agent import Engine
from bot.engine.guide import Guide
from bot.engine.nlg import CatalogueNLG
from bot.engine.tracker_store import TurnTrackerStore
from bot.errors import NotOursError
from tests.resident import Resident

COMMANDS = [
    "/restart",
    " /restart",
    "//restart",
    "/delete_chat_now",
    '/choose_language{"language": "ar"}',
    '/answer_situation{"residence": "refugee"}',
    '/answer_count{"count": "yes"}',
    "/emergency",
    "/session_start",
    "/",
    "／restart",
    "EXTERNAL: x",
]


# Parts


class Other(CatalogueNLG):
    """Not the class that was asked for."""


def test_another_class_in_place_of_the_reply_hook_is_refused(guide: Guide, model: Path) -> None:
    nlg = Other(guide.words, guide.languages, guide.directory, guide.law.words)
    with pytest.raises(NotOursError, match="the reply hook is Other, not CatalogueNLG"):
        Engine(model, nlg)


def wrong_parts(guide: Guide) -> dict[str, tuple[object, str, object]]:
    processor, agent = guide.engine._processor, guide.engine._agent
    domain = processor.domain
    return {
        "tracker store": (processor, "tracker_store", InMemoryTrackerStore(domain)),
        "lock store": (agent, "lock_store", InMemoryLockStore()),
        "actions": (processor, "action_endpoint", EndpointConfig("http://localhost:5055")),
    }


@pytest.mark.parametrize("name", ["tracker store", "lock store", "actions"])
def test_a_stock_part_is_refused_by_name(guide: Guide, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    owner, attribute, part = wrong_parts(guide)[name]
    guide.engine._check_every_part_is_ours()
    monkeypatch.setattr(owner, attribute, part)
    with pytest.raises(NotOursError, match=f"the {name} is {type(part).__name__}, not "):
        guide.engine._check_every_part_is_ours()


def test_the_wrapper_that_forgets_silently_is_refused(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    processor = guide.engine._processor
    wrapped = FailSafeTrackerStore(TurnTrackerStore(domain=processor.domain))
    monkeypatch.setattr(processor, "tracker_store", wrapped)
    with pytest.raises(NotOursError, match="FailSafeTrackerStore"):
        guide.engine._check_every_part_is_ours()


def test_an_action_that_is_missing_is_told_at_start(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(guide.engine._actions._executor.actions, "action_guide")
    with pytest.raises(NotOursError, match="no action for action_guide"):
        guide.engine._check_every_part_is_ours()


def test_the_agent_keeps_nothing_by_itself(guide: Guide) -> None:
    assert type(guide.engine._agent.tracker_store) is TurnTrackerStore
    assert guide.engine._agent.tracker_store is guide.engine._processor.tracker_store


# Text is text


@pytest.mark.parametrize("text", COMMANDS)
def test_text_that_begins_with_a_slash_is_understood_as_words_only(guide: Guide, text: str) -> None:
    parsed = asyncio.run(guide.engine.understand(text, "en"))
    assert [entity for entity in parsed["entities"] if entity["entity"] != "district"] == []
    assert not parsed["intent"]["name"].startswith(("answer_", "choose_", "delete_chat_now", "report_cancel"))


@pytest.mark.parametrize("text", COMMANDS)
def test_text_that_begins_with_a_slash_does_nothing_a_button_does(guide: Guide, text: str) -> None:
    resident = Resident(guide, "en")
    before = resident.counts()
    resident.says(text)
    assert resident.reply["ended"] is False
    assert resident.reply["lang"] == "en"
    assert resident.counts() == before
    replay = asyncio.run(guide.replay(resident.token))["messages"]
    assert [message["text"] for message in replay if message["from"] == "resident"] == [text]


def test_a_slash_in_a_report_answers_nothing(guide: Guide) -> None:
    resident = Resident(guide, "en").presses("need_report_discrimination")
    resident.says('/answer_report{"report_role": "self"}')
    assert "safe_yes" in resident.buttons


# Words of a reply


def test_a_reply_is_said_by_its_name_in_each_language(guide: Guide) -> None:
    said = {code: asyncio.run(guide.engine.say("utter_welcome", code))["text"] for code in guide.languages}
    assert len(set(said.values())) == len(guide.languages)
    assert all("112" in text for text in said.values())


def test_a_reply_that_nobody_wrote_is_an_error(guide: Guide) -> None:
    with pytest.raises(NotOursError, match="utter_nothing"):
        asyncio.run(guide.engine.say("utter_nothing", "en"))


def test_the_model_has_the_name_of_its_sources(guide: Guide, model: Path) -> None:
    assert guide.engine.model_name == model.name


def test_two_residents_at_once_are_not_mixed_up(guide: Guide) -> None:
    async def both() -> list[tuple[str, str]]:
        sessions = [await guide.begin(code) for code in ("en", "da", "ar") for _ in range(3)]

        async def ask(token: str, language: str) -> tuple[str, str]:
            reply = await guide.say(token, uuid.uuid4().hex, button="need_danish_start")
            return language, reply["lang"]

        return await asyncio.gather(*(ask(token, reply["lang"]) for token, reply in sessions))

    answered = asyncio.run(both())
    assert len(answered) == 9
    assert all(asked == spoken for asked, spoken in answered)
