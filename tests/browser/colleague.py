"""Somebody of staff at the console, in a real browser."""

from typing import Self

from playwright.sync_api import Page, expect

from tests.staff import PASSWORD, Person


class Colleague:
    def __init__(self, page: Page, url: str, person: Person) -> None:
        self.page = page
        self.url = url
        self.person = person

    def signs_in(self, language: str = "en") -> Self:
        self.page.goto(f"{self.url}/sign-in?lang={language}")
        self.page.fill("#name", self.person.name)
        self.page.fill("#password", PASSWORD)
        self.page.locator("form[action='/sign-in'] button").click()
        self.page.fill("#code", self.person.code())
        self.page.locator("form[action='/code'] button").click()
        expect(self.page.locator("form[action='/sign-out']"), self.page.locator("main").inner_text()).to_have_count(
            1, timeout=20_000
        )
        return self.opens(f"/me?lang={language}")

    def opens(self, path: str) -> Self:
        """A page; where it asks for the passphrase first, that is given."""
        self.page.goto(self.url + path)
        return self.gives_passphrase()

    def follows(self, text: str) -> Self:
        self.page.get_by_role("link", name=text).first.click()
        return self.gives_passphrase()

    def gives_passphrase(self) -> Self:
        if self.page.locator("#passphrase").count() and self.page.locator("form[action='/key']").count():
            self.page.fill("#passphrase", self.person.passphrase)
            self.page.locator("form[action='/key'] button").click()
        expect(self.page.locator("form[action='/key']")).to_have_count(0)
        return self

    def orders(self, action: str, **fields: str) -> Self:
        """Fill the form whose address ends so, with what its fields hold, and send it."""
        form = self.page.locator(f"form.order[action$='{action}']").first
        self._unfold(action)
        for name, value in fields.items():
            field = form.locator(f"[name='{name}']")
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "checkbox":
                field.set_checked(value == "yes")
            else:
                field.fill(value)
        form.locator("button").click()
        self.page.wait_for_load_state()
        return self

    def sends_ready(self, template: str) -> Self:
        """One of the messages that need no writing."""
        form = self.page.locator(f"form:has(input[name='template'][value='{template}'])").first
        self.page.locator(f"details:has(input[name='template'][value='{template}'])").first.locator("summary").click()
        form.locator("button").click()
        self.page.wait_for_load_state()
        return self

    def _unfold(self, action: str) -> None:
        """What is folded away is opened as a person would."""
        folded = self.page.locator(f"details:not([open]):has(form.order[action$='{action}']) > summary")
        while folded.count():
            folded.first.click()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()
