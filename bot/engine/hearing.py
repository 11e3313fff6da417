"""What a client said, heard: a pressed button, a typed answer, a correction, a day, or free text."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.directory.services import SAFETY_NEEDS
from bot.engine.agent import Engine
from bot.engine.answers import (
    ASKS_DISTRICT,
    Answers,
    asks_for_a_place,
    parsed_payload,
    typed_answer,
    yes_or_no,
)
from bot.engine.conversation import Conversation
from bot.engine.nlu.danger import BY_RULE, UNCLEAR
from bot.engine.nlu.language_recogniser import GUESS
from bot.errors import Problem
from bot.language.catalogue import Catalogue
from bot.language.figures import Kind, masked
from bot.language.languages import Language

LONGEST_TEXT, LONGEST_WORDS = 1_000, 10_000
"""Letters of a message, and of one in which somebody tells what happened."""
LONGEST_ID = 64
SURE_LANGUAGE = 0.8
"""Probability from which a guessed language is spoken, while none was chosen."""
TELLING_WORDS = 3
"""Words that are no names, from which a message settles the language or makes another one worth offering."""
ASKS_RECEIPT, ENOUGH_DIGITS = "receipt_lost", 6
"""The button of the question for a receipt; and from how many digits on a message is taken for one, right or wrong."""
OPEN_REPORT = "open_report"
"""The intent of a receipt that was typed."""
ALSO_DANGER = "also_danger"
"""Key of a parse: what somebody tells speaks of danger."""
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

    def check(self, longest: int) -> None:
        """Raises Problem where it cannot be answered."""
        if not 0 < len(self.message_id) <= LONGEST_ID:
            raise Problem(400, "problem.unreadable")
        if (self.text is None) == (self.button is None):
            raise Problem(400, "problem.empty")
        if self.text is not None and not self.text.strip():
            raise Problem(400, "problem.empty")
        if self.text is not None and len(self.text) > longest:
            raise Problem(413, "problem.too_long", limit=str(longest))


def tells_of_danger(parsed: Mapping[str, Any]) -> bool:
    """Whether somebody is in danger by what they say, or may be."""
    by_name = parsed["intent"]["name"] in {*SAFETY_NEEDS, UNCLEAR}
    return by_name or any(parsed.get(found) for found in (BY_RULE, UNCLEAR, ALSO_DANGER))


class Hearing:
    """Turns what was said into the text and the parse that Rasa gets."""

    def __init__(
        self, engine: Engine, answers: Answers, languages: Mapping[str, Language], words: Callable[[str], Catalogue]
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
        if conversation.apart and conversation.apart.asks_words:
            return self._told(conversation, said.text)
        parsed = await self._engine.understand(said.text, chosen)
        self._settle_language(conversation, parsed)
        payload = None if parsed.get(BY_RULE) else self._answer_in(conversation, said.text, parsed)
        if payload:
            return parsed_payload(payload)
        if parsed.get(UNCLEAR):
            parsed["intent"] = {"name": UNCLEAR, "confidence": 1.0}
        kept = masked(said.text)
        return kept, {**parsed, "text": kept}

    def _answer_in(self, conversation: Conversation, text: str, parsed: dict[str, Any]) -> str | None:
        """What a typed answer, a correction or a receipt tells Rasa; None for anything else."""
        offered = self._offered(conversation)
        if self._is_receipt(text, parsed, offered) and not (conversation.apart and conversation.apart.telling):
            return f"/{OPEN_REPORT}"
        button = self._answers.button_for(text, conversation.language, offered)
        corrected = self._answers.correction(text, conversation.language) if conversation.was_led else None
        if corrected and not button:  # before a bare no: "no, I am from the EU" is none
            return self._engine.offer(corrected, self._words(conversation.language))[0]
        button = button or yes_or_no(text, parsed["intent"], offered)
        if button:
            return self._payload_of(conversation, button)
        typed = typed_answer(parsed, offered)
        if typed is None and ASKS_DISTRICT not in offered and asks_for_a_place(parsed):
            parsed["intent"] = {"name": NEAR, "confidence": 1.0}
        return typed

    def _told(self, conversation: Conversation, text: str) -> tuple[str, dict[str, Any]]:
        """Own words go to the report, not to Rasa; they are read for danger alone. A button's title is that button."""
        named = next((it for it, title in self._offered(conversation).items() if text.strip() == title), None)
        if named:
            return self._pressed(conversation, named)
        message, told = parsed_payload("/tell_words")
        return message, {**told, ALSO_DANGER: self._engine.tells_of_danger(text)}

    @staticmethod
    def _offered(conversation: Conversation) -> dict[str, str]:
        return {button: title for button, (_, title) in conversation.now.offered.items()}

    @staticmethod
    def _is_receipt(text: str, parsed: dict[str, Any], offered: Collection[str]) -> bool:
        """Twenty digits anywhere; or, where a receipt was asked for, what must be a try at one."""
        digits = sum(char.isdecimal() for char in text)
        return any(it["entity"] == Kind.RECEIPT for it in parsed["entities"]) or (
            ASKS_RECEIPT in offered and digits >= ENOUGH_DIGITS
        )

    def title_of(self, conversation: Conversation, button: str) -> str:
        """What stands on a button that can be pressed now."""
        code = button.removeprefix(STANDING)
        own_name = self._languages[code].name if code in self._languages else ""
        return conversation.now.offered.get(button, ["", own_name])[1]

    def _pressed(self, conversation: Conversation, button: str) -> tuple[str, dict[str, Any]]:
        return parsed_payload(self._payload_of(conversation, button))

    def _payload_of(self, conversation: Conversation, button: str) -> str:
        """Raises Problem for a button that is not offered."""
        code = button.removeprefix(STANDING)
        if button.startswith(STANDING) and code in self._languages:
            conversation.language_is_chosen = conversation.language_is_settled = True
            return f'/choose_language{{"language": "{code}"}}'
        if button in conversation.now.offered:
            return conversation.now.offered[button][0]
        raise Problem(422, "problem.not_offered")

    def _settle_language(self, conversation: Conversation, parsed: dict[str, Any]) -> None:
        """Speak the language of the first message that surely has one; after that, or a choice, it is only offered."""
        guess = parsed[GUESS]
        if conversation.language_is_settled or guess["language"] not in self._languages:
            return
        if guess["confidence"] >= SURE_LANGUAGE and guess["words"] > 0:
            conversation.language = guess["language"]
            conversation.language_is_settled = guess["words"] >= TELLING_WORDS
