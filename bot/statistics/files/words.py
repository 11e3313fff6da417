"""What files say beside their figures: words.yml, with gaps filled."""

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date

from bot.language.yaml_file import read_yaml
from bot.statistics.targets import Words

FILE = Path(__file__).with_name("words.yml")
GAP = re.compile(r"\{([a-z_]+)\}")
WRITTEN_AS = {"da": "da", "en": "en_GB"}
"""Days before months, as in Denmark."""
FIRST_MONTHS = {"1": 1, "2": 4, "3": 7, "4": 10}


@lru_cache(maxsize=1)
def _texts() -> dict[str, Words]:
    return {name: Words(**both) for name, both in read_yaml(FILE).items()}


def word(name: str, /, **values: "Words | str | int") -> Words:
    """An unknown name or gap raises KeyError."""
    text = _texts()[name]
    return Words(_filled(text.da, values, "da"), _filled(text.en, values, "en"))


def word_or(name: str, otherwise: str) -> Words:
    """Of a code that may be newer than words.yml."""
    return _texts().get(name) or same(otherwise)


def _filled(text: str, values: dict[str, Words | str | int], language: str) -> str:
    def value(gap: re.Match[str]) -> str:
        found = values[gap[1]]
        return str(getattr(found, language)) if isinstance(found, Words) else str(found)

    return GAP.sub(value, text)


def same(text: str) -> Words:
    """What is called alike in both languages."""
    return Words(text, text)


def day(on: dt.date) -> Words:
    return Words(*(str(format_date(on, "long", locale=locale)) for locale in WRITTEN_AS.values()))


def quarter(period: str) -> Words:
    """2026Q3 in words; what is no quarter, as it is."""
    year, _, number = period.partition("Q")
    if not year.isdecimal() or number not in FIRST_MONTHS:
        return same(period)
    first = dt.date(int(year), FIRST_MONTHS[number], 1)
    return Words(*(str(format_date(first, "QQQQ y", locale=locale)) for locale in WRITTEN_AS.values()))
