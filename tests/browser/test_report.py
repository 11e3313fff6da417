"""A report of discrimination, told, sent, come back to, answered and withdrawn, as people do it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.colleague import Colleague
from tests.browser.conftest import OpenChat
from tests.reports import SEND, Step, way
from tests.server import Server
from tests.staff import Person

pytestmark = pytest.mark.slow

SAID = {"da": "Udlejeren sagde nej, da han hørte mit navn.", "ar": "رفض صاحب البيت عندما سمع اسمي.",
        "so": "Mulkiiluhu wuu diiday markuu magacayga maqlay.", "en": "He said no when he heard my name."}  # fmt: skip
ANSWER = "Tak for din indberetning. Har du annoncen?"
WRITTEN = "2026: here it is"
NOTE = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Advert: three rooms"}


def walk(chat: Chat, steps: list[Step]) -> Chat:
    for step in steps:
        if step.button:
            chat.press(step.button)
        else:
            chat.write(str(step.text))
    return chat


def tells(chat: Chat, language: str) -> Chat:
    """Up to where the report is read back."""
    return walk(chat.begin(language), way(SAID[language]))


def reports(server: Server) -> list[dict[str, Any]]:
    return server.rows("report")


@pytest.fixture
def staff(browser: Browser, console: Server, people: dict[str, Person]) -> Iterator[Colleague]:
    """Signed in, with the key open when it is asked for."""
    context = browser.new_context()
    yield Colleague(context.new_page(), console.url, people["kim"]).signs_in("da")
    context.close()


@pytest.mark.parametrize(
    "language", [pytest.param("da", marks=pytest.mark.long), "ar", pytest.param("so", marks=pytest.mark.long)]
)
def test_a_report_lives_from_its_first_word_to_its_last(
    open_chat: OpenChat, server: Server, staff: Colleague, language: str
) -> None:
    """Filed, closed, come back to with the receipt, answered by staff and by its person, with a file, withdrawn."""
    before = reports(server)
    chat = tells(open_chat(viewport=PHONE), language)
    expect(chat.page.locator(".review")).to_contain_text(SAID[language])
    chat.end(SEND)
    receipt = chat.receipt
    expect(chat.page.locator("body")).not_to_contain_text(SAID[language])
    (report,) = [row for row in reports(server) if row not in before]
    chat.delete()

    assert SAID[language] in staff.opens(f"/report/{report['id']}").text
    staff.page.fill("#text", ANSWER)
    staff.page.locator("form:has(#text) button").click()

    again = open_chat(viewport=PHONE).page
    again.goto(f"{server.url}/report?lang={language}")
    again.fill("#receipt", in_own_digits(receipt, language))
    again.locator("form .send").click()
    expect(again.locator('.written.staff blockquote[lang="da"]')).to_contain_text(ANSWER)
    again.fill("#text", WRITTEN)
    again.locator("form:has(#text) .send").click()
    expect(again.locator(".notice.status")).to_have_count(1)
    again.set_input_files("#file", [NOTE])  # type: ignore[list-item]
    again.locator("form:has(#file) .send").click()
    expect(again.locator('a[href^="/report/file/"]')).to_have_count(1)
    assert WRITTEN in staff.opens(f"/report/{report['id']}").text

    again.locator("form:has(input[value=withdraw]) button").click()
    again.locator("form:has(input[value=withdraw_yes]) button").click()
    expect(again.locator("#receipt")).to_have_count(1)
    assert reports(server) == before
    assert report["id"] not in staff.opens("/queue").page.content()
    assert nothing_left(server.var, SAID[language], ANSWER, WRITTEN)


def in_own_digits(receipt: str, language: str) -> str:
    return receipt.translate(
        {48 + value: digit for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")} if language == "ar" else {}
    )


def nothing_left(var: Path, *canaries: str) -> bool:
    everything = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
    return not any(canary.encode() in everything for canary in canaries)


def test_a_report_works_without_javascript(open_chat: OpenChat, server: Server) -> None:
    before = len(reports(server))
    chat = tells(open_chat(viewport=PHONE, java_script_enabled=False), "da").end(SEND)
    expect(chat.newest.locator(".said .receipt")).to_be_in_viewport(ratio=1)
    receipt = chat.receipt
    page = chat.page
    page.goto(f"{server.url}/report")
    page.fill("#receipt", receipt)
    page.locator("form .send").click()
    page.set_input_files("#file", [NOTE])  # type: ignore[list-item]
    page.locator("form:has(#file) .send").click()
    expect(page.locator('a[href^="/report/file/"]')).to_have_count(1)
    page.locator("form:has(input[value=consent]) button[value=no]").first.click()
    expect(page.locator("#text")).to_have_count(0)
    page.locator("form:has(input[value=withdraw]) button").click()
    page.locator("form:has(input[value=withdraw_yes]) button").click()
    assert len(reports(server)) == before


def test_what_was_told_is_gone_from_the_page_and_from_going_back(chat: Chat) -> None:
    tells(chat, "en").end(SEND)
    page = chat.page
    expect(page.locator("body")).not_to_contain_text(SAID["en"])
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    assert page.evaluate("indexedDB.databases ? indexedDB.databases().then(all => all.length) : 0") == 0
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("body")).not_to_contain_text(SAID["en"])


def test_a_ground_pressed_again_is_taken_back(chat: Chat) -> None:
    walk(chat.begin("da"), way(SAID["da"])[:9])
    chat.press("ground_age", "ground_sex", "ground_age")
    expect(chat.page.locator("#answers .chosen")).to_have_count(1)
    expect(chat.button("ground_sex")).to_have_class("chosen")


def test_stopping_saves_nothing_and_shows_nothing_more(chat: Chat, server: Server) -> None:
    before = reports(server)
    tells(chat, "ar").end("report_cancel")
    assert chat.replies == ["utter_report_cancelled"]
    expect(chat.page.locator("body")).not_to_contain_text(SAID["ar"])
    assert reports(server) == before


def test_a_paused_report_goes_on_in_another_window(open_chat: OpenChat, server: Server) -> None:
    before = len(reports(server))
    paused = walk(open_chat(viewport=PHONE).begin("so"), way(SAID["so"])[:5]).end("report_pause")
    receipt = paused.receipt
    again = open_chat(viewport=PHONE)
    again.page.goto(f"{server.url}/report?lang=so")
    again.page.fill("#receipt", receipt)
    again.page.locator("form .send").click()
    expect(again.button("report_cancel")).to_have_count(1)
    again.press("when_unknown", "report_to_consents", "read_no").end(SEND)
    assert again.receipt == receipt
    assert len(reports(server)) == before + 1


def test_leaving_fast_from_a_report_shows_nothing_of_it(chat: Chat, server: Server) -> None:
    tells(chat, "en")
    chat.page.route(
        "**/*",
        lambda route: route.fulfill(body="neutral") if "127.0.0.1" not in route.request.url else route.continue_(),
    )
    chat.page.keyboard.press("Escape")
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("body")).to_have_text("neutral")
    assert "127.0.0.1" not in chat.page.url
    expect(chat.page.locator("body")).not_to_contain_text(SAID["en"])


def test_going_on_and_giving_up_are_in_reach_and_look_different(chat: Chat) -> None:
    """Nineteen grounds do not fit on a phone, so the button that goes on stays at the lower edge."""
    walk(chat.begin("da"), way(SAID["da"])[:9])
    chat.press("ground_age")
    expect(chat.button("report_done")).to_be_in_viewport(ratio=1)
    colours = [
        chat.button(name).evaluate("element => getComputedStyle(element).backgroundColor")
        for name in ("report_done", "report_cancel")
    ]
    assert colours[0] != colours[1]


def test_the_first_screen_says_what_happens_with_a_report(chat: Chat) -> None:
    chat.begin("en").press("need_report_discrimination")
    said = chat.newest.first.inner_text()
    for told in ("staff of the city", "7 days", "3 months", "police", "receipt", "112"):
        assert told in said
