"""The turn under way: what belongs to one message of one conversation, for as long as it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.casework.desk import Desk, Guided
from bot.casework.report import Report
from bot.directory.services import Directory, read_directory
from bot.engine.conversation import Conversation
from bot.engine.logs import log
from bot.errors import ConversationEndedError, NotSavedError
from bot.settings import Settings


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
    erase: bool = False
    """Set when the resident asked to delete the chat: nothing of this turn is kept."""
    said: list[dict[str, Any]] = field(default_factory=list)

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

    async def file(self, report: Report, attempt: str) -> str | None:
        """File a report; its receipt, or None where it could not be saved."""
        try:
            return await self.desk.file(report, self.secret, attempt)
        except NotSavedError as error:
            log.error("report_not_saved", error=str(error))
            return None


_turn: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """The turn under way; outside one raises ConversationEndedError."""
    try:
        return _turn.get()
    except LookupError:
        raise ConversationEndedError("no turn is under way") from None


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
