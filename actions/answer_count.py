"""Whether it may be counted where the guide sent them: asked once a conversation."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import count


class ActionAnswerCount(Errand):
    """Yes logs what was guided so far, and what will be; no forgets it."""

    named = "action_answer_count"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("count") != "yes":
            say.utter_message(response="utter_not_counted")
            return [SlotSet("guided", [])]
        saved = await count(tracker.get_slot("guided") or [], tracker)
        say.utter_message(response="utter_counted" if saved else "utter_count_not_saved")
        return [SlotSet("guided", [])]
