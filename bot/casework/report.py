"""A report of discrimination, as the person's own answers make it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.casework.vocabulary import AREAS, DISTRICTS, GROUNDS, ROLES, WHEN, WISHES

MONTHS_OFFERED = 6


class NotAnAnswerError(ValueError):
    """An answer is not among the codes; the text names the question, never the answer."""


@dataclass(frozen=True)
class Report:
    """Coded answers only; nothing here says who. Codes: vocabulary.py."""

    role: str
    grounds: tuple[str, ...]
    area: str
    district: str
    when: str
    wish: str
    language: str

    @classmethod
    def from_answers(cls, answers: Mapping[str, Any]) -> Self:
        """Raises NotAnAnswerError for an answer outside the vocabulary; grounds keep their order, each once."""
        grounds = tuple(dict.fromkeys(answers["grounds"]))
        _check("grounds", bool(grounds) and set(grounds) <= set(GROUNDS))
        _check("role", answers["role"] in ROLES)
        _check("area", answers["area"] in AREAS)
        _check("district", answers["district"] in DISTRICTS)
        _check("when", is_when(answers["when"]))
        _check("wish", answers["wish"] in WISHES)
        return cls(
            answers["role"], grounds, answers["area"], answers["district"], answers["when"], answers["wish"],
            answers["language"],
        )  # fmt: skip


def _check(question: str, *rights: bool) -> None:
    if not all(rights):
        raise NotAnAnswerError(question)


def is_when(value: object) -> bool:
    return value in WHEN or (isinstance(value, str) and bool(re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", value)))


def months_back(today: dt.date) -> list[str]:
    """The present month and the five before it, as `2026-11`, newest first."""
    count = today.year * 12 + today.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(count, count - MONTHS_OFFERED, -1)]
