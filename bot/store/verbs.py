"""What the store can be asked, whatever engine it runs on, and the rows it takes."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from bot.store.audit_verbs import Audit
from bot.store.case_verbs import Cases
from bot.store.key_verbs import Keys
from bot.store.report_verbs import Reports
from bot.store.review_verbs import Reviews
from bot.store.staff_verbs import Staff
from bot.store.statistics_verbs import Statistics
from bot.store.target_verbs import Targets


@dataclass(frozen=True)
class ReferralRow:
    id: str
    mark: str
    """Unique: storing a row with a known mark again does nothing."""
    made_on: dt.date
    service: str
    effort: str | None
    need: str
    language: str
    residence: str | None
    cpr: str | None
    district: str | None
    mode: str = "info_given"
    visit: str | None = None
    """Shared by the referrals of one conversation, so that many of one person are not taken for many people."""


@dataclass(frozen=True)
class SlipRow:
    code_hash: str
    service: str
    """With the hash unique: storing a place of a known slip again does nothing."""
    need: str
    language: str
    made_on: dt.date


@dataclass(frozen=True)
class OutcomeRow:
    code_hash: str
    service: str
    step: str
    met: int | None
    said_on: dt.date


class Store(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    reports: Reports
    keys: Keys
    cases: Cases
    staff: Staff
    reviews: Reviews
    audit: Audit
    targets: Targets
    statistics: Statistics

    async def log_referrals(self, rows: list[ReferralRow]) -> None: ...

    async def count_entry(self, entered_on: dt.date, code: str, language: str) -> None:
        """One conversation more that began from this code on this day in this language."""

    async def make_slip(self, rows: list[SlipRow]) -> None: ...

    async def places_of_slip(self, code_hash: str) -> dict[str, str | None]:
        """{service: what was said of it last} of a slip; empty for an unknown one."""

    async def tell_outcomes(self, rows: list[OutcomeRow]) -> int:
        """Set what was said of places of slips, all or none; how many there were. A later word replaces an earlier."""

    async def services_used(self) -> set[str]:
        """Every service to which somebody was referred."""

    async def counts(self) -> dict[str, int]:
        """Rows of `referral` and `report`."""

    async def check(self) -> None:
        """Raises NotSavedError where nothing can be written now; nothing is."""

    def close(self) -> None: ...
