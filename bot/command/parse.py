"""`vejviser parse`: lines of standard input in, a line of JSON each out."""

import argparse
import asyncio
import json
import sys
from typing import Any

from bot.command.opening import open_guide
from bot.engine.guide import Guide
from bot.engine.nlu.danger import UNCLEAR
from bot.engine.nlu.needs import FALLBACK
from bot.errors import SettingError
from bot.settings import Settings

RANKED = 3


def parse(settings: Settings, given: argparse.Namespace) -> int:
    guide = open_guide(settings)
    if given.lang and given.lang not in guide.languages:
        raise SettingError(f"--lang: {given.lang} is none of {', '.join(guide.languages)}")
    for line in sys.stdin:
        parsed = asyncio.run(parsed_line(guide, line.rstrip("\r\n"), given.lang))
        print(json.dumps(parsed, ensure_ascii=False), flush=True)  # noqa: T201 - the command's result
    guide.close()
    return 0


async def parsed_line(guide: Guide, text: str, language: str | None) -> dict[str, Any]:
    """`{"text", "language", "need", "confidence", "asks", "ranking": [{"need", "confidence"} × 3]}`.

    `asks`: true where the need is not acted on but asked about: nothing is clear enough, or a danger is not.
    """
    parsed = await guide.engine.understand(text, language)
    ranking = [
        {"need": item["name"], "confidence": round(item["confidence"], 4)}
        for item in parsed["intent_ranking"]
        if item["name"] != FALLBACK
    ]
    return {
        "text": text,
        "language": parsed.get("language"),
        "need": parsed["intent"]["name"],
        "confidence": round(parsed["intent"]["confidence"], 4),
        "asks": parsed["intent"]["name"] == FALLBACK or UNCLEAR in parsed,
        "ranking": ranking[:RANKED],
    }
