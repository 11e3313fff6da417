"""A need that is understood, to which the guide knows no way of its own yet: people who do."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.guidance import find


class ActionNotYet(Errand):
    named = "action_not_yet"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        services = [service.id for service in find("human_contact", tracker)]
        say.utter_message(response="utter_not_yet", services=services, offer=["need_human_contact"])
        return []
