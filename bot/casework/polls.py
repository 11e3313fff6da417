"""One-tap questions: how many gave which answer in a quarter, once a slip, report or answer, and nothing of who did."""

import datetime as dt

from bot.casework.clocks import ACKNOWLEDGED, CLOSED, NEW
from bot.casework.consents import may
from bot.casework.own_report import OwnReport
from bot.casework.receipt import SLIP_DIGITS, digits_of, poll_mark, slip_hash, useful_mark
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import POLLS, READ, TAKEN_SERIOUSLY, USEFUL
from bot.language.dates import today
from bot.store.report_verbs import STAFF
from bot.store.verbs import Store

KIND = "poll.{}"
NO_LANGUAGE = ""
"""Answers about people's lives: of all languages together, or the one slip in a rare language would tell its answer."""


class Polls:
    """A grade of None is "I'd rather not say": nothing is counted, and nobody is asked again.

    Neither the day nor the slip or report of an answer is kept. Each verb raises NotSavedError.
    """

    def __init__(self, store: Store, server_key: bytes) -> None:
        self._store = store
        self._key = server_key

    async def open_on(self, code: str) -> tuple[str, ...]:
        """The statements that the holder of a slip has not answered, in order; none for a code that is on no slip."""
        digits = digits_of(code, SLIP_DIGITS)
        if not digits or not await self._store.places_of_slip(slip_hash(self._key, digits)):
            return ()
        marks = {poll: poll_mark(self._key, digits, poll) for poll in POLLS}
        answered = await self._store.statistics.marked(tuple(marks.values()))
        return tuple(poll for poll, mark in marks.items() if mark not in answered)

    async def answer(self, code: str, poll: str, grade: int | None) -> tuple[str, ...]:
        """Count an answer to a statement that is open; those that are open then."""
        rest = await self.open_on(code)
        if poll in rest:
            await self._count(poll_mark(self._key, digits_of(code, SLIP_DIGITS), poll), poll, grade)
        return tuple(each for each in rest if each != poll)

    async def asks_seriously(self, key: ReportKey, own: OwnReport) -> bool:
        """Whether somebody may be asked if they were taken seriously: once, when staff have answered or closed it.

        That it came, which staff say first, is no answer yet.
        """
        came = own.row.status in {NEW, ACKNOWLEDGED}
        answered = not came and any(message.sender == STAFF for message in own.messages)
        if not answered and not (own.row.status == CLOSED and may(own.consents, READ)):
            return False
        return not await self._store.statistics.marked([key.poll_mark(TAKEN_SERIOUSLY)])

    async def answer_seriously(self, key: ReportKey, own: OwnReport, grade: int | None) -> None:
        """Count the answer of somebody who may be asked; else do nothing."""
        if await self.asks_seriously(key, own):
            await self._count(key.poll_mark(TAKEN_SERIOUSLY), TAKEN_SERIOUSLY, grade)

    async def answer_useful(self, secret: bytes, need: str, said: str, language: str) -> None:
        """Count whether the answer to a need was useful, once a conversation, whose `secret` it is, and need.

        With its language: what is asked is whether the guide's words serve each as well.
        """
        mark = useful_mark(self._key, secret, need)
        await self._store.statistics.tally_once(mark, quarter_of(today()), USEFUL, said, language)

    async def _count(self, mark: str, poll: str, grade: int | None) -> None:
        code = None if grade is None else str(grade)
        await self._store.statistics.tally_once(mark, quarter_of(today()), KIND.format(poll), code, NO_LANGUAGE)


def quarter_of(day: dt.date) -> dt.date:
    """The first day of its quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)
