"""`vejviser messages`: what an editor should look at among the training messages."""

import argparse
import asyncio
from collections.abc import Iterable
from typing import Any

from bot.command.evaluate import top
from bot.command.opening import open_guide
from bot.engine.guide import Guide
from bot.language.apart import is_kept_apart
from bot.language.checks import hard_to_tell_apart, in_another_language, in_another_script, near_duplicates
from bot.language.examples import Example, examples_of
from bot.settings import Settings


def messages(settings: Settings, given: argparse.Namespace) -> int:
    """Exit code 1 where a message stands under two needs or in another script: the others are for a person to judge."""
    examples = examples_of(settings.data / "nlu")
    twice, script = list(near_duplicates(examples)), list(in_another_script(examples))
    _tell("Nearly the same under two needs", twice)
    _tell("In another script than its language's", script)
    _tell("Perhaps in another language", in_another_language(examples))
    guide = open_guide(settings)
    try:
        read = asyncio.run(_read(guide, [example for example in examples if is_kept_apart(example.text)]))
    finally:
        guide.close()
    _tell("Hard to tell apart (of the messages kept apart)", (f"{a} read as {b}: {n}" for a, b, n in read))
    return 1 if twice or script else 0


async def _read(guide: Guide, apart: list[Example]) -> list[tuple[str, str, int]]:
    parses = [await guide.engine.understand(example.text, example.language) for example in apart]
    return hard_to_tell_apart((example.need, top(parse)) for example, parse in zip(apart, parses, strict=True))


def _tell(title: str, found: Iterable[Any]) -> None:
    lines = [f"  {item}" for item in found]
    print("\n".join([f"{title}: {len(lines)}", *lines]), flush=True)  # noqa: T201 - the command's result
