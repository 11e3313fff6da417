"""What the console says, in Danish and English; and what is sent to a person, in every language."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime

from bot.casework.time_left import COPENHAGEN
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.languages import SOURCE, Language
from bot.language.sources import ANSWER_WORDS, CONSOLE_WORDS, STAFF, page_texts, reply_texts
from bot.settings import Settings

SPOKEN = (STAFF, SOURCE)
WRITTEN_AS = {SOURCE: "en_GB"}
"""Days before months, as in Denmark."""
CODES_OF = {
    "status": ("status",), "triage": ("triage",), "hold": ("hold",), "journal": ("journal",), "result": ("coverage",),
    "outcome": ("closing", "handover.outcome", "sending"), "state": ("handover.state",), "way": ("way",),
    "mode": ("mode",), "role": ("role",), "needed": ("said_so",), "answer": ("said_so",), "words": ("said_so",),
    "second_factor": ("factor",), "why": ("why",), "form": ("form",),
}  # fmt: skip
"""{field of an event: beginnings of the texts that say its codes}."""


@lru_cache(maxsize=64)
def _catalogue(language: Language, locales: Path) -> Catalogue:
    return read_catalogue(language, locales, {})


@lru_cache(maxsize=1)
def _sources() -> tuple[dict[str, str], ...]:
    """{name: source text} of the console's words, messages, buttons, and labels of the report."""
    buttons = (it for it in reply_texts() if it.context.startswith("button_"))
    labels = (it for it in page_texts() if it.context.startswith("review."))
    every = (page_texts(CONSOLE_WORDS, "console"), page_texts(ANSWER_WORDS, "answers"), buttons, labels)
    return tuple({it.context: it.text for it in texts} for texts in every)


class Words:
    def __init__(self, settings: Settings, languages: Mapping[str, Language]) -> None:
        self._locales = settings.locales
        self.languages = languages
        self._texts, self._answers, self._titles, self._labels = map(dict, _sources())
        for code in SPOKEN:
            self.catalogue(code)

    def catalogue(self, code: str) -> Catalogue:
        """Read once a process."""
        return _catalogue(self.languages[code], self._locales)

    def word(self, code: str, name: str, /, **values: object) -> str:
        """A text of console_words.yml; an unknown name raises KeyError."""
        return self.catalogue(code).say(name, self._texts[name], **{key: str(value) for key, value in values.items()})

    def knows(self, name: str) -> bool:
        return name in self._texts

    def label(self, code: str, question: str) -> str:
        """How a question of the report is called where it is read back."""
        name = f"review.{question}"
        return self.catalogue(code).say(name, self._labels[name])

    def title(self, code: str, question: str, answer: str) -> str:
        """What stood on the button; a month as it is."""
        name = f"button_{question}_{answer}"
        return self.catalogue(code).say(name, self._titles[name]) if name in self._titles else answer

    def language_name(self, code: str, of: str) -> str:
        return str(Locale.parse(of).get_display_name(code) or of) if of else ""

    def day(self, code: str, day: dt.date) -> str:
        return str(format_date(day, "long", locale=WRITTEN_AS.get(code, code)))

    def moment(self, code: str, at: dt.datetime) -> str:
        """In local time, as on the clock in the office."""
        pattern = "d. MMM y HH:mm" if code == STAFF else "d MMM y HH:mm"
        return str(format_datetime(at, pattern, tzinfo=COPENHAGEN, locale=code))

    def event(self, code: str, verb: str, detail: str | Mapping[str, object]) -> str:
        """A line of the record or of the timeline; codes in it are said as everywhere."""
        values = json.loads(detail) if isinstance(detail, str) else detail
        name = f"event.{verb}"
        if name not in self._texts:
            return verb
        return self.word(code, name, **{field: self._spoken(code, field, value) for field, value in values.items()})

    def _spoken(self, code: str, field: str, value: object) -> str:
        if isinstance(value, bool):
            value = "yes" if value else "no"
        for prefix in CODES_OF.get(field, ()):
            if f"{prefix}.{value}" in self._texts:
                return self.word(code, f"{prefix}.{value}")
        if field == "language" and value in self.languages:
            return self.language_name(code, str(value))
        return str(value) if value != "" else "–"

    # What is sent to a person

    @property
    def answers(self) -> list[str]:
        """Names of the messages that need no writing."""
        return list(self._answers)

    def needs_body(self, name: str) -> bool:
        return "{body}" in self._answers[name]

    def body(self, code: str, body: str, name_da: str) -> str:
        """As the person's own button called it, without what stands in brackets there; else its Danish name."""
        title = self.title(code, "forward", body)
        called = title.partition(" (")[0] if title != body else name_da
        return "the" + called[3:] if called.startswith("The ") else called

    def answer(self, code: str, name: str, day: dt.date, body: str) -> str:
        """A message in a person's language, as plain text without marks of direction."""
        said = self.catalogue(code).say(
            name, self._answers[name], date=format_date(day, "long", locale=code), body=body
        )
        return said.translate(_NO_MARKS)


_NO_MARKS = dict.fromkeys(range(0x2066, 0x206A))
