"""Buttons: a stable name, a title, and what pressing them tells Rasa."""

import datetime as dt
import json

import pytest
import yaml

from bot.casework.report import is_when
from bot.engine.buttons import Button, buttons_of, month_of
from bot.language.languages import describe
from bot.settings import ROOT

RESPONSES = yaml.load((ROOT / "domain.yml").read_bytes(), Loader=yaml.CSafeLoader)["responses"]


def test_a_declared_button_has_single_braces() -> None:
    declared = {"id": "cpr_yes", "title": "Yes", "payload": '/answer_situation{{"cpr": "yes"}}'}
    assert Button.of(declared) == Button("cpr_yes", "Yes", '/answer_situation{"cpr": "yes"}')


def test_a_language_is_a_button_with_its_own_name() -> None:
    button = Button.for_language(describe("ar"))
    assert button == Button("language_ar", "العربية", '/choose_language{"language": "ar"}')
    assert button.is_language
    assert not Button("need_change_language", "Change language", "/change_language").is_language


def test_a_month_is_a_button_that_answers_when() -> None:
    button = Button.for_month("when_2026_11")
    assert button.payload == '/answer_report{"question": "when", "answer": "2026-11"}'
    assert is_when(json.loads(button.payload.removeprefix("/answer_report"))["answer"])


@pytest.mark.parametrize("button_id", ["when_unknown", "when_2026_1", "when_2026_11x", "xwhen_2026_11", "", "need_cpr"])
def test_what_is_neither_declared_nor_a_month_is_no_button(button_id: str) -> None:
    assert month_of(button_id) is None
    with pytest.raises(KeyError, match=button_id):
        Button.for_month(button_id)


def test_a_month_of_a_button_is_its_first_day() -> None:
    assert month_of("when_2026_11") == dt.date(2026, 11, 1)


@pytest.mark.parametrize("button_id", ["when_2026_13", "when_2026_00", "when_0000_01"])
def test_a_month_that_no_year_has_is_no_button(button_id: str) -> None:
    assert month_of(button_id) is None


def test_every_button_of_the_domain_is_found_by_its_id() -> None:
    found = buttons_of(RESPONSES)
    assert {"cpr_yes", "need_danish_start", "count_yes", "report_cancel"} <= set(found)
    assert all(button.id == name and button.title for name, button in found.items())


def test_every_payload_is_an_intent_with_readable_values() -> None:
    for button in buttons_of(RESPONSES).values():
        intent, brace, values = button.payload.partition("{")
        assert intent.startswith("/")
        assert not brace or isinstance(json.loads(brace + values), dict)


def test_a_button_means_the_same_wherever_it_is_offered() -> None:
    declared = [
        (button["id"], button["title"], button["payload"])
        for variations in RESPONSES.values()
        for variation in variations
        for button in variation.get("buttons", [])
    ]
    assert len({button_id for button_id, _, _ in declared}) == len(set(declared))
