"""A language was chosen; everything said so far is kept."""

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import report_at_hand


class ActionChooseLanguage(Errand):
    """Sets the language first; what is said next is said in it."""

    named = "action_choose_language"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        language = next(tracker.get_latest_entity_values("language"), None)
        telling = report_at_hand()
        if telling is None:
            return [SlotSet("language", language), FollowupAction("utter_language_chosen")]
        return [SlotSet("language", language), FollowupAction("action_report_discrimination")]
