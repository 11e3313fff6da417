"""The training messages by need, as the tests need them."""

from functools import cache, lru_cache
from pathlib import Path

from bot.language.examples import examples_in
from bot.settings import Settings

FURTHER = {
    "everyday", "variety", "romanised", "romanised_more", "harmless", "further", "pleas", "idioms", "idioms_more",
    "contrasts", "arabizi", "arabizi_more", "idioms_wide", "pleas_wide", "voices", "voices_danger", "voices_latin",
    "varieties", "varieties_danger",
}  # fmt: skip
"""Files of less direct messages; the first message of a need is a plain one."""


@lru_cache(maxsize=1)
def all_messages() -> list[tuple[str, str, str, Path]]:
    """(text, need, language stated in its metadata, file) of every training message."""
    paths = sorted(Settings().data.glob("nlu/*/*.yml"), key=lambda path: (path.stem in FURTHER, path))
    return [(text, need, language, path) for path in paths for need, language, text in examples_in(path)]


@cache
def messages_of_need(need: str, language: str) -> list[str]:
    return [text for text, of_need, of_language, _ in all_messages() if (of_need, of_language) == (need, language)]
