"""The chat page as a resident uses it: reads, presses and writes, and waits for each answer."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Chat:
    """A conversation on a real page, with the script or without it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def begin(self, language: str) -> Self:
        self.page.goto(self.url)
        self.page.locator(f'button[name="lang"][value="{language}"]').click()
        expect(self.said).to_have_count(1)
        return self

    def press(self, *buttons: str) -> Self:
        """Press each, one after the other, and wait for its answer."""
        for button in buttons:
            self._and_wait(self.button(button).click)
        return self

    def write(self, text: str) -> Self:
        self.field.fill(text)
        self._and_wait(self.send.click)
        return self

    def change_language(self, language: str) -> Self:
        self.page.locator(".menu summary").click()
        self._and_wait(self.page.locator(f'.menu button[value="language_{language}"]').click)
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        return self

    def delete(self) -> Self:
        self.page.locator('form[action="/delete"] button').click()
        expect(self.said).to_have_count(0)
        return self

    def _and_wait(self, do: object) -> None:
        """An answered message is no longer pending, and its answer stands after it."""
        before = self.own.count()
        assert callable(do)
        do()
        expect(self.page.locator(".resident:not(.pending)")).to_have_count(before + 1)
        expect(self.page.locator(".resident").last.locator("~ .guide")).not_to_have_count(0)

    # What stands on the page

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def send(self) -> Locator:
        return self.page.locator(".send")

    @property
    def own(self) -> Locator:
        """What the resident said."""
        return self.page.locator(".message.resident")

    @property
    def said(self) -> Locator:
        """What the guide said."""
        return self.page.locator(".message.guide")

    @property
    def newest(self) -> Locator:
        """The guide's messages since the resident last said something."""
        return self.page.locator(".message.resident").last.locator("~ .guide")

    @property
    def cards(self) -> Locator:
        return self.newest.locator(".card")

    def button(self, name: str) -> Locator:
        return self.page.locator(f'#answers button[value="{name}"]')

    @property
    def buttons(self) -> list[str]:
        return [button.get_attribute("value") or "" for button in self.page.locator("#answers button").all()]

    @property
    def text(self) -> str:
        """The newest answer."""
        return "\n".join(self.newest.all_inner_texts())

    @property
    def receipt(self) -> str | None:
        found = re.search(r"\d{4}(?: \d{4}){4}", self.text)
        return found[0] if found else None
