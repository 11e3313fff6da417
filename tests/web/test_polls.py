"""One-tap questions on pages: after how it went, and about a report that was answered; once, and never in the way."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.casework.keyring import FIRST, TeamKey
from bot.casework.office import Office
from bot.casework.vocabulary import GRADES, POLLS
from bot.engine.guide import Guide
from bot.settings import Settings
from bot.web.app import make_app
from tests.faults.test_storage import asks, locked, read_only
from tests.keys import keyring_of, make_keys
from tests.reports import SEND, go, opened, receipt_in, way
from tests.resident import Resident
from tests.web.interface import checked
from tests.web.test_own_report import Visitor
from tests.web.test_page import Browser, Page
from tests.web.test_slip import makes_a_slip, outcome_of, press

SERIOUSLY = "taken_seriously"


@pytest.fixture(scope="module")
def asking(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    guide = Guide(Settings(var=tmp_path_factory.mktemp("asked")), model)
    guide.first_passphrases = make_keys(guide.store)  # type: ignore[attr-defined]
    yield guide
    guide.close()


@pytest.fixture(scope="module")
def team(asking: Guide) -> TeamKey:
    return asyncio.run(keyring_of(asking.store).open(FIRST, asking.first_passphrases.team))  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_counted(asking: Guide) -> None:
    asks(asking, "DELETE FROM tally")


@pytest.fixture
def browser(asking: Guide) -> Browser:
    return Browser(checked(TestClient(make_app(asking), follow_redirects=False)))


@pytest.fixture
def visitor(asking: Guide) -> Iterator[Visitor]:
    visitor = Visitor(asking, make_app(asking))
    yield visitor
    visitor.client.close()


def counted(guide: Guide) -> dict[tuple[str, str], int]:
    found = asks(guide, "SELECT kind, code, n FROM tally WHERE kind LIKE 'poll.%'")
    return {(kind.removeprefix("poll."), code): n for kind, code, n in found}


# After how it went


def asked(page: Page) -> str | None:
    return next((form.fields["poll"] for form in page.forms if "poll" in form.fields), None)


def answers(browser: Browser, **said: str) -> Page:
    return browser.sends(next(form for form in browser.page.forms if "poll" in form.fields), **said)


@pytest.mark.parametrize("language", ["da", "en", "ar", "uk", "pl", "tr", "ur", "so", "fa"])
def test_after_how_it_went_statements_are_asked_one_at_a_time(browser: Browser, asking: Guide, language: str) -> None:
    code = makes_a_slip(browser, language)
    browser.opens(f"/outcome?lang={language}")
    assert asked(browser.sends(next(it for it in browser.page.forms if "code" in it.fields), code=code)) is None
    assert asked(press(browser, "jobnet", step="went")) is None
    page = press(browser, "jobnet", met="4")
    assert asking.page_word(language, "outcome.thanks") in page.text
    for place, poll in enumerate(POLLS):
        assert asked(page) == poll
        for word in ("title", "counted", "ask", poll, *(f"grade.{grade}" for grade in (0, *GRADES))):
            assert asking.page_word(language, f"poll.{word}") in page.text
        assert [other for other in POLLS if asking.page_word(language, f"poll.{other}") in page.text] == [poll]
        page = answers(browser, grade=str(place + 2))
        assert asking.page_word(language, "poll.thanks") in page.texts
    assert asked(page) is None
    assert counted(asking) == {("trust", "2"): 1, ("community", "3"): 1, ("influence", "4"): 1}
    assert {form.fields.get("place") for form in page.forms} == {"ics-job-guidance", "jobnet", "workindenmark"}


def test_who_did_not_go_or_rather_does_not_say_is_asked_too_and_may_keep_silent(
    browser: Browser, asking: Guide
) -> None:
    outcome_of(browser, makes_a_slip(browser, "en"))
    assert asked(press(browser, "jobnet", step="not_went")) == "trust"
    for following in ("community", "influence", None):
        assert asked(answers(browser, grade="0")) == following
    assert counted(asking) == {}
    press(browser, "jobnet", step="went")
    assert asked(press(browser, "jobnet", met="0")) is None


def test_a_flood_of_a_hundred_counts_once(browser: Browser, asking: Guide) -> None:
    code = makes_a_slip(browser, "en")
    for number in range(100):
        said = {"code": code, "poll": "trust", "grade": str(number % 5 + 1)}
        answer = browser.client.post("/outcome?lang=en", data=said)
        assert answer.status_code == 200
        assert asking.page_word("en", "poll.thanks") in answer.text
    assert counted(asking) == {("trust", "1"): 1}


@pytest.mark.parametrize("code", ["", "0000 0000 0000", "x"])
def test_without_a_slip_nothing_is_counted(browser: Browser, asking: Guide, code: str) -> None:
    answer = browser.client.post("/outcome?lang=en", data={"code": code, "poll": "trust", "grade": "5"})
    assert answer.status_code == 422
    assert counted(asking) == {}


@pytest.mark.parametrize(
    "said", [{"grade": "6"}, {"grade": "-1"}, {"grade": "x"}, {"poll": "taken_seriously", "grade": "3"},
             {"poll": "", "grade": "3"}, {"poll": "<b>", "grade": "3"}],
)  # fmt: skip
def test_what_is_no_answer_is_refused(browser: Browser, asking: Guide, said: dict[str, str]) -> None:
    code = makes_a_slip(browser, "en")
    answer = browser.client.post("/outcome?lang=en", data={"code": code, "poll": "trust", **said})
    assert answer.status_code == 422
    assert counted(asking) == {}


def test_another_site_cannot_answer(browser: Browser, asking: Guide) -> None:
    said = {"code": makes_a_slip(browser, "en"), "poll": "trust", "grade": "1"}
    answer = browser.client.post("/outcome", data=said, headers={"Origin": "https://elsewhere.dk"})
    assert answer.status_code == 403
    assert counted(asking) == {}


@pytest.mark.parametrize("fails", [read_only, locked])
def test_where_it_cannot_be_saved_the_person_is_thanked_and_not_asked_on(
    browser: Browser, asking: Guide, fails: Any
) -> None:
    outcome_of(browser, makes_a_slip(browser, "ar"))
    assert asked(press(browser, "jobnet", step="not_went")) == "trust"
    with fails(asking):
        page = answers(browser, grade="4")
        assert page.status == 200
        assert asking.page_word("en", "poll.thanks") in page.texts
        assert asked(page) is None
    assert counted(asking) == {}
    assert asked(press(browser, "jobnet", step="not_went")) == "trust"


# About a report


def a_report(asking: Guide, team: TeamKey, language: str = "en", text: str = "Tak.") -> str:
    """The receipt of one that staff have answered."""
    receipt = receipt_in(go(Resident(asking, language), way()).presses(SEND).text)
    key = opened(asking.visits.own, receipt)
    asyncio.run(Office(asking.store, asking.visits.own).answer(key.report_id, team, text, "da"))
    return receipt


def is_asked(visitor: Visitor, language: str = "en") -> bool:
    return visitor.word(f"poll.{SERIOUSLY}", language) in visitor.page


@pytest.mark.parametrize("language", ["da", "ar", "so"])
def test_whose_report_was_answered_is_asked_once(visitor: Visitor, asking: Guide, team: TeamKey, language: str) -> None:
    visitor.opens(a_report(asking, team, language), language)
    assert is_asked(visitor, language)
    visitor.does("poll", grade="4")
    assert visitor.notice == visitor.word("poll.thanks", language)
    assert not is_asked(visitor, language)
    assert visitor.has_it_open
    assert counted(asking) == {(SERIOUSLY, "4"): 1}


def test_a_flood_about_one_report_counts_once(visitor: Visitor, asking: Guide, team: TeamKey) -> None:
    visitor.opens(a_report(asking, team))
    for number in range(100):
        said = {"do": "poll", "grade": str(number % 5 + 1)}
        answer = visitor.client.post("/report", data=said, follow_redirects=False)
        assert answer.headers["location"] == "/report?said=poll.thanks#main"
    assert counted(asking) == {(SERIOUSLY, "1"): 1}


def test_whose_report_waits_is_not_asked_and_cannot_answer(visitor: Visitor, asking: Guide) -> None:
    visitor.opens(receipt_in(go(Resident(asking, "en"), way()).presses(SEND).text))
    assert not is_asked(visitor)
    visitor.does("poll", grade="1")
    assert visitor.has_it_open
    assert counted(asking) == {}


@pytest.mark.parametrize("grade", ["6", "x", "-1"])
def test_what_is_no_grade_is_refused(visitor: Visitor, asking: Guide, team: TeamKey, grade: str) -> None:
    visitor.opens(a_report(asking, team)).does("poll", grade=grade)
    assert visitor.answer.status_code == 422
    assert counted(asking) == {}


def test_who_would_rather_not_say_is_not_asked_again(visitor: Visitor, asking: Guide, team: TeamKey) -> None:
    visitor.opens(a_report(asking, team)).does("poll", grade="0")
    assert visitor.notice == visitor.word("poll.thanks")
    assert not is_asked(visitor)
    assert counted(asking) == {}


def test_without_an_open_report_nothing_is_counted(visitor: Visitor, asking: Guide) -> None:
    visitor.does("poll", grade="5")
    assert not visitor.has_it_open
    assert counted(asking) == {}


@pytest.mark.parametrize("fails", [read_only, locked])
def test_the_person_is_thanked_although_the_store_takes_nothing(
    visitor: Visitor, asking: Guide, team: TeamKey, fails: Any
) -> None:
    visitor.opens(a_report(asking, team))
    with fails(asking):
        answer = visitor.client.post("/report", data={"do": "poll", "grade": "5"}, follow_redirects=False)
        assert answer.headers["location"] == "/report?said=poll.thanks#main"
    assert counted(asking) == {}
    visitor.looks(answer.headers["location"])
    assert visitor.notice == visitor.word("poll.thanks")
    assert is_asked(visitor)


def test_an_answer_leaves_the_report_as_it_was(visitor: Visitor, asking: Guide, team: TeamKey) -> None:
    visitor.opens(a_report(asking, team))
    tables = ("report", "report_answer", "piece", "report_key", "report_consent")
    before = [asks(asking, f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - constants
    visitor.does("poll", grade="1")
    assert [asks(asking, f"SELECT * FROM {table}") for table in tables] == before  # noqa: S608 - constants
    assert "taken_seriously" not in visitor.client.get("/report/copy").text
