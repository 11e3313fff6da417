"""The turn under way: what belongs to one message of one conversation, for as long as it is answered."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.casework.desk import Desk, Guided
from bot.casework.law import Law
from bot.casework.own_report import OwnReports
from bot.casework.sealing import ReportKey
from bot.casework.telling import Telling
from bot.casework.vocabulary import BEGUN, CANCELLED, PAUSED, REPORT_STEP, SENT
from bot.directory.services import Directory, read_directory
from bot.engine.conversation import Apart, Conversation
from bot.engine.logs import log
from bot.errors import ConversationEndedError, HeldError, NotSavedError
from bot.language.figures import MASK, Kind, figures_in, masked
from bot.settings import Settings

LONGEST_FILING = 8.0
"""Seconds: less than an action has (in_process.py), so that a slow disk is told in the words of a report."""
BEGINNING = 5
"""Words from which what began a report is offered as the beginning of what happened."""
RECEIPT, AFTER_RECEIPT = "utter_report_receipt", "utter_report_receipt_next"
SEND = "report_send"
"""The button that sends a report."""
RECEIPTS = (RECEIPT, "utter_report_paused")
"""The replies that show one."""


@dataclass
class Turn:
    """Held in memory only; its secret never reaches Rasa's tracker, so it is never written down."""

    conversation_id: str
    message_id: str
    conversation: Conversation
    secret: bytes
    """Key of this conversation for what is filed: receipt and idempotence are derived from it."""
    desk: Desk
    directory: Directory
    law: Law
    own: OwnReports
    versions: Callable[[str], Mapping[str, str]]
    """{consent: which text of it is shown} in a language; asked only when a report is filed."""
    keep: Callable[[str], Awaitable[None]]
    """Saves the conversation before a report goes to the store, under the look-up by which it is found there."""
    text: str | None = None
    """What was typed; None for a pressed button."""
    shown: str = ""
    """What stands in the chat for what was said."""
    also_danger: bool = False
    """What was told in own words speaks of danger."""
    in_danger: bool = False
    """What was said tells of danger, or may."""
    erase: bool = False
    """Set when the resident asked to delete the chat: nothing of this turn is kept."""
    said: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """(kind, code) of what is counted once the turn is over; nothing where somebody is in danger."""
    _telling: Telling | None = None

    # A report that is told

    @property
    def telling(self) -> Telling | None:
        apart = self.conversation.apart
        if apart is None or apart.telling is None:
            return None
        if self._telling is None:
            self.tell_on(Telling.of(apart.telling))
        return self._telling

    def begin_report(self) -> Telling:
        """From here on what is said is kept apart, the message that began it too."""
        first = masked(self.text) if self.text and len(self.text.split()) >= BEGINNING else None
        telling = self.tell_on(Telling(secrets.token_hex(8), first=first))
        self.reach(BEGUN)
        return telling

    def tell_on(self, telling: Telling) -> Telling:
        """Go on with a report, also one that was paused."""
        apart = self.conversation.apart or self.conversation.set_apart()
        apart.telling, apart.visit, self._telling = vars(telling), None, telling
        return telling

    def begun(self) -> Telling:
        """The report that is told; raises ConversationEndedError where none is."""
        if self.telling is None:
            raise ConversationEndedError("no report is told")
        return self.telling

    async def cancel_report(self) -> None:
        """Nothing of a report that is told stays anywhere, also not of one that was paused before."""
        if self.telling and self.telling.receipt:
            await self.desk.drop_paused(self.telling.receipt)
        if self.telling:
            self.reach(CANCELLED)
        self.forget_report()

    def forget_report(self) -> None:
        """Nothing of a report that was told or looked at stays in the conversation."""
        self.conversation.forget_report()

    async def file(self) -> str | None:
        """File the report that is told; its receipt, or None where it could not be saved."""
        telling = self.begun()
        try:
            filing = await self.desk.begin_filing(telling, self.secret)
            self.conversation.filing = {
                "id": self.message_id,
                "attempt": telling.attempt,
                "receipt": telling.receipt or "",
            }
            language = self.conversation.language
            async with asyncio.timeout(LONGEST_FILING):
                await self.keep(filing.keys.lookup)
                receipt = await self.desk.file(filing, telling.report(language), self.versions(language))
        except (NotSavedError, TimeoutError, MemoryError) as error:
            log.error("report_not_saved", error=str(error) or type(error).__name__)
            return None
        self.reach(SENT)
        return receipt

    async def pause(self) -> str | None:
        """Keep the report for later under a receipt; None where it could not be saved."""
        telling = self.begun()
        try:
            receipt = await asyncio.wait_for(self.desk.pause(telling.paused(), self.secret), LONGEST_FILING)
        except (NotSavedError, TimeoutError, MemoryError) as error:
            log.error("report_not_paused", error=str(error) or type(error).__name__)
            return None
        self.reach(PAUSED)
        return receipt

    # A report that is looked at by its receipt

    @property
    def visit(self) -> ReportKey | None:
        """The key of the report that is open."""
        return key_in(self.conversation)

    async def open_report(self) -> ReportKey | Telling | None:
        """By the receipt that was typed, or else the one that stands in the chat; None where it opens nothing."""
        found = await self.own.open(self._receipt())
        if isinstance(found, Telling):
            self.tell_on(found)
        elif found:
            apart = self.conversation.apart or self.conversation.set_apart()
            apart.visit = visit_of(found)
        return found

    async def opened(self) -> ReportKey | None:
        """The key of the report that is open; else of the one whose receipt stands in the chat, opened now.

        While another is told nothing is opened, so that closing the one cannot lose the other.
        """
        if self.visit is None and self.telling is None and self._shown():
            await self.open_report()
        return self.visit

    def receipts_to_hide(self) -> list[str]:
        """The button that hides a receipt, where one stands in the chat."""
        return ["receipt_noted"] if self._shown() else []

    def hide_receipts(self) -> None:
        """The numbers that stand in the chat become dots."""
        for message in self._with_receipt():
            message["text"] = masked(message["text"])
            message["values"]["receipt"] = masked(message["values"]["receipt"])

    def _with_receipt(self) -> list[dict[str, Any]]:
        told = (it for it in self.conversation.main.transcript if it["reply"] in RECEIPTS)
        return [it for it in told if MASK not in it["values"]["receipt"]]

    def _shown(self) -> list[str]:
        return [it["values"]["receipt"] for it in self._with_receipt()]

    def _receipt(self) -> str:
        typed = [it.digits for it in figures_in(self.text or "") if it.kind is Kind.RECEIPT]
        if self.text:
            return (typed or [self.text])[-1]
        return ["", *self._shown()][-1]

    def ask_for_words(self, *, wanted: bool) -> None:
        """Whether the next message is one to the staff."""
        apart = self.conversation.apart
        if isinstance(apart, Apart) and apart.visit:
            apart.visit["writing"] = wanted

    async def write(self, text: str) -> None:
        """A message to the staff about the report that is open; a resend of this turn writes nothing more."""
        if self.visit is None:
            raise ConversationEndedError("no report is open")
        await self.own.write(self.visit, text, self.conversation.language, self.message_id)

    async def withdraw(self, key: ReportKey) -> str | None:
        """Delete a report; None, or why it is held."""
        try:
            await self.own.withdraw(key)
        except HeldError as held:
            return str(held)
        return None

    # Steps of a report, for counting where people stop

    def reach(self, step: str) -> None:
        """Count a step of the report that is told, the first time; one that was reached in danger with the next."""
        telling = self.begun()
        telling.reach(step)
        if not self.in_danger:
            self.notes += [(REPORT_STEP, each) for each in telling.steps_to_count()]

    def reach_open_question(self) -> None:
        """The question that waits for an answer at the end of a turn was asked in it."""
        if self.telling and self.telling.open:
            self.reach(self.telling.open.name)

    # What is counted or kept

    async def keep_question(self) -> bool:
        """Keep the last thing that was typed, numbers hidden; False where it could not be saved."""
        asked = [it["text"] for it in self.conversation.main.transcript if it["from"] == "resident"]
        try:
            await self.desk.keep_question(asked[-1], self.conversation.language)
        except NotSavedError as error:
            log.error("question_not_kept", error=str(error))
            return False
        return True

    async def count(self, guided: list[Guided], language: str) -> bool:
        """Log referrals; False where they could not be saved."""
        try:
            await self.desk.count(guided, language, self.secret)
        except NotSavedError as error:
            log.error("referral_not_saved", error=str(error))
            return False
        return True

    async def slip(self, need: str, services: list[str], language: str) -> str | None:
        """Make a slip; its code, or None where it could not be saved."""
        try:
            return await self.desk.make_slip(need, services, language, self.secret)
        except NotSavedError as error:
            log.error("slip_not_saved", error=str(error))
            return None


