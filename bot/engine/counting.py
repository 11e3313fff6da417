"""What is only counted: a count that cannot be saved takes nothing from the person, and is let go here."""

from collections.abc import Awaitable

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReport
from bot.casework.polls import Polls
from bot.casework.sealing import ReportKey
from bot.engine.logs import log
from bot.engine.turn import Turn
from bot.errors import NotSavedError


class Counting:
    """None of its verbs raises NotSavedError."""

    def __init__(self, desk: Desk, polls: Polls) -> None:
        self._desk = desk
        self._polls = polls

    async def entry(self, code: str, language: str) -> None:
        """A conversation that began from a sign, letter or film."""
        await _or_let_go(self._desk.enter(code, language), None, "entry_not_saved")

    async def turn(self, turn: Turn) -> None:
        """What was noted in a turn that is over."""
        await _or_let_go(self._notes(turn), None, "count_not_saved")

    async def _notes(self, turn: Turn) -> None:
        for kind, code in [] if turn.in_danger else turn.notes:
            await self._desk.note(kind, code, turn.conversation.language)

    async def open_polls(self, code: str) -> tuple[str, ...]:
        """The statements that the holder of a slip may still answer."""
        return await _or_let_go(self._polls.open_on(code), (), "poll_not_read")

    async def answer(self, code: str, poll: str, grade: int | None) -> tuple[str, ...]:
        """The statements that are open after an answer; none where it was not saved, so that nobody is asked twice."""
        return await _or_let_go(self._polls.answer(code, poll, grade), (), "poll_not_saved")

    async def asks_seriously(self, key: ReportKey, own: OwnReport) -> bool:
        """Whether its person may be asked if they were taken seriously."""
        return await _or_let_go(self._polls.asks_seriously(key, own), otherwise=False, event="poll_not_read")

    async def answer_seriously(self, key: ReportKey, own: OwnReport, grade: int | None) -> None:
        await _or_let_go(self._polls.answer_seriously(key, own, grade), None, "poll_not_saved")

    async def answer_useful(self, secret: bytes, need: str, said: str, language: str) -> None:
        await _or_let_go(self._polls.answer_useful(secret, need, said, language), None, "useful_not_saved")


async def _or_let_go[Result](work: Awaitable[Result], otherwise: Result, event: str) -> Result:
    try:
        return await work
    except NotSavedError as error:
        log.error(event, error=str(error))
        return otherwise
