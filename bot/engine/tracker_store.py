"""Gives Rasa the tracker of the turn under way, and takes it back; the conversation store writes it."""

from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.turn import current_turn
from bot.errors import NotOursError

LANGUAGE_SLOT = "language"
SESSION_METADATA = "session_started_metadata"


class TurnTrackerStore(TrackerStore):
    """Nothing is written here: the whole turn is sealed and saved once, or not at all (guide.py)."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = current_turn()
        if sender_id != turn.conversation_id:
            raise NotOursError("Rasa asked for another conversation than the one under way")
        tracker = self._tracker(sender_id, turn.conversation.now.events)
        if tracker.get_slot(LANGUAGE_SLOT) != turn.conversation.language:
            tracker.update(SlotSet(LANGUAGE_SLOT, turn.conversation.language), self.domain)
        return tracker

    def _tracker(self, sender_id: str, events: list[dict[str, Any]]) -> DialogueStateTracker:
        if not events:
            tracker: DialogueStateTracker = self.init_tracker(sender_id)
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
            return tracker
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = current_turn()
        turn.conversation.language = tracker.get_slot(LANGUAGE_SLOT) or turn.conversation.language
        turn.conversation.now.events = shortened(tracker)


def shortened(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events that the next turn needs.

    The rules look no further back than the last message, so what is remembered is the slots. Texts are in the
    transcript, a report in `Apart.telling`. So a turn takes as long after 200 turns as after five, and an older message
    leaves no trace here.
    """
    slots = [
        SlotSet(name, slot.value).as_dict()
        for name, slot in tracker.slots.items()
        if slot.value is not None and name != SESSION_METADATA
    ]
    return [*slots, ActionExecuted(ACTION_LISTEN_NAME).as_dict()]
