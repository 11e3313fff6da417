"""`vejviser languages`: the state of every translation, computed from the catalogues."""

import argparse
import json
from collections import Counter

from bot.directory.services import read_directory
from bot.language.catalogue import messages_of
from bot.language.extract import update_all
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import all_texts
from bot.language.states import State, state_of_message
from bot.settings import Settings


def languages(settings: Settings, given: argparse.Namespace) -> int:
    texts = list(all_texts(read_directory(settings.content / "services")))
    found = find_languages(settings.locales, settings.data / "nlu")
    if given.update:
        update_all(found, settings.locales, texts)
    wanted = {(text.context, text.text) for text in texts}
    states = {
        code: dict.fromkeys(State, 0) | dict(states_of(code, settings, wanted)) for code in found if code != SOURCE
    }
    if given.json:
        print(json.dumps(states))  # noqa: T201 - the command's result
        return 0
    print(f"{len(wanted)} texts in {SOURCE}, the source")  # noqa: T201 - the command's result
    for code, counted in states.items():
        line = ", ".join(f"{count} {state}" for state, count in counted.items() if count)
        print(f"{found[code].name} ({code}): {line}")  # noqa: T201 - the command's result
    return 0


def states_of(code: str, settings: Settings, wanted: set[tuple[str, str]]) -> Counter[State]:
    """How many of the wanted texts are in which state; one without an entry is missing."""
    counted = Counter(
        state_of_message(message)
        for message in messages_of(code, settings.locales)
        if (message.context or "", str(message.id)) in wanted
    )
    counted[State.MISSING] += len(wanted) - counted.total()
    return counted
