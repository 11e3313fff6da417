"""Takes a typed answer for the button it means: a resident may write "yes" instead of pressing it."""

from collections.abc import Mapping
from pathlib import Path

from bot.engine.nlu.patterns import read_patterns
from bot.language.normalise import normalise

SHORT = 8
"""Words; in a longer message a phrase may stand for something else."""
HELD = "residence_"
"""Only the ground of stay may be named within a sentence; a yes, above all a consent, must be the whole message."""
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
        if len(said.split()) > SHORT:
            return None
        held = [
            (len(phrase), button)
            for button in offered
            if button.startswith(HELD)
            for phrase in phrases.get(button, [])
            if f" {phrase} " in f" {said} "
        ]
        return max(held)[1] if held else None


def _plain(text: str) -> str:
    return " ".join(word for part in normalise(text).split() if (word := part.strip(_PUNCTUATION)))
