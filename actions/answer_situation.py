"""The one question was answered: take up the need that waited for it."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guidance import Guidance


class ActionAnswerSituation(Errand):
    named = "action_answer_situation"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        for guidance in Guidance.__subclasses__():
            if guidance.need == tracker.get_slot("waiting_need"):
                events: Events = await guidance().guide(say, tracker)
                return events
        say.utter_message(response="utter_bot_capabilities")
        return []
