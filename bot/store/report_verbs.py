"""What the store can be asked about reports, and the rows it takes; everything a person wrote is sealed before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

TEAM, RECOVERY, RECEIPT = "team", "recovery", "receipt"
"""Who can open the key of a report."""
REPORTER, STAFF = "reporter", "staff"
MESSAGE, FILE = "message", "file"
"""Kinds of pieces beside the parts of a report."""


@dataclass(frozen=True)
class ReportRow:
    id: str
    receipt_hash: str
    """Unique: storing a row with a known receipt again does nothing."""
    received_on: dt.date
    language: str
    reporter_role: str
    incident_when: str
    district: str
    area: str
    relation: str
    worse: str
    reason: str
    fair: str | None
    keep_until: dt.date
    consent_level: str
    schema_version: int
    channel: str = "web"
    status: str = "new"
    triage: str = "unseen"
    hold: str | None = None
    """Why it may not be deleted, one of vocabulary.HOLDS."""
    assigned_to: str | None = None
    clock_from: dt.date | None = None
    """The day from which staff's time to answer runs."""
    clock_due: dt.date | None = None
    """The last day of that time; None while nobody waits for staff."""
    translator: bool = False
    journal: str = "undecided"
    """Whether it was journalised (offentlighedsloven § 15), one of vocabulary.JOURNAL."""
    outcome: str | None = None
    """Of a closed one, one of vocabulary.CLOSINGS."""
    closed_on: dt.date | None = None


@dataclass(frozen=True)
class PieceRow:
    """A sealed part of a report, message or file. A part that is corrected gets a row beside the earlier one."""

    id: str
    """Unique: storing a row with a known id again does nothing."""
    report_id: str
    kind: str
    sender: str
    language: str
    on_day: dt.date
    sealed: bytes = field(repr=False)
    media_type: str | None = None
    size: int | None = None
    """Bytes of a file before it was sealed."""
    cleaned: bool = True
    read_on: dt.date | None = None


@dataclass(frozen=True)
class KeyRow:
    """The key of a report, sealed for one holder; `key_id` names the team or recovery key (none for a receipt)."""

    report_id: str
    holder: str
    key_id: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class ConsentRow:
    report_id: str
    consent: str
    answer: str
    """`no`, `yes`, or the body that was named."""
    version: str
    """Tells the text to which somebody agreed (a short hash of it), with its language."""
    language: str
    on_day: dt.date


@dataclass(frozen=True)
class FiledReport:
    row: ReportRow
    answers: tuple[tuple[str, str], ...]
    """(question, code) of questions with several answers."""
    pieces: tuple[PieceRow, ...]
    keys: tuple[KeyRow, ...]
    consents: tuple[ConsentRow, ...]


@dataclass(frozen=True)
class PausedRow:
    receipt_hash: str
    keep_until: dt.date
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class QuestionRow:
    """A question that was not understood, and that its asker agreed to have kept."""

    id: str
    language: str
    on_day: dt.date
    key_id: str
    sealed: bytes = field(repr=False)
    sorted_as: str | None = None
    """The need it asks for, or that there is none (casework.questions)."""
    sorted_by: str | None = None
    sorted_on: dt.date | None = None


@dataclass(frozen=True)
class CoverageRow:
    """A member of staff's view of the law, sealed reason and all; a later one stands beside the earlier."""

    id: str
    report_id: str
    result: str
    by_whom: str
    on_day: dt.date
    sealed: bytes = field(repr=False)


class Reports(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def file(self, filed: FiledReport) -> None:
        """Store a report whole, and forget what was paused under its receipt."""

    async def id_of(self, receipt_hash: str) -> str | None: ...

    async def report(self, report_id: str) -> ReportRow | None: ...

    async def reports(self) -> list[ReportRow]:
        """All of them, the newest day first."""

    async def answers(self, report_id: str) -> list[tuple[str, str]]: ...

    async def pieces(self, report_id: str) -> list[PieceRow]:
        """In the order they came; of files without what is in them."""

    async def piece(self, report_id: str, piece_id: str) -> PieceRow | None: ...

    async def add_piece(self, row: PieceRow, change: Mapping[str, object] | None = None) -> bool:
        """Store it, and with it a change of columns of the report; False where there is no such report."""

    async def mark_read(self, report_id: str, sender: str, on_day: dt.date) -> None:
        """What `sender` wrote and sent was seen by the other side."""

    async def key(self, report_id: str, holder: str) -> KeyRow | None: ...

    async def consents(self, report_id: str) -> list[ConsentRow]:
        """In the order they were given and taken back."""

    async def consent(self, rows: list[ConsentRow], level: str, keys: list[KeyRow], *, drop: tuple[str, ...]) -> None:
        """Note consents, with the keys that they give and the holders whose keys they take away."""

    async def note_coverage(self, row: CoverageRow) -> None: ...

    async def coverage(self, report_id: str) -> list[CoverageRow]: ...

    async def erase(self, report_id: str) -> bool:
        """Delete it with everything that belongs to it, in the log too; False where it is held."""

    async def erase_expired(self, today: dt.date) -> int:
        """Delete what is kept no longer, paused ones too; how many reports. One that is held stays."""

    async def pause(self, row: PausedRow) -> None: ...

    async def paused(self, receipt_hash: str) -> PausedRow | None: ...

    async def drop_paused(self, receipt_hash: str) -> None: ...

    async def keep_question(self, row: QuestionRow) -> None: ...

    async def sort_question(self, question_id: str, sorted_as: str, by_whom: str, on_day: dt.date) -> bool:
        """Sorting again replaces what was said before; False where it is gone."""

    async def drop_question(self, question_id: str) -> bool:
        """Delete it, in the log too; False where it was gone."""

    async def keys_of_team(self) -> list[KeyRow]:
        """The key of every report that the team may open."""

    async def questions(self) -> list[QuestionRow]:
        """By the day they were asked."""
