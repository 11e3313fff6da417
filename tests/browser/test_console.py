"""A report's whole life at the console, by two members of staff and a partner, in real Chromium without a script."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.colleague import Colleague
from tests.browser.conftest import BODY, OpenChat
from tests.browser.test_screen import AXE, LEVELS
from tests.reports import SEND, way
from tests.server import Server
from tests.staff import Person

pytestmark = pytest.mark.slow

SAID, WRITTEN = "رفض صاحب البيت عندما سمع اسمي.", "حدث ذلك يوم الاثنين"
NOTE, REASON = "Spørg KIM i morgen.", "Boliglejen: den etniske oprindelse er nævnt."
ON_RECORD = (
    "report_viewed", "report_assigned", "answer_sent", "coverage_noted", "note_added", "handed_over",
    "handover_viewed", "handover_answered", "outcome_noted", "report_closed", "report_erased",
)  # fmt: skip
CONSENTS = ("read_yes", "reply_yes", f"forward_{BODY}", "contact_receipt_only")
PAGES = {
    "kim": (
        "/queue", "/report/{report}", "/report/{report}/history", "/retention", "/audit", "/questions", "/content",
        "/reviews/ar", "/keys", "/me",
    ),
    "ada": ("/accounts", "/audit", "/content"), "pat": ("/forwarded", "/me"),
}  # fmt: skip

type Seats = Callable[[str], Colleague]


@pytest.fixture
def sits(browser: Browser, console: Server, people: dict[str, Person]) -> Iterator[Seats]:
    """Somebody signed in, in a window without JavaScript."""
    contexts: list[BrowserContext] = []

    def sits(name: str, **options: Any) -> Colleague:
        contexts.append(browser.new_context(java_script_enabled=False, **options))
        return Colleague(contexts[-1].new_page(), console.url, people[name]).signs_in()

    yield sits
    for context in contexts:
        context.close()


def comes_back(chat: Chat, server: Server, receipt: str) -> Page:
    page = chat.page
    page.goto(f"{server.url}/report?lang=ar")
    page.fill("#receipt", receipt)
    page.locator("form .send").click()
    return page


@dataclass
class Life:
    """One report, and those who have to do with it."""

    server: Server
    console: Server
    open_chat: OpenChat
    sits: Seats
    receipt: str = ""
    report: str = ""

    def is_filed_in_arabic(self) -> None:
        before = {row["id"] for row in self.server.rows("report")}
        chat = self.open_chat(viewport=PHONE).begin("ar")
        for step in way(SAID, CONSENTS):
            chat.press(step.button) if step.button else chat.write(str(step.text))
        self.receipt = chat.end(SEND).receipt
        (self.report,) = [row["id"] for row in self.server.rows("report") if row["id"] not in before]

    def is_given_to_a_caseworker_and_acknowledged(self) -> Colleague:
        kim, sam = self.sits("kim"), self.sits("sam")
        kim.opens(f"/report/{self.report}")
        expect(kim.page.locator("blockquote", has_text=SAID)).to_have_attribute("lang", "ar")
        kim.orders("/assign", name="sam")
        sam.opens("/queue?whose=me").follows("Housing")
        expect(sam.page.locator("blockquote", has_text=SAID)).to_have_count(1)
        sam.sends_ready("answer.received")
        assert "Acknowledged" in sam.text
        return sam

    def its_person_comes_back(self) -> Page:
        return comes_back(self.open_chat(viewport=PHONE), self.server, self.receipt)

    def its_person_reads_and_writes_back(self) -> None:
        page = self.its_person_comes_back()
        expect(page.locator('.written.staff blockquote[lang="ar"]')).to_contain_text("شكرًا لك على بلاغك")
        page.fill("#text", WRITTEN)
        page.locator("form:has(#text) .send").click()
        expect(page.locator(".notice.status")).to_have_count(1)

    def is_viewed_and_handed_over(self, sam: Colleague) -> None:
        sam.opens("/queue")
        row = sam.page.locator(".row", has=sam.page.locator(f"a[href='/report/{self.report}']"))
        expect(row.locator(".new")).to_have_count(1)
        sam.opens(f"/report/{self.report}")
        expect(sam.page.locator(".written.reporter blockquote", has_text=WRITTEN)).to_have_count(1)
        sam.orders("/coverage", result="covered_likely", reason=REASON)
        sam.orders("/note", text=NOTE)
        sam.orders("/hand-over", way="console")
        assert "The package is made." in sam.text

    def is_taken_by_the_body(self) -> None:
        pat = self.sits("pat").opens("/forwarded")
        pat.page.locator(".row a").first.click()
        pat.gives_passphrase()
        expect(pat.page.locator("blockquote", has_text=SAID)).to_have_count(1)
        assert NOTE not in pat.text
        assert REASON not in pat.text
        pat.orders("/answer", state="accepted")
        pat.orders("/outcome", outcome="settled")

    def is_closed(self, sam: Colleague) -> None:
        sam.opens(f"/report/{self.report}")
        assert "Taken by the body: the two sides agreed" in sam.text
        sam.sends_ready("answer.closing")
        sam.orders("/close", outcome="handed_over")
        assert "The report is closed." in sam.text
        expect(sam.page.locator("form.order[action$='/answer']")).to_have_count(0)
        page = self.its_person_comes_back()
        expect(page.locator(".written.staff")).to_have_count(2)
        expect(page.locator("body")).not_to_contain_text(NOTE)

    def is_kept_no_longer(self) -> None:
        its_time_is_over(self.server, self.report)
        self.console.stop()
        self.console.start()
        expect(self.its_person_comes_back().locator(".notice.alert")).to_have_count(1)
        assert self.report not in {row["id"] for row in self.server.rows("report")}
        assert self.server.rows("handover") == []

    def stands_on_record_and_nowhere_else(self) -> None:
        verbs = [row["verb"] for row in self.server.rows("event") if row["object"] == self.report]
        assert [verb for verb in ON_RECORD if verb not in verbs] == []
        everything = b"".join(path.read_bytes() for path in self.server.var.rglob("*") if path.is_file())
        assert not any(text.encode() in everything for text in (SAID, WRITTEN, NOTE, REASON))


def test_a_report_lives_from_its_filing_to_its_end(
    console: Server, open_chat: OpenChat, sits: Seats, server: Server
) -> None:
    """Filed, assigned, read, answered, answered back, viewed, handed over, taken, closed, and one day gone."""
    life = Life(server, console, open_chat, sits)
    life.is_filed_in_arabic()
    sam = life.is_given_to_a_caseworker_and_acknowledged()
    life.its_person_reads_and_writes_back()
    life.is_viewed_and_handed_over(sam)
    life.is_taken_by_the_body()
    life.is_closed(sam)
    life.is_kept_no_longer()
    life.stands_on_record_and_nowhere_else()


def its_time_is_over(server: Server, report: str) -> None:
    with sqlite3.connect(server.var / "store.db") as connection:
        connection.execute("UPDATE report SET keep_until = '2026-01-01' WHERE id = ?", [report])


@pytest.fixture
def some_report(open_chat: OpenChat, server: Server) -> str:
    """Something to look at."""
    if not server.rows("report"):
        chat = open_chat(viewport=PHONE).begin("da")
        for step in way("Udlejeren sagde nej.", CONSENTS):
            chat.press(step.button) if step.button else chat.write(str(step.text))
        chat.end(SEND)
    return str(server.rows("report")[0]["id"])


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.long)])
def test_axe_finds_no_barrier_on_any_page_and_nothing_runs_out_of_it(
    browser: Browser, console: Server, people: dict[str, Person], some_report: str, width: int
) -> None:
    for name, paths in PAGES.items():
        context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
        colleague = Colleague(context.new_page(), console.url, people[name]).signs_in()
        for path in paths:
            colleague.opens(path.replace("{report}", some_report))
            colleague.page.add_script_tag(path=AXE)
            found = colleague.page.evaluate("(rules) => axe.run({ runOnly: rules })", {"type": "tag", "values": LEVELS})
            assert [(path, it["id"], it["nodes"][0]["html"]) for it in found["violations"]] == []
            assert colleague.page.evaluate("document.documentElement.scrollWidth") <= width, path
        context.close()


def test_a_keyboard_is_enough(browser: Browser, console: Server, people: dict[str, Person]) -> None:
    """Signed in, through the list and to the filter, without a mouse."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{console.url}/sign-in?lang=en")
    page.focus("#name")
    for typed in (people["kim"].name, "a password of one's own"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.focus("#code")
    page.keyboard.type(people["kim"].code())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Indberetninger")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    context.close()
