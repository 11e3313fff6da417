"""The guide on other sites' pages in real Chromium: it is 127.0.0.1, the page around it localhost, so another site."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import PHONE, start
from tests.browser.host import Host
from tests.browser.test_comforts import VOICES, voice
from tests.browser.test_report import NOTE, SAID
from tests.browser.test_screen import AXE, LEVELS
from tests.browser.widget import KEY, TAG, Widget
from tests.reports import SEND, way
from tests.server import Server, free_port

pytestmark = pytest.mark.slow

DESK = {"width": 1280, "height": 800}
PARTITIONED = "--disable-features=MediaRouter"
"""In place of Playwright's own list, which switches off that browsers part a frame's storage by the site around it."""
EXIT = "https://www.dmi.dk/"
TO_SLIP = ("need_bot_capabilities", "topic_daily_life", "need_doctor_health", "cpr_no", "make_slip")
type OpenWidget = Callable[..., Widget]


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    assert server.pid
    with sync_playwright() as playwright:
        browser = start(playwright.chromium, PARTITIONED)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, host: Host, server: Server) -> Iterator[OpenWidget]:
    """A window of its own on a page of the host, with Playwright's options for one."""
    contexts = []

    def visit_one(path: str = "/?lang=da", browser: Browser = browser, **options: Any) -> Widget:
        contexts.append(browser.new_context(**{"viewport": PHONE, **options}))
        contexts[-1].route(
            f"{EXIT}**", lambda route: route.fulfill(body="weather")
        )  # not ours: its answer is made here
        page = contexts[-1].new_page()
        page.goto(host.url + path)
        return Widget(page, server.url)

    yield visit_one
    for context in contexts:
        assert context.cookies() == []
        context.close()


# On the worst page


def test_on_a_hostile_page_somebody_gets_from_the_launcher_to_the_places_in_arabic(visit: OpenWidget) -> None:
    widget = visit("/hostile?lang=ar")
    assert widget.host.locator("h1").is_hidden()
    widget.open().begin("ar")
    expect(widget.page.locator("html")).to_have_attribute("dir", "rtl")
    widget.press("need_danish_start", "residence_family")
    expect(widget.cards).not_to_have_count(0)
    widget.write("أين مركز العمل؟")
    assert widget.services


def test_what_is_said_in_the_frame_reaches_no_script_of_the_page_around(visit: OpenWidget) -> None:
    widget = visit("/hostile?lang=da").open().begin("da")
    keys = widget.in_page("spied()")["keys"]
    widget.field.press_sequentially("Jeg vil laere dansk")
    widget.write("Min nabo hedder Scheherazade")
    spied = widget.in_page("spied()")

    assert spied.pop("messages").replace('{"vejviser":"page","lang":"da","dir":"ltr"}', "") == ""
    assert spied == {"keys": keys, "frames": 0, "shadow": None, "inside": "", "read": "SecurityError" * 2}


def test_a_page_that_speaks_for_the_widget_or_the_frame_is_not_heard(visit: OpenWidget) -> None:
    widget = visit("/hostile?lang=da").open().begin("da")
    widget.in_page("meddle()")
    widget.press("need_danish_start")
    assert widget.host.url.endswith("/hostile?lang=da")
    assert widget.focus == TAG
    assert texts_of_panel(widget)[1] == "Forlad siden hurtigt"


