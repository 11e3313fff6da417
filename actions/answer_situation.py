"""A question about the situation was answered: take up the need that waited for it, or the last one anew."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import lead


class ActionAnswerSituation(Errand):
    """An answer that no need waited for is a correction: "no, I am from the EU" changes what was shown."""

    named = "action_answer_situation"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        need = tracker.get_slot("waiting_need") or tracker.get_slot("last_need")
        if need is None:
            say.utter_message(response="utter_bot_capabilities")
            return []
        return await lead(need, say, tracker)
