"""What needs no looking up: greeting, thanks, privacy and the like; the reply has the need's name."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import take_up

ASIDES = {"greet", "thank", "privacy", "bot_identity", "rephrase", "feedback_bad"}
"""What is said on the way to an answer; the rest leads somewhere else."""


class ActionTalk(Errand):
    named = "action_talk"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        need = tracker.latest_message["intent"]["name"]
        say.utter_message(response=f"utter_{need}")
        if need in ASIDES:
            take_up(say, tracker)
        return []
