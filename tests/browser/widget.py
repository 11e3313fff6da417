"""The guide on another site's page, as somebody there uses it: by the keyboard, for no script reaches the launcher."""

import json
from typing import Any, Self

import httpx
from playwright.sync_api import Frame, Page, expect

from bot.web.embed import SESSION
from tests.browser.chat import Chat

TAG = "VEJVISER-GUIDE"
KEY = "vejviser-session"


class Widget(Chat):
    """`host` is the page around; `page` the frame, once it was opened."""

    def __init__(self, host: Page, url: str) -> None:
        super().__init__(host, url)
        self.host = host

    @property
    def frame(self) -> Frame:
        """The frame of the guide, which is there and has a page."""
        for _ in range(100):
            found = [frame for frame in self.host.frames if frame.url.startswith(f"{self.url}/embed")]
            if found:
                found[0].locator("#main").wait_for()
                return found[0]
            self.host.wait_for_timeout(50)
        raise AssertionError("there is no frame")

    def reach(self) -> Self:
        """Focus on the launcher, which is the last that Tab reaches."""
        expect(self.host.locator(TAG)).to_have_count(1)
        for _ in range(5):
            if self.focus == TAG:
                return self
            self.host.keyboard.press("Shift+Tab")
        raise AssertionError("Tab never reaches the launcher")

    def open(self) -> Self:
        self.reach().host.keyboard.press("Enter")
        self.page = self.frame  # type: ignore[assignment]
        expect(self.page.locator("body")).to_be_visible()
        for _ in range(100):
            if self.page.evaluate("document.hasFocus() && document.activeElement !== document.body"):
                return self
            self.host.wait_for_timeout(50)
        raise AssertionError("the frame never has the focus")

    def begin(self, language: str) -> Self:
        self.page.locator(f'button[name="lang"][value="{language}"]').click()
        expect(self.said).to_have_count(1)
        return self

    def follow(self, href: str) -> Self:
        self.page.locator(f'a[href="{href}"]').last.click()
        return self

    @property
    def focus(self) -> str:
        """The element of the host's page that has the focus; TAG for anything of the widget."""
        return str(self.in_page("JSON.stringify(document.activeElement.tagName)"))

    @property
    def token(self) -> str | None:
        stored: str | None = self.page.evaluate(f"sessionStorage.getItem('{KEY}')")
        return stored

    @property
    def kept(self) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/api/chat/messages", headers={SESSION: self.token or ""})
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def in_page(self, script: str) -> Any:
        """What a script of the host's page gives as JSON; not Playwright's way, which needs what the page replaced."""
        client = self.host.context.new_cdp_session(self.host)
        found = client.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
        client.detach()
        return json.loads(found["result"].get("value") or "null")
