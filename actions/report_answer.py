"""An answer to a question of a report, by its button; one that does not fit is asked for again."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.report_questions import SAFE, ask
from bot.casework.vocabulary import YES
from bot.engine.turn import current_turn


class ActionReportAnswer(Errand):
    named = "action_report_answer"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = current_turn()
        telling = turn.begun()
        question = next(tracker.get_latest_entity_values("question"), "")
        answer = next(tracker.get_latest_entity_values("answer"), "")
        if telling.is_open(question):
            telling.answer(question, answer)
        if question == SAFE and answer != YES:  # not sure is no yes
            turn.in_danger = True
            say.utter_message(response="utter_report_not_safe")
        ask(say, telling)
        return []
