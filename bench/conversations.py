"""What is said to both sides: conversations.yml, read as turns."""

from dataclasses import dataclass
from pathlib import Path

import yaml

WRITTEN = Path(__file__).parent / "conversations.yml"


@dataclass(frozen=True)
class Turn:
    """A typed message, or a pressed button by its id."""

    said: str
    typed: bool


def read_conversations() -> dict[str, list[Turn]]:
    """The turns of one session in each language, by its code."""
    written = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))
    return {code: [_turn(item) for item in items] for code, items in written.items()}


def _turn(item: dict[str, str]) -> Turn:
    ((how, said),) = item.items()
    if how not in {"say", "press"}:
        raise ValueError(f"conversations.yml: {how} is neither say nor press")
    return Turn(said, how == "say")
