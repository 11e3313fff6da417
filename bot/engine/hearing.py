"""What a client said, heard: a pressed button, a typed answer, a correction, a day, or free text."""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from bot.engine.agent import Engine
from bot.engine.answers import Answers, asks_for_a_place, day_in, parsed_payload, yes_or_no
from bot.engine.conversation import Conversation
from bot.engine.nlu.danger import BY_RULE, UNCLEAR
from bot.engine.nlu.language_recogniser import GUESS
from bot.errors import Problem
from bot.language.catalogue import Catalogue
from bot.language.figures import masked

LONGEST_TEXT = 1_000
LONGEST_ID = 64
SURE_LANGUAGE = 0.8
"""Probability from which a guessed language is spoken, while none was chosen."""
TELLING_WORDS = 3
"""Words that are no names, from which a message settles the language or makes another one worth offering."""
ASKS_DAY = "day_unknown"
"""The button of a question whose answer is a day."""
REPORT_UNDER_WAY = "report_cancel"
"""The button of every question of a report, where a district is an answer."""
NEAR = "near"
"""What somebody means who writes no more than a district or a postcode: what is near it."""
STANDING = "language_"
"""Buttons that begin so are always offered: the page's language menu presses them."""


@dataclass(frozen=True)
class Said:
    """What a client sent: exactly one of text and button."""

    message_id: str
    text: str | None = None
    button: str | None = None

    @property
    def mark(self) -> str:
        """Tells whether a resent message is the same."""
        content = json.dumps([self.text, self.button]).encode()
        return hashlib.blake2b(content, digest_size=8).hexdigest()

    def check(self) -> None:
        """Raises Problem where it cannot be answered."""
        if not 0 < len(self.message_id) <= LONGEST_ID:
            raise Problem(400, "problem.unreadable")
        if (self.text is None) == (self.button is None):
            raise Problem(400, "problem.empty")
        if self.text is not None and not self.text.strip():
            raise Problem(400, "problem.empty")
        if self.text is not None and len(self.text) > LONGEST_TEXT:
            raise Problem(413, "problem.too_long", limit=str(LONGEST_TEXT))


class Hearing:
    """Turns what was said into the text and the parse that Rasa gets."""

    def __init__(
        self, engine: Engine, answers: Answers, languages: Collection[str], words: Callable[[str], Catalogue]
    ) -> None:
        self._engine = engine
        self._answers = answers
        self._languages = languages
        self._words = words

    async def understand(self, conversation: Conversation, said: Said) -> tuple[str, dict[str, Any]]:
        """The text Rasa gets and its parse, for a pressed button, a typed answer, or free text.

        In that text a number that says who somebody is has dots for digits: it reaches no tracker and no store.
        """
        if said.text is None:
            return self._pressed(conversation, said.button or "")
        chosen = conversation.language if conversation.language_is_chosen else None
        parsed = await self._engine.understand(said.text, chosen)
        self._settle_language(conversation, parsed)
        if not parsed.get(BY_RULE):
            offered = {button: title for button, (_, title) in conversation.offered.items()}
            button = self._answers.button_for(said.text, conversation.language, offered)
            corrected = self._answers.correction(said.text, conversation.language) if conversation.was_led else None
            if corrected and not button:  # before a bare no: "no, I am from the EU" is none
                return parsed_payload(self._engine.offer(corrected, self._words(conversation.language))[0])
            button = button or yes_or_no(said.text, parsed["intent"], offered)
            if button:
                return self._pressed(conversation, button)
            day = day_in(parsed) if ASKS_DAY in offered else None
            if day:
                return parsed_payload(f'/deadline{{"day": "{day}"}}')
            if REPORT_UNDER_WAY not in offered and asks_for_a_place(parsed):
                parsed["intent"] = {"name": NEAR, "confidence": 1.0}
        if parsed.get(UNCLEAR):
            parsed["intent"] = {"name": UNCLEAR, "confidence": 1.0}
        kept = masked(said.text)
        return kept, {**parsed, "text": kept}

    def _pressed(self, conversation: Conversation, button: str) -> tuple[str, dict[str, Any]]:
        code = button.removeprefix(STANDING)
        if button.startswith(STANDING) and code in self._languages:
            conversation.language_is_chosen = conversation.language_is_settled = True
            return parsed_payload(f'/choose_language{{"language": "{code}"}}')
        if button in conversation.offered:
            return parsed_payload(conversation.offered[button][0])
        raise Problem(422, "problem.not_offered")

    def _settle_language(self, conversation: Conversation, parsed: dict[str, Any]) -> None:
        """Speak the language of the first message that surely has one; after that, or a choice, it is only offered."""
        guess = parsed[GUESS]
        if conversation.language_is_settled or guess["language"] not in self._languages:
            return
        if guess["confidence"] >= SURE_LANGUAGE and guess["words"] > 0:
            conversation.language = guess["language"]
            conversation.language_is_settled = guess["words"] >= TELLING_WORDS
