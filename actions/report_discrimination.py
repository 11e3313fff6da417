"""Begin a report: say what happens with it, then ask. One that is told already goes on."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.report_questions import ask
from bot.engine.turn import current_turn


class ActionReportDiscrimination(Errand):
    named = "action_report_discrimination"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        if turn.telling is None:
            turn.begin_report()
            say.utter_message(response="utter_report_start")
        assert turn.telling  # noqa: S101 - begun above
        ask(say, turn.telling)
        return []
