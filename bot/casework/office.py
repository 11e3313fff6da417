"""What staff can do with reports: see the queue, read what they may, answer, note the law, hold. Console only."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.casework.consents import may, newest
from bot.casework.keyring import TeamKey
from bot.casework.own_report import OwnReport, OwnReports, by_question
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import COVERAGE, HOLDS, READ, REPLY, STATUSES
from bot.errors import ConversationEndedError, NotAllowedError
from bot.language.dates import today
from bot.store.report_verbs import MESSAGE, REPORTER, STAFF, TEAM, CoverageRow, PieceRow, ReportRow
from bot.store.verbs import Store

ANSWERED = "awaiting_reporter"


@dataclass(frozen=True)
class View:
    """A dated opinion of the law; it can be revised, and changes nothing of what was told."""

    result: str
    reason: str
    by_whom: str
    on_day: dt.date


@dataclass(frozen=True)
class Opened:
    """A report as staff read it; `words` is None where its person lets it be counted only."""

    row: ReportRow
    answers: Mapping[str, tuple[str, ...]]
    words: OwnReport | None
    views: tuple[View, ...]
    may_reply: bool


class Office:
    def __init__(self, store: Store, own: OwnReports) -> None:
        self._reports = store.reports
        self._own = own

    async def queue(self) -> list[ReportRow]:
        return await self._reports.reports()

    async def open(self, report_id: str, team: TeamKey) -> Opened:
        """Raises ConversationEndedError where it is gone."""
        row = await self._reports.report(report_id)
        if row is None:
            raise ConversationEndedError("the report is gone")
        answers = by_question(await self._reports.answers(report_id))
        consents = newest(await self._reports.consents(report_id))
        if not may(consents, READ):
            return Opened(row, answers, None, (), may_reply=False)
        key = await self._key(report_id, team)
        views = [
            View(it.result, key.open(f"coverage/{it.id}", it.sealed), it.by_whom, it.on_day)
            for it in await self._reports.coverage(report_id)
        ]
        words = await self._own.look(key)
        await self._reports.mark_read(report_id, REPORTER, today())
        return Opened(row, answers, words, tuple(views), may_reply=may(consents, REPLY))

    async def _key(self, report_id: str, team: TeamKey) -> ReportKey:
        row = await self._reports.key(report_id, TEAM)
        if row is None:
            raise NotAllowedError("staff may not read this report")
        return ReportKey.opened_by(team.private, report_id, row.sealed)

    async def answer(self, report_id: str, team: TeamKey, text: str, language: str) -> None:
        """A message that waits for the receipt. Raises NotAllowedError where its person wants no answer."""
        if not may(newest(await self._reports.consents(report_id)), REPLY):
            raise NotAllowedError("the person wants no answer")
        key, piece_id = await self._key(report_id, team), secrets.token_hex(16)
        sealed = key.seal(f"{MESSAGE}/{piece_id}", text)
        row = PieceRow(piece_id, report_id, MESSAGE, STAFF, language, today(), sealed)
        if not await self._reports.add_piece(row, ANSWERED):
            raise ConversationEndedError("the report is gone")

    async def file(self, report_id: str, team: TeamKey, file_id: str) -> tuple[str, bytes] | None:
        return await self._own.file(await self._key(report_id, team), file_id)

    async def set_status(self, report_id: str, status: str) -> None:
        _check(status in STATUSES)
        await self._reports.set_status(report_id, status)

    async def hold(self, report_id: str, reason: str | None) -> None:
        """Keep a report from being deleted, for a reason of law; None lets it go."""
        _check(reason is None or reason in HOLDS)
        await self._reports.hold(report_id, reason)

    async def note_coverage(self, report_id: str, team: TeamKey, result: str, reason: str, by_whom: str) -> None:
        """The staff's view of the law, beside earlier ones; what was told stays as it is."""
        _check(result in COVERAGE)
        key, view_id = await self._key(report_id, team), secrets.token_hex(16)
        sealed = key.seal(f"coverage/{view_id}", reason)
        await self._reports.note_coverage(CoverageRow(view_id, report_id, result, by_whom, today(), sealed))


def _check(*rights: bool) -> None:
    if not all(rights):
        raise ValueError("not a code of the vocabulary")
