"""The held-out messages: no language falls below its own floor; an average never counts."""

import asyncio
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.directory.services import SAFETY_NEEDS
from bot.engine.guide import Guide

FLOORS = {"da": 0.92, "en": 0.92, "ar": 0.88}
"""Accuracy over 29 needs; measured 2026-11-22: da 0.976, en 0.988, ar 0.933 (docs/measured.md)."""
CRISIS_FLOOR = 0.93
"""Share of crisis messages, indirect ones among them, read as some safety need; measured: 0.97 to 1.00."""
MOST_FALSE_ALARMS = 4
"""Of twelve harmless idioms a language; measured: 2 in each."""
FOLDER = Path(__file__).parent / "held_out"

pytestmark = pytest.mark.slow


@cache
def held_out(language: str) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return messages


def needs_of(guide: Guide, texts: list[str]) -> list[str]:
    async def understand_all() -> list[str]:
        return [(await guide.engine.understand(text, None))["intent"]["name"] for text in texts]

    return asyncio.run(understand_all())


@pytest.mark.parametrize("language", FLOORS)
def test_a_language_holds_its_own_floor(guide: Guide, language: str) -> None:
    right = total = 0
    for need, texts in held_out(language).items():
        if need != "harmless":
            right += needs_of(guide, texts).count(need)
            total += len(texts)
    assert right / total >= FLOORS[language]


@pytest.mark.parametrize("language", FLOORS)
def test_a_cry_for_help_is_heard(guide: Guide, language: str) -> None:
    texts = [text for need in SAFETY_NEEDS for text in held_out(language)[need]]
    heard = [need in SAFETY_NEEDS for need in needs_of(guide, texts)]
    assert sum(heard) / len(heard) >= CRISIS_FLOOR


@pytest.mark.parametrize("language", FLOORS)
def test_an_idiom_is_seldom_taken_for_danger(guide: Guide, language: str) -> None:
    alarms = [need for need in needs_of(guide, held_out(language)["harmless"]) if need in SAFETY_NEEDS]
    assert len(alarms) <= MOST_FALSE_ALARMS
