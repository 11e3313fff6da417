"""A question about the situation was answered: take up the need that waited for it, or the last one anew."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import lead, led_last


class ActionAnswerSituation(Errand):
    """An answer that no need waited for is a correction: "no, I am from the EU" changes what was shown."""

    named = "action_answer_situation"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        need = tracker.get_slot("waiting_need") or led_last(say, tracker)
        return await lead(need, say, tracker) if need else []
