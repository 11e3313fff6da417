"""Guidance for every need: one question at a time, then the places that fit, and what comes next."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events
from bot.casework.desk import Guided
from bot.casework.vocabulary import DISTRICTS, UNMET
from bot.directory.services import Service
from bot.engine.turn import current_turn, directory_at_hand, note, report_at_hand

DEADLINE, SLIP, CHANGE = "deadline", "make_slip", "change_situation"


class ActionGuide(Errand):
    """Leads whoever has one of the needs of content/needs.yml."""

    named = "action_guide"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        return await lead(tracker.latest_message["intent"]["name"], say, tracker)


async def lead(need: str, say: CollectingDispatcher, tracker: Tracker) -> Events:
    """Ask what the need still depends on, or show what fits; in the middle of a report nothing is asked."""
    question = open_question(need, tracker)
    if question and not report_at_hand():
        say.utter_message(response=f"utter_ask_{question}")
        return [SlotSet("waiting_need", need)]
    return await show(need, say, tracker)


def open_question(need: str, tracker: Tracker) -> str | None:
    """The first question of a need that was not answered yet."""
    return next((name for name in directory_at_hand().needs[need].asks if not tracker.get_slot(name)), None)


def led_last(say: CollectingDispatcher, tracker: Tracker) -> str | None:
    """The need that was shown last; where there was none, the menu is offered."""
    need: str | None = tracker.get_slot("last_need")
    if need is None:
        say.utter_message(response="utter_bot_capabilities")
    return need


async def show(need: str, say: CollectingDispatcher, tracker: Tracker) -> Events:
    """Say what fits the situation and what comes next, and ask once whether it may be counted."""
    declared = directory_at_hand().needs[need]
    services = find(need, tracker)
    if not services:
        note(UNMET, need)
    say.utter_message(response=f"utter_{need}", services=[service.id for service in services])
    if declared.next is not None:
        more = {DEADLINE: declared.deadlines, SLIP: declared.counted, CHANGE: bool(declared.asks)}
        also = [] if report_at_hand() else [button for button, fits in more.items() if fits]
        say.utter_message(response=f"utter_{need}_next", offer=[*(f"need_{name}" for name in declared.next), *also])
    events: Events = [SlotSet("last_need", need)]
    waits = declared.counted and tracker.get_slot("waiting_need") != need and take_up(say, tracker)
    if not waits:
        events.append(SlotSet("waiting_need", None))
    if not declared.counted:
        return events
    return events + await _count(need, say, tracker, services, may_ask=not waits)


def take_up(say: CollectingDispatcher, tracker: Tracker) -> bool:
    """Ask again what a need still waits for, after a digression was answered; False where none waits."""
    need = tracker.get_slot("waiting_need")
    question = open_question(need, tracker) if need and not report_at_hand() else None
    if question is None:
        return False
    say.utter_message(response="utter_continue")
    say.utter_message(response=f"utter_ask_{question}")
    return True


async def _count(
    need: str, say: CollectingDispatcher, tracker: Tracker, services: list[Service], *, may_ask: bool
) -> Events:
    """Log the places shown, or ask whether it may be, or remember them until that is asked."""
    guided = tracker.get_slot("guided") or []
    guided += [item for service in services if (item := _guided(need, service, tracker)) not in guided]
    if tracker.get_slot("count") == "yes":
        await count(guided, tracker)
        return [SlotSet("guided", [])]
    if tracker.get_slot("count") is None and may_ask and not report_at_hand():
        say.utter_message(response="utter_ask_count")
        return [SlotSet("guided", guided), SlotSet("count", "asked")]
    return [] if tracker.get_slot("count") == "no" else [SlotSet("guided", guided)]


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
