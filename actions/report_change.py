"""A part of a report is asked anew, once somebody has said which; everything else stays as it is."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.report_questions import ask, offer_parts
from bot.engine.turn import current_turn


class ActionReportChange(Errand):
    named = "action_report_change"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        telling = current_turn().begun()
        part = next(tracker.get_latest_entity_values("question"), None)
        if part is None:
            offer_parts(say, telling)
            return []
        if telling.open is None:
            telling.reopen(part)
        ask(say, telling)
        return []
