"""The report is told and read back: keep it, and show the receipt only when it is saved."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guide import find
from actions.report_questions import ask
from bot.engine.turn import AFTER_RECEIPT, RECEIPT, current_turn


class ActionReportSend(Errand):
    """Not saved means said so, no receipt, and the answers kept in the chat to try again."""

    named = "action_report_send"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        telling = turn.begun()
        if telling.open:
            ask(say, telling)
            return []
        services = [service.id for service in find("report_discrimination", tracker)]
        receipt = await turn.file()
        if receipt is None:
            say.utter_message(response="utter_report_not_saved", services=services)
            return []
        say.utter_message(response=RECEIPT, receipt=receipt)
        say.utter_message(response=AFTER_RECEIPT, services=services)
        turn.forget_report()
        return []
