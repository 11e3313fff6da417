"""A resident is guided on the page, from the first word to the counted referral."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.conftest import OpenChat
from tests.server import Server

pytestmark = pytest.mark.slow

LANGUAGES = {"da": "ltr", "ar": "rtl", "en": "ltr"}
OWN_WORDS = {
    "da": "Jeg har fået at vide at jeg skal op på jobcenteret, men hvor er det henne?",
    "ar": "قالوا لي أن أذهب إلى مركز العمل، فأين أجده في المدينة؟",
}


def referrals(server: Server, before: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The rows of referrals that were not there `before`."""
    return [row for row in server.rows("referral") if row not in (before or [])]


def assert_counted(server: Server, before: list[dict[str, Any]], chat: Chat, language: str) -> None:
    """A row for each place that stands in the conversation, and nothing in it but what was chosen."""
    shown = [service["id"] for message in chat.kept for service in message["services"]]
    rows = referrals(server, before)
    assert sorted(row["service"] for row in rows) == sorted(shown)
    for row in rows:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        assert (row["need"], row["language"], row["residence"]) == ("danish_start", language, "refugee")
        assert (row["made_on"], row["cpr"], row["district"]) == (today, None, None)
        assert row["mode"] == "info_given"
        assert len(row["id"]) == len("0123456789abcdef0123456789abcdef")
    assert any(row["effort"] for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_finds_a_danish_course_and_lets_it_be_counted(chat: Chat, server: Server, language: str) -> None:
    before = referrals(server)
    chat.begin(language)
    expect(chat.page.locator("html")).to_have_attribute("dir", LANGUAGES[language])
    chat.press("need_danish_start")
    expect(chat.cards).to_have_count(0)
    chat.press("residence_refugee")
    assert 1 <= chat.cards.count() <= 3
    for card in chat.cards.all():
        expect(card.locator("h3")).not_to_be_empty()
    expect(chat.cards.first.locator("ol > li").first).to_be_visible()
    expect(chat.cards.first.locator("[data-part=cost]")).to_be_visible()
    assert not referrals(server, before)
    chat.press("count_yes")
    assert chat.replies == ["utter_counted"]
    assert_counted(server, before, chat, language)


def test_a_no_to_being_counted_leaves_no_row(chat: Chat, server: Server) -> None:
    before = referrals(server)
    chat.begin("da").press("need_danish_start", "residence_refugee", "count_no")
    assert chat.replies == ["utter_not_counted"]
    assert not referrals(server, before)


@pytest.mark.parametrize("language", OWN_WORDS)
def test_own_words_lead_to_the_job_centre(chat: Chat, language: str) -> None:
    chat.begin(language).write(OWN_WORDS[language])
    expect(chat.own.last).to_contain_text(OWN_WORDS[language])
    assert chat.replies[0] == "utter_jobcentre_find"
    names = [service["name"] for service in chat.services]
    assert names
    assert chat.cards.locator("h3").all_inner_texts() == names


def test_it_all_works_without_javascript(open_chat: OpenChat, server: Server) -> None:
    chat = open_chat(viewport=PHONE, java_script_enabled=False)
    before = referrals(server)
    chat.begin("ar").press("need_danish_start", "residence_refugee")
    expect(chat.cards.first.locator("ol > li").first).to_be_visible()
    expect(chat.newest.first).to_be_in_viewport()
    chat.press("count_yes")
    assert_counted(server, before, chat, "ar")
    chat.write(OWN_WORDS["ar"])
    assert chat.replies[0] == "utter_jobcentre_find"
    chat.change_language("da")
    expect(chat.own.nth(1)).to_have_attribute("dir", "rtl")
    chat.page.locator('form[action="/delete"] button').click()
    expect(chat.page.get_by_role("status")).to_have_text("Chatten er slettet.")
    assert chat.token is None


def test_it_works_by_keyboard_alone(chat: Chat) -> None:
    chat.page.goto(chat.url)
    chat.tab_to(chat.page.locator('button[value="ar"]'))
    chat.page.keyboard.press("Enter")
    expect(chat.said).to_have_count(1)
    chat.press_enter_on("need_danish_start")
    expect(chat.newest.first).to_be_focused()
    chat.press_enter_on("residence_refugee").press_enter_on("count_yes")
    assert chat.replies == ["utter_counted"]
    chat.tab_to(chat.field)
    chat.page.keyboard.type(OWN_WORDS["ar"])
    chat.page.keyboard.press("Enter")
    expect(chat.cards).not_to_have_count(0)
    assert chat.replies[0] == "utter_jobcentre_find"


def test_a_folded_place_opens_by_keyboard(chat: Chat) -> None:
    chat.begin("da").press("need_danish_start", "residence_family")
    folded = chat.cards.nth(1)
    expect(folded.locator("ol")).to_be_hidden()
    chat.tab_to(folded.locator("summary"))
    chat.page.keyboard.press("Enter")
    expect(folded.locator("ol")).to_be_visible()
