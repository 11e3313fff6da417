"""`vejviser languages`: the state of every translation, and the way of texts to translators and reviewers and back."""

import argparse
import asyncio
import json
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from bot.directory.services import read_directory
from bot.errors import SettingError
from bot.language.catalogue import read_file
from bot.language.dates import today
from bot.language.exchange import Review, export, refusals, take, write_export
from bot.language.extract import update_all
from bot.language.languages import SOURCE, find_languages
from bot.language.reviews import Applied, applied, fault_of_name, states_of
from bot.language.sources import SourceText, texts_of
from bot.language.states import State
from bot.settings import Settings
from bot.store.opening import open_store, store_is_there
from bot.store.review_verbs import ReviewRow, Reviews

NONE_WAIT = "no reviews wait"

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
    if given.take is True:
        return _take_reviews(settings, given, texts, found)
    if given.take is not None:
        return _take(settings, given, texts, found)
    states = {code: states_of(code, settings.locales, texts(code)) for code in found if code != SOURCE}
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
    if review and (wrong := fault_of_name(review.who)):
        raise SettingError(f"--reviewed-by: {wrong}")
    changed = take(code, settings.locales, returned, texts(code), review)
    print(f"{changed} texts of {code} taken" + (", all reviewed" if review else ""))  # noqa: T201 - the command's result
    return 0


def _take_reviews(settings: Settings, given: argparse.Namespace, texts: Texts, found: Iterable[str]) -> int:
    """Take what reviewers said in the console, each review by itself; exit code 1 where one was refused."""
    if given.reviewed_by:
        raise SettingError("--reviewed-by: who has read a text in the console is known")
    if not store_is_there(settings):
        print(NONE_WAIT)  # noqa: T201 - the command's result
        return 0
    store = open_store(settings)
    try:
        return asyncio.run(_apply(store.reviews, settings.locales, texts, set(found) - {SOURCE}))
    finally:
        store.close()


async def _apply(reviews: Reviews, locales: Path, texts: Texts, spoken: set[str]) -> int:
    """A review leaves the store only after it is in the catalogue and told: a run that was cut short can be redone."""
    refused, pending = 0, await reviews.pending()
    if not pending:
        print(NONE_WAIT)  # noqa: T201 - the command's result
    for code, waiting in groupby(pending, key=lambda row: row.language):
        rows = tuple(waiting)
        done = applied(code, locales, texts(code), rows) if code in spoken else Applied(outdated=rows)
        _tell(code, done)
        await reviews.drop([*done.taken, *done.outdated])
        refused += len(done.refused)
    return 1 if refused else 0


def _tell(code: str, done: Applied) -> None:
    """What is dropped as outdated is told with its words: nobody's work is lost unseen."""
    lines = [f"{_named(row)}: outdated, dropped" for row in done.outdated]
    lines += [f"{_named(row)}: refused, kept: {why}" for row, why in done.refused]
    counts = f"{len(done.taken)} taken, {len(done.outdated)} outdated, {len(done.refused)} refused"
    print("\n".join([*lines, f"reviews of {code}: {counts}"]))  # noqa: T201 - the command's result


def _named(row: ReviewRow) -> str:
    words = f" ({row.corrected!r})" if row.corrected else ""
    return f"{row.language}: {row.catalogue}: {row.context}, by {row.by_whom}, {row.on_day}{words}"


def _spoken(code: str, found: Iterable[str]) -> str:
    if code not in found or code == SOURCE:
        raise SettingError(f"{code or 'no language'} is not one of {', '.join(sorted(set(found) - {SOURCE}))}")
    return code
