"""Buttons: a stable name, a title in the source language, and what pressing it tells Rasa."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.language.languages import Language

CHOSEN = "✓ "
"""Before the title of a button that was pressed."""
LANGUAGE, CHANGE = "language_", "report_change_"
_MONTH = re.compile(r"when_(20[0-9]{2})_(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Button:
    id: str
    title: str
    payload: str

    @classmethod
    def of(cls, declared: Mapping[str, Any]) -> Self:
        """From domain.yml, where braces are doubled for the stock generator."""
        return cls(declared["id"], declared["title"], declared["payload"].replace("{{", "{").replace("}}", "}"))

    @classmethod
    def for_language(cls, language: Language) -> Self:
        payload = f'/choose_language{{"language": "{language.code}"}}'
        return cls(LANGUAGE + language.code, language.name, payload)

    @classmethod
    def for_month(cls, button_id: str) -> Self:
        """`when_2026_11`: a month as an answer; another id raises KeyError, for it is declared nowhere."""
        month = month_of(button_id)
        if not month:
            raise KeyError(button_id)
        return cls(button_id, f"{month:%Y-%m}", f'/answer_report{{"question": "when", "answer": "{month:%Y-%m}"}}')

    @classmethod
    def for_change(cls, button_id: str) -> Self | None:
        """`report_change_ground`: a part of a report that is asked anew; None for another id."""
        part = button_id.removeprefix(CHANGE)
        return cls(button_id, part, f'/report_change{{"question": "{part}"}}') if part != button_id else None

    @property
    def changes(self) -> str | None:
        """The question that is asked anew."""
        return self.id.removeprefix(CHANGE) if self.id.startswith(CHANGE) else None

    @property
    def is_language(self) -> bool:
        return self.id.startswith(LANGUAGE)


def month_of(button_id: str) -> dt.date | None:
    match = _MONTH.fullmatch(button_id)
    return dt.date(int(match[1]), int(match[2]), 1) if match else None


def buttons_of(responses: Mapping[str, list[dict[str, Any]]]) -> dict[str, Button]:
    """Every button that some reply declares, by id."""
    return {
        button["id"]: Button.of(button)
        for variations in responses.values()
        for variation in variations
        for button in variation.get("buttons", [])
    }
