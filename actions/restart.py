"""Start over: what was told is forgotten, the language is kept, and so is a no to being counted."""

from rasa_sdk import Tracker
from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import current_turn


class ActionRestart(Errand):
    """Stands in for Rasa's own action of this name, which would forget the language too."""

    named = "action_restart"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        current_turn().forget_report()
        say.utter_message(response="utter_restart")
        kept = [SlotSet(name, tracker.get_slot(name)) for name in ("language", "count")]
        # Rasa's rule for this need expects its own action's event, and would go on looking for what comes next.
        return [AllSlotsReset(), *kept, FollowupAction("action_listen")]
