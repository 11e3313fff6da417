"""Rules and classifier disagree whether a message tells of danger: the number first, then one plain question."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from actions.not_understood import likely_needs
from bot.directory.services import SAFETY_NEEDS

URGENT = ("emergency", "crisis_violence", "crisis_suicide", "forced_labour")


class ActionDangerUnclear(Errand):
    """Offers every danger by its name, and the reading that is none."""

    named = "action_danger_unclear"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        harmless = [need for need in likely_needs(tracker) if need not in SAFETY_NEEDS][:1]
        offer = [f"need_{need}" for need in (*URGENT, *harmless, "human_contact")]
        say.utter_message(response="utter_danger_unclear", offer=list(dict.fromkeys(offer)))
        return []
