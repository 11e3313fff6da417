"""What the benchmark says to both sides can be said: every button it presses is offered then."""

from typing import Any

import pytest

from bot.engine.guide import Guide
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT
from tests.resident import Resident

CONVERSATIONS: dict[str, list[dict[str, Any]]] = read_yaml(ROOT / "bench" / "conversations.yml")


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_it_can_be_played(guide: Guide, language: str) -> None:
    resident = Resident(guide, language)
    for turn in CONVERSATIONS[language]:
        if "press" in turn:
            assert turn["press"] in resident.buttons, turn
            resident.presses(turn["press"])
        else:
            resident.says(turn["say"])
        assert resident.messages
