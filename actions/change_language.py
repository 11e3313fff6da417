"""Another language: the choice of those spoken here."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events


class ActionChangeLanguage(Errand):
    named = "action_change_language"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        say.utter_message(response="utter_change_language", languages=True)
        return []
