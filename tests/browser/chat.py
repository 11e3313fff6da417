"""The chat page as a resident uses it: reads, presses and writes, and waits for each answer."""

import re
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

COOKIE = "vejviser_session"
ENDINGS = {"utter_report_receipt", "utter_report_paused", "utter_report_cancelled"}
_RECEIPT = re.compile(r"\d{4}(?: \d{4}){4}")


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
            self._answered(self.button(button).click)
        return self

    def end(self, button: str) -> Self:
        """Press what ends a report, and wait until the page shows nothing more of it."""
        self.button(button).click()
        for _ in range(100):
            kept = [message for message in self.kept if message["from"] == "resident"]
            if self.own.count() == len(kept) and set(self.replies) & ENDINGS:
                expect(self.newest).not_to_have_count(0)
                return self
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the report did not end with {button}")

    def write(self, text: str) -> Self:
        self.field.fill(text)
        self._answered(self.send.click)
        return self

    def change_language(self, language: str) -> Self:
        self.page.locator(".menu summary").click()
        self.page.locator(f'.menu button[value="language_{language}"]').click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        return self

    def delete(self) -> Self:
        self.page.locator('form[action="/delete"] button').click()
        expect(self.said).to_have_count(0)
        return self

    def tab_to(self, target: Locator) -> Self:
        """Move there by the Tab key, as somebody without a mouse does."""
        expect(target).to_have_count(1)
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return self
        raise AssertionError(f"Tab never reaches {target}")

    def press_enter_on(self, button: str) -> Self:
        self.tab_to(self.button(button))
        self._answered(lambda: self.page.keyboard.press("Enter"))
        return self

    def _answered(self, do: Callable[[], None]) -> None:
        """A message is answered when it is no longer pending and something stands after it."""
        before = self.own.count()
        do()
        expect(self.page.locator(".resident:not(.pending)")).to_have_count(before + 1)
        expect(self.newest).not_to_have_count(0)

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
        return self.own.last.locator("~ .guide")

    @property
    def cards(self) -> Locator:
        return self.newest.locator(".card")

    @property
    def receipt(self) -> str:
        found = _RECEIPT.fullmatch(self.newest.locator(".said .receipt").inner_text())
        assert found
        return found[0]

    def button(self, name: str) -> Locator:
        return self.page.locator(f'#answers button[value="{name}"]')

    # What the server keeps of it

    @property
    def token(self) -> str | None:
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        return cookies.get(COOKIE)

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The conversation as the interface gives it."""
        messages: list[dict[str, Any]] = self.page.request.get(f"{self.url}/api/chat/messages").json()["messages"]
        return messages

    @property
    def replies(self) -> list[str]:
        """Names of the replies in the newest answer."""
        return [message["reply"] for message in self._newest_kept()]

    @property
    def services(self) -> list[dict[str, Any]]:
        """The places in the newest answer."""
        return [service for message in self._newest_kept() for service in message["services"]]

    def _newest_kept(self) -> list[dict[str, Any]]:
        kept = self.kept
        asked = max(place for place, message in enumerate(kept) if message["from"] == "resident")
        return kept[asked + 1 :]
