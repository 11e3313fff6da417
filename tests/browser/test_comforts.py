"""What makes the chat easier, in real Chromium: listen, copy, share, map, larger text, waiting, was this useful.

Headless Chromium has no voice at all. So that nothing is read without one is tested on the real thing, and that a
message is read on voices that the test puts in the browser's place.
"""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE
from tests.browser.conftest import OpenChat
from tests.browser.scenes import TO_CRISIS
from tests.browser.test_screen import LEVELS, barriers, too_wide
from tests.server import Server

pytestmark = pytest.mark.slow

TO_PLACES = ("need_danish_start", "residence_eu")
EXIT = "https://www.dmi.dk/"
VOICES = """(() => {
  window.read = [];
  window.stopped = 0;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speech = {
    getVoices: () => VOICES, speak: (part) => read.push(part), cancel: () => { stopped += 1; },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
})()"""
SHARE = "navigator.share = async (what) => { window.shared = what; if (window.refuses) throw window.refuses; }"


def voice(lang: str, *, local: bool = True, default: bool = False) -> dict[str, Any]:
    return {"lang": lang, "localService": local, "default": default, "name": lang}


def with_voices(open_chat: OpenChat, *voices: dict[str, Any]) -> Chat:
    chat = open_chat(viewport=PHONE)
    chat.page.add_init_script(VOICES.replace("VOICES", json.dumps(voices)))
    return chat


def read(chat: Chat) -> list[tuple[str, str]]:
    """(what, by which voice)."""
    parts: list[list[str]] = chat.page.evaluate("read.map((part) => [part.text, part.voice.lang])")
    return [(text, lang) for text, lang in parts]


def aid(within: Locator, name: str) -> Locator:
    return within.locator(f"[data-aid={name}]")


def place(chat: Chat) -> Locator:
    """The first of the newest places that has an address."""
    return chat.cards.filter(has=chat.page.locator("[data-part=maps]")).first


def useful(server: Server) -> dict[tuple[str, str], int]:
    return {(row["code"], row["language"]): row["n"] for row in server.rows("tally") if row["kind"] == "useful"}


# Listen


def test_a_message_is_read_in_its_language_alone_and_its_numbers_digit_by_digit(open_chat: OpenChat) -> None:
    voices = (voice("da-DK", default=True), voice("ar-XA", local=False), voice("ara_SAU"), voice("fa-IR"))
    chat = with_voices(open_chat, *voices).begin("ar").press(*TO_CRISIS)
    message = chat.newest.filter(has=chat.page.locator(".card")).first
    aid(message, "listen").click()
    expect(aid(message, "listen")).to_have_text("إيقاف")
    texts = [text for text, _ in read(chat)]
    assert {lang for _, lang in read(chat)} == {"ara_SAU"}
    assert "1 1 2" in "\n".join(texts)
    assert "7 0 2 0 1 2 0 1" in "\n".join(texts)
    assert "70 201 201" not in "\n".join(texts)
    assert message.locator("[data-part=what]").first.inner_text() in texts
    for foreign in filter(None, message.locator("[lang=da] p, bdi[lang=da]").all_text_contents()):
        assert foreign not in texts
    chat.page.evaluate("read[read.length - 1].onend()")
    expect(aid(message, "listen")).to_have_text("استماع")


def test_one_is_read_at_a_time_and_all_is_silent_once_the_page_is_left(open_chat: OpenChat) -> None:
    """At once, though the other page does not come: here it has nothing to say."""
    chat = with_voices(open_chat, voice("da_DK")).begin("da").press("need_danish_start")
    first, second = (aid(chat.said.nth(number), "listen") for number in (0, 1))
    first.click()
    second.click()
    expect(first).to_have_text("Lyt")
    expect(second).to_have_text("Stop")
    assert [text for text, _ in read(chat)][-1] in chat.said.nth(1).locator(".said").inner_text()
    second.click()
    expect(second).to_have_text("Lyt")
    first.click()
    said = len(read(chat))
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first).to_have_text("Stop")
    before = chat.page.evaluate("stopped")
    chat.page.context.route(f"{EXIT}**", lambda route: route.fulfill(status=204))
    chat.page.keyboard.press("Escape")
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("body")).to_be_empty()
    assert chat.page.evaluate("stopped") == before + 1
    assert len(read(chat)) == said


@pytest.mark.parametrize(
    ("language", "voices"),
    [("so", [voice("en-US", default=True), voice("ar-SA")]), ("ur", [voice("fa-IR"), voice("ur-PK", local=False)])],
)
def test_no_voice_of_another_language_or_of_a_company_is_taken(
    open_chat: OpenChat, language: str, voices: list[dict[str, Any]]
) -> None:
    chat = with_voices(open_chat, *voices).begin(language)
    aid(chat.said.first, "listen").click()
    expect(chat.said.first.locator(".note")).to_be_visible()
    assert read(chat) == []


