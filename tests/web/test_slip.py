"""The page to print or show, the calendar file, signs' codes, the counter, and how it went: without a script."""

import asyncio
import datetime as dt
import re
from typing import Any

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from tests.reports import BEFORE_WORDS, ONLY_COUNTED, SEND
from tests.web.test_page import Browser, Form, Page

CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


def rows(guide: Guide, table: str) -> list[dict[str, Any]]:
    return asyncio.run(guide.store._worker.do(lambda database: list(database[table].rows)))


def makes_a_slip(browser: Browser, language: str) -> str:
    """The code of a slip for a job in the EU citizen's case."""
    browser.opens(f"/?lang={language}")
    browser.begins(language)
    browser.presses("need_bot_capabilities")
    browser.presses("topic_work")
    browser.presses("need_find_job")
    browser.presses("residence_eu")
    made = browser.presses("make_slip")
    assert any(given.get("href") == "/slip" for _, given in made.all)
    code = CODE.search(made.text)
    assert code, made.text
    return code[0]


# The page


@pytest.mark.parametrize("language", ["ar", "uk", "en"])
def test_a_slip_stands_in_the_persons_language_and_in_danish(browser: Browser, guide: Guide, language: str) -> None:
    code = makes_a_slip(browser, language)
    slip = browser.opens("/slip")
    sections = [given for tag, given in slip.all if tag == "section"]
    assert [(it["lang"], it["dir"]) for it in sections] == [
        (language, guide.languages[language].direction),
        ("da", "ltr"),
    ]
    for side in (language, "da"):
        assert guide.page_word(side, "slip.say") in slip.texts
        assert guide.page_word(side, "slip.say_interpreter") in slip.texts
    assert slip.text.count(code) == 2
    for service in ("ics-job-guidance", "jobnet", "workindenmark"):
        assert guide.directory.services[service].name_da in slip.text
    assert "None" not in slip.text
    assert "{" not in slip.text


def test_a_danish_slip_has_one_side(browser: Browser) -> None:
    makes_a_slip(browser, "da")
    assert [given["lang"] for tag, given in browser.opens("/slip").all if tag == "section"] == ["da"]


def test_a_slip_made_again_has_the_same_code(browser: Browser, guide: Guide) -> None:
    before = len(rows(guide, "slip"))
    code = makes_a_slip(browser, "en")
    browser.presses("need_bot_capabilities")
    browser.presses("topic_work")
    browser.presses("need_find_job")
    again = CODE.search(browser.presses("make_slip").text)
    assert again
    assert again[0] == code
    assert len(rows(guide, "slip")) == before + 3


def test_without_guidance_there_is_nothing_to_print(browser: Browser) -> None:
    assert browser.opens("/slip").attributes["html"]
    assert browser.address == "/"
    browser.begins("en")
    browser.opens("/slip")
    assert browser.address == "/"


def test_a_cry_for_help_is_never_put_on_paper(browser: Browser) -> None:
    browser.begins("en")
    browser.presses("need_bot_capabilities")
    danger = browser.presses("need_emergency")
    assert "make_slip" not in danger.buttons
    browser.opens("/slip")
    assert browser.address == "/"


def test_what_is_no_guidance_is_not_put_on_paper_either(browser: Browser) -> None:
    """Places stand after a receipt and after what the guide does not serve, too."""
    browser.begins("en")
    browser.says("Who will win the football match tonight?")
    assert "make_slip" not in browser.page.buttons
    browser.opens("/slip")
    assert browser.address == "/"
    browser.presses("need_bot_capabilities")
    browser.presses("topic_rights")
    for button in BEFORE_WORDS:
        browser.presses(button)
    browser.says("My landlord said no.")
    for button in ("report_done", "report_to_consents", *ONLY_COUNTED, SEND):
        browser.presses(button)
    browser.opens("/slip")
    assert browser.address == "/"


# How it went


def outcome_of(browser: Browser, code: str) -> Page:
    browser.opens("/outcome?lang=en")
    form = next(form for form in browser.page.forms if "code" in form.fields)
    return browser.sends(form, code=code)


def press(browser: Browser, place: str, **said: str) -> Page:
    form: Form = next(form for form in browser.page.forms if form.fields.get("place") == place)
    return browser.sends(form, **said)


def test_two_presses_say_what_was_done_and_how_it_was(browser: Browser, guide: Guide) -> None:
    code = makes_a_slip(browser, "en")
    shown = outcome_of(browser, code)
    assert {form.fields.get("place") for form in shown.forms} == {"ics-job-guidance", "jobnet", "workindenmark"}
    asked = press(browser, "jobnet", step="went")
    assert guide.page_word("en", "outcome.met") in asked.text
    assert guide.page_word("en", "outcome.thanks") in press(browser, "jobnet", met="4").text
    (row,) = [row for row in rows(guide, "slip") if row["service"] == "jobnet" and row["step"]]
    assert (row["step"], row["met"], row["need"], row["language"]) == ("went", 4, "find_job", "en")
    assert code.replace(" ", "") not in str(rows(guide, "slip"))


def test_who_did_not_go_is_not_asked_how_it_was(browser: Browser, guide: Guide) -> None:
    outcome_of(browser, makes_a_slip(browser, "en"))
    assert guide.page_word("en", "outcome.thanks") in press(browser, "workindenmark", step="not_went").text