def test_a_report_is_filed_on_a_hostile_page_and_its_person_comes_back_to_it(visit: OpenWidget, server: Server) -> None:
    before = server.rows("report")
    widget = visit("/hostile?lang=en").open().begin("en")
    for step in way(SAID["en"], short=True):
        if step.button:
            widget.press(step.button)
        else:
            widget.write(str(step.text))
    expect(widget.page.locator(".review")).to_contain_text(SAID["en"])
    widget.end(SEND)
    receipt = widget.receipt
    expect(widget.page.locator("body")).not_to_contain_text(SAID["en"])
    widget.delete().follow("/report?lang=en")

    page = widget.page
    page.fill("#receipt", receipt)
    page.locator("form .send").click()
    expect(page.locator("#told")).to_be_visible()
    page.set_input_files("#file", [NOTE])
    page.locator("form:has(#file) .send").click()
    expect(page.locator(".notice.status")).to_be_visible()
    with widget.host.expect_download() as downloaded:
        widget.follow("/report/copy")
    assert downloaded.value.suggested_filename == "my-report.json"
    assert SAID["en"] in json.dumps(json.loads(downloaded.value.path().read_text()), ensure_ascii=False)
    page.locator("form:has(input[value=withdraw]) button").click()
    page.locator("form:has(input[value=withdraw_yes]) button").click()
    expect(page.locator("#receipt")).to_have_count(1)
    assert server.rows("report") == before


# Leaving, closing, coming back


def test_escape_twice_in_the_frame_leaves_the_page_around_for_good(visit: OpenWidget) -> None:
    widget = visit().open().begin("da")
    widget.field.focus()
    widget.host.keyboard.press("Escape")
    widget.host.keyboard.press("Escape")
    expect(widget.host).to_have_url(EXIT)
    widget.host.go_back()
    assert widget.host.url == "about:blank"


@pytest.mark.long
def test_the_way_out_in_the_panel_empties_the_page_around_and_leaves_it(visit: OpenWidget) -> None:
    """At once there is nothing to be seen, however slow the other page is: here it first has nothing to say."""
    widget = visit("/hostile?lang=ar").open().begin("ar")
    widget.host.route(f"{EXIT}**", lambda route: route.fulfill(status=204), times=1)
    with widget.host.expect_response(EXIT):
        press_in_panel(widget, "leave")
    assert widget.in_page("JSON.stringify(document.title + document.documentElement.textContent)") == ""
    again = visit("/hostile?lang=ar").open()
    press_in_panel(again, "leave")
    expect(again.host).to_have_url(EXIT)
    again.host.go_back()
    assert again.host.url == "about:blank"


@pytest.mark.long
def test_the_frame_leaves_by_itself_where_the_page_around_stops_the_message(visit: OpenWidget) -> None:
    deaf = "window.addEventListener('message', (event) => event.stopImmediatePropagation(), true)"
    widget = visit()
    widget.host.evaluate(deaf)
    widget.open().begin("da")
    widget.host.keyboard.press("Escape")
    widget.host.keyboard.press("Escape")
    expect(widget.host).to_have_url(EXIT)


def test_escape_once_closes_and_gives_the_focus_back_and_the_chat_stays(visit: OpenWidget) -> None:
    for viewport in (PHONE, DESK):
        widget = visit(viewport=viewport).open().begin("da").press("need_danish_start")
        said = widget.said.all_inner_texts()
        widget.host.keyboard.press("Escape")
        expect(widget.page.locator("#log")).to_be_hidden()
        assert widget.focus == TAG
        widget.host.wait_for_timeout(1100)  # Escape twice within a second would leave
        widget.host.keyboard.press("Escape")
        assert EXIT not in widget.host.url
        widget.open()
        assert widget.said.all_inner_texts() == said
        press_in_panel(widget, "close")
        expect(widget.page.locator("#log")).to_be_hidden()
        assert widget.focus == TAG


def test_a_reload_of_the_page_around_keeps_the_chat_and_its_buttons(visit: OpenWidget) -> None:
    widget = visit("/?lang=ar").open().begin("da").press("need_danish_start")
    said = widget.said.all_inner_texts()
    widget.host.reload()
    widget.open()
    expect(widget.said).to_have_count(len(said))
    assert widget.said.all_inner_texts() == said
    widget.press("residence_refugee")
    expect(widget.cards).not_to_have_count(0)


@pytest.mark.long
def test_two_tabs_have_two_chats(visit: OpenWidget) -> None:
    widget = visit().open().begin("da")
    other = Widget(widget.host.context.new_page(), widget.url)
    other.host.goto(widget.host.url)
    other.open().begin("ar")
    assert widget.token != other.token
    assert len(widget.kept) == len(other.kept) == 1


