"""A deadline is counted: which one, from which day, and what day it is then."""

import datetime as dt

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import directory_at_hand
from bot.language.dates import today

UNKNOWN = "unknown"


class ActionDeadline(Errand):
    """Asks one thing at a time; the day may be typed in any words that are a day."""

    named = "action_deadline"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        chosen = next(tracker.get_latest_entity_values("deadline"), None)
        named = next(tracker.get_latest_entity_values("day"), None)
        deadline = directory_at_hand().deadlines.get(chosen or tracker.get_slot("deadline") or "")
        if deadline is None or not (chosen or named):
            say.utter_message(response="utter_ask_deadline")
            return []
        if chosen:
            say.utter_message(response="utter_ask_deadline_day")
            return [SlotSet("deadline", chosen)]
        if named == UNKNOWN:
            say.utter_message(response="utter_deadline_unknown", offer=["need_letter_help", "need_human_contact"])
            return [SlotSet("deadline", None)]
        last = deadline.last_day(dt.date.fromisoformat(str(named)), today())
        reply = "utter_deadline" if last >= today() else "utter_deadline_past"
        say.utter_message(
            response=reply,
            date=last.isoformat(),
            kind=deadline.id,
            offer=["deadline", "need_letter_help", "need_human_contact"],
        )
        return []
