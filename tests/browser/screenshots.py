"""Takes pictures of a whole conversation in every language, to be looked at: `python -m tests.browser.screenshots DIR`."""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.language.languages import find_languages
from bot.settings import read_settings
from tests.browser.chat import Chat
from tests.browser.chromium import start
from tests.server import Server

REPORT_TO_GROUND = ("need_report_discrimination", "role_self")
GROUND_TO_RECEIPT = (
    "ground_done", "area_at_work", "district_norrebro", "when_unknown", "wish_advice", "report_count_yes",
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int
    font_size: int = 16
    """What the browser is set to, in CSS pixels; 32 is text at 200 %."""


SCREENS = (Screen("phone", 360, 700), Screen("desk", 1280, 800), Screen("large", 360, 700, 32))


def scenes(chat: Chat, language: str) -> Iterator[str]:
    """Plays the conversation and stops where a picture is to be taken."""
    chat.page.goto(f"{chat.url}/?lang={language}")
    yield "picker"
    chat.begin(language)
    yield "welcome"
    chat.press("need_danish_start")
    yield "residence"
    chat.press("residence_family")
    yield "cards"
    chat.press("count_yes", "need_bot_capabilities")
    yield "capabilities"
    chat.press("need_emergency", "need_crisis_suicide")
    yield "crisis"
    chat.page.locator(".menu summary").click()
    chat.page.evaluate("scrollTo(0, 0)")
    yield "menu"
    chat.page.locator(".menu summary").click()
    chat.press("need_human_contact", "need_bot_capabilities", *REPORT_TO_GROUND)
    yield "ground"
    chat.press("ground_skin_colour", "ground_language")
    yield "ground-chosen"
    chat.press(*GROUND_TO_RECEIPT)
    yield "receipt"
    chat.delete()
    yield "deleted"


def take(browser: Browser, url: str, language: str, screen: Screen, folder: Path) -> None:
    """Two pictures a scene: what is in view, and the page as a whole."""
    context = browser.new_context(viewport={"width": screen.width, "height": screen.height})
    chat = Chat(context.new_page(), url)
    for number, scene in enumerate(scenes(chat, language), 1):
        name = f"{language}-{screen.name}-{number:02}-{scene}"
        chat.page.screenshot(path=folder / f"{name}.png")
        chat.page.screenshot(path=folder / f"{name}-whole.png", full_page=True)
    context.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    configure_logs("WARNING")
    settings = read_settings(os.environ)
    train_if_needed(settings)
    with tempfile.TemporaryDirectory() as var, Server(Path(var)) as server, sync_playwright() as playwright:
        for screen in SCREENS:
            browser = start(playwright, f"--blink-settings=defaultFontSize={screen.font_size}")
            for language in find_languages(settings.locales, settings.data / "nlu"):
                take(browser, server.url, language, screen, folder)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
