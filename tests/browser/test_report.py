"""A report of discrimination, told by buttons: saved only after a yes, and then with a receipt."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.conftest import OpenChat
from tests.server import Server

pytestmark = pytest.mark.slow

TO_GROUND = ("need_report_discrimination", "role_witness")
GROUNDS = ("ground_skin_colour", "ground_religion_belief")
TO_QUESTION = ("ground_done", "area_at_work", "district_norrebro", "when_unknown", "wish_be_heard")


def tables(server: Server) -> dict[str, list[dict[str, object]]]:
    return {name: server.rows(name) for name in ("report", "report_ground", "report_wish")}


def report(chat: Chat, server: Server, language: str) -> dict[str, object]:
    """Tells one up to the receipt; the row that came of it, once its grounds and wish are checked too."""
    before = tables(server)
    chat.begin(language).press(*TO_GROUND, *GROUNDS)
    assert [button.get_attribute("value") for button in chat.page.locator("#answers .chosen").all()] == list(GROUNDS)
    chat.press(*TO_QUESTION)
    assert tables(server) == before
    chat.press("report_count_yes")
    after = {name: [row for row in rows if row not in before[name]] for name, rows in tables(server).items()}
    (row,) = after["report"]
    assert sorted(str(it["ground"]) for it in after["report_ground"]) == ["religion_belief", "skin_colour"]
    assert [it["wish"] for it in after["report_wish"]] == ["be_heard"]
    assert {it["report_id"] for it in after["report_ground"] + after["report_wish"]} == {row["id"]}
    return row


@pytest.mark.parametrize("language", ["da", "ar", "en"])
def test_a_report_by_buttons_becomes_a_row_and_a_receipt(chat: Chat, server: Server, language: str) -> None:
    row = report(chat, server, language)
    assert (row["language"], row["reporter_role"], row["area"]) == (language, "witness", "at_work")
    assert (row["district"], row["incident_when"], row["channel"]) == ("norrebro", "unknown", "web")
    expect(chat.newest.locator(".said .receipt")).to_be_in_viewport(ratio=1)
    assert len(chat.receipt.replace(" ", "")) == 20
    assert chat.receipt.replace(" ", "") not in str(row)


def test_a_report_works_without_javascript(open_chat: OpenChat, server: Server) -> None:
    chat = open_chat(viewport=PHONE, java_script_enabled=False)
    row = report(chat, server, "da")
    assert row["language"] == "da"
    expect(chat.newest.locator(".said .receipt")).to_be_in_viewport(ratio=1)


def test_a_ground_pressed_again_is_taken_back(chat: Chat) -> None:
    chat.begin("da").press(*TO_GROUND, *GROUNDS, GROUNDS[0])
    expect(chat.page.locator("#answers .chosen")).to_have_count(1)
    expect(chat.button(GROUNDS[1])).to_have_class("chosen")


def test_stopping_saves_nothing(chat: Chat, server: Server) -> None:
    before = tables(server)
    chat.begin("ar").press(*TO_GROUND, *GROUNDS, "report_cancel")
    assert chat.replies == ["utter_report_cancelled"]
    assert tables(server) == before


def test_going_on_and_giving_up_are_in_reach_and_look_different(chat: Chat) -> None:
    """Nineteen grounds do not fit on a phone, so the button that goes on stays at the lower edge."""
    chat.begin("da").press(*TO_GROUND)
    expect(chat.newest.first).to_be_in_viewport(ratio=1)
    expect(chat.button("ground_done")).to_be_in_viewport(ratio=1)
    colours = [
        chat.button(name).evaluate("element => getComputedStyle(element).backgroundColor")
        for name in ("ground_done", "report_cancel")
    ]
    assert colours[0] != colours[1]
