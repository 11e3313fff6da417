"""Dates are read as a day or a month, in the words of each language."""

import datetime as dt
from pathlib import Path

import pytest

from bot.engine.nlu.figures import read_date_words
from bot.language.dates import dates_in
from bot.language.normalise import normalise
from bot.settings import ROOT

TODAY = dt.date(2026, 11, 29)
WORDS = read_date_words("data/nlu")


def values(text: str, language: str = "en") -> list[str]:
    return [date.value for date in dates_in(normalise(text), [WORDS[language]], TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yesterday evening", "2026-11-28"),
        ("The day before yesterday", "2026-11-27"),
        ("last week", "2026-11"),
        ("last month", "2026-10"),
        ("3 weeks ago", "2026-11"),
        ("five months ago", "2026-06"),
        ("two years ago", "earlier"),
        ("in October", "2026-10"),
        ("in December", "2025-12"),
        ("12 October 2025", "2025-10-12"),
        ("the 3. november", "2026-11-03"),
        ("12.10.2026", "2026-10-12"),
        ("12/10", "2026-10-12"),
        ("24-12-25", "2025-12-24"),
        ("2026-02-28", "2026-02-28"),
        ("٢٠٢٦-٠٢-٢٨", "2026-02-28"),
    ],
)
def test_a_date_is_read(text: str, value: str) -> None:
    assert values(f"it was {text}, I think") == [value]


@pytest.mark.parametrize(
    "text", ["may I ask", "we march on", "2-3 times", "version 1.2.3", "31.02.2026", "99/99", "I had 12 jobs", ""]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_named_in_every_language(language: str, month: int) -> None:
    assert {date.value for date in dates_in(_named(language, month), [WORDS[language]], TODAY)} == {
        f"{2026 if month <= 11 else 2025}-{month:02}"
    }


def _named(language: str, month: int) -> str:
    from bot.language.yaml_file import read_yaml  # noqa: PLC0415

    months = read_yaml(ROOT / "data" / "nlu" / language / "dates.yml")["months"]
    return " ; ".join(normalise(name) for name in months[month])  # type: ignore[index]


def test_every_language_has_words_for_dates() -> None:
    assert set(WORDS) == {path.name for path in Path(ROOT / "data" / "nlu").iterdir()}


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_knows_today_yesterday_and_last_month(language: str) -> None:
    from bot.language.yaml_file import read_yaml  # noqa: PLC0415

    words = read_yaml(ROOT / "data" / "nlu" / language / "dates.yml")
    relative: dict[str, list[str]] = words["relative"]  # type: ignore[assignment]
    for code, value in (("0d", "2026-11-29"), ("-1d", "2026-11-28"), ("-1m", "2026-10"), ("-1y", "earlier")):
        for phrase in relative[code]:
            assert values(phrase, language) == [value], phrase
