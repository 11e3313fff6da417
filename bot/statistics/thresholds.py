"""The numbers of the disclosure rules, and the small rules that need nothing but numbers (R3, R6, R9)."""

import statistics
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

SMALL = 5
"""A count from 1 to one below this is hidden (R3), and a hidden one must be able to reach it (R7)."""
THIN = 10
"""A line with a smaller total is merged (R4); a public total below it is not written (R8)."""
DOMINANT = 0.9
"""A category with more than this share of a line tells about everybody in it (R5)."""
BASE = 5
"""Public figures are multiples of it (R8)."""
ROUNDS = 60
"""How often more may be hidden before a table is merged or refused (R7)."""
_RATIO_BASE = 30
_MEDIAN_BASE = 10


def is_small(count: int, people: int) -> bool:
    """R3 and R0: somebody is behind the figure, and by the smaller count fewer than five."""
    return count > 0 and min(count, people) < SMALL


def must_reach(count: int, people: int) -> int:
    """How great a small figure must be able to be, once it is hidden (R7): 5.

    Who knows several of its records to be their own subtracts them (R0), so then it is 5 more than the most that one
    person can have filed.
    """
    return SMALL if people >= count else SMALL + count - people + 1


def ratio(numerator: int, base: int) -> int | None:
    """Whole per cent, or None: on a base below 30 (R6), or where it would tell 1 to 4 people on either side (R3)."""
    if base < _RATIO_BASE or not 0 <= numerator <= base:
        return None
    if is_small(numerator, numerator) or is_small(base - numerator, base - numerator):
        return None
    return round(100 * numerator / base)


def median(values: Sequence[float]) -> float | None:
    """The middle value, or None for fewer than 10 (R6)."""
    return float(statistics.median(values)) if len(values) >= _MEDIAN_BASE else None


def differs(now: NDArray[np.uint64], earlier: Iterable[NDArray[np.uint64]]) -> bool:
    """R9: the records, by their keys, differ from an earlier export's by 1 to 4, added or taken away."""
    return any(0 < np.setxor1d(now, before).size < SMALL for before in earlier)
