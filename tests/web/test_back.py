"""One step back and starting over, on the page without a script and over the interface."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from bot.engine.conversation import SessionKeys
from bot.engine.conversation_store import minute_now
from bot.engine.guide import Guide
from tests.web.interface import Chat
from tests.web.test_page import Browser, Form, Page

FORGED = "-1"


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


def form_of(page: Page, action: str) -> Form:
    return next(form for form in page.forms if form.action == action)


def test_a_step_back_shows_the_question_again(browser: Browser) -> None:
    browser.begins("en")
    asked = browser.presses("need_danish_start")
    answered = browser.presses("residence_work")
    again = browser.sends(form_of(answered, "/back"))
    assert (again.texts, again.buttons) == (asked.texts, asked.buttons)


def test_a_page_that_shows_an_older_state_takes_nothing_back(browser: Browser) -> None:
    browser.begins("en")
    older = browser.presses("need_danish_start")
    newest = browser.presses("residence_work")
    for seen in (form_of(older, "/back").fields["seen"], "", FORGED, "9" * 30, "²"):
        assert browser.sends(form_of(newest, "/back"), seen=seen).texts == newest.texts


def test_without_a_step_back_none_is_offered(browser: Browser) -> None:
    first = browser.begins("da")
    assert 'id="back" hidden' in first.source
    assert 'id="back" hidden' not in browser.says("hej").source


def test_starting_over_deletes_the_chat_and_keeps_the_language(browser: Browser, guide: Guide) -> None:
    browser.begins("pl")
    told = browser.says("Szukam pracy w Kopenhadze")
    before = dict(browser.client.cookies)
    anew = browser.sends(form_of(told, "/start"))
    assert "Szukam pracy" not in anew.text
    assert anew.attributes["html"]["lang"] == "pl"
    browser.client.cookies.clear()
    browser.client.cookies.update(before)
    assert browser.client.get("/api/chat/messages").status_code == 401


def test_starting_over_at_a_counter_stays_at_the_counter(browser: Browser) -> None:
    browser.opens("/?staff")
    begun = browser.begins("en")
    assert "Velkommen" in begun.text or "Hej" in begun.text
    assert browser.sends(form_of(begun, "/start")).texts == begun.texts


def test_the_interface_takes_a_turn_back_once(chat: Chat) -> None:
    before = chat.replays().json()
    assert not before["back"]
    answer = chat.presses("need_danish_start").json()
    assert answer["back"]
    seen = len(chat.replays().json()["messages"])
    for _ in range(2):
        taken = chat.client.post("/api/chat/back", json={"seen": seen})
        assert taken.json() == before


@pytest.mark.parametrize("seen", [None, "3", 3.0, True, []])
def test_a_number_that_is_none_is_refused(chat: Chat, seen: object) -> None:
    assert chat.client.post("/api/chat/back", json={"seen": seen}).status_code == 422


def test_without_a_conversation_there_is_no_step_back(client: TestClient) -> None:
    assert client.post("/api/chat/back", json={"seen": 1}).status_code == 401
    assert client.post("/back", data={"seen": "1"}).status_code == 401


def test_a_conversation_can_be_kept_without_saying_anything(browser: Browser, guide: Guide) -> None:
    browser.begins("en")
    keys = SessionKeys.of(browser.client.cookies["vejviser_session"])
    before = browser.opens("/").texts
    with sqlite3.connect(guide.settings.var / "conversations.db") as rows:
        rows.execute("UPDATE conversation SET last_minute = last_minute - 20 WHERE id = ?", [keys.conversation_id])
    assert browser.client.post("/stay").status_code == 204
    with sqlite3.connect(guide.settings.var / "conversations.db") as rows:
        found = rows.execute("SELECT last_minute FROM conversation WHERE id = ?", [keys.conversation_id]).fetchone()
    assert found[0] >= minute_now() - 1
    assert browser.opens("/").texts == before


def test_nothing_is_kept_that_is_over(client: TestClient) -> None:
    assert client.post("/stay").status_code == 401
