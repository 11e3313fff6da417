"""Asks when it was: the last months as buttons."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.casework.report import months_back
from bot.language.dates import today


class ActionAskReportWhen(Errand):
    named = "action_ask_report_when"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        months = [f"when_{month.replace('-', '_')}" for month in months_back(today())]
        say.utter_message(response="utter_ask_report_when", offer=months)
        return []
