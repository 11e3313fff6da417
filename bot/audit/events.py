"""The events that there are, each declared once in events.yml, and the check that one is noted as it was declared."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.language.yaml_file import read_yaml
from bot.store.audit_verbs import EventRow

type Value = str | int | bool

LONGEST = 200
"""Characters of a value: what is longer is something that a person wrote, and does not belong here."""
LARGEST = 2**63
"""What JSON readers and databases still take as a whole number."""


@lru_cache(maxsize=1)
def declared() -> Mapping[str, tuple[str, ...]]:
    """{verb: its detail fields}."""
    verbs = read_yaml(Path(__file__).with_name("events.yml"))
    return {verb: tuple(fields) for verb, fields in verbs.items()}


def checked(verb: str, fields: Mapping[str, Value]) -> str:
    """The fields as JSON, in the order of their declaration.

    Raises ValueError, which names the verb and the field and never a value, for what is not declared, is missing, or
    is no short value.
    """
    wanted = declared().get(verb)
    if wanted is None:
        raise ValueError(f"{verb} is not declared in events.yml")
    for name in fields:
        if name not in wanted:
            raise ValueError(f"{verb}: {name} is not a field of it")
    for name in wanted:
        if name not in fields:
            raise ValueError(f"{verb}: {name} is missing")
        check_value(verb, name, fields[name])
    return json.dumps({name: fields[name] for name in wanted}, ensure_ascii=False, separators=(",", ":"))


def detail_of(row: EventRow) -> dict[str, Value]:
    """The fields of an event on record; none where other hands made something else of them."""
    try:
        detail = json.loads(row.detail)
    except (ValueError, RecursionError):
        return {}
    return detail if isinstance(detail, dict) else {}


def check_value(verb: str, name: str, value: object) -> None:
    """Raises ValueError for what is neither a short text that can be stored nor a whole number nor true or false."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise ValueError(f"{verb}: {name} is longer than {LONGEST} characters")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise ValueError(f"{verb}: {name} holds half a character")
    elif not isinstance(value, int):
        raise ValueError(f"{verb}: {name} must be a text, a whole number, or true or false")
    elif abs(value) >= LARGEST:
        raise ValueError(f"{verb}: {name} is too large")
