"""Come back to a report by its receipt, which was typed or stands in the chat; a paused one goes on."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.own_report import show
from actions.report_questions import ask
from bot.casework.telling import Telling
from bot.engine.turn import current_turn


class ActionOpenReport(Errand):
    """A wrong number, and a report that has expired or was withdrawn, get the same words."""

    named = "action_open_report"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        found = await turn.open_report()
        if found is None:
            say.utter_message(response="utter_receipt_unknown")
        elif isinstance(found, Telling):
            say.utter_message(response="utter_report_goes_on")
            ask(say, found)
        else:
            await show(say, found)
        return []
