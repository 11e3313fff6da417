"""Every text a person reads is collected once, with the name under which it is translated."""

from collections import Counter
from pathlib import Path

import pytest

from bot.directory.services import read_directory
from bot.language.catalogue import Catalogue, placeholders
from bot.language.languages import describe
from bot.language.sources import page_texts, page_word, page_words, reply_texts, service_texts, texts_of
from bot.settings import Settings

DIRECTORY = read_directory(Settings().content)
TEXTS = list(texts_of("da", DIRECTORY))
DOMAIN = """
responses:
  utter_one:
  - text: One.
    buttons:
    - {id: yes_please, title: Yes please, payload: /affirm}
  - text: One, again.
    condition: [{type: slot, name: cpr, value: yes}]
  utter_two:
  - text: Two.
    buttons:
    - {id: yes_please, title: Yes please, payload: /affirm}
    - {id: no_thanks, title: No thanks, payload: /deny}
"""


def test_every_variation_of_a_reply_and_every_button_once_is_collected(tmp_path: Path) -> None:
    domain = tmp_path / "domain.yml"
    domain.write_text(DOMAIN, encoding="utf-8")
    assert [(text.context, text.text) for text in reply_texts(domain)] == [
        ("utter_one", "One."),
        ("utter_one", "One, again."),
        ("utter_two", "Two."),
        ("button_yes_please", "Yes please"),
        ("button_no_thanks", "No thanks"),
    ]
    assert {text.catalogue for text in reply_texts(domain)} == {"replies"}


def test_words_of_pages_are_collected(tmp_path: Path) -> None:
    words = tmp_path / "words.yml"
    words.write_text("page.title: A guide\nproblem.failed: Sorry\n", encoding="utf-8")
    assert [(it.catalogue, it.context, it.text) for it in page_texts(words)] == [
        ("pages", "page.title", "A guide"),
        ("pages", "problem.failed", "Sorry"),
    ]


def test_texts_of_services_are_those_that_some_need_reaches() -> None:
    named = {text.context.split(".")[0] for text in service_texts(DIRECTORY)}
    assert named == {service.id for service in DIRECTORY.services.values() if service.serves}
    assert 0 < len(named) < len(DIRECTORY.services)


def test_no_text_is_collected_twice() -> None:
    twice = [key for key, times in Counter((it.context, it.text) for it in TEXTS).items() if times > 1]
    assert twice == []
    assert {text.catalogue for text in TEXTS} == {"replies", "pages", "services", "law", "answers", "console"}


def test_every_fact_that_a_sentence_names_is_known() -> None:
    named = {name for text in TEXTS for name in placeholders(text.text) if "." in name}
    assert named
    assert named <= set(DIRECTORY.facts())


def test_a_word_of_a_page_is_said_by_its_name() -> None:
    english = Catalogue(describe("en"), {}, {})
    assert page_word(english, "page.send") == page_words()["page.send"]
    with pytest.raises(KeyError, match=r"page\.unknown"):
        page_word(english, "page.unknown")
