"""Plays every conversation file of this folder in every language, on the real model with the real actions.

A turn is `need: N` (typed: a first training message of that need in the language), `presses: [button, …]`,
`says: text` (in any language). `replies`, `services` and `offers` are what must come; `rows`: what was stored.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.guide import Guide
from bot.engine.nlu.danger import UNCLEAR
from bot.engine.nlu.needs import SECOND
from bot.language.languages import SOURCE, find_languages
from bot.settings import Settings
from tests.resident import Resident
from tests.training_messages import messages_of_need

FILES = sorted(Path(__file__).parent.glob("*.yml"))
LANGUAGES = list(find_languages(Settings().locales, Settings().data / "nlu"))
FIRST = 5
RAW = re.compile(r"[{}]|\bNone\b|\bnull\b|\butter_|\baction_")


def conversations() -> Iterator[Any]:
    for path in FILES:
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            for language in conversation.get("languages", LANGUAGES):
                yield pytest.param(conversation, language, id=f"{path.stem}: {conversation['name']} [{language}]")


@pytest.mark.parametrize(("conversation", "language"), conversations())
def test_it_goes_as_written(guide: Guide, conversation: dict[str, Any], language: str) -> None:
    resident = Resident(guide, language)
    before = resident.counts()
    for turn in conversation["turns"]:
        play(resident, turn, language)
        assert resident.reply["lang"] == turn.get("language", language)
        for field in ("replies", "services"):
            if field in turn:
                assert getattr(resident, field) == turn[field], turn
        assert set(turn.get("offers", [])) <= set(resident.buttons), turn
        for message in resident.messages:
            check_words(guide, message)
    stored = {table: count - before[table] for table, count in resident.counts().items()}
    assert stored == {"referral": 0, "report": 0} | conversation.get("rows", {})


def play(resident: Resident, turn: dict[str, Any], language: str) -> None:
    if "need" in turn:
        resident.says(plain_message(resident.guide, turn["need"], language))
    elif "says" in turn:
        resident.says(turn["says"])
    else:
        resident.presses(*turn["presses"])


def plain_message(guide: Guide, need: str, language: str) -> str:
    """The first of a need's first training messages that is surely read as that need alone: this is about what follows.

    How well messages are understood is measured on others, in tests/understanding.
    """
    for text in messages_of_need(need, language)[:FIRST]:
        parsed = asyncio.run(guide.engine.understand(text, language))
        if parsed["intent"]["name"] == need and SECOND not in parsed and UNCLEAR not in parsed:
            return text
    raise AssertionError(f"none of the first {FIRST} messages of {need} in {language} is read as that")


def check_words(guide: Guide, message: dict[str, Any]) -> None:
    """No placeholder, name or empty text reaches a resident, and no English inside another language."""
    texts = [message["text"], *(button["title"] for button in message["buttons"])]
    for service in message["services"]:
        assert all(service.values()), service
        texts += [service["name"], service["what"], *service.get("steps", [])]
    for text in texts:
        assert text.strip()
        assert not RAW.search(text), text
    if message["lang"] != SOURCE:
        english = {variation["text"] for variation in guide.engine.replies[message["reply"]]}
        assert message["text"] not in english
