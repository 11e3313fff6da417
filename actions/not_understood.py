"""Not sure what was meant: the nearest needs as buttons, then a person."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.casework.vocabulary import UNKNOWN_WORDS
from bot.engine.turn import note, report_at_hand

NEAREST = 3
NOT_OFFERED = {
    "nlu_fallback",
    "affirm",
    "deny",
    "greet",
    "thank",
    "goodbye",
    "out_of_scope",
    "insult",
    "unsafe_request",
}
"""What nobody means to be led to."""
LAST = ["need_bot_capabilities", "need_human_contact", "keep_question"]
"""`keep_question` asks whether it may be kept; nobody is asked about a report or a danger, which never come here."""


class ActionNotUnderstood(Errand):
    named = "action_not_understood"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        note(UNKNOWN_WORDS, "")
        if report_at_hand():
            say.utter_message(response="utter_report_press")
            return []
        nearest = [f"need_{need}" for need in likely_needs(tracker)][:NEAREST]
        say.utter_message(response="utter_not_understood", offer=list(dict.fromkeys(nearest + LAST)))
        return []


def likely_needs(tracker: Tracker) -> list[str]:
    """The needs that the message may speak of, the likeliest first, without what nobody means to be led to."""
    ranking = [need["name"] for need in tracker.latest_message.get("intent_ranking") or []]
    return [need for need in ranking if need not in NOT_OFFERED]
