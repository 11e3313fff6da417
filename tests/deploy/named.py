"""What a text names of the program: settings and commands; and whether they are there."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterable

from bot.command.main import parser
from bot.settings import Settings

SETTINGS = {f"VEJVISER_{field.upper()}" for field in Settings.__dataclass_fields__}


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bVEJVISER_[A-Z_]*[A-Z]\b", text))


def is_command(words: Iterable[str]) -> bool:
    """Whether `vejviser` takes these arguments; names in capitals stand for what an operator fills in."""
    filled = ["2026Q3" if word == "QUARTER" else word.lower() if word.isupper() else word for word in words]
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        parser().parse_args(filled)
        return True
    return False


def commands_in(text: str) -> list[list[str]]:
    """The arguments of each `vejviser …`, and of each that compose runs in the image, in code of a Markdown text."""
    code = [*re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE), *re.findall(r"`([^`\n]+)`", text)]
    lines = [line.partition("#")[0].strip() for block in code for line in block.splitlines()]
    found = (re.search(r"(?:(?:^|[\s/])vejviser|run --rm .*?\b(?:chat|console)) ([a-z].*)$", line) for line in lines)
    return [shlex.split(match[1]) for match in found if match and match[1]]
