"""The conversation on the page: kept over a reload and a language, and gone when deleted; a bad line: test_line.py."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.chat import COOKIE, Chat
from tests.browser.conftest import OpenChat
from tests.server import Server

pytestmark = pytest.mark.slow

TOO_LONG = "jeg vil gerne lære dansk " * 50
LONG = TOO_LONG[:990]
ELSEWHERE = "https://www.dmi.dk/"
"""Where the fast way out leads."""


def log_of(chat: Chat) -> list[str]:
    """The messages as markup, without what marks the newest one."""
    drawn = chat.page.locator(".message").evaluate_all("all => all.map((it) => it.outerHTML)")
    return [plain(html).replace(' id="newest"', "") for html in drawn]


def plain(html: str) -> str:
    """Without the white space between tags and at the ends of a list of classes."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html).replace(' "', '"').replace(' class=""', "")


def test_a_reload_keeps_the_conversation_and_its_buttons(chat: Chat) -> None:
    chat.begin("da").press("need_danish_start")
    said = chat.page.locator(".message .said").all_inner_texts()
    chat.page.reload()
    assert chat.page.locator(".message .said").all_inner_texts() == said
    chat.press("residence_refugee")
    expect(chat.cards).not_to_have_count(0)


@pytest.mark.parametrize("language", ["da", "ar"])
def test_the_script_draws_what_the_server_draws(chat: Chat, language: str) -> None:
    """Two hands draw a message; a resident must not see which of them did."""
    chat.begin(language).press("need_danish_start", "residence_family", "count_no", "need_bot_capabilities")
    chat.press("need_emergency", "need_crisis_suicide")
    answers = chat.page.locator("#answers [role=group]")
    by_script = [*log_of(chat), plain(answers.inner_html())]
    chat.page.reload()
    by_server = [*log_of(chat), plain(answers.inner_html())]
    assert by_script == by_server


def test_the_language_changes_in_the_middle_and_the_conversation_stays(chat: Chat) -> None:
    chat.begin("da").press("need_danish_start", "residence_refugee")
    said = chat.own.count()
    danish = chat.cards.locator("h3").first.inner_text()
    chat.change_language("ar")
    expect(chat.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(chat.own).to_have_count(said + 1)
    expect(chat.said.first).to_have_attribute("dir", "ltr")
    expect(chat.said.last).to_have_attribute("dir", "rtl")
    expect(chat.page.locator(".card h3", has_text=danish)).to_have_count(1)
    chat.press("need_danish_start")
    expect(chat.cards).not_to_have_count(0)
    expect(chat.cards.first.locator("h3")).not_to_have_text(danish)


@pytest.mark.parametrize("script", [True, False])
def test_a_deleted_chat_leaves_nothing(open_chat: OpenChat, server: Server, *, script: bool) -> None:
    chat = open_chat(java_script_enabled=script)
    chat.begin("da").press("need_danish_start")
    token = chat.token
    assert token
    chat.delete()
    expect(chat.page.get_by_role("status")).to_have_text("Chatten er slettet.")
    assert chat.token is None
    chat.page.go_back()
    expect(chat.page.locator(".message")).to_have_count(0)
    answer = httpx.get(f"{server.url}/api/chat/messages", cookies={COOKIE: token})
    assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_chat_deleted_by_its_buttons_leaves_nothing(chat: Chat) -> None:
    chat.begin("ar").press("need_bot_capabilities", "need_delete_chat")
    chat.button("delete_chat_yes").click()
    expect(chat.page.locator(".message")).to_have_count(0)
    expect(chat.page.locator("#log .notice")).to_be_visible()
    expect(chat.page.locator("form")).to_have_count(0)
    assert chat.token is None
    chat.page.locator("#log .notice a").click()
    expect(chat.page.locator('button[name="lang"]')).not_to_have_count(0)


def test_a_text_that_is_too_long_is_refused_and_not_lost(open_chat: OpenChat) -> None:
    for script in (True, False):
        chat = open_chat(java_script_enabled=script).begin("da")
        chat.field.fill(TOO_LONG)
        chat.send.click()
        expect(chat.page.locator("#problem")).to_contain_text("1000")
        expect(chat.field).to_have_value(TOO_LONG)
        expect(chat.field).to_be_focused()
        expect(chat.own).to_have_count(0)


def test_what_a_resident_writes_is_text_and_never_markup(chat: Chat) -> None:
    chat.begin("da").write('<b id="own">fed</b> <img src=x onerror="document.title=1">')
    expect(chat.own).to_contain_text('<b id="own">fed</b>')
    chat.page.reload()
    expect(chat.own).to_contain_text('<b id="own">fed</b>')
    expect(chat.page.locator("#own, .message img")).to_have_count(0)


@pytest.mark.parametrize("text", ["Jeg vil lære dansk", LONG])
def test_the_newest_answer_is_in_view_from_its_beginning(chat: Chat, text: str) -> None:
    chat.begin("da").press("need_bot_capabilities", "need_emergency").write(text)
    answer = chat.newest.first
    expect(answer).to_be_in_viewport()
    box, bar = answer.bounding_box(), chat.page.locator(".bar").bounding_box()
    assert box
    assert bar
    assert bar["y"] + bar["height"] <= box["y"] < 350


def test_leaving_fast_shows_nothing_and_cannot_be_undone_by_back(chat: Chat) -> None:
    """The other page is not ours, so its answer is made here."""
    chat.page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="weather"))
    chat.begin("da").press("need_bot_capabilities", "need_emergency")
    chat.page.keyboard.press("Escape")
    chat.page.keyboard.press("Escape")
    expect(chat.page).to_have_url(ELSEWHERE)
    chat.page.go_back()
    expect(chat.page.locator(".message")).to_have_count(0)


def test_who_left_fast_comes_back_by_no_older_page_but_by_the_address(chat: Chat) -> None:
    """The history holds the chat twice, as after a reload of the picker, or where it was begun before its script."""
    chat.page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="weather"))
    chat.begin("da").press("need_bot_capabilities")
    chat.page.goto(f"{chat.url}/privacy")
    chat.page.goto(f"{chat.url}/?lang=da")
    shown = chat.page.locator(".message").count()
    chat.page.locator(".leave").click()
    expect(chat.page).to_have_url(ELSEWHERE)
    for page in (f"{chat.url}/privacy", ELSEWHERE):
        chat.page.evaluate("history.back()")
        expect(chat.page).to_have_url(page)
    chat.page.goto(chat.url)
    expect(chat.page.locator(".message")).to_have_count(shown)
    chat.page.reload()
    expect(chat.page.locator(".message")).to_have_count(shown)


@pytest.mark.parametrize("script", [True, False])
def test_a_number_that_was_hidden_stands_on_the_page_no_more(open_chat: OpenChat, script: bool) -> None:
    chat = open_chat(java_script_enabled=script).begin("da")
    chat.write("Jeg er lige blevet fyret, mit nummer er 010290-1234")
    expect(chat.own.last).to_contain_text("••••••-••••")
    expect(chat.page.locator("body")).not_to_contain_text("1234")
