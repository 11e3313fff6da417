"""What the store can be asked when it is to hold invented data, and the rows it takes; nobody else may use it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.store.case_verbs import HandoverRow
from bot.store.report_verbs import FiledReport
from bot.store.verbs import ReferralRow, SlipRow


@dataclass(frozen=True)
class ToldSlipRow(SlipRow):
    """A place on a slip with what was said of it; None where nobody said anything."""

    step: str | None = None
    met: int | None = None
    said_on: dt.date | None = None


@dataclass(frozen=True)
class EntryRow:
    entered_on: dt.date
    code: str
    language: str
    n: int


@dataclass(frozen=True)
class TallyRow:
    counted_on: dt.date
    kind: str
    code: str
    language: str
    n: int


@dataclass(frozen=True)
class InventedReport:
    """A report as it was filed, with all that became of it since."""

    filed: FiledReport
    handovers: tuple[HandoverRow, ...] = ()


@dataclass(frozen=True)
class Invented:
    """Rows for all parts of the store."""

    referrals: Sequence[ReferralRow] = ()
    slips: Sequence[ToldSlipRow] = ()
    entries: Sequence[EntryRow] = ()
    tallies: Sequence[TallyRow] = ()
    reports: Sequence[InventedReport] = ()

    @property
    def size(self) -> int:
        """Referrals and reports."""
        return len(self.referrals) + len(self.reports)


class Simulation(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def begin(self, seed: str, made_on: dt.date, first: Invented) -> str | None:
        """Mark the store as invented for good, and store the first rows with the mark.

        Where there is anything in it but keys, nothing is stored, and the name of a table that is not empty comes back.
        """

    async def add(self, rows: Invented) -> None:
        """Store more; a store that is not marked raises NotSavedError, and nothing is stored."""