@pytest.mark.parametrize("code", ["", "1", "0000 0000 0000", "x" * 400, "<script>", "١٢٣٤ ٥٦٧٨ ٩٠١٢"])
def test_a_code_that_is_on_no_slip_is_told_so(browser: Browser, guide: Guide, code: str) -> None:
    told = outcome_of(browser, code)
    assert told.status == 422
    assert guide.page_word("en", "outcome.unknown") in told.text
    assert "<script>" not in told.source.split("</head>")[1]


@pytest.mark.parametrize(
    "said",
    [{"step": "came"}, {"step": "went", "met": "9"}, {"step": "went", "met": "x"}, {"step": "went", "place": "igu"}],
)
def test_what_is_no_answer_is_refused_and_changes_nothing(browser: Browser, guide: Guide, said: dict[str, str]) -> None:
    code = makes_a_slip(browser, "en")
    before = rows(guide, "slip")
    answer = browser.client.post("/outcome?lang=en", data={"code": code, "place": "jobnet", **said})
    assert answer.status_code == 422
    assert rows(guide, "slip") == before


def test_another_site_cannot_say_how_it_went(browser: Browser, guide: Guide) -> None:
    code = makes_a_slip(browser, "en")
    answer = browser.client.post(
        "/outcome", data={"code": code, "place": "jobnet", "step": "went"}, headers={"Origin": "https://elsewhere.dk"}
    )
    assert answer.status_code == 403
    assert not [row for row in rows(guide, "slip") if row["need"] == "find_job" and row["step"] == "x"]


# The calendar


def test_a_deadline_becomes_a_file_that_a_calendar_opens(browser: Browser, guide: Guide) -> None:
    browser.begins("ar")
    browser.presses("need_bot_capabilities")
    browser.presses("topic_papers")
    browser.presses("need_letter_help")
    browser.presses("deadline")
    browser.presses("deadline_meeting")
    counted = browser.says("15.12.2099")
    assert any(given.get("href") == "/deadline.ics" for _, given in counted.all)
    answer = browser.client.get("/deadline.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2099, 12, 15)
    assert str(event["SUMMARY"]) == guide.page_word("ar", "calendar.meeting")
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == dt.timedelta(days=-2)


def test_without_a_deadline_there_is_no_file(browser: Browser) -> None:
    browser.begins("en")
    browser.opens("/deadline.ics")
    assert browser.address == "/"


# From a sign, and at a counter


def test_a_code_of_a_sign_opens_its_need_in_the_chosen_language_and_is_counted(browser: Browser, guide: Guide) -> None:
    before = sum(row["n"] for row in rows(guide, "entry") if (row["code"], row["language"]) == ("skole", "uk"))
    browser.opens("/?from=skole")
    begun = browser.begins("uk")
    assert "children_small" in begun.buttons
    after = sum(row["n"] for row in rows(guide, "entry") if (row["code"], row["language"]) == ("skole", "uk"))
    assert after == before + 1


@pytest.mark.parametrize("code", ["nowhere", "<b>", "a" * 3000, "'; drop table entry"])
def test_a_code_that_nobody_knows_opens_the_chat_as_always(browser: Browser, guide: Guide, code: str) -> None:
    before = rows(guide, "entry")
    browser.opens("/?" + str(browser.client.build_request("GET", "/", params={"from": code}).url.query, "ascii"))
    begun = browser.begins("en")
    assert "need_danish_start" in begun.buttons
    assert rows(guide, "entry") == before


def test_at_a_counter_the_danish_stands_beside_everything(browser: Browser, guide: Guide) -> None:
    page = browser.opens("/?staff&lang=pl")
    assert guide.page_word("pl", "page.staff") in page.text
    browser.begins("pl")
    browser.presses("need_bot_capabilities")
    shown = browser.presses("topic_danish")
    danish = guide.words("da").say("utter_topic", guide.engine.replies["utter_topic"][0]["text"])
    assert danish in shown.text
    beside = [given for tag, given in shown.all if tag == "details" and given.get("data-part") == "danish"]
    assert any("open" in given for given in beside)


def test_a_resident_sees_the_danish_only_beside_what_no_speaker_has_read(browser: Browser, guide: Guide) -> None:
    begun = browser.begins("pl")
    assert guide.page_word("pl", "page.unchecked") in begun.text
    browser.presses("need_bot_capabilities")
    danish = guide.words("da").say("utter_topic", guide.engine.replies["utter_topic"][0]["text"])
    assert danish not in browser.presses("topic_danish").text
    assert browser.opens("/").text


def test_what_is_unchecked_says_so_in_the_interface_too(client: TestClient) -> None:
    said = client.post("/api/chat/session", json={"lang": "ar"}).json()["messages"][0]
    assert said["unchecked"] is True
    assert "Vejviser" in said["danish"]
    english = client.post("/api/chat/session", json={"lang": "en"}).json()["messages"][0]
    assert (english["unchecked"], english["danish"]) == (False, None)
    danish = client.post("/api/chat/session", json={"lang": "da"}).json()["messages"][0]
    assert (danish["unchecked"], danish["danish"]) == (True, None)