def test_deleting_deletes_and_leaves_nothing_in_the_frame(visit: OpenWidget) -> None:
    widget = visit().open().begin("da").press("need_danish_start")
    token = widget.token
    widget.delete()
    expect(widget.page.get_by_role("status")).to_have_text("Chatten er slettet.")
    assert widget.page.evaluate("sessionStorage.length + localStorage.length") == 0
    gone = widget.host.request.get(f"{widget.url}/api/chat/messages", headers={"Vejviser-Session": token or ""})
    assert gone.status == 401
    widget.host.reload()
    widget.open()
    expect(widget.page.locator('button[name="lang"]')).not_to_have_count(0)


@pytest.mark.long
def test_a_chat_that_has_ended_says_so_in_its_language_and_another_can_begin(visit: OpenWidget) -> None:
    widget = visit("/?lang=pl").open()
    widget.page.evaluate(f"sessionStorage.setItem('{KEY}', '{'0' * 32}')")
    widget.host.reload()
    widget.open()
    expect(widget.page.locator(".notice")).to_be_visible()
    expect(widget.page.locator("html")).to_have_attribute("lang", "pl")
    assert widget.page.evaluate("sessionStorage.length") == 0
    widget.begin("pl")


@pytest.mark.long
def test_the_language_changes_in_the_frame_and_its_panel_follows(visit: OpenWidget) -> None:
    widget = visit().open().begin("da").press("need_danish_start")
    said = widget.own.count()
    widget.change_language("ar")
    expect(widget.own).to_have_count(said + 1)
    assert texts_of_panel(widget)[1:] == ["مغادرة هذه الصفحة بسرعة", "إغلاق المرشد"]


def test_pages_in_the_frame_lead_on_and_back(visit: OpenWidget) -> None:
    widget = visit().open().begin("da").press(*TO_SLIP)
    widget.follow("/slip")
    expect(widget.page.locator("h1")).to_have_text("Det har jeg brug for, og her skal jeg hen")
    assert widget.page.evaluate("document.activeElement.tagName") == "H1"
    widget.follow("/")
    expect(widget.own).to_have_count(len(TO_SLIP))
    length = widget.host.evaluate("history.length")
    assert length == 2, "pages in the frame stand in nobody's way back"


@pytest.mark.long
def test_a_page_of_another_site_opens_beside_and_not_in_the_frame(visit: OpenWidget) -> None:
    widget = visit().open().begin("da").press("need_danish_start", "residence_refugee")
    with widget.host.context.expect_page() as opened:
        widget.page.locator('.card a[href^="https:"]').first.click()
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    expect(widget.cards).not_to_have_count(0)


def test_without_a_connection_the_frame_says_so_and_goes_on_later(visit: OpenWidget) -> None:
    widget = visit("/?lang=da").open().begin("da").press(*TO_SLIP)
    widget.host.context.set_offline(offline=True)
    widget.follow("/slip")
    expect(widget.page.locator("#main > .notice")).to_have_text("Der er ingen forbindelse. Prøv igen.")
    widget.host.context.set_offline(offline=False)
    widget.follow("/slip")
    expect(widget.page.locator(".slip")).to_be_visible()


def test_in_the_frame_a_message_is_heard_until_the_panel_closes_and_a_tap_counts(
    visit: OpenWidget, server: Server
) -> None:
    """Voices are put in the browser's place: headless it has none."""
    before = server.rows("tally")
    widget = visit("/none")
    widget.host.add_init_script(VOICES.replace("VOICES", json.dumps([voice("da-DK")])))
    widget.host.goto(widget.host.url.replace("/none", "/?lang=da"))
    widget.open().begin("da").press("need_danish_start", "residence_refugee")
    listen = widget.newest.first.locator("[data-aid=listen]")
    listen.click()
    expect(listen).to_have_text("Stop")
    press_in_panel(widget, "close")
    widget.page.wait_for_function("stopped > 1")
    widget.open()
    expect(listen).to_have_text("Lyt")
    widget.page.locator("#size").click()
    widget.page.locator("form.useful [value=yes]").click()
    expect(widget.page.locator("p.useful")).to_have_text("Tak.")
    counted = [row for row in server.rows("tally") if row not in before]
    assert [row["code"] for row in counted if row["kind"] == "useful"] == ["yes"]
    widget.host.reload()
    widget.open()
    expect(widget.page.locator("p.useful")).to_have_text("Tak.")
    assert widget.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


