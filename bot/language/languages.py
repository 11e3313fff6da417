"""The languages the guide speaks, found by looking at the folders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

SOURCE = "en"
"""The language in which domain.yml, content/ and bot/web/words.yml are written."""


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    """In the language itself, as in the picker."""
    direction: str
    """`ltr` or `rtl`."""


def find_languages(locales: Path, messages: Path) -> dict[str, Language]:
    """Every language with a folder in both `locales/` and `data/nlu/`, by code, in the picker's order.

    The source language needs no catalogue, so it needs no folder in `locales/`.
    """
    codes = {folder.name for folder in locales.iterdir() if folder.is_dir()} | {SOURCE}
    codes &= {folder.name for folder in messages.iterdir() if folder.is_dir()}
    languages = [describe(code) for code in sorted(codes)]
    return {language.code: language for language in sorted(languages, key=lambda it: it.name.casefold())}


def describe(code: str) -> Language:
    """Name and direction from CLDR; a code that CLDR does not know raises babel's UnknownLocaleError."""
    locale = Locale.parse(code)
    return Language(code, locale.get_display_name(code) or code, locale.text_direction)


_ACCEPTED = re.compile(r"\s*([A-Za-z]{2,3})\b[^;,]*(?:;\s*q\s*=\s*([01](?:\.\d+)?))?")


def preferred(accepted: str, languages: Mapping[str, Language], default: str) -> str:
    """The language an Accept-Language header asks for most among `languages` (RFC 9110, 12.5.4), else `default`."""
    wishes = [(float(match[2] or 1), match[1].lower()) for match in _ACCEPTED.finditer(accepted[:1_000])]
    spoken = [(weight, code) for weight, code in wishes if code in languages and weight > 0]
    return max(spoken, key=lambda wish: wish[0])[1] if spoken else default
