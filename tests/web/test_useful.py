"""Was this useful? By one tap under an answer that showed places, once a conversation and need; without a script."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.engine.conversation import SessionKeys
from bot.engine.guide import Guide
from bot.language.dates import today
from bot.settings import Settings
from bot.web.app import make_app
from tests.faults.test_storage import asks, locked, read_only
from tests.resident import Resident
from tests.web.interface import checked
from tests.web.test_page import Browser, Form, Page

LANGUAGES = ("da", "en", "ar", "uk", "pl", "tr", "ur", "so", "fa")
TO_PLACES = ("need_danish_start", "residence_refugee")


@pytest.fixture(scope="module")
def asking(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    guide = Guide(Settings(var=tmp_path_factory.mktemp("useful")), model)
    yield guide
    guide.close()


@pytest.fixture(autouse=True)
def _nothing_counted(asking: Guide) -> None:
    asks(asking, "DELETE FROM tally")
    asks(asking, "DELETE FROM poll_mark")


@pytest.fixture
def browser(asking: Guide) -> Browser:
    return Browser(checked(TestClient(make_app(asking), follow_redirects=False)))


def counted(guide: Guide) -> dict[tuple[str, str], int]:
    """{(code, language): how often}, all of this quarter's first day."""
    found = asks(guide, "SELECT counted_on, code, language, n FROM tally WHERE kind = 'useful'")
    begin = today().replace(month=today().month - (today().month - 1) % 3, day=1).isoformat()
    assert {row[0] for row in found} <= {begin}
    return {(code, language): n for _, code, language, n in found}


def guided(browser: Browser, language: str = "en") -> Page:
    browser.opens(f"/?lang={language}")
    browser.begins(language)
    for button in TO_PLACES:
        page = browser.presses(button)
    return page


def asked(page: Page) -> list[Form]:
    """Without the form that a script copies."""
    return [form for form in page.forms if form.action == "/useful" and form.fields["message"]]


def thanks(page: Page) -> int:
    return sum(given.get("class") == "useful" for tag, given in page.all if tag == "p")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tap_is_counted_and_thanked_for_where_it_was_asked(browser: Browser, asking: Guide, language: str) -> None:
    page = guided(browser, language)
    for word in ("useful.ask", "own.yes", "own.no"):
        assert asking.page_word(language, word) in page.texts
    (form,) = asked(page)
    assert form.buttons == [("said", "yes"), ("said", "no")]
    page = browser.sends(form, said="no")
    assert (page.status, asked(page), thanks(page)) == (200, [], 1)
    assert asking.page_word(language, "poll.thanks") in page.texts
    assert counted(asking) == {("no", language): 1}


def test_it_leads_back_to_where_it_stood(browser: Browser) -> None:
    (form,) = asked(guided(browser))
    answer = browser.client.post("/useful", data={**form.fields, "said": "yes"})
    place = f"useful-{form.fields['message']}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"/#{place}")
    assert f'id="{place}"' in browser.opens("/").source


def test_a_flood_of_a_hundred_counts_once(browser: Browser, asking: Guide) -> None:
    (form,) = asked(guided(browser))
    for number in range(100):
        said = {**form.fields, "said": "yes" if number % 2 else "no"}
        assert browser.client.post("/useful", data=said).status_code == 303
    assert counted(asking) == {("no", "en"): 1}
    assert len(asks(asking, "SELECT mark FROM poll_mark")) == 1


def test_of_one_need_only_the_newest_answer_is_asked_about_and_only_once(browser: Browser, asking: Guide) -> None:
    (first,) = asked(guided(browser))
    (second,) = asked(browser.says("I want to learn Danish"))
    assert second.fields["message"] != first.fields["message"]
    assert asked(browser.sends(second, said="yes")) == []
    assert thanks(browser.sends(first, said="no")) == 1
    assert asked(browser.says("I want to learn Danish")) == []
    assert counted(asking) == {("yes", "en"): 1}


def test_another_need_and_another_conversation_count_by_themselves(browser: Browser, asking: Guide) -> None:
    browser.sends(*asked(guided(browser)), said="yes")
    (form,) = asked(browser.says("Where is the job centre?"))
    browser.sends(form, said="yes")
    other = Browser(checked(TestClient(make_app(asking), follow_redirects=False)))
    other.sends(*asked(guided(other)), said="yes")
    assert counted(asking) == {("yes", "en"): 3}


