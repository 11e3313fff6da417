"""Numbers that say who somebody is, and receipts: found in any digits, and masked before anything is kept."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

MASK = "•"
RECEIPT_DIGITS = 20
_APART = r"[\s\u00a0\-–—.·/]{0,3}"
"""What people put between the groups of a number."""
_CPR = re.compile(rf"(?<!\d)\d\d[\s./-]?\d\d[\s./-]?(?:19|20)?\d\d{_APART}\d{{4}}(?!\d)")
"""A day, a month, a year, and four digits (CPR's rules: the day may be raised by 60 for a replacement number)."""
_RECEIPT = re.compile(rf"(?<!\d)\d(?:{_APART}\d){{{RECEIPT_DIGITS - 1}}}(?!\d)")
_PHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)\s?\d(?:{_APART}\d){{6,13}}|\d{{8}}|\d\d(?:[\s\u00a0.\-]\d\d){{3}}|\d{{4}}[\s\u00a0]\d{{4}}"
    r"|\d{2}[\s\u00a0]\d{3}[\s\u00a0]\d{3})(?!\d)"
)
"""With a country's code, or as Danes write their eight digits: 12345678, 12 34 56 78, 1234 5678, 12 345 678."""
REPLACEMENT_DAYS = 60


class Kind(StrEnum):
    RECEIPT = "receipt"
    CPR = "cpr_number"
    PHONE = "phone"


@dataclass(frozen=True)
class Figure:
    kind: Kind
    start: int
    end: int
    digits: str
    """ASCII digits alone."""


def figures_in(text: str) -> list[Figure]:
    """Every receipt, number like a CPR number, and phone number of `text`, in its order; none overlaps another."""
    text = in_ascii_digits(text)
    found: list[Figure] = []
    for kind, pattern in ((Kind.RECEIPT, _RECEIPT), (Kind.CPR, _CPR), (Kind.PHONE, _PHONE)):
        for match in pattern.finditer(text):
            figure = Figure(kind, match.start(), match.end(), re.sub(r"\D", "", match[0]))
            if not any(figure.start < other.end and other.start < figure.end for other in found) and _is_one(figure):
                found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def masked(text: str, keep: Collection[Kind] = ()) -> str:
    """`text`, of the same length, with a dot for each digit of such a number, but for those of a kind to `keep`."""
    letters = list(text)
    for figure in figures_in(text):
        if figure.kind in keep:
            continue
        for place in range(figure.start, figure.end):
            if letters[place].isdecimal():
                letters[place] = MASK
    return "".join(letters)


def in_ascii_digits(text: str) -> str:
    """`text`, of the same length, with the digits of every script as 0 to 9."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def _is_one(figure: Figure) -> bool:
    if figure.kind is not Kind.CPR:
        return True
    day, month = int(figure.digits[:2]), int(figure.digits[2:4])
    return 1 <= day % REPLACEMENT_DAYS <= 31 and 1 <= month <= 12  # noqa: PLR2004 - days of a month, months of a year
