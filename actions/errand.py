"""What every action is: an errand behind one guard."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.report_questions import ask
from bot.engine.logs import log
from bot.engine.turn import report_at_hand

type Events = list[dict[str, Any]]


class Errand(Action, ABC):
    """A subclass names itself by `named` and does its work in `do`; what it says, it says by a reply's name."""

    named: str
    leads_back = True
    """Whether a report being told goes on after this errand: a digression is answered, and the thread taken up."""

    def name(self) -> str:
        return self.named

    @abstractmethod
    async def do(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        """The errand itself; returns the events it leaves."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """The guard: an error ends in words for the person, and in the log as a name without words.

        Without it the person would get no answer at all, and Rasa would log the conversation.
        """
        try:
            events = await self.do(dispatcher, tracker)
        except Exception as error:  # noqa: BLE001 - the one blind except, at the border of every action
            log.error("action_failed", action=self.name(), error=type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_sorry")
            return []
        telling = report_at_hand()
        if self.leads_back and telling:
            dispatcher.utter_message(response="utter_report_continue")
            ask(dispatcher, telling)
        return events