def test_a_cry_for_help_is_not_asked_if_it_was_useful(browser: Browser) -> None:
    browser.begins("en")
    page = browser.says("My husband hits me")
    assert any(given.get("class") == "card" for _, given in page.all)
    assert asked(page) == []


def test_beside_a_report_and_at_a_counter_nothing_is_asked(browser: Browser, asking: Guide) -> None:
    assert asked(guided(browser))
    page = browser.says("I want to report discrimination")
    assert ("safe_yes" in page.buttons, asked(page)) == (True, [])
    staff = Resident(asking, "en")
    staff.token, staff.reply = asyncio.run(asking.begin("en", for_staff=True))
    messages = staff.presses(*TO_PLACES).messages
    assert any(it["services"] for it in messages)
    assert {it["useful"] for it in messages} == {None}


@pytest.mark.parametrize(
    "said",
    [{"message": "m0"}, {"message": "m99"}, {"message": ""}, {"message": "<b>"}, {"said": "maybe"}, {"said": ""}],
)
def test_what_was_not_asked_is_refused(browser: Browser, asking: Guide, said: dict[str, str]) -> None:
    (form,) = asked(guided(browser))
    answer = browser.client.post("/useful", data={**form.fields, "said": "yes", **said})
    assert answer.status_code == 422
    assert counted(asking) == {}


def test_without_a_conversation_nothing_is_counted(browser: Browser, asking: Guide) -> None:
    (form,) = asked(guided(browser))
    asyncio.run(asking.erase(browser.client.cookies["vejviser_session"]))
    assert browser.client.post("/useful", data={**form.fields, "said": "yes"}).status_code == 401
    assert browser.client.post("/useful", data={**form.fields, "said": "yes"}).status_code == 401
    assert counted(asking) == {}


def test_another_site_cannot_say_it(browser: Browser, asking: Guide) -> None:
    (form,) = asked(guided(browser))
    said = {**form.fields, "said": "yes"}
    answer = browser.client.post("/useful", data=said, headers={"Origin": "https://elsewhere.dk"})
    assert answer.status_code == 403
    assert counted(asking) == {}


@pytest.mark.parametrize("fails", [read_only, locked])
def test_the_person_is_thanked_although_the_store_takes_nothing(browser: Browser, asking: Guide, fails: Any) -> None:
    (form,) = asked(guided(browser))
    with fails(asking):
        page = browser.sends(form, said="yes")
    assert (page.status, asked(page), thanks(page)) == (200, [], 1)
    assert counted(asking) == {}


def test_the_interface_says_whether_to_ask(asking: Guide) -> None:
    resident = Resident(asking, "da").presses(*TO_PLACES)
    shown = next(it for it in resident.messages if it["services"])
    assert [it["useful"] for it in resident.messages].count("ask") == 1 == (shown["useful"] == "ask")
    asyncio.run(asking.useful.say(resident.token, shown["id"], "yes"))
    later = asyncio.run(asking.replay(resident.token))["messages"]
    assert {it["id"]: it["useful"] for it in later if it["useful"]} == {shown["id"]: "thanks"}


def test_nothing_that_is_kept_leads_from_an_answer_to_its_conversation(asking: Guide) -> None:
    """The mark is keyed with the session's own secret; of two conversations nothing tells which said what."""
    residents = [Resident(asking, "so").presses(*TO_PLACES) for _ in range(2)]
    for resident, said in zip(residents, ("yes", "no"), strict=True):
        asyncio.run(
            asking.useful.say(resident.token, next(it["id"] for it in resident.messages if it["services"]), said)
        )
    marks = [mark for (mark,) in asks(asking, "SELECT mark FROM poll_mark")]
    assert len(set(marks)) == 2
    for resident in residents:
        keys = SessionKeys.of(resident.token)
        assert not [it for it in marks if keys.conversation_id in it or keys.secret.hex() in it]
    assert counted(asking) == {("yes", "so"): 1, ("no", "so"): 1}
