"""The training messages by need, as the tests need them."""

from functools import cache, lru_cache
from pathlib import Path

import yaml

from bot.settings import Settings

FURTHER = {"everyday", "variety", "romanised", "harmless"}
"""Files of less direct messages; the first message of a need is a plain one."""


@lru_cache(maxsize=1)
def all_messages() -> list[tuple[str, str, str, Path]]:
    """(text, need, language stated in its metadata, file) of every training message."""
    found = []
    for path in sorted(Settings().data.glob("nlu/*/*.yml"), key=lambda path: (path.stem in FURTHER, path)):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []) or []:
            language = block["metadata"]["language"]
            lines = [line for line in block["examples"].splitlines() if line.startswith("- ")]
            found += [(line[2:].strip(), block["intent"], language, path) for line in lines]
    return found


@cache
def messages_of_need(need: str, language: str) -> list[str]:
    return [text for text, of_need, of_language, _ in all_messages() if (of_need, of_language) == (need, language)]
