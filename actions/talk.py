"""What needs no looking up: greeting, thanks, privacy and the like; the reply has the need's name."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events


class ActionTalk(Errand):
    named = "action_talk"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        say.utter_message(response=f"utter_{tracker.latest_message['intent']['name']}")
        return []
