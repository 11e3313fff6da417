"""Languages are found by looking, and the browser's wish is heard."""

from pathlib import Path

import pytest
from babel import UnknownLocaleError
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.languages import SOURCE, Language, describe, find_languages, preferred
from bot.settings import Settings

OURS = find_languages(Settings().locales, Settings().data / "nlu")


def folders(parent: Path, *names: str) -> Path:
    for name in names:
        (parent / name).mkdir(parents=True)
    return parent


def test_danish_english_and_arabic_are_spoken() -> None:
    assert {"da", "en", "ar"} <= set(OURS)
    assert SOURCE in OURS
    assert OURS["ar"] == Language("ar", "العربية", "rtl")
    assert OURS["da"] == Language("da", "dansk", "ltr")


def test_a_language_is_two_folders_and_nothing_else(tmp_path: Path) -> None:
    locales = folders(tmp_path / "locales", "da", "fa", "pl")
    messages = folders(tmp_path / "nlu", "da", "fa", "tr")
    (locales / "ur").write_text("a file is no language")
    (messages / "ur").mkdir()
    assert set(find_languages(locales, messages)) == {"da", "fa"}


def test_the_picker_stands_in_the_order_of_the_names(tmp_path: Path) -> None:
    codes = ["ur", "tr", "pl", "fa", "en", "da", "ar"]
    found = find_languages(folders(tmp_path / "locales", *codes), folders(tmp_path / "nlu", *codes))
    names = [language.name.casefold() for language in found.values()]
    assert names == sorted(names)
    assert list(found) != codes
    assert all(code == language.code for code, language in found.items())


@pytest.mark.parametrize(
    ("code", "direction"),
    [
        ("da", "ltr"),
        ("en", "ltr"),
        ("tr", "ltr"),
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("ps", "rtl"),
        ("ku", "ltr"),
    ],
)
def test_a_language_knows_its_name_and_direction(code: str, direction: str) -> None:
    language = describe(code)
    assert language.direction == direction
    assert language.name
    assert language.name != code


def test_a_folder_that_is_no_language_is_refused() -> None:
    with pytest.raises(UnknownLocaleError, match="qq"):
        describe("qq")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "da"),
        ("ar", "ar"),
        ("AR", "ar"),
        ("ar-SY", "ar"),
        ("ar-SY,ar;q=0.9,en;q=0.8", "ar"),
        ("fr-FR, en;q=0.5, ar;q=0.7", "ar"),
        ("en;q=0.5, ar;q=0.5", "en"),
        ("en ; q=0.2 , ar ; q=0.3", "ar"),
        ("en-GB;q=0.9, en;q=0.8, ar;q=0.85", "en"),
        ("fr, de;q=0.9", "da"),
        ("ar;q=0", "da"),
        ("ar;q=0.000, en;q=0.001", "en"),
        ("*", "da"),
        (";;;,,,q=q=q", "da"),
        ("arabic", "da"),
    ],
)
def test_the_language_asked_for_most_is_spoken(header: str, code: str) -> None:
    assert preferred(header, OURS, "da") == code


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("aredn-;,q=01. *")))
def test_whatever_a_browser_sends_one_of_our_languages_is_spoken(header: str) -> None:
    assert preferred(header, OURS, "da") in OURS


def test_a_header_without_end_is_read_up_to_a_thousand_characters() -> None:
    assert preferred("fr," * 300 + "ar", OURS, "da") == "ar"
    assert preferred("fr," * 400_000 + "ar", OURS, "da") == "da"
