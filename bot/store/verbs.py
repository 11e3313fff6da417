"""What the store can be asked, whatever engine it runs on, and the rows it takes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol


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
    schema_version: int
    grounds: tuple[str, ...]
    wishes: tuple[str, ...]
    channel: str = "web"
    consent_level: str = "count_only"
    status: str = "new"
    triage: str = "unseen"


class Store(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def file_report(self, row: ReportRow) -> None: ...

    async def log_referrals(self, rows: list[ReferralRow]) -> None: ...

    async def has_receipt(self, receipt_hash: str) -> bool: ...

    async def counts(self) -> dict[str, int]:
        """Rows of `referral` and `report`."""

    def close(self) -> None: ...


def as_record(row: Any, *without: str) -> dict[str, Any]:
    """A row's fields by column, dates as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in vars(row).items()
        if name not in without
    }
