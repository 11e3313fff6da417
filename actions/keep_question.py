"""A question that was not understood may be kept to make the guide better: only if its asker says so."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import current_turn


class ActionKeepQuestion(Errand):
    named = "action_keep_question"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        kept = await current_turn().keep_question()
        say.utter_message(response="utter_question_kept" if kept else "utter_question_not_kept")
        return []
