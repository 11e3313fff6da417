"""The values every part of the statistics shares: a table before protection, what may be written, and a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Counts before any protection, for one measure and period; it never leaves the program."""

    name: str
    """Of the table plan, such as reports.ground_by_area."""
    period: str
    """A calendar quarter, such as 2026Q3 (R2)."""
    rows: tuple[str, ...]
    """Codes, in the plan's order."""
    columns: tuple[str, ...]
    """Codes, in the plan's order; ("",) for a table of one dimension."""
    counts: Mapping[tuple[str, str], int]
    """Every cell, zeros too."""
    people: Mapping[tuple[str, str], frozenset[int]]
    """Up to ten of those behind each cell (receipts, conversations, slips); ten or more stand for many (R0).

    One may stand behind several cells, so the number behind a line is that of the union: exact below ten.
    """
    record_keys: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Of every cell, the sum of rounding.record_key of its records modulo 2**64; tier public cannot do without (R8)."""


@dataclass(frozen=True)
class Released:
    """What may be written: a number, or None for what is hidden, alike for every reason (R10)."""

    name: str
    period: str
    tier: str
    """internal (T1) or public (T2)."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]
    row_totals: Mapping[str, int | None]
    column_totals: Mapping[str, int | None]
    total: int | None
    merged: Mapping[str, str]
    """{code: the code it was merged into}."""
    notes: tuple[str, ...]
    """Codes of caveats."""


@dataclass(frozen=True)
class Refused:
    """A table that is not released, with the reason as a code."""

    name: str
    period: str
    reason: str
    """thin, unsafe, differs, too_few or unknown."""
