"""What the page looks like to those who use it: small screens, large text, right to left, and machines that read."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Locator, ViewportSize

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE, start
from tests.browser.conftest import OpenChat
from tests.browser.scenes import TO_CRISIS, scenes
from tests.server import Server

pytestmark = pytest.mark.slow

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, PHONE["width"])
FOR_AXE = ("picker", "cards", "crisis", "menu", "slip", "outcome", "poll", "ground-chosen", "deleted")
THUMB = 44
"""CSS pixels each way (WCAG 2.5.5)."""


def too_wide(chat: Chat) -> list[str]:
    """What reaches over the side of the screen."""
    wide: list[str] = chat.page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          const cut = (it) => it && (getComputedStyle(it).overflowX === "hidden" || cut(it.parentElement));
          const out = ({ left, right, width }) => width > 1 && (left < -1 || right > room + 1);
          const all = [...document.querySelectorAll("body *:not(.skip)")];
          const wide = all.filter((it) => out(it.getBoundingClientRect()) && !cut(it.parentElement));
          const sideways = document.documentElement.scrollWidth > room ? ["the page"] : [];
          return [...sideways, ...wide.map((it) => it.outerHTML)];
        }"""
    )
    return wide


def left_edges(number: Locator) -> list[float]:
    """Where each group of digits begins, in the order in which they are written."""
    edges: list[float] = number.evaluate(
        """(element) => [...element.textContent.matchAll(/\\d+/g)].map((group) => {
          const range = document.createRange();
          range.setStart(element.firstChild, group.index);
          range.setEnd(element.firstChild, group.index + group[0].length);
          return range.getBoundingClientRect().left;
        })"""
    )
    return edges


def show_all(chat: Chat) -> None:
    """Unfold the places, on a screen as high as the page: what sticks to an edge then covers nothing."""
    chat.page.evaluate("document.querySelectorAll('.more').forEach((more) => { more.open = true })")
    height = chat.page.evaluate("document.documentElement.scrollHeight")
    chat.page.set_viewport_size(ViewportSize(width=chat.page.viewport_size["width"], height=height))


@pytest.mark.parametrize("language", [pytest.param("da", marks=pytest.mark.long), "ar"])
def test_on_a_phone_all_is_in_sight_large_enough_and_without_barriers(open_chat: OpenChat, language: str) -> None:
    """One walk for all that is looked at: nothing reaches over the side, thumbs hit, axe is content."""
    chat = open_chat(viewport=PHONE, bypass_csp=True)
    looked_at = set()
    for scene in scenes(chat, language):
        for width in WIDTHS:
            chat.page.set_viewport_size(ViewportSize(width=width, height=PHONE["height"]))
            assert (scene, width, too_wide(chat)) == (scene, width, [])
        assert (scene, too_small(chat)) == (scene, [])
        if scene in FOR_AXE:
            assert (scene, barriers(chat, {"type": "tag", "values": LEVELS})) == (scene, [])
        if scene == "receipt":
            edges = left_edges(chat.newest.locator(".said .receipt"))
            assert len(edges) == 5
            assert edges == sorted(edges), "a receipt keeps its order, from right to left too"
        looked_at.add(scene)
    assert looked_at >= {*FOR_AXE, "receipt", "own-report"}


@pytest.mark.parametrize("language", [pytest.param("da", marks=pytest.mark.long), "ar"])
def test_text_at_double_size_stays_on_the_screen(large_text: Browser, server: Server, language: str) -> None:
    context = large_text.new_context(viewport=PHONE)
    chat = Chat(context.new_page(), server.url)
    for scene in scenes(chat, language):
        assert (scene, too_wide(chat)) == (scene, [])
    context.close()


@pytest.fixture(scope="module")
def large_text(browser: Browser) -> Iterator[Browser]:
    """A browser whose owner has set the text to 200 %."""
    large = start(browser.browser_type, "--blink-settings=defaultFontSize=32")
    yield large
    large.close()


