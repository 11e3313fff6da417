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
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class SourceText:
    catalogue: str
    """`replies`, `pages` or `services`: the name of the .po file."""
    context: str
    """Name of the reply, button, page text or service field (gettext's msgctxt)."""
    text: str


def page_texts(words: Path = WORDS) -> Iterator[SourceText]:
    for context, text in read_yaml(words).items():
        yield SourceText("pages", context, str(text))


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


def all_texts(directory: Directory) -> Iterator[SourceText]:
    yield from reply_texts()
    yield from page_texts()
    yield from service_texts(directory)


@lru_cache(maxsize=1)
def page_words() -> dict[str, str]:
    return {name: str(text) for name, text in read_yaml(WORDS).items()}


def page_word(words: Catalogue, name: str, **values: str) -> str:
    """A text of bot/web/words.yml in the language of `words`; an unknown name raises KeyError."""
    return words.say(name, page_words()[name], **values)
