"""Statements as PostgreSQL takes them: their values numbered, and sent beside them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any

from bot.store.database import Values

NOWHERE = token_hex(16)
"""Stands for a text that no column of PostgreSQL can hold, so that who asks for it finds nothing."""
_MARKS = re.compile(
    r"""(?P<text> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: ) | \? | :(?P<name>[A-Za-z_]\w*)""",
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=1024)
def numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement with `$1`, `$2` for its `?` or `:name`s, and the names; what is quoted or a remark stays as it is.

    A name that comes again keeps its number. Texts are quoted by the standard, without backslashes.
    """
    names: dict[str, int] = {}

    def mark(found: re.Match[str]) -> str:
        if found["text"]:
            return found["text"]
        name = found["name"] or f"?{len(names)}"
        return f"${names.setdefault(name, len(names) + 1)}"

    return _MARKS.sub(mark, statement).encode(), tuple(names)


def bound(statement: str, values: Values) -> tuple[bytes, list[Any] | None]:
    """A statement with its values in the order of their numbers."""
    query, names = numbered(statement)
    ordered = [values[name] for name in names] if isinstance(values, Mapping) else values
    bind = _sought if statement.startswith("SELECT") else plain
    return query, [bind(value) for value in ordered] or None


def plain(value: Any) -> Any:
    """Flags are numbers, as in every engine."""
    return int(value) if isinstance(value, bool) else value


def _sought(value: Any) -> Any:
    return value.replace("\0", NOWHERE) if isinstance(value, str) else plain(value)
