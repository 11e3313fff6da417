"""Begin a report: say what happens with it, then let the form ask."""

import secrets

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events


class ActionReportDiscrimination(Errand):
    """Gives the attempt a name, so that a report that is sent twice is stored once."""

    named = "action_report_discrimination"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        say.utter_message(response="utter_report_start")
        return [SlotSet("report_attempt", secrets.token_hex(8))]
