"""Rasa's tracker lives in the conversation of the turn, and does not grow with it."""

import asyncio
import json
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.conversation import Conversation, SessionKeys
from bot.engine.guide import Guide
from bot.engine.tracker_store import TurnTrackerStore, shortened
from bot.errors import ConversationEndedError, NotOursError
from tests.engine.turns import a_turn
from tests.reports import BEFORE_WORDS
from tests.resident import Resident

CANARY = "canary-of-turn"


@pytest.fixture
def store(guide: Guide) -> TurnTrackerStore:
    agent: Agent = guide.engine._agent
    assert isinstance(agent.tracker_store, TurnTrackerStore)
    return agent.tracker_store


def events_of(resident: Resident) -> list[dict[str, Any]]:
    keys = SessionKeys.of(resident.token)
    return asyncio.run(resident.guide._conversations.load(keys)).now.events


def tracker_with(store: TurnTrackerStore, *events: Any) -> DialogueStateTracker:
    tracker = DialogueStateTracker("conversation", store.domain.slots)
    for event in events:
        tracker.update(event, store.domain)
    return tracker


def test_sixty_turns_leave_no_more_events_than_five(resident: Resident) -> None:
    counts = []
    for _ in range(30):
        for button in ("language_en", "need_danish_start"):
            resident.presses(button)
            counts.append(len(events_of(resident)))
    assert len(counts) == 60
    assert counts[58:] == counts[4:6]


def test_being_guided_to_the_same_place_again_leaves_nothing_more(resident: Resident) -> None:
    sizes = []
    for _ in range(5):
        resident.presses("language_en", "need_report_discrimination", "report_cancel")
        resident.presses("language_en", "need_bot_capabilities", "topic_work", "need_jobcentre_find")
        sizes.append(len(json.dumps(events_of(resident))))
    assert max(sizes) - min(sizes) < 10


def test_an_older_message_leaves_no_trace_in_the_tracker(resident: Resident) -> None:
    resident.says(f"{CANARY} hello")
    resident.says("hello again")
    assert CANARY not in json.dumps(events_of(resident))


def test_what_was_told_of_the_situation_is_remembered(resident: Resident) -> None:
    resident.presses("need_danish_start", "residence_refugee")
    resident.says("hello").says("thank you")
    told = {event["name"]: event["value"] for event in events_of(resident) if event["event"] == "slot"}
    assert told["residence"] == "refugee"
    assert told["language"] == "en"


def test_inside_a_report_the_tracker_holds_no_answer_and_no_word(resident: Resident) -> None:
    resident.presses(*BEFORE_WORDS).says(CANARY).presses("report_done", "when_earlier")
    written = json.dumps(events_of(resident))
    for told in (CANARY, "when_earlier", "earlier", "role", "self"):
        assert told not in written


def test_what_is_kept_can_be_taken_up_where_it_stood(store: TurnTrackerStore) -> None:
    tracker = tracker_with(
        store,
        ActionExecuted("action_listen"),
        UserUttered("hello", {"name": "greet", "confidence": 1.0}),
        SlotSet("residence", "work"),
        SlotSet("count", "asked"),
        BotUttered("Hello."),
        ActionExecuted("action_listen"),
    )
    again = DialogueStateTracker.from_dict("conversation", shortened(tracker), store.domain.slots)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_action_name == "action_listen"


def test_a_new_conversation_begins_listening_in_its_language(store: TurnTrackerStore) -> None:
    with a_turn(conversation=Conversation("ar")):
        tracker = asyncio.run(store.retrieve("conversation"))
    assert tracker
    assert tracker.get_slot("language") == "ar"
    assert tracker.latest_action_name == "action_listen"


def test_the_turn_takes_the_tracker_back(store: TurnTrackerStore) -> None:
    with a_turn() as turn:
        asyncio.run(store.save(tracker_with(store, SlotSet("language", "da"), SlotSet("cpr", "yes"))))
    assert turn.conversation.language == "da"
    assert {"cpr", "language"} <= {event.get("name") for event in turn.conversation.main.events}


def test_no_other_conversation_can_be_asked_for(store: TurnTrackerStore) -> None:
    with a_turn("mine"), pytest.raises(NotOursError):
        asyncio.run(store.retrieve("another"))
    with pytest.raises(ConversationEndedError):
        asyncio.run(store.retrieve("mine"))
