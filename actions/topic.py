"""A topic of the menu: the needs that belong to it."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.engine.turn import directory_at_hand


class ActionTopic(Errand):
    named = "action_topic"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        topic = next(tracker.get_latest_entity_values("topic"), None)
        needs = [need.name for need in directory_at_hand().needs.values() if need.topic == topic]
        say.utter_message(response="utter_topic", offer=[f"need_{need}" for need in [*needs, "bot_capabilities"]])
        return []
