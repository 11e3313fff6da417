"""Looks through words and facts before anything is served: what is broken is told by file and line, and once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.directory.services import Directory, read_directory
from bot.engine.logs import log
from bot.errors import ContentError
from bot.language.catalogue import named_messages_of, placeholders
from bot.language.exchange import faults
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import STAFF, SourceText, texts_of
from bot.language.yaml_file import read_yaml
from bot.settings import Settings

FACTS = ("deadlines", "districts", "entries", "measures", "needs", "other_languages", "questions", "targets")
"""Files of `content` that are read by name; services are all that lie in their folder."""
FEWEST = 0.5
"""Share of its texts of which a catalogue must have an entry; fewer are what is left of a longer file."""


def look_through(settings: Settings) -> None:
    """Raises ContentError with the first file that is broken.

    A text that is new or was changed may lack in a language, and is said in the source language until it is
    translated; the log tells how many of each file.
    """
    try:
        _look_at_facts(settings.content)
        directory = read_directory(settings.content)
        texts = list(texts_of(STAFF, directory))
        _look_at_needs(directory)
        _look_at_names(directory, texts)
        for code in find_languages(settings.locales, settings.data / "nlu"):
            if code != SOURCE:
                _look_at_language(code, settings.locales, texts)
    except ContentError as error:
        raise ContentError(f"{error}. Nothing was started: mend it, or bring the file of the release back") from error


def _look_at_facts(content: Path) -> None:
    for path in (content / f"{name}.yml" for name in FACTS):
        if not read_yaml(path):
            raise ContentError(f"{path} holds nothing")


def _look_at_needs(directory: Directory) -> None:
    for service in directory.services.values():
        for line in service.serves:
            if line.need not in directory.needs:
                raise ContentError(f"needs.yml lacks {line.need}, which {service.id} serves")


def _look_at_names(directory: Directory, texts: list[SourceText]) -> None:
    """A fact that a text names stands in the directory: the number to call in danger is one."""
    facts = directory.facts()
    for text in texts:
        for name in sorted(placeholders(text.text)):
            if "." in name and name not in facts:
                raise ContentError(f"services lack {name}, which {text.context} names")


def _look_at_language(code: str, locales: Path, texts: list[SourceText]) -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for name, message in named_messages_of(code, locales):
        key = (message.context or "", str(message.id))
        found.setdefault(name, set()).add(key)
        if message.string and not message.fuzzy and _breaks(key[1], str(message.string)):
            what = ", ".join(faults(*key, str(message.string)))
            raise ContentError(f"{name}.po ({code}): line {message.lineno}: {key[0]}: {what}")
    for name, lacking, wanted in _lacking(code, texts, found):
        if lacking > (1 - FEWEST) * wanted:
            raise ContentError(
                f"{name}.po ({code}): is missing or cut off: {lacking} of its {wanted} texts are not there"
            )
        log.warning("texts_missing", where=f"{name}.po ({code})", count=lacking)


def _breaks(source: str, translation: str) -> bool:
    """The two faults that a person would see; translators are told of more (`faults`), which takes a second."""
    return placeholders(source) != placeholders(translation) or source.count("\n") != translation.count("\n")


def _lacking(
    code: str, texts: list[SourceText], found: dict[str, set[tuple[str, str]]]
) -> Iterator[tuple[str, int, int]]:
    """(catalogue, texts that are not in it, texts that should be), of those that lack any."""
    of_language = [text for text in texts if text.catalogue != "console" or code == STAFF]
    wanted = Counter(text.catalogue for text in of_language)
    there = Counter(
        text.catalogue for text in of_language if (text.context, text.text) in found.get(text.catalogue, ())
    )
    return ((name, number - there[name], number) for name, number in wanted.items() if there[name] < number)
