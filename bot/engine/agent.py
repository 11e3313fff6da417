"""Rasa's agent, put together by us: its own HTTP server, action server, tracker and lock stores never start."""

import os
from pathlib import Path
from typing import Any

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.domain import read_domain_quickly
from bot.engine.in_process import InProcessActions, work_out_once
from bot.engine.lock_store import TurnLockStore
from bot.engine.model_file import check_model
from bot.engine.nlg import CatalogueNLG, title_of
from bot.engine.nlu.danger import DangerRecogniser
from bot.engine.nlu.needs import BY_MEANING, UNDERSTOOD_BY
from bot.engine.runner import InOrderRunner
from bot.engine.tracker_store import TurnTrackerStore
from bot.engine.turn import current_turn
from bot.errors import NotOursError
from bot.language.catalogue import Catalogue
from bot.language.runs import loosened


class TurnChannel(OutputChannel):
    """Collects what is said in the turn under way."""

    @classmethod
    def name(cls) -> str:
        return "vejviser"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        current_turn().said.append(message)


class Engine:
    """One trained model, ready to answer."""

    def __init__(self, model: Path, nlg: CatalogueNLG) -> None:
        """Raises ContentError for a model that is not what training wrote; nothing of it has run then."""
        check_model(model)
        work_out_once()
        read_domain_quickly()
        self._nlg = nlg
        self.understands_meaning = False
        self._actions = InProcessActions()
        self._agent = Agent.load(
            model_path=str(model),
            tracker_store=TurnTrackerStore(domain=None),
            lock_store=TurnLockStore(),
            generator=nlg,
            action_endpoint=self._actions,
        )
        self._take_back_the_tracker_store()
        self._processor.graph_runner = InOrderRunner(self._processor.graph_runner)
        self._check_every_part_is_ours()

    def _take_back_the_tracker_store(self) -> None:
        """The agent wraps its tracker store so that a failing one becomes memory (`rasa/core/agent.py`): not here."""
        ours = TurnTrackerStore(domain=self._processor.domain)
        self._agent.tracker_store = ours
        self._processor.tracker_store = ours

    def _check_every_part_is_ours(self) -> None:
        parts = {
            "tracker store": (self._processor.tracker_store, TurnTrackerStore),
            "lock store": (self._agent.lock_store, TurnLockStore),
            "reply hook": (self._processor.nlg, CatalogueNLG),
            "actions": (self._processor.action_endpoint, InProcessActions),
        }
        for name, (part, wanted) in parts.items():
            if type(part) is not wanted:
                raise NotOursError(f"the {name} is {type(part).__name__}, not {wanted.__name__}")
        missing = set(self._processor.domain.user_actions) - self._actions.names - set(self._nlg.responses)
        if missing:
            raise NotOursError(f"no action for {', '.join(sorted(missing))}")

    @property
    def _processor(self) -> Any:
        return self._agent.processor

    @property
    def model_name(self) -> str:
        return str(self._processor.model_filename)

    @property
    def replies(self) -> dict[str, list[dict[str, Any]]]:
        """The domain's responses: variations of each reply, in the source language."""
        responses: dict[str, list[dict[str, Any]]] = self._processor.domain.responses
        return responses

    def offer(self, button_id: str, words: Catalogue) -> tuple[str, str]:
        """What pressing a button of the domain tells Rasa, and its title; an unknown id raises KeyError."""
        button = self._nlg.button(button_id)
        return button.payload, title_of(button, words)

    async def warm_up(self) -> None:
        """Load what is loaded on first use, and learn whether the embedding runs on this machine."""
        parsed = await self.understand("Hello, I am new here", None)
        self.understands_meaning = parsed[UNDERSTOOD_BY] == BY_MEANING

    async def understand(self, text: str, language: str | None) -> dict[str, Any]:
        """Rasa's parse of free text: `intent`, `intent_ranking`, `entities`, `language`, `language_guess`…

        Text that begins with a slash stays text: as a slash Rasa would take it for a command
        (`rasa/core/channels/channel.py`, INTENT_MESSAGE_PREFIX).
        """
        text = loosened(text)
        harmless = "⁄" + text.lstrip()[1:] if text.lstrip().startswith("/") else text
        message = UserMessage(harmless, sender_id="-", metadata={"language": language})
        parsed: dict[str, Any] = await self._processor.parse_message(message)
        return parsed

    def tells_of_danger(self, text: str) -> bool:
        """Whether a pattern of danger is in what somebody tells; nothing else of it is read."""
        danger: DangerRecogniser = self._processor.graph_runner.part(DangerRecogniser)
        return danger.tells_of_danger(loosened(text))

    async def answer(self, text: str, parsed: dict[str, Any]) -> None:
        """Lead the turn under way: rules, forms and actions; what is said is in `current_turn().said`."""
        turn = current_turn()
        message = UserMessage(
            text=text,
            output_channel=TurnChannel(),
            sender_id=turn.conversation_id,
            parse_data=parsed,
            message_id=turn.message_id,
        )
        await self._agent.handle_message(message)

    async def say(self, reply: str, language: str, **said: Any) -> dict[str, Any]:
        """One reply by its name, outside the rules: the welcome, and what is said when a turn failed."""
        tracker = DialogueStateTracker("-", self._processor.domain.slots)
        tracker.slots["language"].value = language
        message = await self._nlg.generate(reply, tracker, TurnChannel.name(), **said)
        if message is None:
            raise NotOursError(f"no reply is called {reply}")
        return message
