"""What the store can be asked about official figures of the plan's targets; nothing in it is of a resident."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OfficialRow:
    """One figure that others published. Decimals are text, so that no digit of theirs is lost or added."""

    target: str
    year: int
    source: str
    """With target and year unique: a later import takes the place of the earlier."""
    source_url: str
    value: str
    """Decimal with a point; its unit is that of the target (content/targets.yml)."""
    n: int | None
    """How many were asked, where the source says it."""
    low: str | None
    high: str | None
    """Of the interval that was published with it; both or neither."""
    imported_on: dt.date
    file_hash: str
    """SHA-256 of the file it came in, as hex."""


@dataclass(frozen=True)
class Taken:
    """What an import did with one row."""

    row: OfficialRow
    before: OfficialRow | None
    """What stood there until now."""


class Targets(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def take(self, rows: list[OfficialRow]) -> list[Taken]:
        """Store all rows or none, each in the place of one with its target, year and source."""

    async def official(self, target: str | None = None) -> list[OfficialRow]:
        """In the order of targets, sources and years."""
