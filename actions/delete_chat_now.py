"""Delete this chat, asked for and confirmed."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import current_turn


class ActionDeleteChatNow(Errand):
    named = "action_delete_chat_now"
    leads_back = False

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        current_turn().erase = True
        say.utter_message(response="utter_deleted")
        return []
