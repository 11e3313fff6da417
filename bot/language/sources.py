"""Collects every text a person reads, in the source language, with the name under which it is translated."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.directory.services import Directory
from bot.language.catalogue import Catalogue
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT

WORDS = ROOT / "bot" / "web" / "words.yml"
CONSOLE_WORDS = ROOT / "bot" / "web" / "console_words.yml"
ANSWER_WORDS = ROOT / "bot" / "web" / "answer_words.yml"
LAW_WORDS = ROOT / "content" / "law" / "words.yml"
STAFF = "da"
"""The language of staff, beside the source: the console speaks no other."""
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class SourceText:
    catalogue: str
    """`replies`, `pages`, `services`, `law`, `answers` or `console`: the name of the .po file."""
    context: str
    """Name of the reply, button, page text or service field (gettext's msgctxt)."""
    text: str


def page_texts(words: Path = WORDS, catalogue: str = "pages") -> Iterator[SourceText]:
    for context, text in read_yaml(words).items():
        yield SourceText(catalogue, context, str(text))


def reply_texts(domain: Path = DOMAIN) -> Iterator[SourceText]:
    """Texts of replies in the domain's order, then each button once."""
    responses: dict[str, list[dict[str, object]]] = read_yaml(domain)["responses"]
    buttons: dict[str, str] = {}
    for name, variations in responses.items():
        for variation in variations:
            yield SourceText("replies", name, str(variation["text"]))
            for button in variation.get("buttons", []):  # type: ignore[attr-defined]
                buttons[button["id"]] = button["title"]
    for button_id, title in buttons.items():
        yield SourceText("replies", f"button_{button_id}", title)


def service_texts(directory: Directory) -> Iterator[SourceText]:
    """Texts of every service that some need reaches; the others are never shown."""
    for service in directory.services.values():
        if service.serves:
            for field, text in service.texts():
                yield SourceText("services", f"{service.id}.{field}", text)


def texts_of(code: str, directory: Directory) -> Iterator[SourceText]:
    """Every text that a language must have: those of residents, and for staff those of the console."""
    yield from reply_texts()
    yield from page_texts()
    yield from service_texts(directory)
    yield from page_texts(LAW_WORDS, "law")
    yield from page_texts(ANSWER_WORDS, "answers")
    if code == STAFF:
        yield from page_texts(CONSOLE_WORDS, "console")


@lru_cache(maxsize=1)
def page_words() -> dict[str, str]:
    return {name: str(text) for name, text in read_yaml(WORDS).items()}


def page_word(words: Catalogue, name: str, **values: str) -> str:
    """A text of bot/web/words.yml in the language of `words`; an unknown name raises KeyError."""
    return words.say(name, page_words()[name], **values)
