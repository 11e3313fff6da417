"""What was told about the situation is taken back and asked anew, for the need that was shown last."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import lead, led_last
from bot.engine.turn import directory_at_hand


class ActionChangeSituation(Errand):
    named = "action_change_situation"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        need = led_last(say, tracker)
        if need is None:
            return []
        forgotten = directory_at_hand().needs[need].asks
        for question in forgotten:
            tracker.slots[question] = None
        return [*(SlotSet(question, None) for question in forgotten), *await lead(need, say, tracker)]
