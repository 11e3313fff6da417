"""The training messages, read from their files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.language.yaml_file import read_yaml


@dataclass(frozen=True)
class Example:
    text: str
    need: str
    language: str
    file: str


def examples_in(path: Path) -> Iterator[tuple[str, str, str]]:
    """(need, language, message) of every example of one file; none of a file that holds no messages."""
    blocks: list[dict[str, Any]] = read_yaml(path).get("nlu") or []
    for block in blocks:
        for line in block["examples"].splitlines():
            if line.startswith("-"):
                yield block["intent"], block["metadata"]["language"], line.removeprefix("-").strip()


def examples_of(messages: Path) -> list[Example]:
    """Every training message of every language, in the order of their files."""
    paths = sorted(messages.glob("*/*.yml"))
    return [Example(text, need, language, path.name) for path in paths for need, language, text in examples_in(path)]
