"""Staff's work on the sealed side of reports, with the team's key open: read, answer, note. Console only."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.casework.clocks import ACKNOWLEDGED, AWAITING, IN_REVIEW, Clocks
from bot.casework.consents import may, newest
from bot.casework.keyring import TeamKey
from bot.casework.likeness import ORGANISATION, organisation_mark
from bot.casework.own_report import OwnReport, OwnReports
from bot.casework.report import ORGANISATION as ORGANISATION_PART
from bot.casework.retention import kept
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import COVERAGE, REPLY
from bot.errors import ConversationEndedError, NotAllowedError
from bot.language.dates import today
from bot.store.case_verbs import NoteRow
from bot.store.report_verbs import MESSAGE, REPORTER, STAFF, TEAM, CoverageRow, PieceRow, ReportRow
from bot.store.verbs import Store

AFTER_ANSWER = (AWAITING, ACKNOWLEDGED, IN_REVIEW)
"""A report that was answered: its person is asked something, was told that it came, or hears more later."""


@dataclass(frozen=True)
class View:
    """A dated opinion of the law; a later one stands beside it, and nothing that was told changes."""

    result: str
    reason: str
    by_whom: str
    on_day: dt.date
    is_newest: bool = False


@dataclass(frozen=True)
class Note:
    text: str
    by_whom: str
    on_day: dt.date


@dataclass(frozen=True)
class Opened:
    """The sealed side of a report."""

    words: OwnReport
    views: tuple[View, ...]
    notes: tuple[Note, ...]
    alike: Mapping[str, list[ReportRow]]
    """{kind of likeness: other reports}."""


class Office:
    def __init__(self, store: Store, own: OwnReports, clocks: Clocks | None = None) -> None:
        self._clocks = clocks or Clocks()
        self._reports = store.reports
        self._cases = store.cases
        self._own = own

    async def open(self, report_id: str, team: TeamKey) -> Opened:
        """Raises NotAllowedError where its person lets it be counted only, ConversationEndedError where it is gone."""
        key = await self._key(report_id, team)
        # Marked first: what comes in between is shown and still counts as new, and nothing is marked unseen.
        await self._reports.mark_read(report_id, REPORTER, today())
        words = await self._own.look(key)
        await self._mark_likeness(team, words)
        return Opened(
            words=words,
            views=await self._views(key),
            notes=await self._notes(key),
            alike=await self._cases.alike(report_id),
        )

    async def _views(self, key: ReportKey) -> tuple[View, ...]:
        views = [
            View(it.result, key.open(f"coverage/{it.id}", it.sealed), it.by_whom, it.on_day)
            for it in await self._reports.coverage(key.report_id)
        ]
        return (*views[:-1], replace(views[-1], is_newest=True)) if views else ()

    async def _notes(self, key: ReportKey) -> tuple[Note, ...]:
        rows = await self._cases.notes(key.report_id)
        return tuple(Note(key.open(f"note/{it.id}", it.sealed), it.by_whom, it.on_day) for it in rows)

    async def _mark_likeness(self, team: TeamKey, words: OwnReport) -> None:
        """Made anew at each opening: the person may have corrected the name, or the team's key been replaced."""
        named = [it.text for it in words.told if it.kind == ORGANISATION_PART]
        mark = organisation_mark(team, named[-1]) if named else None
        await self._cases.mark_likeness(words.row.id, team.id, {ORGANISATION: mark} if mark else {})

    async def key(self, report_id: str, team: TeamKey) -> ReportKey:
        """Raises NotAllowedError where its person lets it be counted only."""
        return await self._key(report_id, team)

    async def _key(self, report_id: str, team: TeamKey) -> ReportKey:
        row = await self._reports.key(report_id, TEAM)
        if row is None:
            raise NotAllowedError("staff may not read this report")
        return ReportKey.opened_by(team.private, report_id, row.sealed)

    async def answer(
        self,
        report_id: str,
        team: TeamKey,
        text: str,
        language: str,
        status: str = AWAITING,
        *,
        promised: dt.date | None = None,
        order_id: str = "",
    ) -> None:
        """A message that waits for the receipt, and the report's status after it; the same order again sends no second.

        `promised`: the day by which it says that more will come; staff's clock runs until then.
        Raises NotAllowedError where its person wants no answer.
        """
        row = await self._reports.report(report_id)
        if row is None or status not in AFTER_ANSWER:
            raise ConversationEndedError("the report is gone") if row is None else ValueError("not such a status")
        if not may(newest(await self._reports.consents(report_id)), REPLY):
            raise NotAllowedError("the person wants no answer")
        key = await self._key(report_id, team)
        piece_id = _id(key, order_id, text)
        sealed = key.seal(f"{MESSAGE}/{piece_id}", text)
        piece = PieceRow(piece_id, report_id, MESSAGE, STAFF, language, today(), sealed)
        change = self._clocks.moved(row, status) | ({"clock_due": promised} if promised else {})
        if not await self._reports.add_piece(piece, kept(row, change)):
            raise ConversationEndedError("the report is gone")

    async def file(self, report_id: str, team: TeamKey, file_id: str) -> tuple[str, bytes] | None:
        return await self._own.file(await self._key(report_id, team), file_id)

    async def add_note(self, report_id: str, team: TeamKey, text: str, by_whom: str, *, order_id: str = "") -> None:
        """For staff only: it is in no copy and on no page of its person's."""
        key = await self._key(report_id, team)
        note_id = _id(key, order_id, text)
        await self._cases.add_note(NoteRow(note_id, report_id, by_whom, today(), key.seal(f"note/{note_id}", text)))

    async def note_coverage(
        self, report_id: str, team: TeamKey, result: str, reason: str, by_whom: str, *, order_id: str = ""
    ) -> None:
        """The staff's view of the law, beside earlier ones; what was told stays as it is."""
        if result not in COVERAGE:
            raise ValueError("not a code of the vocabulary")
        key = await self._key(report_id, team)
        view_id = _id(key, order_id, f"{result}/{reason}")
        if any(it.id == view_id for it in await self._reports.coverage(report_id)):
            return
        sealed = key.seal(f"coverage/{view_id}", reason)
        await self._reports.note_coverage(CoverageRow(view_id, report_id, result, by_whom, today(), sealed))


def _id(key: ReportKey, order_id: str, text: str) -> str:
    """Of what is written: the same where an order comes twice with the same text."""
    return key.place_id(f"staff/{order_id}/{text!r}") if order_id else secrets.token_hex(16)


def contact_of(words: OwnReport) -> dict[str, str] | None:
    """How its person can be reached; None where they chose the receipt only."""
    given = [it.text for it in words.told if it.kind == "contact"]
    if not given or not given[-1]:
        return None
    found: dict[str, str] = json.loads(given[-1])
    return found
