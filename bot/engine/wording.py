"""Words by language outside a turn: of pages, of buttons, and of the consents whose text is noted with them."""

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.casework.fitting import Fitting, said_section
from bot.casework.law import Law
from bot.casework.telling import CONSENT_OF
from bot.directory.cards import card_of
from bot.directory.services import Directory
from bot.engine.agent import Engine
from bot.language.catalogue import Catalogue
from bot.language.languages import Language, preferred
from bot.language.sources import page_word, page_words

ASKED = {consent: f"utter_ask_report_{question}" for question, consent in CONSENT_OF.items()}


class Wording:
    def __init__(self, catalogues: Mapping[str, Catalogue], languages: Mapping[str, Language], default: str) -> None:
        self._catalogues = catalogues
        self._default = default
        self.languages = languages
        self.page_names = frozenset(page_words())

    def words(self, code: str) -> Catalogue:
        """The catalogue of a language; of the default one for a code that is not spoken here."""
        return self._catalogues.get(code) or self._catalogues[self._default]

    def page_word(self, code: str, name: str, **values: str) -> str:
        return page_word(self.words(code), name, **values)

    def negotiate(self, accept_language: str) -> str:
        """The best of our languages for an Accept-Language header, else the default."""
        return preferred(accept_language, self.languages, self._default)


class ReportWording:
    """What is said of a report outside the chat."""

    def __init__(self, wording: Wording, engine: Engine, law: Law, directory: Directory) -> None:
        self._wording = wording
        self._engine = engine
        self._law = law
        self._directory = directory

    def consent(self, code: str, consent: str) -> str:
        """The question to which somebody agrees."""
        reply = ASKED[consent]
        return self._wording.words(code).say(reply, self._engine.replies[reply][0]["text"])

    def unchecked(self, code: str) -> bool:
        """Whether a consent's question has not been read by a speaker of the language yet."""
        names = {name for name, _ in self._wording.words(code).unchecked}
        return not names.isdisjoint(ASKED.values())

    def versions(self, code: str) -> dict[str, str]:
        """{consent: which text of it somebody reads in a language}: a short hash, so that a changed text shows."""
        texts = {consent: self.consent(code, consent) for consent in ASKED}
        return {it: hashlib.blake2b(text.encode(), digest_size=6).hexdigest() for it, text in texts.items()}

    def fitting(self, code: str, found: Fitting) -> dict[str, Any]:
        """`sections` on the law in a language, and the cards of `services`."""
        words = self._wording.words(code)
        return {
            "sections": [said_section(words, self._law.words, it.title, it.lines) for it in found.sections],
            "services": [card_of(self._directory.services[service], words) for service in found.services],
        }

    def answer(self, code: str, question: str, answer: str) -> str:
        """What stood on the button that was pressed."""
        button = f"{question}_{answer.replace('-', '_') if question == 'when' else answer}"
        return self._engine.offer(button, self._wording.words(code))[1]
