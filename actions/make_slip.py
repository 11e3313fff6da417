"""A page to print or show, for the need that was shown last."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import find, led_last
from bot.engine.turn import current_turn


class ActionMakeSlip(Errand):
    """The page is made of what stands in the chat, so it is there also where its code could not be saved."""

    named = "action_make_slip"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        need = led_last(say, tracker)
        if need is None:
            return []
        services = [service.id for service in find(need, tracker)]
        code = await current_turn().slip(need, services, tracker.get_slot("language"))
        if code:
            say.utter_message(response="utter_slip", code=code)
        else:
            say.utter_message(response="utter_slip_without_code")
        return []
