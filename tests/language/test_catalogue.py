"""The words of a language: by name and source, filled, and in the right direction."""

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.language.catalogue import Catalogue, fill, messages_of, placeholders, read_catalogue
from bot.language.direction import isolate, isolate_latin
from bot.language.languages import Language, describe

ARABIC, DANISH, ENGLISH = describe("ar"), describe("da"), describe("en")
CALL = "In danger, call {call-112.phone}."
FACTS = {"call-112.phone": "112"}

REPLIES = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "utter_danger"
msgid "In danger, call {call-112.phone}."
msgstr "I fare: ring {call-112.phone}."

msgctxt "utter_hello"
msgid "Hello."
msgstr "Hej."

msgctxt "page.hello"
msgid "Hello."
msgstr "Goddag."

#, fuzzy
msgctxt "utter_changed"
msgid "New words."
msgstr "Gamle ord."

msgctxt "utter_missing"
msgid "Nothing yet."
msgstr ""
"""


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "replies.po").write_text(REPLIES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def danish(locales: Path) -> Catalogue:
    return read_catalogue(DANISH, locales, FACTS)


def arabic(text: str, **facts: str) -> Catalogue:
    return Catalogue(ARABIC, {("name", "source"): text}, facts)


def test_a_text_is_said_by_its_name_and_source(danish: Catalogue) -> None:
    assert danish.say("utter_hello", "Hello.") == "Hej."
    assert danish.say("page.hello", "Hello.") == "Goddag."


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("utter_missing", "Nothing yet."),
        ("utter_changed", "New words."),
        ("utter_hello", "Hello!"),
        ("utter_unknown", "Never heard."),
    ],
)
def test_where_no_sure_translation_is_the_source_stands_in(danish: Catalogue, name: str, source: str) -> None:
    assert danish.say(name, source) == source


def test_a_fact_is_filled_in_as_a_run_of_its_own(danish: Catalogue) -> None:
    assert danish.say("utter_danger", CALL) == f"I fare: ring {isolate('112')}."


def test_a_value_of_the_turn_stands_before_a_fact_of_the_same_name() -> None:
    words = Catalogue(ENGLISH, {}, {"number": "1"})
    assert words.say("x", "{number}", number="2") == isolate("2")


def test_the_source_language_needs_no_catalogue(tmp_path: Path) -> None:
    words = read_catalogue(ENGLISH, tmp_path / "nowhere", FACTS)
    assert words.texts == {}
    assert words.say("utter_danger", CALL) == f"In danger, call {isolate('112')}."


def test_latin_runs_are_isolated_only_where_text_runs_the_other_way(danish: Catalogue) -> None:
    assert arabic("اتصل على 112").say("name", "source") == isolate_latin("اتصل على 112")
    assert danish.say("unknown", "Ring 112") == "Ring 112"


def test_a_filled_value_is_isolated_once() -> None:
    said = arabic("اتصل على {place.phone} (kommune)", **{"place.phone": "33 66 (main)"}).say("name", "source")
    assert said == f"اتصل على {isolate('33 66 (main)')} ({isolate_latin('kommune')})"


@pytest.mark.parametrize("text", ["{missing}", "a {number} b {missing}", "{call-112.phone}"])
def test_a_name_without_a_value_is_an_error_and_never_shown(text: str) -> None:
    with pytest.raises(ContentError, match=r"no value for \{(missing|call-112\.phone)\}"):
        fill(text, {"number": "1"})


def test_a_value_is_not_read_for_names_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "x"}) == isolate("{b}")


@pytest.mark.parametrize("text", ["{}", "{ a }", "{a b}", "}{", "{{", "100 % {sure?}"])
def test_braces_that_hold_no_name_are_text(text: str) -> None:
    assert fill(text, {}) == text


def test_the_names_in_a_text_are_known() -> None:
    assert placeholders("{a} and {call-112.phone} and {a}, not { b }") == {"a", "call-112.phone"}


def test_all_files_of_a_language_are_read(locales: Path) -> None:
    more = '\nmsgctxt "jobnet.name"\nmsgid "Job portal"\nmsgstr "Jobnet"\n'
    (locales / "da" / "LC_MESSAGES" / "services.po").write_text(more, encoding="utf-8")
    assert len(messages_of("da", locales)) == 6
    assert read_catalogue(DANISH, locales, {}).say("jobnet.name", "Job portal") == "Jobnet"


@pytest.mark.parametrize("broken", [b'msgid "a"\nnonsense\n', b'msgid "a\n', b'msgid "a"\nmsgstr "\xff\xfe"\n'])
def test_a_broken_file_is_refused_by_its_name_and_language(locales: Path, broken: bytes) -> None:
    (locales / "da" / "LC_MESSAGES" / "pages.po").write_bytes(broken)
    with pytest.raises(ContentError, match=r"^pages\.po \(da\): "):
        read_catalogue(DANISH, locales, {})


def test_a_language_without_files_says_everything_in_the_source_language(tmp_path: Path) -> None:
    words = read_catalogue(Language("fa", "فارسی", "rtl"), tmp_path, {})
    assert words.say("utter_hello", "Hello.") == f"{isolate_latin('Hello')}."
