"""What somebody tells in own words: to a report, or to staff about one that is open."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.own_report import written
from actions.report_questions import ask
from bot.casework.telling import hidden_in
from bot.engine.turn import current_turn


class ActionTellWords(Errand):
    """The words never reach Rasa; they lie in the turn."""

    named = "action_tell_words"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        text = turn.text or ""
        if turn.also_danger:
            say.utter_message(response="utter_report_danger")
        if turn.telling is None:
            await written(say, text)
            return []
        question = turn.telling.open
        kept = hidden_in(text, question.name if question else "")
        turn.shown = kept
        if not turn.telling.tell(kept):
            say.utter_message(response="utter_report_full")
        ask(say, turn.telling)
        return []