def test_numbers_keep_their_order_from_right_to_left(chat: Chat) -> None:
    chat.begin("ar").press(*TO_CRISIS)
    for number in (chat.newest.locator(".said .number"), chat.newest.locator(".call a")):
        edges = left_edges(number.filter(has_text="70 201 201"))
        assert len(edges) == 3
        assert edges == sorted(edges)


def test_a_text_that_begins_with_a_danish_word_begins_where_its_language_does(chat: Chat) -> None:
    chat.begin("ur").press("need_danish_start", "residence_family")
    card = chat.cards.first
    for text in (card.locator("h3"), card.locator("li").first):
        left_of_its_end, room = text.evaluate(
            """(element) => {
              const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
              const run = /[A-Za-z ]{2,}[A-Za-z]/.exec(words.data);
              const range = document.createRange();
              range.setStart(words, run.index);
              range.setEnd(words, run.index + run[0].length);
              return [element.getBoundingClientRect().right - range.getBoundingClientRect().right, element.clientWidth];
            }"""
        )
        assert left_of_its_end < room / 20


def test_every_number_in_an_answer_can_be_called(chat: Chat) -> None:
    chat.begin("ar").press(*TO_CRISIS)
    numbers = {link.inner_text(): link.get_attribute("href") for link in chat.newest.locator(".said a").all()}
    assert numbers == {
        "112": "tel:112",
        "70 201 201": "tel:+4570201201",
        "1813": "tel:1813",
        "116 111": "tel:116111",
    }


def test_messages_say_their_language_and_direction(chat: Chat) -> None:
    chat.begin("ar").press("need_danish_start", "residence_refugee").write("Hvor ligger jobcenteret?")
    *answers, offer = chat.said.all()
    for message in answers:
        assert (message.get_attribute("lang"), message.get_attribute("dir")) == ("ar", "rtl")
    assert (offer.get_attribute("lang"), offer.get_attribute("dir")) == ("da", "ltr")  # the language that was written
    own = chat.own.last.locator(".said")
    assert own.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert chat.page.locator(".danish bdi").first.get_attribute("lang") == "da"


def too_small(chat: Chat) -> list[tuple[str, float, float]]:
    """What is pressed and smaller than a thumb needs; but for a link within a sentence, whose lines hold it."""
    small: list[tuple[str, float, float]] = chat.page.evaluate(
        """(thumb) => {
          const block = (it) => /^inline$/.test(getComputedStyle(it).display) ? block(it.parentElement) : it;
          const inSentence = (it) => it.matches("a") && block(it) !== it
            && block(it).textContent.trim().length > it.textContent.trim().length;
          const pressed = (it) => it.matches("[type=checkbox]") ? it.labels[0] : it;
          const all = document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])");
          return [...all].filter((it) => it.checkVisibility() && !it.matches(".skip") && !inSentence(it)).map((it) => {
            const { width, height } = pressed(it).getBoundingClientRect();
            return [it.outerHTML.slice(0, 120), width, height];
          }).filter(([, width, height]) => Math.min(width, height) + 0.01 < thumb);
        }""",
        THUMB,
    )
    return small


def barriers(chat: Chat, rules: dict[str, object]) -> list[tuple[str, list[str], str]]:
    show_all(chat)
    chat.page.add_script_tag(path=AXE)
    found = chat.page.evaluate("(rules) => axe.run({ runOnly: rules })", rules)
    return [
        (barrier["id"], node["target"], node["failureSummary"])
        for barrier in found["violations"]
        for node in barrier["nodes"]
    ]


@pytest.mark.long
def test_axe_finds_enough_contrast_in_the_dark(open_chat: OpenChat) -> None:
    chat = open_chat(viewport=PHONE, bypass_csp=True, color_scheme="dark")
    for scene in scenes(chat, "da"):
        if scene in {"picker", "cards", "crisis", "slip", "ground-chosen", "receipt"}:
            assert (scene, barriers(chat, {"type": "rule", "values": ["color-contrast"]})) == (scene, [])