# By keyboard, and for machines that read


def test_by_the_keyboard_alone_from_the_launcher_to_an_answer_and_out_again(visit: OpenWidget) -> None:
    widget = visit(viewport=DESK).open()
    keyboard = widget.host.keyboard
    assert widget.page.evaluate("document.activeElement.tagName") == "H1"
    tab_to(widget, '[name="lang"][value="da"]')
    keyboard.press("Enter")
    expect(widget.said).to_have_count(1)
    tab_to(widget, "#text")
    keyboard.type("Jeg vil lære dansk")
    keyboard.press("Enter")
    expect(widget.said).not_to_have_count(1)
    keyboard.press("Escape")
    assert widget.focus == TAG


@pytest.mark.long
def test_on_a_phone_nothing_behind_the_panel_is_reached(visit: OpenWidget) -> None:
    widget = visit(viewport=PHONE).open()
    reached = set()
    for _ in range(40):
        widget.host.keyboard.press("Tab")
        reached.add(widget.focus)
    assert reached <= {TAG, "BODY"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("asked", "page", "browser_asks", "spoken"),
    [
        ("ar", "da", "pl", "للقادمين الجدد إلى كوبنهاغن"),
        ("ur-PK", "da", "pl", "کوپن ہیگن میں نئے ہیں؟"),
        ("", "da", "pl", "Ny i København?"),
        ("xx", "nb", "pl", "Od niedawna w Kopenhadze?"),
        ("", "", "de", "Ny i København?"),
    ],
)
def test_the_launcher_speaks_the_language_of_its_tag_the_page_or_the_browser(
    visit: OpenWidget, asked: str, page: str, browser_asks: str, spoken: str
) -> None:
    widget = visit(f"/?lang={asked}&page={page}", locale=browser_asks, viewport=DESK)
    expect(widget.host.locator(TAG)).to_have_count(1)
    assert [name for name in names(widget.host, "button") if name.startswith(spoken)]
    left, right = (at_corner(widget.host, x) for x in (60, 1220))
    assert (left, right) == ((TAG, "HTML") if asked[:2] in {"ar", "ur"} else ("HTML", TAG))


@pytest.mark.parametrize(("lang", "scheme"), [("da", "dark"), ("ar", "light")])
def test_axe_finds_no_barrier_in_the_frame_or_around_it(visit: OpenWidget, lang: str, scheme: str) -> None:
    """In an open shadow root, for once: axe cannot look into a closed one."""
    widget = visit("/none", bypass_csp=True, color_scheme=scheme)
    widget.host.route("**/widget.js", lambda route: route.fulfill(
        response=route.fetch(), body=route.fetch().text().replace('{ mode: "closed" }', '{ mode: "open" }')
    ))  # fmt: skip
    widget.host.goto(widget.host.url.replace("/none", f"/?lang={lang}"))
    expect(widget.host.locator(TAG)).to_have_count(1)
    assert barriers(widget.host) == []
    widget.open().begin(lang).press("need_danish_start", "residence_family")
    assert barriers(widget.page) == []
    assert barriers(widget.host) == []


# Where it does not come up


def test_a_site_that_is_not_named_gets_no_launcher_and_no_frame(visit: OpenWidget, browser: Browser) -> None:
    with Host(free_port(), visit().url) as other:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(other.url)
        expect(page.locator(TAG)).to_have_count(0)
        assert f"VEJVISER_EMBED_ORIGINS does not name {other.url}" in said[0]
        page.evaluate("url => { document.body.innerHTML = `<iframe src='${url}'></iframe>` }", f"{other.guide}/embed")
        page.wait_for_timeout(500)
        assert page.frames[1].url.startswith("chrome-error:")
        page.close()


