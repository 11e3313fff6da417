"""What a receipt's holder can do with their own report, without an account: read, answer, add, change, withdraw."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.casework.clocks import AWAITING, CLOSED, IN_REVIEW, REFERRED, Clocks
from bot.casework.consents import consent_rows, keys_for_staff, level_of, may, newest
from bot.casework.keyring import Keyring
from bot.casework.receipt import DIGITS, digits_of, stretch
from bot.casework.report import CONTACT, NARRATIVE, ORGANISATION, PARTS
from bot.casework.retention import kept
from bot.casework.sealing import ReportKey
from bot.casework.telling import Telling
from bot.casework.vocabulary import CONSENTS, FORWARD, NO, READ
from bot.errors import ConversationEndedError, HeldError
from bot.language.dates import today
from bot.language.figures import masked
from bot.store.report_verbs import FILE, MESSAGE, RECEIPT, RECOVERY, REPORTER, STAFF, TEAM, PieceRow, ReportRow
from bot.store.verbs import Store

MOST_FILES = 20
NOTHING: Mapping[str, Any] = {}
NOT_COPIED = frozenset({"id", "receipt_hash", "assigned_to"})
"""Of no use to its person, or the name of somebody at work."""
CORRECTED = (NARRATIVE, ORGANISATION, CONTACT)
"""Parts that can be told anew; the earlier words stay beside the new ones."""


@dataclass(frozen=True)
class Words:
    """Something that was written, by whom, on which day, in which language."""

    id: str
    kind: str
    sender: str
    language: str
    on_day: dt.date
    text: str
    is_new: bool = False
    """Written by staff and not seen before."""


@dataclass(frozen=True)
class Sent:
    """A file, without what is in it."""

    id: str
    media_type: str
    size: int
    cleaned: bool
    on_day: dt.date


@dataclass(frozen=True)
class OwnReport:
    row: ReportRow
    answers: Mapping[str, tuple[str, ...]]
    told: tuple[Words, ...]
    messages: tuple[Words, ...]
    files: tuple[Sent, ...]
    consents: Mapping[str, str]


class OwnReports:
    def __init__(self, store: Store, server_key: bytes, clocks: Clocks | None = None) -> None:
        self._reports = store.reports
        self._cases = store.cases
        self._clocks = clocks or Clocks()
        self._keyring = Keyring(store)
        self._key = server_key

    async def open(self, receipt: str) -> ReportKey | Telling | None:
        """The key of the report, or what was told so far of a paused one; None for anything else.

        A wrong number, a report that has expired and one that was withdrawn are all the same, and take as long.
        """
        digits = digits_of(receipt, DIGITS)
        keys = await stretch(self._key, digits or "0" * DIGITS)
        report_id = await self._reports.id_of(keys.lookup)
        wrapped = await self._reports.key(report_id, RECEIPT) if report_id else None
        if wrapped:
            return ReportKey.unwrapped(keys.secret, wrapped.report_id, wrapped.sealed)
        paused = await self._reports.paused(keys.lookup)
        if paused is None or paused.keep_until < today() or not digits:
            return None
        told = json.loads(ReportKey(keys.lookup, keys.secret).open("paused", paused.sealed))
        return Telling.of({**told, "receipt": digits})

    async def read(self, key: ReportKey) -> OwnReport:
        """Everything of it, and note that what staff wrote was read. Raises ConversationEndedError where it is gone."""
        own = await self.look(key)
        await self._reports.mark_read(own.row.id, STAFF, today())
        return own

    async def look(self, key: ReportKey) -> OwnReport:
        """The same, and nothing is noted."""
        row = await self._report(key)
        pieces = await self._reports.pieces(row.id)
        words = [_words(key, piece) for piece in pieces if piece.kind != FILE]
        return OwnReport(
            row=row,
            answers=by_question(await self._reports.answers(row.id)),
            told=tuple(it for it in words if it.kind in PARTS),
            messages=tuple(it for it in words if it.kind == MESSAGE),
            files=tuple(_sent(piece) for piece in pieces if piece.kind == FILE),
            consents=newest(await self._reports.consents(row.id)),
        )

    async def _report(self, key: ReportKey) -> ReportRow:
        row = await self._reports.report(key.report_id)
        if row is None:
            raise ConversationEndedError("the report is gone")
        return row

    async def write(self, key: ReportKey, text: str, language: str, written_id: str) -> None:
        """A message to staff; the same `written_id` again writes nothing more.

        Whatever its person adds starts staff's clock where nobody waited for them; what was closed is open again, and
        kept as promised.
        """
        await self._add(key, MESSAGE, masked(text), language, written_id)

    async def correct(self, key: ReportKey, part: str, text: str, language: str, written_id: str) -> None:
        """New words for a part; `contact` as JSON of method, value and times, or empty to take it back."""
        await self._add(key, part, text if part == CONTACT else masked(text), language, written_id)

    async def _add(self, key: ReportKey, kind: str, text: str, language: str, written_id: str) -> None:
        piece_id = key.place_id(written_id)
        sealed = key.seal(f"{kind}/{piece_id}", text)
        await self._store(key, PieceRow(piece_id, key.report_id, kind, REPORTER, language, today(), sealed))

    async def add_file(self, key: ReportKey, content: bytes, media_type: str, sent_id: str, *, cleaned: bool) -> None:
        piece_id = key.place_id(sent_id)
        sealed = key.seal_bytes(f"{FILE}/{piece_id}", content)
        await self._store(
            key,
            PieceRow(
                piece_id, key.report_id, FILE, REPORTER, "", today(), sealed, media_type, len(content), cleaned=cleaned
            ),
        )

    async def _store(self, key: ReportKey, piece: PieceRow) -> None:
        row = await self._report(key)
        waits = row.status in {AWAITING, REFERRED, CLOSED}
        change = kept(row, self._clocks.started(IN_REVIEW, today())) if waits else NOTHING
        if not await self._reports.add_piece(piece, change):
            raise ConversationEndedError("the report is gone")

    async def has_room(self, key: ReportKey) -> int:
        """How many more files a report may have."""
        pieces = await self._reports.pieces(key.report_id)
        return MOST_FILES - sum(piece.kind == FILE for piece in pieces)

    async def file(self, key: ReportKey, file_id: str) -> tuple[str, bytes] | None:
        """Media type and content."""
        row = await self._reports.piece(key.report_id, file_id)
        if row is None or row.kind != FILE:
            return None
        return str(row.media_type), key.open_bytes(f"{FILE}/{row.id}", row.sealed)

    async def consent(
        self, key: ReportKey, said: Mapping[str, str], versions: Mapping[str, str], language: str
    ) -> None:
        """Give or take back consents.

        Without the consent to read, staff's keys to the report are destroyed; without the one to forward, what was
        handed over and can still be called back.
        """
        row = await self._report(key)
        before = newest(await self._reports.consents(row.id))
        after = {**before, **said}
        if after[READ] == NO:
            after = dict.fromkeys(CONSENTS, NO)
        changed = {name: answer for name, answer in after.items() if answer != before[name]}
        if not changed:
            return
        rows = list(consent_rows(row.id, changed, versions, language))
        keys = list(keys_for_staff(key, await self._keyring.public_keys())) if may(after, READ) else []
        await self._reports.consent(rows, level_of(after), keys, drop=() if keys else (TEAM, RECOVERY))
        recalled = await self._cases.recall(row.id, named=after[FORWARD] if may(after, READ) else None)
        if recalled and row.status == REFERRED:
            await self._cases.change(row.id, self._clocks.started(IN_REVIEW, today()))

    async def withdraw(self, key: ReportKey) -> None:
        """Delete it with its keys; raises HeldError where a reason of law keeps it."""
        row = await self._report(key)
        if row.hold or not await self._reports.erase(row.id):
            raise HeldError(row.hold or "")

    async def copy(self, key: ReportKey) -> dict[str, Any]:
        """All that is kept of it, for its owner to take along (GDPR, article 15)."""
        own = await self.read(key)
        facts = {name: value for name, value in vars(own.row).items() if name not in NOT_COPIED}
        return {
            "report": facts | {"answers": own.answers},
            "told": [vars(it) for it in own.told],
            "messages": [vars(it) for it in own.messages],
            "files": [vars(it) for it in own.files],
            "consents": [
                {name: value for name, value in vars(it).items() if name != "report_id"}
                for it in await self._reports.consents(key.report_id)
            ],
        }


def by_question(answers: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """{question: codes}."""
    return {name: tuple(code for question, code in answers if question == name) for name, _ in answers}


def _words(key: ReportKey, piece: PieceRow) -> Words:
    text = key.open(f"{piece.kind}/{piece.id}", piece.sealed)
    is_new = piece.sender == STAFF and piece.read_on is None
    return Words(piece.id, piece.kind, piece.sender, piece.language, piece.on_day, text, is_new)


def _sent(piece: PieceRow) -> Sent:
    return Sent(piece.id, str(piece.media_type), piece.size or 0, bool(piece.cleaned), piece.on_day)
