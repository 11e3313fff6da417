"""Every language, width and light: somebody without a mouse gets to the places, and axe finds no barrier on the way."""

from itertools import product

import pytest
from playwright.sync_api import ViewportSize, expect

from bot.language.languages import find_languages
from bot.settings import Settings
from tests.browser.chat import Chat
from tests.browser.conftest import OpenChat
from tests.browser.test_screen import LEVELS, barriers, too_wide

pytestmark = pytest.mark.slow

LANGUAGES = sorted(find_languages(Settings().locales, Settings().data / "nlu"))
WIDTHS, SCHEMES = (360, 768, 1_280), ("light", "dark")
HEIGHT = 800
ALL = list(product(LANGUAGES, WIDTHS, SCHEMES))
EACH_ONCE = {(it, WIDTHS[place % 3], SCHEMES[place % 2]) for place, it in enumerate(LANGUAGES)}
"""With every change each language is looked at once, and each width and scheme several times; the others are `long`."""


def by_keyboard(chat: Chat, language: str) -> None:
    """From the picker to places and to an answer in words, by keys alone."""
    chat.page.goto(chat.url)
    chat.tab_to(chat.page.locator(f'button[name="lang"][value="{language}"]'))
    chat.page.keyboard.press("Enter")
    expect(chat.said).to_have_count(1)
    chat.press_enter_on("need_danish_start").press_enter_on("residence_family")
    expect(chat.cards).not_to_have_count(0)
    chat.tab_to(chat.field)
    chat.page.keyboard.type("112")
    before = chat.own.count()
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator(".resident:not(.pending)")).to_have_count(before + 1)


def without_barriers(chat: Chat, width: int, scene: str) -> None:
    assert (scene, too_wide(chat)) == (scene, [])
    assert (scene, barriers(chat, {"type": "tag", "values": LEVELS})) == (scene, [])
    chat.page.set_viewport_size(ViewportSize(width=width, height=HEIGHT))


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [pytest.param(*it, marks=() if it in EACH_ONCE else pytest.mark.long) for it in ALL],
)
def test_by_keyboard_and_without_barriers(open_chat: OpenChat, language: str, width: int, scheme: str) -> None:
    size = ViewportSize(width=width, height=HEIGHT)
    chat = open_chat(viewport=size, color_scheme=scheme, bypass_csp=True)
    chat.page.goto(f"{chat.url}/?lang={language}")
    without_barriers(chat, width, "picker")
    by_keyboard(chat, language)
    assert chat.page.locator("html").get_attribute("lang") == language
    without_barriers(chat, width, "conversation")