def test_a_page_of_the_guide_in_a_frame_is_refused_even_on_a_named_site(visit: OpenWidget) -> None:
    page = visit().host
    page.evaluate("url => { document.body.innerHTML = `<iframe src='${url}'></iframe>` }", visit().url + "/")
    page.wait_for_timeout(500)
    assert page.frames[1].url.startswith("chrome-error:")


@pytest.mark.long
def test_a_page_that_is_isolated_itself_can_hold_the_guide(visit: OpenWidget) -> None:
    widget = visit("/isolated?lang=da")
    assert widget.host.evaluate("crossOriginIsolated")
    widget.open().begin("da")


@pytest.mark.long
def test_the_page_of_the_frame_opened_by_itself_is_the_page_with_its_cookie(visit: OpenWidget) -> None:
    widget = visit()
    widget.host.goto(f"{widget.url}/embed?lang=ar")
    expect(widget.host).to_have_url(f"{widget.url}/?lang=ar")
    expect(widget.host.locator(".bar")).to_be_visible()


def test_without_javascript_the_page_around_shows_a_plain_link(visit: OpenWidget) -> None:
    widget = visit(java_script_enabled=False)
    link = widget.host.get_by_role("link", name="Stil dit spørgsmål til Vejviser")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{widget.url}/"


@pytest.fixture
def bare(browser: Browser) -> Iterator[Browser]:
    """With Playwright's own list of features: it keeps storage back from frames of other sites."""
    bare = start(browser.browser_type)
    yield bare
    bare.close()


@pytest.mark.long
def test_where_a_browser_gives_the_frame_no_storage_the_chat_lasts_until_a_reload(
    bare: Browser, visit: OpenWidget
) -> None:
    widget = visit(browser=bare).open().begin("da").press("need_danish_start", "residence_refugee")
    expect(widget.cards).not_to_have_count(0)
    widget.host.reload()
    widget.open()
    expect(widget.page.locator('button[name="lang"]')).not_to_have_count(0)


# Looking past the closed shadow root, as a screen reader does


def names(page: Page, role: str) -> list[str]:
    """What the elements of a role are called in the page's tree for machines that read."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    client.detach()
    return [node["name"]["value"] for node in nodes if not node["ignored"] and node["role"]["value"] == role]


def texts_of_panel(widget: Widget) -> list[str]:
    """What the panel's frame, way out and button are called."""
    return [names(widget.host, role)[-1] for role in ("dialog", "link", "button")]


def press_in_panel(widget: Widget, what: str) -> None:
    """A click on the element of the class `what` in the panel's head."""
    client = widget.host.context.new_cdp_session(widget.host)
    client.send("DOM.enable")
    root = client.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    node = next(it for it in walk(root) if f"class {what}" in " ".join(it.get("attributes", [])))
    quad = client.send("DOM.getBoxModel", {"nodeId": node["nodeId"]})["model"]["border"]
    client.detach()
    widget.host.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in [*node.get("children", []), *node.get("shadowRoots", [])]:
        yield from walk(child)


def at_corner(page: Page, x: int) -> str:
    """The tag of the element low on the page at `x`."""
    return str(page.evaluate("x => document.elementFromPoint(x, innerHeight - 30).tagName", x))


def tab_to(widget: Widget, target: str) -> None:
    for _ in range(60):
        widget.host.keyboard.press("Tab")
        if widget.page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"Tab never reaches {target}")


def barriers(page: Page) -> list[tuple[str, list[Any], str]]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(values) => axe.run({ runOnly: { type: 'tag', values }, iframes: false })", [*LEVELS])
    return [
        (barrier["id"], node["target"], node["failureSummary"])
        for barrier in found["violations"]
        for node in barrier["nodes"]
    ]
