"""Stop for now: what was told is kept under a receipt that alone opens it, and is not in the chat any more."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.report_questions import ask
from bot.engine.turn import current_turn


class ActionReportPause(Errand):
    named = "action_report_pause"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        telling = turn.begun()
        receipt = await turn.pause()
        if receipt is None:
            say.utter_message(response="utter_report_not_paused")
            ask(say, telling)
            return []
        say.utter_message(response="utter_report_paused", receipt=receipt)
        turn.forget_report()
        return []
