"""Every need in every language and every situation: an answer, a next step, and no word of another language."""

from typing import Any

import pytest

from bot.directory.needs import Need
from bot.directory.services import SAFETY_NEEDS, read_directory
from bot.engine.guide import Guide
from bot.language.languages import SOURCE, find_languages
from bot.settings import Settings
from tests.conversations.test_conversations import check_words, plain_message
from tests.directory.situations import situations_of
from tests.resident import Resident

DIRECTORY = read_directory(Settings().content)
LANGUAGES = list(find_languages(Settings().locales, Settings().data / "nlu"))
LED = [need for need in DIRECTORY.needs.values() if need.name != "report_discrimination"]
NEVER_PRESSED = {"out_of_scope"}
"""No button leads there: it is reached by words alone."""


@pytest.mark.slow
@pytest.mark.parametrize("need", LED, ids=lambda need: need.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_ends_in_something_to_do_now(guide: Guide, need: Need, language: str) -> None:
    resident = Resident(guide, language)
    comes_with(resident, need, language)
    for situation in situations_of(need, DIRECTORY):
        if "near" not in need.asks and situation.get("near", "unsaid") != "unsaid":
            continue  # not asked here, only taken from what was told
        answers = [f"{question}_{situation[question]}" for question in need.asks]
        resident.presses(*answers)
        checks(resident, need, situation)
        if answers:
            resident.presses("change_situation")


def comes_with(resident: Resident, need: Need, language: str) -> None:
    if need.name in NEVER_PRESSED:
        resident.says(plain_message(resident.guide, need.name, language))
        return
    path = ["need_bot_capabilities"]
    if need.topic not in {"talk", "safety"}:
        path += [f"topic_{need.topic}"]
    elif need.name in SAFETY_NEEDS - {"emergency"}:
        path += ["need_emergency"]
    resident.presses(*path, f"need_{need.name}")


def checks(resident: Resident, need: Need, situation: dict[str, str]) -> None:
    assert resident.replies[0] == f"utter_{need.name}"
    assert 1 <= len(resident.services) <= 3
    assert resident.buttons, "nothing can be done next"
    for message in resident.messages:
        check_words(resident.guide, message)
        for text in texts_of(message):
            assert "{" not in text, situation
    told = [card.get("phone") or card.get("url") or card.get("steps") for card in cards_of(resident)]
    assert all(told), "a place without a way to it"


def texts_of(message: dict[str, Any]) -> list[str]:
    cards = [str(value) for card in message["services"] for value in card.values()]
    return [message["text"], *(button["title"] for button in message["buttons"]), *cards]


def cards_of(resident: Resident) -> list[dict[str, Any]]:
    return [card for message in resident.messages for card in message["services"]]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_no_card_says_in_another_language_what_it_says_in_english(guide: Guide, language: str) -> None:
    english, own = guide.words(SOURCE), guide.words(language)
    for service in DIRECTORY.services.values():
        for field, text in service.texts() if service.serves else ():
            name = f"{service.id}.{field}"
            said = own.say(name, text)
            assert field == "name" or said != english.say(name, text), name
