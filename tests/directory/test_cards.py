"""A card shows what is known, says what is doubtful, and never doubts a safety number."""

import dataclasses
import datetime as dt
import re
from functools import cache

import pytest

from bot.directory.cards import card_of
from bot.directory.services import read_directory
from bot.language.catalogue import Catalogue, read_catalogue
from bot.language.languages import find_languages
from bot.settings import Settings

SETTINGS = Settings()
DIRECTORY = read_directory(SETTINGS.content)
SERVICES = list(DIRECTORY.services.values())
LANGUAGES = find_languages(SETTINGS.locales, SETTINGS.data / "nlu")
KEYS = [
    "id", "name", "name_da", "what", "cost", "steps", "phone", "address", "maps", "hours", "url", "checked_on", "notes",
]  # fmt: skip
ISOLATES = dict.fromkeys(range(0x2066, 0x206A))
CHECKED = dt.date(2026, 11, 5)


@pytest.fixture(scope="module", params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Catalogue:
    return words_of(request.param)


@cache
def words_of(code: str) -> Catalogue:
    return read_catalogue(LANGUAGES[code], SETTINGS.locales, {**DIRECTORY.facts(), "idle_minutes": "30"})


def test_a_card_has_only_the_documented_keys_each_with_a_value(words: Catalogue) -> None:
    for card in (card_of(service, words) for service in SERVICES):
        assert [key for key in KEYS if key in card] == list(card)
        assert {"id", "name", "name_da", "what"} <= set(card)
        assert all(card.values())
        assert not re.search(r"\bNone\b|\bnull\b", str(card))


def test_what_is_not_confirmed_does_not_reach_a_card(words: Catalogue) -> None:
    for service in SERVICES:
        card = card_of(service, words)
        known = {
            "cost": service.cost, "phone": service.phone, "address": service.address, "url": service.url,
            "hours": service.opening_hours, "steps": service.how_to_start,
        }  # fmt: skip
        assert {key for key, value in known.items() if value} == set(card) & set(known), service.id
        assert len(card.get("steps", [])) == len(service.how_to_start), service.id
    assert any(service.phone is None for service in SERVICES)


def test_numbers_and_addresses_are_shown_as_they_are(words: Catalogue) -> None:
    for service in SERVICES:
        card = card_of(service, words)
        shown = (card["name_da"], card.get("phone"), card.get("address"), card.get("url"))
        assert shown == (service.name_da, service.phone, service.address, service.url)


def test_a_map_is_offered_for_streets_only() -> None:
    """Without floors and names of offices, which a map does not know; each street of a place by itself."""
    found = {it.id: card_of(it, words_of("en")).get("maps") for it in SERVICES if it.address}
    assert found["clavis-copenhagen"] == ["Nørre Voldgade 94, 1358 København K"]
    assert found["mitid"] == ["Nyropsgade 1, 1602 København V"]
    assert found["eu-residence-document"] == ["Carl Jacobsens Vej 39, 2500 Valby", "Nyropsgade 1, 1602 København V"]
    assert [name for name, places in found.items() if not places] == ["ligebehandlingsnaevnet"]


def test_a_card_carries_a_caution_exactly_where_nobody_has_checked_and_no_safety_is_at_stake(words: Catalogue) -> None:
    cautioned = {service.id for service in SERVICES if "notes" in card_of(service, words)}
    assert cautioned == {service.id for service in SERVICES if not service.is_safety}


def test_safety_services_are_those_of_crisis_and_of_safety_needs() -> None:
    safe = {service.id for service in SERVICES if service.is_safety}
    assert {service.id for service in SERVICES if service.category == "crisis"} <= safe
    assert {"call-112", "livslinien", "lev-uden-vold", "center-mod-menneskehandel", "trade-unions"} <= safe
    assert {"jobnet", "danskuddannelse", "institut-for-menneskerettigheder"}.isdisjoint(safe)


def test_the_caution_tells_how_old_the_source_is(words: Catalogue) -> None:
    dated = DIRECTORY.services["danskuddannelse"]
    assert "2020–2025" in card_of(dated, words)["notes"]
    undated = dataclasses.replace(dated, source_period=None)
    caution = card_of(undated, words)["notes"]
    assert "2020" not in caution
    assert caution != card_of(dated, words)["notes"]


def test_a_caution_never_sends_anybody_to_a_page_that_is_not_there(words: Catalogue) -> None:
    without_page = dataclasses.replace(DIRECTORY.services["danskuddannelse"], url=None)
    undated = dataclasses.replace(DIRECTORY.services["danskuddannelse"], source_period=None)
    assert card_of(without_page, words)["notes"] == card_of(undated, words)["notes"]


def test_once_a_person_has_checked_it_the_day_stands_there_and_the_caution_is_gone(words: Catalogue) -> None:
    for service in SERVICES:
        card = card_of(dataclasses.replace(service, checked_on=CHECKED), words)
        assert re.search("2026|٢٠٢٦", card["checked_on"])
        assert "notes" not in card


def test_the_day_is_written_as_the_language_writes_it() -> None:
    service = dataclasses.replace(DIRECTORY.services["jobnet"], checked_on=CHECKED)
    told = {code: card_of(service, words_of(code))["checked_on"].translate(ISOLATES) for code in LANGUAGES}
    assert "November 5, 2026" in told["en"]
    assert "5. november 2026" in told["da"]
    assert "نوفمبر" in told["ar"]


def test_a_service_that_a_need_reaches_speaks_the_residents_language() -> None:
    for service in (service for service in SERVICES if service.serves):
        cards = {code: card_of(service, words_of(code)) for code in LANGUAGES}
        assert len({card["what"].translate(ISOLATES) for card in cards.values()}) == len(cards), service.id


def test_what_should_have_been_checked_again_says_so_and_a_safety_number_never_does(words: Catalogue) -> None:
    for service in SERVICES:
        overdue = dataclasses.replace(service, checked_on=CHECKED, review_by=CHECKED)
        told = card_of(overdue, words)
        assert ("notes" in told) is not service.is_safety
        assert "notes" not in card_of(dataclasses.replace(overdue, review_by=dt.date(2999, 1, 1)), words)
