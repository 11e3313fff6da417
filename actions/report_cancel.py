"""Stop a report: nothing of it stays."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import current_turn


class ActionReportCancel(Errand):
    named = "action_report_cancel"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        await current_turn().cancel_report()
        say.utter_message(response="utter_report_cancelled")
        return []
