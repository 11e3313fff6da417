"""Checks each answer of the report as it comes; grounds are pressed one after the other until done."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.casework.report import is_when
from bot.casework.vocabulary import AREAS, DISTRICTS, GROUNDS, ROLES, WHEN, WISHES

DONE = "done"
MONTH = len("2026-11")

type Answer = dict[str, Any]


class ValidateReportForm(FormValidationAction):
    """An answer outside the vocabulary is asked for again. Rasa calls one method a slot, by its name."""

    def name(self) -> str:
        return "validate_report_form"

    def validate_report_role(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        return _kept("report_role", value, value in ROLES)

    def validate_report_ground(self, value: Any, _: CollectingDispatcher, tracker: Tracker, ___: DomainDict) -> Answer:
        chosen: list[str] = tracker.get_slot("report_grounds") or []
        if value == DONE:
            return {"report_ground": DONE if chosen else None}
        if value not in GROUNDS:
            return {"report_ground": None}
        pressed_again = value in chosen
        grounds = [ground for ground in chosen if ground != value] if pressed_again else [*chosen, value]
        return {"report_ground": None, "report_grounds": grounds}

    def validate_report_area(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        return _kept("report_area", value, value in AREAS)

    def validate_report_district(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        return _kept("report_district", value, value in DISTRICTS)

    def validate_report_when(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        when = value if value in WHEN else str(value)[:MONTH]  # a typed date may be a day; a report keeps the month
        return _kept("report_when", when, is_when(when))

    def validate_report_wish(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        return _kept("report_wish", value, value in WISHES)

    def validate_report_count(self, value: Any, _: CollectingDispatcher, __: Tracker, ___: DomainDict) -> Answer:
        return _kept("report_count", value, value in {"yes", "no"})


def _kept(slot: str, value: Any, *is_right: bool) -> Answer:
    return {slot: value if all(is_right) else None}
