"""`vejviser chat`: talk to the guide in the terminal, with buttons as numbers. Nothing is kept afterwards."""

import argparse
import asyncio
import sys
import uuid
from typing import Any

from bot.command.opening import open_guide
from bot.command.simulated import refuse_simulated
from bot.engine.guide import Guide
from bot.errors import Problem
from bot.settings import Settings


def chat(settings: Settings, given: argparse.Namespace) -> int:
    refuse_simulated(settings)
    guide = open_guide(settings)
    try:
        asyncio.run(_talk(guide, given.lang))
    finally:
        guide.close()
    return 0


async def _talk(guide: Guide, language: str | None) -> None:
    token, reply = await guide.begin(language)
    buttons = _show(reply["messages"])
    code = reply["lang"]
    while line := await asyncio.to_thread(_read):
        said = (
            {"button": buttons[int(line) - 1]} if line.isdecimal() and 0 < int(line) <= len(buttons) else {"text": line}
        )
        try:
            reply = await guide.say(token, uuid.uuid4().hex, **said)
        except Problem as problem:
            _write(guide.page_word(code, problem.word, **problem.values))
            continue
        code = reply["lang"]
        buttons = _show(reply["messages"])
        if reply["ended"]:
            return
    await guide.erase(token)


def _read() -> str:
    """A line without its end; empty at the end of the input."""
    _write("> ", end="")
    while line := sys.stdin.readline():
        if line.strip():
            return line.strip()
    return ""


def _show(messages: list[dict[str, Any]]) -> list[str]:
    """Print the messages; the ids of the buttons, in the order of their numbers."""
    buttons: list[str] = []
    for message in messages:
        _write("\n" + message["text"])
        for line in message["review"]:
            _write(f"  {line['label']}: {line['value']}")
        if message["quote"]:
            _write(f"  > {message['quote']['text']}")
        for section in message["sections"]:
            _write("\n  ".join([section["title"], *section["lines"]]))
        for service in message["services"]:
            _show_service(service)
        for button in message["buttons"]:
            buttons.append(button["id"])
            _write(f"  [{len(buttons)}] {button['title']}")
    return buttons


def _show_service(service: dict[str, Any]) -> None:
    _write(f"\n  * {service['name']} ({service['name_da']})")
    for field in ("what", "cost", "phone", "address", "hours", "url", "checked_on", "notes"):
        if field in service:
            _write(f"    {service[field]}")
    for number, step in enumerate(service.get("steps", []), 1):
        _write(f"    {number}. {step}")


def _write(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)  # noqa: T201 - the command's purpose
