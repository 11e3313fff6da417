"""Guidance for every need: one question at a time, then the places that fit, and what comes next."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events, in_report
from bot.casework.desk import Guided
from bot.casework.vocabulary import DISTRICTS
from bot.directory.services import Service
from bot.engine.turn import current_turn, directory_at_hand

DEADLINE, SLIP, CHANGE = "deadline", "make_slip", "change_situation"


class ActionGuide(Errand):
    """Leads whoever has one of the needs of content/needs.yml."""

    named = "action_guide"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        return await lead(tracker.latest_message["intent"]["name"], say, tracker)


async def lead(need: str, say: CollectingDispatcher, tracker: Tracker) -> Events:
    """Ask what the need still depends on, or show what fits; in the middle of a report nothing is asked."""
    asked = directory_at_hand().needs[need].asks
    question = next((name for name in asked if not tracker.get_slot(name)), None)
    if question and not in_report(tracker):
        say.utter_message(response=f"utter_ask_{question}")
        return [SlotSet("waiting_need", need)]
    return await show(need, say, tracker)


async def show(need: str, say: CollectingDispatcher, tracker: Tracker) -> Events:
    """Say what fits the situation and what comes next, and ask once whether it may be counted."""
    declared = directory_at_hand().needs[need]
    services = find(need, tracker)
    say.utter_message(response=f"utter_{need}", services=[service.id for service in services])
    if declared.next is not None:
        also = [*([DEADLINE] if declared.deadlines else []), SLIP, *([CHANGE] if declared.asks else [])]
        more = [] if in_report(tracker) else also
        say.utter_message(response=f"utter_{need}_next", offer=[*(f"need_{name}" for name in declared.next), *more])
    events: Events = [SlotSet("waiting_need", None), SlotSet("last_need", need)]
    if not declared.counted:
        return events
    return events + await _count(need, say, tracker, services)


async def _count(need: str, say: CollectingDispatcher, tracker: Tracker, services: list[Service]) -> Events:
    guided = tracker.get_slot("guided") or []
    guided += [item for service in services if (item := _guided(need, service, tracker)) not in guided]
    if tracker.get_slot("count") == "yes":
        await count(guided, tracker)
        return [SlotSet("guided", [])]
    if tracker.get_slot("count") is None and not in_report(tracker):
        say.utter_message(response="utter_ask_count")
        return [SlotSet("guided", guided), SlotSet("count", "asked")]
    return [SlotSet("guided", guided)] if tracker.get_slot("count") == "asked" else []


def find(need: str, tracker: Tracker) -> list[Service]:
    """The services for a need in the situation that the resident chose to tell."""
    directory = directory_at_hand()
    return directory.find(need, {question: tracker.get_slot(question) for question in directory.questions})


async def count(guided: list[dict[str, Any]], tracker: Tracker) -> bool:
    """Log each of `guided` as a referral; False where that failed, which takes nothing from the guidance."""
    return await current_turn().count([Guided(**item) for item in guided], tracker.get_slot("language"))


def _guided(need: str, service: Service, tracker: Tracker) -> dict[str, Any]:
    district = tracker.get_slot("district")
    return vars(
        Guided(
            service=service.id,
            need=need,
            effort=service.effort,
            residence=tracker.get_slot("residence"),
            cpr=tracker.get_slot("cpr"),
            district=district if district in DISTRICTS else None,
        )
    )
