"""What all guidance has in common: one question at most, then the places that fit."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Events, in_report
from bot.casework.desk import Guided
from bot.casework.vocabulary import DISTRICTS
from bot.directory.services import SAFETY_NEEDS, Service
from bot.engine.turn import current_turn, directory_at_hand

UNCOUNTED = SAFETY_NEEDS | {"out_of_scope"}
"""Never counted as a referral: a cry for help, and what the guide does not serve."""


class Guidance(Errand, ABC):
    """Names the reply `utter_<need>` with its services and `utter_<need>_next` with what comes after."""

    @property
    @abstractmethod
    def need(self) -> str:
        """The need served, as needs.csv and the intents name it."""

    asks: str | None = None
    """The slot on which the answer depends: `residence`, `cpr`, or None; not asked in the middle of a report."""
    has_next = True

    def name(self) -> str:
        return f"action_{self.need}"

    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if self.asks and not tracker.get_slot(self.asks) and not in_report(tracker):
            say.utter_message(response=f"utter_ask_{self.asks}")
            return [SlotSet("waiting_need", self.need)]
        return await self.guide(say, tracker)

    async def guide(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        """Say what fits, and ask once whether it may be counted."""
        services = find(self.need, tracker)
        say.utter_message(response=f"utter_{self.need}", services=[service.id for service in services])
        if self.has_next:
            say.utter_message(response=f"utter_{self.need}_next")
        events: Events = [SlotSet("waiting_need", None)]
        if self.need in UNCOUNTED:
            return events
        return events + await self._count(say, tracker, services)

    async def _count(self, say: CollectingDispatcher, tracker: Tracker, services: list[Service]) -> Events:
        guided = tracker.get_slot("guided") or []
        guided += [item for service in services if (item := _guided(self.need, service, tracker)) not in guided]
        if tracker.get_slot("count") == "yes":
            await count(guided, tracker)
            return [SlotSet("guided", [])]
        if tracker.get_slot("count") is None and not in_report(tracker):
            say.utter_message(response="utter_ask_count")
            return [SlotSet("guided", guided), SlotSet("count", "asked")]
        return [SlotSet("guided", guided)] if tracker.get_slot("count") == "asked" else []


def find(need: str, tracker: Tracker) -> list[Service]:
    """The services for a need in the situation that the resident chose to tell."""
    situation = {"residence": tracker.get_slot("residence"), "cpr": tracker.get_slot("cpr")}
    return directory_at_hand().find(need, situation)


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
