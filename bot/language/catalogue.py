"""The words of one language, read from its gettext catalogues."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.errors import ContentError
from bot.language.direction import isolate, isolate_latin
from bot.language.kinds import SENSITIVE, kind_of
from bot.language.languages import SOURCE, Language
from bot.language.states import State, state_of_message

CATALOGUES = ("replies", "pages", "services", "law", "answers", "console")
PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.-]+)\}")


@dataclass(frozen=True)
class Catalogue:
    """What is said in one language, by (name of the text, source text)."""

    language: Language
    texts: Mapping[tuple[str, str], str]
    facts: Mapping[str, str]
    """Values any text may name in braces: facts of the directory, and settings."""
    unchecked: frozenset[tuple[str, str]] = frozenset()
    """Texts on safety, rights or consent that no speaker of this language has read yet."""

    def say(self, name: str, source: str, /, **values: str) -> str:
        """The text in this language, filled and with foreign runs isolated.

        Where a translation is missing the source text stands in: a resident in need is better off with English
        than with nothing. The house tests keep that from being released.
        """
        text = self.texts.get((name, source), source)
        text = fill(text, {**self.facts, **values})
        return isolate_latin(text) if self.language.direction == "rtl" else text


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each {name} replaced by its value, isolated; raises ContentError for a name without value."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ContentError(f"no value for {{{match[1]}}}")
        return isolate(values[match[1]])

    return PLACEHOLDER.sub(value, text)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def read_catalogue(language: Language, locales: Path, facts: Mapping[str, str]) -> Catalogue:
    """The catalogue of `language`; the source language needs none."""
    texts: dict[tuple[str, str], str] = {}
    unchecked = set()
    for name, message in named_messages_of(language.code, locales) if language.code != SOURCE else ():
        if message.string and not message.fuzzy:
            key = (message.context or "", str(message.id))
            texts[key] = str(message.string)
            if kind_of(name, key[0]) in SENSITIVE and state_of_message(message) is not State.REVIEWED:
                unchecked.add(key)
    return Catalogue(language, texts, facts, frozenset(unchecked))


def messages_of(code: str, locales: Path) -> list[Message]:
    """All entries of a language's .po files, to read only; a broken file raises ContentError with its name and line."""
    return [message for _, message in named_messages_of(code, locales)]


def named_messages_of(code: str, locales: Path) -> list[tuple[str, Message]]:
    """The same, each with the name of its catalogue."""
    paths = sorted((locales / code / "LC_MESSAGES").glob("*.po"))
    return [(path.stem, message) for path in paths for message in _entries(path, code, _state(path))]


def _state(path: Path) -> tuple[int, ...]:
    """Another one whenever the file was written or replaced."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _entries(path: Path, code: str, _: tuple[int, ...]) -> tuple[Message, ...]:
    """Read once as long as the file stays as it is: Babel's reader takes 40 ms a file. Nobody changes them."""
    return tuple(message for message in read_file(path, code) if message.id)


def read_file(path: Path, code: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=code, abort_invalid=True)
    except OSError as error:
        raise ContentError(f"{path.name} ({code}): cannot be read: {error.strerror}") from error
    except Exception as error:  # babel raises plain and its own errors alike, and quotes whole texts in them
        raise ContentError(f"{path.name} ({code}): line {_line(error, path)} is no entry of a catalogue") from error


def _line(error: Exception, path: Path) -> int:
    """Where Babel, which counts from nought, stopped; of a file that is no UTF-8 the first line that is none."""
    if not isinstance(error, UnicodeDecodeError):
        return int(getattr(error, "lineno", 0)) + 1
    read = path.read_bytes().splitlines()
    return next((number for number, line in enumerate(read, 1) if "�" in line.decode("utf-8", "replace")), 1)
