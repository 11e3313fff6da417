"""Bringing catalogues up to date keeps what people wrote, and marks what they must look at."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot.language.catalogue import CATALOGUES, messages_of, read_catalogue, read_file
from bot.language.extract import update, update_all
from bot.language.languages import describe
from bot.language.sources import SourceText
from bot.language.states import State, source_mark, state_of_message

HELLO = SourceText("replies", "utter_hello", "Hello.")
COURSE = SourceText("replies", "utter_course", "A Danish course is free. Find one near you.")
COURSE_CHANGED = SourceText("replies", "utter_course", "A Danish course is free. Find one close to you.")
BUTTON = SourceText("replies", "button_yes", "Yes")
OTHER_YES = SourceText("replies", "button_count_yes", "Yes")
TITLE = SourceText("pages", "page.title", "A guide")
NAME = SourceText("services", "jobnet.name", "Job portal")
ALL = [HELLO, COURSE, BUTTON, OTHER_YES, TITLE, NAME]
REVIEW = f"reviewed by a colleague, 2026-11-22, of {source_mark(COURSE.text)}"


def translate(locales: Path, text: SourceText, translation: str, *comments: str) -> None:
    """As a translator would, by hand in the file."""
    path = locales / "da" / "LC_MESSAGES" / f"{text.catalogue}.po"
    before = path.read_text(encoding="utf-8")
    entry = f'msgctxt "{text.context}"\nmsgid "{text.text}"\nmsgstr ""'
    assert entry in before
    remarks = "".join(f"# {comment}\n" for comment in comments)
    path.write_text(before.replace(entry, remarks + entry.removesuffix('""') + f'"{translation}"'), encoding="utf-8")


def entries(locales: Path, name: str = "replies") -> dict[str, Message]:
    catalog: Catalog = read_file(locales / "da" / "LC_MESSAGES" / f"{name}.po", "da")
    return {message.context or "": message for message in catalog if message.id}


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """Danish catalogues with two translations, one of them reviewed."""
    update("da", tmp_path, ALL)
    translate(tmp_path, HELLO, "Hej.")
    translate(tmp_path, COURSE, "Et danskkursus er gratis. Find et nær dig.", REVIEW)
    return tmp_path


def test_a_new_language_begins_with_every_text_missing(tmp_path: Path) -> None:
    update("fa", tmp_path, ALL)
    messages = messages_of("fa", tmp_path)
    assert {(message.context, message.id) for message in messages} == {(text.context, text.text) for text in ALL}
    assert {state_of_message(message) for message in messages} == {State.MISSING}
    files = {path.stem for path in (tmp_path / "fa" / "LC_MESSAGES").iterdir()}
    assert files == {text.catalogue for text in ALL} <= set(CATALOGUES)


def test_each_text_stands_in_its_catalogue_in_the_order_of_the_sources(locales: Path) -> None:
    assert list(entries(locales)) == ["utter_hello", "utter_course", "button_yes", "button_count_yes"]
    assert list(entries(locales, "pages")) == ["page.title"]
    assert list(entries(locales, "services")) == ["jobnet.name"]


def test_what_stands_is_kept_with_its_remarks(locales: Path) -> None:
    update("da", locales, [*ALL, SourceText("replies", "utter_new", "Something quite different.")])
    found = entries(locales)
    assert found["utter_hello"].string == "Hej."
    assert found["utter_course"].user_comments == [REVIEW]
    assert state_of_message(found["utter_course"]) is State.REVIEWED
    assert state_of_message(found["utter_new"]) is State.MISSING


def test_updating_twice_writes_the_same_bytes(locales: Path) -> None:
    update("da", locales, ALL)
    first = {path.name: path.read_bytes() for path in locales.rglob("*.po")}
    update("da", locales, ALL)
    assert {path.name: path.read_bytes() for path in locales.rglob("*.po")} == first
    assert b"Hej." in first["replies.po"]


def test_a_changed_source_keeps_its_old_translation_for_the_translator_and_is_not_said(locales: Path) -> None:
    update("da", locales, [HELLO, COURSE_CHANGED])
    changed = entries(locales)["utter_course"]
    assert changed.id == COURSE_CHANGED.text
    assert changed.string == "Et danskkursus er gratis. Find et nær dig."
    assert state_of_message(changed) is State.OUTDATED
    words = read_catalogue(describe("da"), locales, {})
    assert words.say("utter_course", COURSE_CHANGED.text) == COURSE_CHANGED.text
    assert words.say("utter_hello", HELLO.text) == "Hej."


def test_a_review_of_the_old_source_does_not_come_back_when_the_mark_is_taken_off(locales: Path) -> None:
    update("da", locales, [HELLO, COURSE_CHANGED])
    path = locales / "da" / "LC_MESSAGES" / "replies.po"
    path.write_text(path.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    assert state_of_message(entries(locales)["utter_course"]) is State.UNREVIEWED


def test_a_text_that_is_gone_leaves_nothing_behind(locales: Path) -> None:
    update("da", locales, [HELLO])
    text = (locales / "da" / "LC_MESSAGES" / "replies.po").read_text(encoding="utf-8")
    assert list(entries(locales)) == ["utter_hello"]
    assert "danskkursus" not in text


def test_the_same_words_under_two_names_have_two_translations(locales: Path) -> None:
    translate(locales, BUTTON, "Ja")
    update("da", locales, ALL)
    found = entries(locales)
    assert state_of_message(found["button_yes"]) is State.UNREVIEWED
    assert state_of_message(found["button_count_yes"]) in {State.MISSING, State.OUTDATED}


def test_the_source_language_gets_no_catalogue(tmp_path: Path) -> None:
    update_all(["en", "da"], tmp_path, lambda _: ALL)
    assert [path.name for path in tmp_path.iterdir()] == ["da"]
