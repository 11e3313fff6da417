"""`vejviser languages`: the state of every translation, computed from the catalogues."""

import argparse
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.directory.services import read_directory
from bot.errors import SettingError
from bot.language.catalogue import read_file
from bot.language.dates import today
from bot.language.exchange import Review, export, refusals, take, with_states, write_export
from bot.language.extract import update_all
from bot.language.kinds import Kind, kind_of
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import SourceText, texts_of
from bot.language.states import State
from bot.settings import Settings

type Texts = Callable[[str], list[SourceText]]


def languages(settings: Settings, given: argparse.Namespace) -> int:
    directory = read_directory(settings.content)

    def texts(code: str) -> list[SourceText]:
        return list(texts_of(code, directory))

    found = find_languages(settings.locales, settings.data / "nlu")
    if given.update:
        update_all(found, settings.locales, texts)
    if given.export:
        return _export(settings, given, texts, found)
    if given.take:
        return _take(settings, given, texts, found)
    states = {code: states_of(code, settings, texts(code)) for code in found if code != SOURCE}
    if given.json:
        print(json.dumps(states))  # noqa: T201 - the command's result
        return 0
    print(f"{len(texts(SOURCE))} texts in {SOURCE}, the source")  # noqa: T201 - the command's result
    for code, kinds in states.items():
        print(f"{found[code].name} ({code})")  # noqa: T201 - the command's result
        for kind, counted in kinds.items():
            line = ", ".join(f"{count} {state}" for state, count in counted.items() if count)
            print(f"  {kind}: {line}")  # noqa: T201 - the command's result
    return 0


def _export(settings: Settings, given: argparse.Namespace, texts: Texts, found: Iterable[str]) -> int:
    code = _spoken(given.export, found)
    states = set(State) - {State.REVIEWED} if given.all else {State.MISSING, State.OUTDATED}
    path = Path(given.to or f"vejviser-{code}.po")
    catalog = export(code, settings.locales, texts(code), states)
    write_export(path, code, catalog)
    print(f"{path}: {len(catalog)} texts")  # noqa: T201 - the command's result
    return 0


def _take(settings: Settings, given: argparse.Namespace, texts: Texts, found: Iterable[str]) -> int:
    """Take a translator's file back whole, or not at all; the language stands in its header."""
    path = Path(given.take)
    if not path.is_file():
        raise SettingError(f"--import: {path} is no file")
    header = re.search(r'^"Language: (\w+)', path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    code = _spoken(header[1] if header else "", found)
    returned = read_file(path, code)
    refused = list(refusals(returned, texts(code)))
    for refusal in refused:
        print(f"{path.name}: {refusal}")  # noqa: T201 - the command's result
    if refused:
        print(f"{len(refused)} refused, nothing taken")  # noqa: T201 - the command's result
        return 1
    review = Review(given.reviewed_by, today()) if given.reviewed_by else None
    try:
        changed = take(code, settings.locales, returned, texts(code), review)
    except ValueError as error:
        raise SettingError(f"--reviewed-by: {error}") from error
    print(f"{changed} texts of {code} taken" + (", all reviewed" if review else ""))  # noqa: T201 - the command's result
    return 0


def _spoken(code: str, found: Iterable[str]) -> str:
    if code not in found or code == SOURCE:
        raise SettingError(f"{code or 'no language'} is not one of {', '.join(sorted(set(found) - {SOURCE}))}")
    return code


def states_of(code: str, settings: Settings, texts: Iterable[SourceText]) -> dict[str, dict[State, int]]:
    """{kind: {state: how many texts}}; a text without an entry is missing."""
    counted = {kind.value: dict.fromkeys(State, 0) for kind in Kind}
    for text, _, state in with_states(code, settings.locales, texts):
        counted[kind_of(text.catalogue, text.context)][state] += 1
    return counted
