"""`python -m tests.browser.screenshots DIR`: pictures of a whole conversation in every language, to be looked at."""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.language.languages import find_languages
from bot.settings import read_settings
from tests.browser.chat import Chat
from tests.browser.chromium import start
from tests.browser.scenes import scenes
from tests.server import Server


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int
    font_size: int = 16
    """What the browser is set to, in CSS pixels; 32 is text at 200 %."""


SCREENS = (Screen("phone", 360, 700), Screen("desk", 1280, 800), Screen("large", 360, 700, 32))


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
            browser = start(playwright.chromium, f"--blink-settings=defaultFontSize={screen.font_size}")
            for language in find_languages(settings.locales, settings.data / "nlu"):
                take(browser, server.url, language, screen, folder)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
