"""Takes a typed answer for the button it means: a resident may write "yes" instead of pressing it."""

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.engine.nlu.figures import DATE, POSTCODE
from bot.engine.nlu.needs import FALLBACK
from bot.engine.nlu.patterns import read_patterns
from bot.engine.nlu.places import DISTRICT
from bot.language.normalise import normalise

SHORT = 8
"""Words; in a longer message a phrase may stand for something else."""
HELD = "residence_"
"""Only the ground of stay may be named within a sentence; a yes, above all a consent, must be the whole message."""
CLEAR, SHORT_ANSWER = 0.6, 4
"""Probability from which, and words up to which, a message is taken for a yes or a no."""
NEARLY_ALL = 0.8
"""Share of a message's letters from which a place in it is all that it says."""
ASKS_DAY, ASKS_WHEN, ASKS_DISTRICT = "day_unknown", "when_unknown", "district_outside"
"""A button of each question whose answer may be a day, a month or a district."""
_PUNCTUATION = ".,!?;:،؟۔\"'()-"


class Answers:
    """The phrases of `data/nlu/<code>/answers.yml`, by language and button."""

    def __init__(self, phrases: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._phrases = {
            language: {button: [_plain(text) for text in texts] for button, texts in buttons.items()}
            for language, buttons in phrases.items()
        }

    @classmethod
    def read(cls, messages: Path) -> "Answers":
        return cls(read_patterns(messages, "answers.yml"))

    def button_for(self, text: str, language: str, offered: Mapping[str, str]) -> str | None:
        """The offered button (id → title) that `text` names, or None.

        A title or phrase that is the whole message wins; else the longest phrase about the ground of stay that a short
        message holds.
        """
        said = _plain(text)
        phrases = self._phrases.get(language, {})
        for button, title in offered.items():
            if said == _plain(title) or said in phrases.get(button, []):
                return button
        return self._held(said, phrases, offered)

    def correction(self, text: str, language: str) -> str | None:
        """The button of the ground of stay that "no, I am from the EU" names, offered or not; None without the no."""
        said, phrases = _plain(text), self._phrases.get(language, {})
        first, *rest = said.split() or [""]
        noes = {phrase for button, texts in phrases.items() if button.endswith("_no") for phrase in texts}
        return self._held(" ".join(rest), phrases, phrases) if first in noes else None

    def _held(self, said: str, phrases: Mapping[str, list[str]], buttons: Iterable[str]) -> str | None:
        if len(said.split()) > SHORT:
            return None
        held = [
            (len(phrase), button)
            for button in buttons
            if button.startswith(HELD)
            for phrase in phrases.get(button, [])
            if f" {phrase} " in f" {said} "
        ]
        return max(held)[1] if held else None


def yes_or_no(text: str, intent: Mapping[str, Any], offered: Mapping[str, str]) -> str | None:
    """The one offered yes or no that a short and clear message means; a consent must not be read into anything else."""
    ending = {"affirm": "_yes", "deny": "_no"}.get(intent["name"])
    is_clear = intent["confidence"] >= CLEAR and len(text.split()) <= SHORT_ANSWER and not set(text) & set("/{}_<>")
    fitting = [button for button in offered if is_clear and ending and button.endswith(ending)]
    return fitting[0] if len(fitting) == 1 else None


def parsed_payload(payload: str) -> tuple[str, dict[str, Any]]:
    """A payload as Rasa would parse it, without running the pipeline: it is ours, not the person's."""
    intent, brace, entities = payload.removeprefix("/").partition("{")
    values = json.loads(brace + entities) if brace else {}
    return payload, {
        "text": payload,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [
            {"entity": name, "value": value, "start": 0, "end": len(payload)} for name, value in values.items()
        ],
    }


def _plain(text: str) -> str:
    return " ".join(word for part in normalise(text).split() if (word := part.strip(_PUNCTUATION)))


def typed_answer(parsed: Mapping[str, Any], offered: Collection[str]) -> str | None:
    """The payload of a day, month or district that was typed where one was asked for."""
    days = _values(parsed, DATE)
    whole = [day for day in days if len(day) == len("2026-11-03")]
    if ASKS_DAY in offered and whole:
        return f'/deadline{{"day": "{whole[0]}"}}'
    if ASKS_WHEN in offered and days:
        return f'/answer_report{{"question": "when", "answer": "{days[0]}"}}'
    districts = _values(parsed, DISTRICT)
    if ASKS_DISTRICT in offered and districts:
        return f'/answer_report{{"question": "district", "answer": "{districts[0]}"}}'
    return None


def _values(parsed: Mapping[str, Any], entity: str) -> list[str]:
    return [str(found["value"]) for found in parsed["entities"] if found["entity"] == entity]


def asks_for_a_place(parsed: Mapping[str, Any]) -> bool:
    """Whether a message is a district or a postcode, or names one and says nothing else that is understood."""
    places = [found for found in parsed["entities"] if found["entity"] in {DISTRICT, POSTCODE}]
    longest = max((found["end"] - found["start"] for found in places), default=0)
    return bool(places) and (
        parsed["intent"]["name"] == FALLBACK or longest >= NEARLY_ALL * len(parsed["text"].strip())
    )
