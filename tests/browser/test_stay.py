"""A chat that nobody writes in says that it will be deleted, and is kept for whoever asks for that (WCAG 2.2.1)."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat

pytestmark = pytest.mark.slow
SAID = "Chatten bliver snart slettet"


def test_before_a_chat_is_deleted_it_says_so_and_can_be_kept(chat: Chat) -> None:
    chat.page.clock.install()
    chat.begin("da")
    soon = chat.page.locator("#soon")
    chat.page.clock.fast_forward("25:00")
    expect(soon).to_be_empty()
    chat.page.clock.fast_forward("02:00")
    expect(soon).to_contain_text(SAID)
    with chat.page.expect_response("**/stay") as answered:
        soon.locator("button").click()
    assert answered.value.status == 204
    expect(soon).to_be_empty()
    chat.page.clock.fast_forward("27:00")
    expect(soon).to_contain_text(SAID)
    chat.press("need_danish_start")
    expect(soon).to_be_empty()


def test_one_that_is_over_by_then_shows_so(chat: Chat) -> None:
    chat.page.clock.install()
    chat.begin("da")
    chat.page.clock.fast_forward("27:00")
    chat.page.context.clear_cookies()
    chat.page.locator("#soon button").click()
    expect(chat.page.locator("button[name=lang]")).not_to_have_count(0)
