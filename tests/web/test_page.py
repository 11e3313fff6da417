"""The chat page works without a script: every test here presses the forms that the page itself holds."""

import asyncio
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.engine.hearing import LONGEST_TEXT
from bot.web.app import make_app
from tests.web.interface import checked

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Form:
    """A form as a browser without scripts would send it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str | None, str]] = field(default_factory=list)
    """(name, value) of each button."""


class Page(HTMLParser):
    """What is on a page: its forms, texts and whatever a script could hang on to."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.status = response.status_code
        self.source = response.text
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[Form] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(response.text)
        assert self._open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes.setdefault(tag, given)
        self.all.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(given["action"] or "", given["method"] or ""))
        if tag in {"input", "textarea"}:
            self.forms[-1].fields[given["name"] or ""] = given.get("value") or ""
        if tag == "button" and "form" in self._open and "template" not in self._open:
            self.forms[-1].buttons.append((given.get("name"), given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"template", "style"} & {*self._open} or not data.strip():
            return
        self.texts.append(data.strip())
        if self._open[-1] == "textarea":
            self.forms[-1].fields["text"] = data.removeprefix("\n")

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def buttons(self) -> list[str]:
        return [value for form in self.forms for name, value in form.buttons if name == "button"]


class Browser:
    """A browser without JavaScript."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.address = ""
        self.page = self.opens("/")

    def opens(self, address: str) -> Page:
        return self._shows(self.client.get(address, follow_redirects=True))

    def begins(self, language: str) -> Page:
        form = next(form for form in self.page.forms if form.action == "/start")
        assert ("lang", language) in form.buttons
        return self.sends(form, lang=language)

    def says(self, text: str) -> Page:
        form = next(form for form in self.page.forms if "text" in form.fields)
        return self.sends(form, text=text)

    def presses(self, button: str) -> Page:
        form = next(form for form in self.page.forms if ("button", button) in form.buttons)
        return self.sends(form, button=button)

    def deletes(self) -> Page:
        return self.sends(next(form for form in self.page.forms if form.action == "/delete"))

    def sends(self, form: Form, **more: str) -> Page:
        assert form.method == "post"
        return self._shows(self.client.post(form.action, data={**form.fields, **more}, follow_redirects=True))

    def _shows(self, response: httpx.Response) -> Page:
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        self.address = str(response.url.raw_path, "ascii")
        self.page = Page(response)
        check_page(self.page)
        return self.page


def check_page(page: Page) -> None:
    """What holds for every page: it names its language and title, and needs no script that the policy forbids."""
    assert page.attributes["html"]["lang"]
    assert page.attributes["html"]["dir"] in {"ltr", "rtl"}
    assert page.source.startswith("<!doctype html>")
    assert [tag for tag, _ in page.all].count("main") == [tag for tag, _ in page.all].count("h1") == 1
    assert [tag for tag, _ in page.all].count("style") <= 1  # its hash is held against the policy by the client
    identifiers = [given["id"] for _, given in page.all if "id" in given]
    assert len(identifiers) == len(set(identifiers))
    for tag, given in page.all:
        assert not [name for name in given if name.startswith("on") or name == "style"], (tag, given)
        assert tag not in {"iframe", "object", "embed", "base", "img"}
        assert tag != "script" or re.match(r"/static/\w+\.js\?v=", given["src"] or "")
        assert tag != "a" or "javascript:" not in (given["href"] or "")
    for form in page.forms:
        action = form.action.partition("?")[0]
        known = ("/start", "/say", "/back", "/delete", "/outcome", "/useful")
        assert (action, form.method) in {(path, "post") for path in known}
        assert action in {"/back", "/outcome", "/useful"} or re.fullmatch(r"[0-9a-f-]{36}", form.fields["id"])


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


# From the picker to the end


def test_the_first_page_offers_every_language_by_its_own_name(browser: Browser, guide: Guide) -> None:
    assert [value for name, value in browser.page.forms[0].buttons if name == "lang"] == list(guide.languages)
    for language in guide.languages.values():
        assert language.name in browser.page.texts
    assert "112" in browser.page.text


@pytest.mark.parametrize("code", ["da", "en", "ar"])
def test_a_resident_is_guided_without_a_script(browser: Browser, guide: Guide, code: str) -> None:
    direction = guide.languages[code].direction
    begun = browser.begins(code)
    assert (begun.attributes["html"]["lang"], begun.attributes["html"]["dir"]) == (code, direction)
    asked = browser.presses("need_danish_start")
    assert "residence_unsaid" in asked.buttons
    guided = browser.presses("residence_unsaid")

    assert "count_yes" in guided.buttons
    assert any(given.get("class") == "card" for _, given in guided.all)
    assert any((given.get("href") or "").startswith("https://") for tag, given in guided.all if tag == "a")
    assert browser.deletes().status == 200
    assert guide.page_word(code, "page.deleted") in browser.page.text
    assert browser.page.attributes["html"]["lang"] == code


def test_what_is_said_is_shown_with_its_answer(browser: Browser) -> None:
    browser.begins("en")
    answered = browser.says("I want to learn Danish")

    assert answered.texts.count("I want to learn Danish") == 1
    assert "residence_eu" in answered.buttons
    assert browser.opens("/").texts == answered.texts


def test_the_language_can_be_changed_on_the_page(browser: Browser) -> None:
    browser.begins("en")
    changed = browser.presses("language_ar")

    assert (changed.attributes["html"]["lang"], changed.attributes["html"]["dir"]) == ("ar", "rtl")


def test_a_form_sent_twice_is_answered_once(browser: Browser) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if "text" in form.fields)
    once = browser.sends(form, text="I want to learn Danish")
    twice = browser.sends(form, text="I want to learn Danish")

    assert twice.status == 200
    assert twice.texts == once.texts


def test_a_button_sent_twice_is_pressed_once(browser: Browser) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if ("button", "need_danish_start") in form.buttons)
    once = browser.sends(form, button="need_danish_start")
    twice = browser.sends(form, button="need_danish_start")

    assert twice.status == 200
    assert twice.texts == once.texts


def test_loading_the_page_again_says_nothing_again(client: TestClient, browser: Browser) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if "text" in form.fields)
    sent = client.post("/say", data={**form.fields, "text": "Hello"})

    assert sent.status_code == 303
    assert sent.headers["location"] == "/#newest"
    assert 'id="newest"' in browser.opens("/").source


@pytest.mark.parametrize("address", ["/start", "/say", "/back", "/delete", "/useful"])
def test_opening_the_address_of_a_form_shows_the_first_page(browser: Browser, address: str) -> None:
    assert browser.opens(address).status == 200
    assert browser.address == "/"


def test_a_conversation_is_deleted_from_the_page(browser: Browser) -> None:
    browser.begins("en")
    kept = dict(browser.client.cookies)
    browser.deletes()

    assert parse_qs(urlsplit(browser.address).query) == {"deleted": ["1"], "lang": ["en"]}
    assert "The chat is deleted." in browser.page.text
    assert not browser.client.cookies
    browser.client.cookies.update(kept)
    assert browser.client.get("/api/chat/messages").status_code == 401


def test_the_delete_button_of_the_conversation_ends_it(browser: Browser) -> None:
    browser.begins("da")
    browser.says("Slet denne chat")
    deleted = browser.presses("delete_chat_yes")

    assert "Chatten er slettet" in deleted.text
    assert not browser.client.cookies


def test_deleting_twice_says_the_same(browser: Browser) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if form.action == "/delete")
    once = browser.sends(form)
    twice = browser.sends(form)

    assert once.texts == twice.texts


# What cannot be done is said on the page


def test_a_text_that_is_too_long_stays_in_its_field(browser: Browser) -> None:
    browser.begins("en")
    long = "I want to learn Danish. " * 50
    refused = browser.says(long)

    assert len(long) > LONGEST_TEXT
    assert refused.status == 413
    assert "Please write at most" in refused.text
    assert next(form for form in refused.forms if "text" in form.fields).fields["text"] == long


@pytest.mark.parametrize("text", ["", "   ", "\r\n\t"])
def test_an_empty_message_is_not_said(browser: Browser, text: str) -> None:
    before = browser.begins("en")
    refused = browser.says(text)

    assert refused.status == 400
    assert "Please write a message or press a button." in refused.text
    assert refused.buttons == before.buttons


@pytest.mark.parametrize("code", ["da", "ar"])
def test_a_button_of_an_earlier_page_is_refused_in_the_language_of_the_session(
    browser: Browser, guide: Guide, code: str
) -> None:
    browser.begins(code)
    browser.presses("need_danish_start")
    earlier = next(form for form in browser.page.forms if ("button", "residence_eu") in form.buttons)
    browser.presses("residence_unsaid")
    refused = browser.sends(earlier, id="anew", button="residence_eu")

    assert refused.status == 422
    assert guide.page_word(code, "problem.not_offered") in refused.text


def test_a_used_id_with_other_words_is_refused(browser: Browser) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if "text" in form.fields)
    browser.sends(form, text="Hello")
    refused = browser.sends(form, text="Good bye")

    assert refused.status == 409
    assert next(form for form in refused.forms if "text" in form.fields).fields["text"] == "Good bye"


def test_coming_back_after_the_end_shows_the_first_page_and_says_why(browser: Browser, guide: Guide) -> None:
    browser.begins("en")
    form = next(form for form in browser.page.forms if "text" in form.fields)
    asyncio.run(guide.erase(browser.client.cookies["vejviser_session"]))
    ended = browser.sends(form, text="Hello")

    assert ended.status == 401
    assert any(form.action == "/start" for form in ended.forms)
    assert not browser.client.cookies


def test_a_stale_cookie_shows_the_first_page_and_is_taken_back(browser: Browser) -> None:
    browser.client.cookies.set("vejviser_session", "0" * 32, domain="testserver.local", path="/")
    shown = browser.opens("/?lang=en")

    assert shown.status == 200
    assert "Your chat has ended and is deleted. You can start a new one." in shown.texts
    assert not browser.client.cookies


@pytest.mark.parametrize("language", ["tlh", "", "../da", "<script>"])
def test_a_language_that_is_not_spoken_cannot_be_chosen(browser: Browser, language: str) -> None:
    form = next(form for form in browser.page.forms if form.action == "/start")

    assert browser.sends(form, lang=language).status == 400
    assert not browser.client.cookies


@pytest.mark.parametrize(("asked", "direction"), [("ar", "rtl"), ("da", "ltr"), ("en", "ltr")])
def test_a_page_that_is_not_there_says_so_in_the_language_of_the_browser(
    client: TestClient, guide: Guide, asked: str, direction: str
) -> None:
    missing = Page(client.get("/nothing", headers={"Accept-Language": asked}))

    check_page(missing)
    assert missing.status == 404
    assert (missing.attributes["html"]["lang"], missing.attributes["html"]["dir"]) == (asked, direction)
    assert guide.page_word(asked, "problem.not_found") in missing.texts


# What a resident writes is text and nothing else


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</p></article><h1>Free money</h1>",
        '" autofocus onfocus="alert(1)',
        "</textarea><script>alert(1)</script>",
        "{{ language }} {% raw %} {# #}",
        "&lt;b&gt; &amp; &#x202e;",
        "javascript:alert(1)",
        "\u202eevil\u202c",
    ],
)
def test_markup_in_a_message_is_shown_as_it_was_written(browser: Browser, text: str) -> None:
    browser.begins("en")
    shown = browser.says(text)

    assert shown.status == 200
    assert shown.texts.count(text) == 1
    refused = browser.says(text + " " * LONGEST_TEXT + ".")
    assert refused.status == 413
    assert next(form for form in refused.forms if "text" in form.fields).fields["text"].startswith(text)


def test_lines_of_a_message_count_as_they_were_typed(browser: Browser) -> None:
    browser.begins("en")

    assert browser.says("\r\n".join(["I want", "to learn", "Danish"])).status == 200
    assert "I want\nto learn\nDanish" in browser.page.texts
    assert browser.says("a\r\n" * (LONGEST_TEXT // 2)).status == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"id=one&text=%ff%00%ed%a0%80"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"id=one&text=hello"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(5_000))),
        ("application/x-www-form-urlencoded", b"id=one&text=" + b"a" * 10_000_000),
        ("application/x-www-form-urlencoded", b"%" * 10_000),
        ("multipart/form-data; boundary=x", b"--x\r\nhello"),
        ("multipart/form-data", b"--x\r\nhello"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="a"\r\n\r\nhello\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--x--\r\n',
        ),
        ("application/json", b'{"id": "one", "text": "hello"}'),
        ("", b"\x00"),
    ],
    ids=lambda part: repr(part[:24]),
)
def test_a_form_that_no_page_holds_does_no_harm(browser: Browser, kind: str, body: bytes) -> None:
    browser.begins("en")
    for address in ("/say", "/start"):
        response = browser.client.post(address, content=body, headers={"Content-Type": kind})
        assert response.status_code in {303, 400, 413}
    assert browser.opens("/").status == 200
    assert browser.says("Hello").status == 200


def test_two_browsers_have_two_conversations(browser: Browser, guide: Guide) -> None:
    other = Browser(checked(TestClient(make_app(guide))))
    browser.begins("en")
    other.begins("en")
    browser.says("I want to learn Danish")

    assert "I want to learn Danish" not in other.opens("/").text
