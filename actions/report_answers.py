"""The slots of a report, and how they are forgotten."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.errand import Events

QUESTIONS = ("role", "ground", "area", "district", "when", "wish", "count")
SLOTS = (*(f"report_{question}" for question in QUESTIONS), "report_grounds", "report_attempt")


def answers(tracker: Tracker) -> dict[str, Any]:
    """What was answered, as `Report.from_answers` takes it."""
    said = {question: tracker.get_slot(f"report_{question}") for question in QUESTIONS}
    return {**said, "grounds": tracker.get_slot("report_grounds") or [], "language": tracker.get_slot("language")}


def forget_report() -> Events:
    return [ActiveLoop(None), SlotSet("requested_slot", None), *(SlotSet(name, None) for name in SLOTS)]
