"""A report of discrimination as it is kept: coded answers in clear, and what is sealed."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.casework.vocabulary import WHEN

MONTHS_OFFERED = 6
NARRATIVE, ORGANISATION, DAY, CONTACT = "narrative", "organisation", "day", "contact"
PARTS = (NARRATIVE, ORGANISATION, DAY, CONTACT)
"""What is sealed of a report, each by itself; a corrected part is kept beside the earlier one."""
CODED = ("role", "when", "district", "relation", "area", "worse", "reason", "fair")
SEVERAL = ("ground", "form", "harm", "proof", "wish")


class NotAnAnswerError(ValueError):
    """An answer is not among the codes; the text names the question, never the answer."""


@dataclass(frozen=True)
class Report:
    """What one telling comes to."""

    codes: Mapping[str, str | None]
    """{question of CODED: code}; None where it was not asked."""
    several: Mapping[str, tuple[str, ...]]
    """{question of SEVERAL: codes}."""
    texts: Mapping[str, str]
    """{part: what is sealed}; only parts that were told."""
    consents: Mapping[str, str]
    language: str


def is_when(value: object) -> bool:
    return value in WHEN or (isinstance(value, str) and bool(re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", value)))


def months_back(today: dt.date) -> list[str]:
    """The present month and the five before it, as `2026-11`, newest first."""
    count = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(count, count - MONTHS_OFFERED, -1)]
