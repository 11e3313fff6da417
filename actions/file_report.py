"""The report is told: keep it if that was said, and show the receipt only when it is saved."""

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import REPORT_FORM, Errand, Events
from actions.guide import find
from actions.report_answers import answers, forget_report
from bot.casework.report import Report
from bot.engine.turn import current_turn


class ActionFileReport(Errand):
    """Not saved means said so, no receipt, and the answers kept in the chat to try again."""

    named = "action_file_report"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("report_count") != "yes":
            say.utter_message(response="utter_report_not_kept")
            return forget_report()
        report = Report.from_answers(answers(tracker))
        receipt = await current_turn().file(report, tracker.get_slot("report_attempt"))
        services = [service.id for service in find("report_discrimination", tracker)]
        if receipt is None:
            say.utter_message(response="utter_report_not_saved", services=services)
            return ask_again()
        say.utter_message(response="utter_report_receipt", receipt=receipt)
        say.utter_message(response="utter_report_receipt_next", services=services)
        return forget_report()


def ask_again() -> Events:
    """Back to the form's last question, so that "try again" is an answer to it; nothing more is said now."""
    again = [ActiveLoop(REPORT_FORM), SlotSet("report_count", None), SlotSet("requested_slot", "report_count")]
    return [*again, FollowupAction("action_listen")]
