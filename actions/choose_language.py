"""A language was chosen; everything said so far is kept."""

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import REPORT_FORM, Errand, Events, in_report


class ActionChooseLanguage(Errand):
    """Sets the language first; what is said next is said in it."""

    named = "action_choose_language"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        language = next(tracker.get_latest_entity_values("language"), None)
        following = REPORT_FORM if in_report(tracker) else "utter_language_chosen"
        return [SlotSet("language", language), FollowupAction(following)]
