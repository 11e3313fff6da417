"""What the store can be asked for statistics: rows of a period to count, daily tallies, and the ledger of releases."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

REFERRALS, SLIPS, REPORTS, TALLIES, ENTRIES = "referrals", "slips", "reports", "tallies", "entries"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    REFERRALS: (
        "id", "visit", "service", "need", "effort", "language", "district", "mode", "made_on", "residence", "cpr",
    ),
    SLIPS: ("id", "visit", "service", "need", "language", "step", "met"),
    REPORTS: (
        "id", "received_on", "language", "district", "area", "relation", "may_reply", "status", "triage", "outcome",
        "ground", "form", "wish", "body", "handover_outcome", "answered_on",
    ),
    TALLIES: ("kind", "code", "language", "n"),
    ENTRIES: ("code", "language", "n"),
}  # fmt: skip
"""What `read` gives of each source, in this order. `visit`: the conversation or slip behind a row, or the id itself.

`ground`, `form`, `wish`, `body`, `handover_outcome`: codes with spaces between them, in the order of the alphabet.
`may_reply`: `yes` where staff may answer.
`answered_on`: the day of the first message by staff; None where there is none.
"""
type Row = tuple[Any, ...]


@dataclass(frozen=True)
class ReleaseRow:
    kind: str
    period: str
    tier: str
    edition: int
    made_on: dt.date
    by_whom: str
    content: str = field(repr=False)
    """As statistics.release writes it."""
    content_hash: str
    """SHA-256 of `content`, as hex."""


class Statistics(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def tally(self, on_day: dt.date, kind: str, code: str, language: str) -> None:
        """One more of its kind on that day."""

    async def tally_once(self, mark: str, on_day: dt.date, kind: str, code: str | None, language: str) -> bool:
        """The same if the mark is new, and keep the mark; False where it was there. Without a code it is only kept."""

    async def marked(self, marks: Sequence[str]) -> set[str]:
        """Those of the marks that are kept."""

    async def read[Result](
        self, source: str, since: dt.date, until: dt.date, work: Callable[[Iterable[Row]], Result]
    ) -> Result:
        """Run `work` over the rows of the days `since` to `until`, both included, one at a time, on one snapshot.

        Other verbs wait for none of it and it holds no rows back in memory.
        """

    async def releases(self, kind: str | None = None, tier: str | None = None) -> list[ReleaseRow]:
        """By kind, period, tier and edition."""

    async def record_sets(self, kind: str, tier: str, period: str) -> list[tuple[str, bytes]]:
        """(source, record set) of every edition of that kind and tier: 8 bytes a record, sorted."""

    async def keep_release(self, row: ReleaseRow, record_sets: Mapping[str, bytes]) -> bool:
        """Store it for good; False where that edition is there already."""

    async def forget(self, before: dt.date) -> int:
        """Delete what was counted before that day: referrals, slips, entries and tallies; how many rows.

        Reports have a time of their own (Reports.erase_expired), and releases stay.
        """

    async def simulated(self) -> bool:
        """Whether everything in the store is invented."""
