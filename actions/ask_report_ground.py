"""Asks what it was about, and shows what is pressed already."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.casework.vocabulary import GROUNDS

BUTTONS = [*(f"ground_{ground}" for ground in GROUNDS), "ground_done", "report_cancel"]


class ActionAskReportGround(Errand):
    named = "action_ask_report_ground"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        chosen = [f"ground_{ground}" for ground in tracker.get_slot("report_grounds") or []]
        if chosen:
            say.utter_message(response="utter_report_ground_more", offer=BUTTONS, chosen=chosen)
        else:
            say.utter_message(response="utter_ask_report_ground")
        return []
