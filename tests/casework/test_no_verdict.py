"""Every path through a report ends in thanks, a receipt and a next step, in every language, and in no verdict."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.casework.fitting import fitting
from bot.casework.vocabulary import AREAS, FORMS, GROUNDS
from bot.engine.conversation import SessionKeys
from bot.engine.guide import Guide
from bot.language.catalogue import messages_of
from bot.language.languages import SOURCE, find_languages
from bot.language.sources import texts_of
from bot.settings import ROOT, Settings
from tests.keys import make_keys
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


# The chat around it

BEFORE_CODES = ("report_done", "when_unknown", "district_not_said", "relation_unsure", "report_skip")


def begins(guide: Guide, language: str) -> Resident:
    """Somebody who is asked for the ground."""
    return Resident(guide, language).presses(*BEFORE_WORDS).says("…").presses(*BEFORE_CODES)


def chooses(resident: Resident, question: str, code: str) -> None:
    resident.presses(f"{question}_{code}")
    if "report_done" in resident.buttons and question != "area":
        resident.presses("report_done")


def comes_to_its_end(resident: Resident) -> None:
    resident.presses("report_to_consents", "read_no")
    assert resident.replies == ["utter_report_review"]
    resident.presses(SEND)
    assert resident.replies == ["utter_report_receipt", "utter_report_receipt_next"]
    assert resident.services
    resident.presses("own_rules")
    assert resident.replies == ["utter_rules"]
    assert resident.services


def test_a_walk_through_some_paths_ends_in_thanks_a_receipt_and_a_next_step(guide: Guide) -> None:
    for number, path in enumerate(PATHS[:: len(PATHS) // 9]):
        resident = begins(guide, LANGUAGES[number % len(LANGUAGES)])
        for question, code in zip(("ground", "area", "form"), path, strict=True):
            chooses(resident, question, code)
        comes_to_its_end(resident)


@pytest.fixture(scope="module")
def quiet_guide(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """One that nobody else talks to."""
    guide = Guide(Settings(var=tmp_path_factory.mktemp("walks")), model)
    make_keys(guide.store)
    yield guide
    guide.close()


class Crossroads:
    """A place in a conversation from which several ways lead: what is stored of it is all there is of it.

    The same attempt has the same receipt, so the report of the way before is taken out of the store.
    """

    TABLES = ("conversation", "report_under_way")

    def __init__(self, resident: Resident) -> None:
        self._guide = resident.guide
        self._id = SessionKeys.of(resident.token).conversation_id
        self._rows = {table: self._do(f"SELECT * FROM {table} WHERE id = ?", [self._id])[0] for table in self.TABLES}  # noqa: S608 - constants

    def back(self) -> None:
        asyncio.run(self._guide.store._worker.do(lambda database: database.execute("DELETE FROM report")))  # type: ignore[attr-defined]
        for table, row in self._rows.items():
            self._do(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", list(row))  # noqa: S608 - constants

    def _do(self, statement: str, values: list[Any]) -> list[Any]:
        worker = self._guide._conversations._worker
        return list(asyncio.run(worker.do(lambda database: database.execute(statement, values).fetchall())))


@pytest.mark.parametrize(
    ("every", "language"),
    [pytest.param(4, "ar", id="some"), *(pytest.param(1, it, marks=pytest.mark.long, id=it) for it in LANGUAGES)],
)
def test_a_walk_through_every_path_ends_in_thanks_a_receipt_and_a_next_step(
    quiet_guide: Guide, every: int, language: str
) -> None:
    """Each of the 3,135 paths is walked in each language; those that begin alike go together to where they part."""
    resident = begins(quiet_guide, language)
    at_ground = Crossroads(resident)
    walked = 0
    for ground in GROUNDS[::every]:
        at_ground.back()
        chooses(resident, "ground", ground)
        at_area = Crossroads(resident)
        for area in AREAS[::every]:
            at_area.back()
            chooses(resident, "area", area)
            at_form = Crossroads(resident)
            for form in FORMS[::every]:
                at_form.back()
                chooses(resident, "form", form)
                comes_to_its_end(resident)
                assert not said_wrongly(resident.text, language)
                walked += 1
    assert walked == len(GROUNDS[::every]) * len(AREAS[::every]) * len(FORMS[::every])