def visit_of(key: ReportKey) -> dict[str, Any]:
    """A report that is open, as it is sealed with the conversation."""
    return {"id": key.report_id, "key": key.key.hex(), "writing": False}


def key_in(conversation: Conversation) -> ReportKey | None:
    """The key of the report that a conversation has open."""
    visit = conversation.apart.visit if conversation.apart else None
    return ReportKey(visit["id"], bytes.fromhex(visit["key"])) if visit else None


_turn: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """The turn under way; outside one raises ConversationEndedError."""
    try:
        return _turn.get()
    except LookupError:
        raise ConversationEndedError("no turn is under way") from None


def report_at_hand() -> Telling | None:
    """The report that is told in the turn under way; None also under `rasa shell`, where there is no turn."""
    turn = _turn.get(None)
    return turn.telling if turn else None


def note(kind: str, code: str) -> None:
    """Count that something happened in the turn under way, where there is one."""
    turn = _turn.get(None)
    if turn:
        turn.notes.append((kind, code))


def directory_at_hand() -> Directory:
    """The directory of the turn under way; under `rasa shell`, where there is none, the one of the default settings."""
    turn = _turn.get(None)
    return turn.directory if turn else read_directory(Settings().content)


@contextmanager
def under_way(turn: Turn) -> Iterator[None]:
    token = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(token)
