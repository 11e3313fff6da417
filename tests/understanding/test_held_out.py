"""The release gate: the held-out messages of each language against its own floors (floors.yml)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.command.evaluate import macro_f1, measure_language
from bot.engine.guide import Guide

FOLDER = Path(__file__).parent
FLOORS: dict[str, dict[str, float]] = yaml.safe_load((FOLDER / "floors.yml").read_text(encoding="utf-8"))
AT_MOST = {"wrong", "false_alarms"}
LEFT_OUT = {"outside": [], "two_needs": [], "mixed": {}, "noisy": {}, "romanised": {}}
"""`vejviser evaluate` measures these too; the gate takes half a minute a language without them."""


@pytest.mark.slow
@pytest.mark.parametrize("language", FLOORS)
def test_a_language_holds_its_own_floors(guide: Guide, language: str) -> None:
    held: dict[str, Any] = yaml.safe_load((FOLDER / "held_out" / f"{language}.yml").read_text(encoding="utf-8"))
    figures = asyncio.run(measure_language(guide, language, held | LEFT_OUT))
    for name, floor in FLOORS[language].items():
        figure = 100 * figures[name]
        assert figure <= floor if name in AT_MOST else figure >= floor, (name, figure, floor)


def test_every_language_with_messages_has_floors_and_held_out_messages() -> None:
    folders = {path.name for path in (FOLDER.parents[1] / "data" / "nlu").iterdir()}
    assert folders == set(FLOORS) == {path.stem for path in (FOLDER / "held_out").glob("*.yml")} - {"others"}


def test_each_need_counts_the_same() -> None:
    assert macro_f1([("a", "a")] * 9 + [("b", "a")]) == pytest.approx((18 / 19 + 0) / 2)
    assert macro_f1([]) == 0
