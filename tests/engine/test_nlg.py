"""A reply's name becomes words, buttons and cards in the resident's language."""

import asyncio
from typing import Any

import pytest
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.casework.law_file import read_law
from bot.directory.services import read_directory
from bot.engine.buttons import CHOSEN
from bot.engine.nlg import CatalogueNLG, variation_for
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.languages import find_languages
from bot.settings import Settings

SETTINGS = Settings()
LAW = read_law(Settings().content / "law")
DIRECTORY = read_directory(SETTINGS.content)
LANGUAGES = find_languages(SETTINGS.locales, SETTINGS.data / "nlu")
FACTS = {**DIRECTORY.facts(), "idle_minutes": "30"}
WORDS = {code: read_catalogue(language, SETTINGS.locales, FACTS) for code, language in LANGUAGES.items()}
RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_call": [{"text": "Call {call-112.phone}."}],
    "utter_choose": [
        {
            "text": "Choose.",
            "buttons": [
                {"id": "cpr_yes", "title": "Yes", "payload": '/answer_situation{{"cpr": "yes"}}'},
                {"id": "when_unknown", "title": "Not sure", "payload": "/answer_report"},
            ],
        }
    ],
    "utter_receipt": [{"text": "Your number: {receipt}."}],
    "utter_last_day": [{"text": "The last day is {date}."}],
    "utter_by_slot": [
        {"text": "With a number.", "condition": [{"type": "slot", "name": "cpr", "value": "yes"}]},
        {"text": "For anybody."},
    ],
}


def words_of(code: str) -> Catalogue:
    return WORDS[code]


@pytest.fixture
def nlg() -> CatalogueNLG:
    nlg = CatalogueNLG(words_of, LANGUAGES, DIRECTORY, LAW.words)
    nlg.responses = RESPONSES
    return nlg


def said(nlg: CatalogueNLG, reply: str, language: str | None = "en", cpr: str | None = None, **more: Any) -> Any:
    slots = [TextSlot("language", [], initial_value=language), AnySlot("cpr", [], initial_value=cpr)]
    tracker = DialogueStateTracker("resident", slots)
    return asyncio.run(nlg.generate(reply, tracker, "vejviser", **more))


def ids(message: dict[str, Any]) -> list[str]:
    return [button["id"] for button in message["buttons"]]


def titles(message: dict[str, Any]) -> dict[str, str]:
    return {button["id"]: button["title"] for button in message["buttons"]}


def test_a_reply_is_said_with_its_name_and_its_facts(nlg: CatalogueNLG) -> None:
    message = said(nlg, "utter_call")
    assert message["text"] == "Call \u2068112\u2069."
    assert message["custom"] == {
        "reply": "utter_call", "source": "Call {call-112.phone}.", "values": {}, "services": [],
        "quote": None, "review": [], "sections": [],
    }  # fmt: skip
    assert message["buttons"] == []


def test_a_reply_that_is_not_declared_is_none(nlg: CatalogueNLG) -> None:
    assert said(nlg, "utter_nothing") is None


def test_a_value_of_the_action_is_filled_in(nlg: CatalogueNLG) -> None:
    assert said(nlg, "utter_receipt", receipt="1234 5678")["text"] == "Your number: \u20681234 5678\u2069."


def test_the_variation_follows_the_slots(nlg: CatalogueNLG) -> None:
    assert said(nlg, "utter_by_slot", cpr="yes")["text"] == "With a number."
    assert said(nlg, "utter_by_slot", cpr="no")["text"] == "For anybody."


def test_before_a_language_is_known_the_source_language_is_spoken(nlg: CatalogueNLG) -> None:
    assert said(nlg, "utter_choose", language=None)["text"] == "Choose."


def test_buttons_keep_their_names_in_every_language(nlg: CatalogueNLG) -> None:
    for code in LANGUAGES:
        message = said(nlg, "utter_choose", language=code)
        assert ids(message) == ["cpr_yes", "when_unknown"]
        assert message["buttons"][0]["payload"] == '/answer_situation{"cpr": "yes"}'


def test_what_is_offered_stands_before_the_replys_own_buttons(nlg: CatalogueNLG) -> None:
    message = said(nlg, "utter_choose", offer=["when_2026_11", "when_2026_10"])
    assert ids(message) == ["when_2026_11", "when_2026_10", "cpr_yes", "when_unknown"]


def test_a_month_is_called_as_the_language_calls_it(nlg: CatalogueNLG) -> None:
    called = {code: titles(said(nlg, "utter_call", code, offer=["when_2026_11"]))["when_2026_11"] for code in LANGUAGES}
    assert called["en"] == "November 2026"
    assert called["da"] == "november 2026"
    assert called["ar"].startswith("نوفمبر")


def test_an_offered_button_that_nobody_declared_is_an_error(nlg: CatalogueNLG) -> None:
    with pytest.raises(KeyError, match="need_nothing"):
        said(nlg, "utter_call", offer=["need_nothing"])


def test_what_was_chosen_carries_a_mark(nlg: CatalogueNLG) -> None:
    marked = titles(said(nlg, "utter_choose", chosen=["cpr_yes"]))
    assert marked["cpr_yes"].startswith(CHOSEN)
    assert not marked["when_unknown"].startswith(CHOSEN)


def test_languages_are_offered_by_their_own_names(nlg: CatalogueNLG) -> None:
    for code in LANGUAGES:
        offered = titles(said(nlg, "utter_call", code, languages=True))
        assert offered == {f"language_{it.code}": it.name for it in LANGUAGES.values()}


def test_services_are_named_in_the_order_given(nlg: CatalogueNLG) -> None:
    message = said(nlg, "utter_call", services=["jobnet", "call-112"])
    assert message["custom"]["services"] == [{"id": "jobnet"}, {"id": "call-112"}]


def test_a_service_that_is_not_there_is_an_error(nlg: CatalogueNLG) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        said(nlg, "utter_call", services=["nowhere"])


def test_a_day_is_said_in_the_words_of_the_language_and_kept_as_it_came(nlg: CatalogueNLG) -> None:
    message = said(nlg, "utter_last_day", date="2026-12-03")
    assert message["text"] == "The last day is \u2068Thursday, December 3, 2026\u2069."
    assert message["custom"]["values"]["iso"] == "2026-12-03"


@pytest.mark.parametrize(
    ("slots", "text"),
    [
        ({}, "plain"),
        ({"work": "job"}, "one value"),
        ({"cpr": "yes"}, "of a list"),
        ({"cpr": "unsaid"}, "of a list"),
        ({"cpr": "no"}, "plain"),
        ({"cpr": "no", "work": "lost"}, "both"),
        ({"cpr": None, "work": "lost"}, "plain"),
    ],
)
def test_the_first_variation_that_holds_is_said_else_the_plain_one(slots: dict[str, str], text: str) -> None:
    def when(**values: Any) -> list[dict[str, Any]]:
        return [{"type": "slot", "name": name, "value": value} for name, value in values.items()]

    variations: list[dict[str, Any]] = [
        {"text": "plain"},
        {"text": "one value", "condition": when(work="job")},
        {"text": "of a list", "condition": when(cpr=["yes", "unsaid"])},
        {"text": "both", "condition": when(cpr="no", work="lost")},
    ]
    assert variation_for(variations, slots)["text"] == text  # type: ignore[index]
    assert variation_for(variations[1:], {}) is None
