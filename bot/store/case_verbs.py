"""What the store can be asked about staff's work on reports, and the rows it takes; notes and packages are sealed."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.store.report_verbs import ReportRow

ME, NOBODY = "me", "nobody"


@dataclass(frozen=True)
class Sought:
    """Which reports a queue shows; what is None does not matter."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """{column of `report`: code}, such as status or area."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """{question with several answers: code}, such as ground."""
    assigned_to: str | None = None
    """A name; empty for reports that are nobody's."""
    label: str | None = None
    is_open: bool = True
    """Leave out those that are closed, unless `columns` asks for a status."""
    overdue_on: dt.date | None = None
    """Only those whose clock has run out by this day."""
    translator: bool = False
    order: str = "clock"
    """`clock`: whose clock runs out first; `newest` or `oldest` by the day they came."""
    first: int = 0
    most: int = 50


@dataclass(frozen=True)
class Page:
    rows: tuple[ReportRow, ...]
    total: int
    labels: Mapping[str, tuple[str, ...]]
    """{report: its labels}."""
    unread: frozenset[str]
    """Reports whose person wrote something that no member of staff has opened yet."""


@dataclass(frozen=True)
class NoteRow:
    id: str
    report_id: str
    by_whom: str
    on_day: dt.date
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class HandoverRow:
    id: str
    report_id: str
    body: str
    mode: str
    """`with_consent`, or `duty` where the law makes the municipality pass it on (forvaltningsloven § 7, 2)."""
    way: str
    """`console`: the body's people read it here; `endpoint`: sent over HTTPS; `download`: taken along by staff."""
    state: str
    outcome: str | None
    made_on: dt.date
    by_whom: str
    changed_on: dt.date
    sealed: bytes = field(repr=False)
    """The package, under a key of its own; emptied when the consent is taken back, and in lists."""
    attempts: int = 0
    next_try: dt.datetime | None = None
    """Of `endpoint`: when it is sent next, UTC; None where nothing is to be sent."""
    error: str | None = None
    """Why the last attempt failed: a code, never what the other side wrote."""


@dataclass(frozen=True)
class HandoverKeyRow:
    handover_id: str
    holder: str
    """`team`, `endpoint`, or the name of a partner's account."""
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """What a handover rests on: the team's key that opens it, and how many consents were given or taken back so far."""

    team_key: str
    consents: int


class Cases(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def seek(self, sought: Sought) -> Page: ...

    async def count_by_status(self) -> dict[str, int]: ...

    async def labels_in_use(self) -> list[str]: ...

    async def change(self, report_id: str, values: Mapping[str, object]) -> None:
        """Set columns of `report`."""

    async def assign(self, report_id: str, name: str | None, *, only_from: str | None = None) -> bool:
        """`only_from`: only where it is this person's, empty for nobody's; False where it is not."""

    async def labels(self, report_id: str) -> list[str]: ...

    async def set_labels(self, report_id: str, labels: list[str]) -> None: ...

    async def add_note(self, row: NoteRow) -> None: ...

    async def notes(self, report_id: str) -> list[NoteRow]:
        """In the order they were written."""

    async def mark_likeness(self, report_id: str, key_id: str, marks: Mapping[str, str]) -> None:
        """{kind: keyed hash}; those of an earlier key are forgotten."""

    async def alike(self, report_id: str) -> dict[str, list[ReportRow]]:
        """{kind: other reports with the same mark, the newest first}."""

    async def leaving(self, until: dt.date) -> list[ReportRow]:
        """Reports that are kept no longer than until then, the first to go first; those that are held too."""

    # Handing over

    async def hand_over(
        self, row: HandoverRow, keys: list[HandoverKeyRow], rests_on: Standing, change: Mapping[str, object]
    ) -> bool:
        """Store it, and with it a change of columns of the report.

        False, and nothing stored, where there is no such report, or what it rests on has changed.
        """

    async def handover(self, handover_id: str) -> HandoverRow | None: ...

    async def handovers(self, report_id: str) -> list[HandoverRow]:
        """In the order of their days; without what is in them, as all lists here."""

    async def handovers_to(self, body: str) -> list[HandoverRow]:
        """Those the body's people read here, the newest first."""

    async def handover_key(self, handover_id: str, holder: str) -> HandoverKeyRow | None: ...

    async def handover_keys_of_team(self) -> list[HandoverKeyRow]:
        """The key of every package that the team may open."""

    async def change_handover(
        self, handover_id: str, values: Mapping[str, object], *, only_from: Collection[str]
    ) -> bool:
        """Set columns of `handover`; False, and nothing changed, where it is in none of these states."""

    async def recall(self, report_id: str, *, named: str | None = None) -> int:
        """Empty packages of a report and destroy their keys; how many.

        All of them; with `named` (the body its person names now) only those that its consent to another body made.
        """

    async def to_send(self, now: dt.datetime) -> list[HandoverRow]:
        """Those whose next attempt is due, or lies so far ahead that a wrong clock must have set it."""

    async def claim(self, row: HandoverRow, until: dt.datetime, on_day: dt.date) -> HandoverRow | None:
        """Count an attempt and move the next one to `until`; the whole row as it is then.

        None where another process was quicker, or there is nothing to send any more.
        """

    async def note_attempt(self, claimed: HandoverRow, values: Mapping[str, object]) -> bool:
        """Set columns after the attempt that was claimed; False where it was taken back or claimed again meanwhile."""
