"""Every path through a report ends in thanks, a receipt and a next step, in every language, and in no verdict."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
import yaml

from bot.casework.fitting import fitting
from bot.casework.vocabulary import AREAS, FORMS, GROUNDS
from bot.engine.guide import Guide
from bot.language.catalogue import messages_of
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import texts_of
from bot.settings import ROOT, Settings
from tests.reports import BEFORE_WORDS, SEND
from tests.resident import Resident

SETTINGS = Settings()
LANGUAGES = list(find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))
BANNED: dict[str, list[str]] = yaml.safe_load((ROOT / "tests/casework/banned.yml").read_text(encoding="utf-8"))
PATHS = list(product(GROUNDS, AREAS, FORMS))
NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
ABOUT_REPORTS = ("utter_report", "utter_ask_report", "utter_own", "utter_receipt", "utter_rules", "utter_is_it_discrim",
                 "utter_complaint", "utter_hate_crime", "own.", "review.", "button_")  # fmt: skip
NOT_A_VERDICT = {"law.", "gap.", "limit.", "wording.", "note.", "keep.", "exceptions.", "anonymous.", "body."}


def said_wrongly(text: str, language: str) -> list[str]:
    return [phrase for phrase in BANNED[language] if phrase.lower() in text.lower()]


def test_each_language_has_its_list() -> None:
    assert set(BANNED) == set(LANGUAGES)
    assert all(len(phrases) >= 10 for phrases in BANNED.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_about_reports_doubts_a_person(guide: Guide, language: str) -> None:
    if language == SOURCE:
        texts = [(text.context, text.text) for text in texts_of(SOURCE, guide.directory)]
    else:
        texts = [(str(it.context), str(it.string)) for it in messages_of(language, SETTINGS.locales)]
    about = [it for it in texts if it[0].startswith((*ABOUT_REPORTS, *NOT_A_VERDICT))]
    assert len(about) > 300
    assert [(name, said_wrongly(text, language)) for name, text in about if said_wrongly(text, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_ground_area_and_form_leads_to_somebody_in_every_language(guide: Guide, language: str) -> None:
    """19 × 15 × 11 = 3,135 paths: what is shown of the rules, without the chat around it."""
    assert len(PATHS) == 3_135
    seen: dict[str, dict[str, Any]] = {}
    for ground, area, form in PATHS:
        found = fitting(guide.law, guide.law.fits([ground], area, [form]), "2026-10", NOW)
        if repr(found) not in seen:
            seen[repr(found)] = guide.report_words.fitting(language, found)
        said = seen[repr(found)]
        assert said["services"], (ground, area, form)
        assert len(said["sections"]) >= 2
    for said in seen.values():
        text = "\n".join(f"{it['title']}\n" + "\n".join(it["lines"]) for it in said["sections"])
        assert not said_wrongly(text, language)
        assert "{" not in text


def walks(resident: Resident, path: tuple[str, str, str]) -> None:
    ground, area, form = path
    resident.presses(*BEFORE_WORDS).says("…")
    resident.presses("report_done", "when_unknown", "district_not_said", "relation_unsure", "report_skip")
    for question, code in (("ground", ground), ("area", area), ("form", form)):
        resident.presses(f"{question}_{code}")
        if "report_done" in resident.buttons and question != "area":
            resident.presses("report_done")
    resident.presses("report_to_consents", "read_no")
    assert resident.replies == ["utter_report_review"]
    resident.presses(SEND)
    assert resident.replies == ["utter_report_receipt", "utter_report_receipt_next"]
    assert resident.services
    resident.presses("own_rules")
    assert resident.replies == ["utter_rules"]
    assert resident.services
    resident.presses("own_close", "language_en")


def test_a_walk_through_some_paths_ends_in_thanks_a_receipt_and_a_next_step(guide: Guide) -> None:
    for number, path in enumerate(PATHS[:: len(PATHS) // 9]):
        language = LANGUAGES[number % len(LANGUAGES)]
        walks(Resident(guide, language), path)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_walk_through_every_path_ends_in_thanks_a_receipt_and_a_next_step(guide: Guide, language: str) -> None:
    """Each of the 3,135 paths is walked in each language."""
    for path in PATHS:
        walks(Resident(guide, language), path)