def test_without_a_voice_it_is_said_kindly_and_without_speech_there_is_no_button(open_chat: OpenChat) -> None:
    chat = open_chat(viewport=PHONE)
    chat.page.clock.install()
    chat.begin("da")
    button, told = aid(chat.said.first, "listen"), chat.page.locator("#told")
    button.click()
    note = chat.said.first.locator(".note")
    expect(note).to_contain_text("Din telefon eller computer har ingen stemme til dette sprog.")
    expect(told).to_have_text(note.inner_text())
    expect(button).to_have_text("Lyt")
    chat.page.clock.fast_forward(3000)
    expect(told).to_have_text("")
    silent = open_chat(viewport=PHONE)
    silent.page.add_init_script("delete window.speechSynthesis")
    silent.begin("da").press("need_danish_start")
    expect(aid(silent.page.locator("#log"), "listen")).to_have_count(0)
    expect(aid(silent.page.locator("#log"), "copy")).to_have_count(2)


# Copy, share, map


@pytest.mark.parametrize("clipboard", ["", "Object.defineProperty(navigator, 'clipboard', { value: undefined })"])
def test_a_message_is_copied_by_the_browsers_way_or_by_an_old_one(open_chat: OpenChat, clipboard: str) -> None:
    chat = open_chat(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    chat.page.clock.install()
    chat.page.add_init_script(f"window.board = navigator.clipboard; {clipboard}")
    chat.begin("da").press(*TO_PLACES)
    message = chat.newest.first
    button = message.locator("> .aids [data-aid=copy]")
    button.click()
    expect(button).to_have_text("Kopieret")
    expect(button).to_be_focused()
    expect(chat.page.locator("#told")).to_have_text("Kopieret")
    copied = chat.page.evaluate("board.readText()").replace("\r", "")
    assert copied.startswith(message.locator(".said").inner_text())
    assert copied.count("\n\n") >= chat.cards.count()
    assert "Lyt" not in copied
    chat.page.clock.fast_forward(3000)
    expect(button).to_have_text("Kopiér")


def test_where_nothing_can_be_copied_it_says_so(chat: Chat) -> None:
    chat.page.add_init_script(
        "document.execCommand = () => false; navigator.clipboard.writeText = async () => { throw 0 }"
    )
    chat.begin("da")
    aid(chat.said.first, "copy").click()
    expect(chat.said.first.locator(".note")).to_contain_text("Det kunne ikke kopieres.")


def test_a_place_is_shared_as_plain_text(open_chat: OpenChat) -> None:
    chat = open_chat(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    chat.page.add_init_script(SHARE)
    chat.begin("ar").press(*TO_PLACES)
    service = next(it for it in chat.services if "maps" in it)
    card = place(chat)
    button = aid(card, "share")
    expect(button).to_have_text("مشاركة")
    button.click()
    shared = chat.page.evaluate("shared.text").split("\n")
    wanted = [service[name] for name in ("name", "name_da", "phone", "address", "url") if name in service]
    wanted = [f"\u2066{it}\u2069" if it == service.get("phone") else it for it in wanted]
    assert [line.rstrip("/") for line in shared] == [line.rstrip("/") for line in dict.fromkeys(wanted)]
    for refusal, copies in (("AbortError", 0), ("NotAllowedError", 1)):
        chat.page.evaluate(f"refuses = new DOMException('', '{refusal}')")
        button.click()
        expect(button.filter(has_text="تم النسخ")).to_have_count(copies)
    assert service["address"] in chat.page.evaluate("navigator.clipboard.readText()")


def test_a_map_is_a_link_that_asks_for_nothing_until_it_is_followed(open_chat: OpenChat) -> None:
    chat = open_chat(viewport=PHONE)
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.begin("da").press("need_bot_capabilities", "topic_papers", "need_first_steps", "residence_eu")
    links = place(chat).locator("[data-part=maps] a")
    found = [[it.get_attribute(name) for name in ("href", "rel", "target")] for it in links.all()]
    search = "https://www.openstreetmap.org/search?query="
    assert found == [
        [f"{search}Carl%20Jacobsens%20Vej%2039%2C%202500%20Valby", "noreferrer", None],
        [f"{search}Nyropsgade%201%2C%201602%20K%C3%B8benhavn%20V", "noreferrer", None],
    ]
    assert links.all_inner_texts() == [
        "Vis på kort: Carl Jacobsens Vej 39, 2500 Valby",
        "Vis på kort: Nyropsgade 1, 1602 København V",
    ]
    chat.page.reload()
    assert [it.get_attribute("href") for it in links.all()] == [href for href, *_ in found]
    assert [url for url in asked if not url.startswith(chat.url)] == []


# Larger text


@pytest.mark.parametrize("language", [pytest.param("da", marks=pytest.mark.long), "ar"])
def test_text_grows_by_pressing_once_stays_in_the_tab_and_fits_the_smallest_screen(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(viewport={"width": 320, "height": 700}).begin(language).press(*TO_PLACES)
    body = "parseFloat(getComputedStyle(document.body).fontSize)"
    usual = chat.page.evaluate(body)
    for size in (1.25, 1.5, 2):
        chat.page.locator("#size").click()
        assert chat.page.evaluate(body) == pytest.approx(size * usual)
        assert too_wide(chat) == []
    expect(chat.page.locator("#told")).to_contain_text("200")
    expect(chat.page.locator(".leave")).to_be_in_viewport()
    chat.page.route(
        "**/comforts.js*", lambda route: route.abort()
    )  # so that only what comes before the picture is left
    chat.page.reload()
    assert chat.page.evaluate(body) == 2 * usual
    chat.page.unroute("**/comforts.js*")
    chat.page.goto(f"{chat.url}/privacy?lang={language}")
    assert chat.page.evaluate(body) == 2 * usual
    assert too_wide(chat) == []
    chat.page.goto(chat.url)
    button = chat.page.get_by_role("button", name="200")
    normal = {"da": "Normal tekststørrelse", "ar": "حجم النص العادي"}[language]
    expect(button).to_have_accessible_name(re.compile(f"^{normal} 200"))
    button.click()
    assert chat.page.evaluate(body) == usual
    assert chat.page.evaluate("localStorage.length") == 0


# Waiting


@pytest.mark.parametrize("language", ["da", pytest.param("ur", marks=pytest.mark.long)])
def test_waiting_moves_nothing_and_stands_still_for_who_wants_no_motion(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(viewport=PHONE).begin(language)
    dots = "getComputedStyle(document.getElementById('waiting'), '::before').content"
    top = "document.getElementById('answers').getBoundingClientRect().top"
    before = chat.page.evaluate(f"[{dots}, {top}]")
    wait = "document.getElementById('waiting').textContent = document.getElementById('main').dataset.waiting"
    after = chat.page.evaluate(f"{wait}; [{dots}, {top}]")
    assert (before[0], after[0]) == ("none", '""')
    assert after[1] == pytest.approx(before[1], abs=0.5)
    chat.page.emulate_media(reduced_motion="reduce")
    assert chat.page.evaluate(dots) == "none"


# Was this useful?


def test_a_tap_is_counted_without_loading_the_page_and_is_asked_no_more(chat: Chat, server: Server) -> None:
    before = useful(server)
    chat.begin("pl").press(*TO_PLACES)
    chat.page.evaluate("window.same = true")
    form = chat.page.locator("form.useful")
    expect(form).to_have_count(1)
    chat.page.context.set_offline(offline=True)
    form.locator("[value=yes]").click()
    expect(form.locator(".note")).to_contain_text("Nie udało się.")
    chat.page.context.set_offline(offline=False)
    form.locator("[value=yes]").click()
    thanks = chat.page.locator("p.useful")
    expect(thanks).to_have_text("Dziękuję.")
    expect(thanks).to_be_focused()
    expect(form).to_have_count(0)
    assert chat.page.evaluate("window.same")
    assert useful(server) == {**before, ("yes", "pl"): before.get(("yes", "pl"), 0) + 1}
    chat.page.reload()
    expect(thanks).to_have_text("Dziękuję.")
    expect(form).to_have_count(0)


def test_without_a_script_a_tap_counts_and_nothing_stands_there_that_does_nothing(
    open_chat: OpenChat, server: Server
) -> None:
    before = useful(server)
    chat = open_chat(viewport=PHONE, java_script_enabled=False).begin("so").press(*TO_PLACES)
    expect(chat.page.locator("[data-aid], #size:visible")).to_have_count(0)
    expect(place(chat).locator("[data-part=maps] a")).to_be_visible()
    chat.page.locator("form.useful [value=no]").click()
    expect(chat.page.locator("p.useful")).to_have_text("Mahadsanid.")
    expect(chat.page.locator("p.useful")).to_be_in_viewport()
    assert useful(server) == {**before, ("no", "so"): before.get(("no", "so"), 0) + 1}


# For machines that read


@pytest.mark.parametrize(("language", "scheme"), [pytest.param("da", "dark", marks=pytest.mark.long), ("ar", "light")])
def test_axe_finds_no_barrier_in_what_is_drawn_beside(open_chat: OpenChat, language: str, scheme: str) -> None:
    chat = open_chat(viewport=PHONE, bypass_csp=True, color_scheme=scheme)
    chat.page.add_init_script(SHARE)
    chat.begin(language).press(*TO_PLACES)
    aid(chat.newest.first, "listen").click()
    expect(chat.newest.first.locator(".note")).to_be_visible()
    small = (
        "(all) => all.map((it) => it.getBoundingClientRect()).filter((it) => Math.min(it.width, it.height) < 44).length"
    )
    assert chat.page.locator(".aid, #size, .useful button").evaluate_all(small) == 0
    chat.page.locator(".useful button").first.click()
    expect(chat.page.locator("p.useful")).to_be_visible()
    assert barriers(chat, {"type": "tag", "values": LEVELS}) == []
