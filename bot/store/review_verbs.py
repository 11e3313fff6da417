"""What the store can be asked about reviews of translations that were not yet brought to the catalogues."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ReviewRow:
    """What somebody who speaks a language says of one of its texts; no word of a resident."""

    language: str
    catalogue: str
    context: str
    source: str
    """Mark of the source text that was read (states.source_mark)."""
    read: str
    """Mark of the translation that was read; of an empty one where there was none."""
    corrected: str | None
    """The wording it should have; None where what was read is right."""
    by_whom: str
    on_day: dt.date


class Reviews(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def note(self, row: ReviewRow) -> None:
        """A later review of the same text takes the place of the earlier."""

    async def pending(self, language: str | None = None) -> list[ReviewRow]:
        """In the order of languages, catalogues and names."""

    async def drop(self, rows: list[ReviewRow]) -> int:
        """Forget these, just as they are: one that was replaced meanwhile stays. How many there were."""
