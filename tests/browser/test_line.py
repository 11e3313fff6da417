"""A bad line and two tabs: whatever is lost, all that is said is heard once, and all that is answered stands once."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chat import Chat
from tests.browser.chromium import PHONE, start
from tests.browser.cuts import Cut, End, Line, Moment
from tests.browser.host import Host
from tests.browser.test_embed import barriers
from tests.browser.widget import KEY, Widget
from tests.server import Server

pytestmark = pytest.mark.slow

TEXTS = (
    "I want to learn Danish",
    "Where is the job centre?",
    "I need a doctor",
    "My CPR number is 010290-1234",
    "Hello",
)
QUIET = re.compile(r"report|delete|receipt|own_")
"""Buttons that lead where messages are taken from the page, which is another test's matter."""
PATIENCE = 31_000
"""Milliseconds after which the page has given up what it waits for."""
LOST = Cut(Moment.BETWEEN, End.CLOSED)
"""The guide has heard it, and nothing of its answer arrives."""
type Open = Callable[..., Chat]


@pytest.fixture(scope="module")
def line(server: Server, host: Host) -> Iterator[Line]:
    """Between the browser and the guide, also for the host's page."""
    with Line(server.port) as line:
        host.guide = line.url
        yield line
        host.guide = server.url


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    assert server.pid
    with sync_playwright() as playwright:
        browser = start(playwright.chromium, "--disable-features=MediaRouter")  # as in test_embed.py
        yield browser
        browser.close()


@pytest.fixture
def open_chat(browser: Browser, line: Line) -> Iterator[Open]:
    """A window of its own with a chat over the line, and a clock that can be turned on."""
    contexts = []

    def open_one(language: str = "en", **options: Any) -> Chat:
        line.mend()
        contexts.append(browser.new_context(viewport=PHONE, **options))
        page = contexts[-1].new_page()
        if options.get("java_script_enabled", True):
            page.clock.install()
        return Chat(page, line.url).begin(language)

    yield open_one
    for context in contexts:
        context.close()


# Cut at random moments


def test_a_line_that_breaks_at_random_moments_loses_nothing_and_says_nothing_twice(open_chat: Open, line: Line) -> None:
    breaks_at_random(open_chat(), line, cuts=8, seed=4)


@pytest.mark.long
def test_a_line_that_breaks_a_hundred_times_loses_nothing_and_says_nothing_twice(open_chat: Open, line: Line) -> None:
    breaks_at_random(open_chat(), line, cuts=100, seed=1)


def breaks_at_random(chat: Chat, line: Line, cuts: int, seed: int) -> None:
    """Says things by text and by buttons until the line has broken so often, then compares page and server."""
    dice, said = random.Random(seed), []  # noqa: S311 - which moments, not a secret
    done = len(line.done)
    while len(line.done) - done < cuts:
        many = dice.choice((1, 1, 1, 2, 3, 4))
        line.cut(*[Cut.at_random(dice) for _ in range(min(many, cuts - len(line.done) + done))])
        said.append(says_something(chat, dice))
        comes_through(chat, line, len(said))
    kept = chat.kept
    assert shown(chat) == [(it["from"], letters(it["text"])) for it in kept]
    assert [it["text"] for it in kept if it["from"] == "resident"] == said
    chat.page.reload()
    assert shown(chat) == [(it["from"], letters(it["text"])) for it in kept]


def says_something(chat: Chat, dice: random.Random) -> str:
    """By one of the buttons that are offered, or in words; what then stands in the chat."""
    offered = [
        it for it in chat.page.locator("#answers button").all() if not QUIET.search(it.get_attribute("value") or "")
    ]
    if offered and dice.random() < 0.6:
        button = dice.choice(offered)
        title = button.inner_text()
        button.click()
        return title
    text = dice.choice(TEXTS)
    chat.field.fill(text)
    chat.send.click()
    return re.sub(r"\d{6}-\d{4}", "••••••-••••", text)


def comes_through(chat: Chat, line: Line, many: int) -> None:
    """Waits until the newest of so `many` messages is answered, and presses Send again where the page has given up."""
    heard = chat.page.locator(".resident:not(.pending)")
    for _ in range(200):
        if heard.count() == many and is_at_rest(chat):
            expect(chat.newest).not_to_have_count(0)
            return
        if has_given_up(chat):
            chat.page.locator("#again").click()
        elif line.is_broken:
            chat.page.clock.fast_forward(PATIENCE)
        chat.page.wait_for_timeout(30)
    raise AssertionError("no answer")


def is_at_rest(chat: Chat) -> bool:
    return chat.page.locator(".busy").count() == 0


def has_given_up(chat: Chat) -> bool:
    return is_at_rest(chat) and chat.page.locator("#again").is_visible()


def shown(chat: Chat) -> list[tuple[str, str]]:
    """Who said what, as it stands on the page."""
    script = "all => all.map(it => [it.classList[1], it.querySelector('[data-part=text]')?.textContent ?? ''])"
    return [(who, letters(text)) for who, text in chat.page.locator("#log .message").evaluate_all(script)]


def letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


def said(chat: Chat) -> list[str]:
    """What the guide has heard."""
    return [message["text"] for message in chat.kept if message["from"] == "resident"]


# Lost, kept and sent again


def loses(chat: Chat, line: Line, what: Callable[[], None], cut: Cut = LOST) -> None:
    """Does something whose answer is lost, however often the page asks."""
    line.cut(*[cut] * 9)  # the browser itself asks again, too, where a line that it used before was gone
    what()
    for _ in range(100):
        if has_given_up(chat):
            line.mend()
            return
        window = chat.host if isinstance(chat, Widget) else chat.page
        window.clock.fast_forward(PATIENCE)
        window.wait_for_timeout(30)
    raise AssertionError("the page never gives up")


def write(chat: Chat, text: str) -> None:
    chat.field.fill(text)
    chat.send.click()


def again(chat: Chat) -> Chat:
    chat.page.locator("#again").click()
    expect(chat.page.locator("#unsent")).to_be_hidden()
    expect(chat.newest).not_to_have_count(0)
    return chat


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.BETWEEN])
def test_what_is_lost_is_sent_again_with_one_press_and_heard_once(open_chat: Open, line: Line, moment: Moment) -> None:
    chat = open_chat("da")
    loses(chat, line, chat.button("need_danish_start").click, Cut(moment, End.RESET))
    expect(chat.page.locator("#not-sent")).to_have_text("Ikke sendt")
    expect(chat.page.locator("#line")).to_contain_text("du kan sende den igen")
    again(chat)
    expect(chat.page.locator("#line")).to_be_empty()
    loses(chat, line, lambda: write(chat, "Jeg er her med min familie"), Cut(moment, End.RESET))
    expect(chat.field).to_have_value("")
    again(chat)
    assert len(said(chat)) == 2
    assert shown(chat) == [(it["from"], letters(it["text"])) for it in chat.kept]


def test_a_text_that_is_taken_back_is_in_the_field_and_one_that_is_sent_first_stands_first(
    open_chat: Open, line: Line
) -> None:
    chat = open_chat()
    loses(chat, line, lambda: write(chat, "I need a doctor"), Cut(Moment.BEFORE, End.CLOSED))
    chat.page.locator("#take-back").click()
    expect(chat.own).to_have_count(0)
    expect(chat.field).to_have_value("I need a doctor")
    expect(chat.field).to_be_focused()
    loses(chat, line, chat.send.click, Cut(Moment.BEFORE, End.CLOSED))
    write(chat, "Hello")
    expect(chat.page.locator(".resident:not(.pending)")).to_have_count(2)
    assert said(chat) == ["I need a doctor", "Hello"]
    expect(chat.page.locator("#unsent")).to_be_hidden()


def test_another_button_takes_the_place_of_one_that_was_lost(open_chat: Open, line: Line) -> None:
    chat = open_chat().press("need_danish_start")
    loses(chat, line, chat.button("residence_family").click, Cut(Moment.BEFORE, End.CLOSED))
    chat.button("residence_refugee").click()
    expect(chat.cards).not_to_have_count(0)
    assert chat.own.count() == len(said(chat)) == 2


# Offline


def test_a_lost_connection_is_said_once_in_the_persons_language_and_so_is_its_return(open_chat: Open) -> None:
    chat = open_chat("ar")
    chat.page.evaluate(
        "window.told = []; new MutationObserver(() => told.push(document.getElementById('line').textContent))"
        ".observe(document.getElementById('line'), { childList: true })"
    )
    context, told = chat.page.context, chat.page.locator("#line")
    for _ in range(2):  # a connection that comes and goes within a moment is not worth a word
        context.set_offline(offline=True)
        context.set_offline(offline=False)
    context.set_offline(offline=True)
    expect(told).to_have_text("لا يوجد اتصال بالإنترنت الآن. محادثتك تبقى هنا.")
    expect(told).to_have_attribute("role", "status")
    chat.field.fill("أريد أن أتعلم الدنماركية")
    chat.send.click()
    for _ in range(2):
        expect(chat.page.locator("#waiting")).to_have_text("نحاول من جديد…")
        chat.page.clock.fast_forward(PATIENCE)
        chat.page.wait_for_timeout(50)
    expect(chat.page.locator("#again")).to_be_visible()
    assert barriers(chat.page) == []
    context.set_offline(offline=False)
    expect(told).to_have_text("عاد الاتصال بالإنترنت.")
    assert len(chat.page.evaluate("told")) == 3
    assert said(chat) == []
    assert len(said(again(chat))) == 1


# Twice


def test_a_double_tap_sends_once_and_presses_nothing_that_came_meanwhile(open_chat: Open) -> None:
    chat = open_chat()
    chat.field.fill("I want to learn Danish")
    chat.send.dblclick()
    expect(chat.page.locator(".resident:not(.pending)")).to_have_count(1)
    button = chat.page.locator("#answers button").first
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    chat.page.mouse.move(box["x"] + 5, box["y"] + 5)
    chat.page.mouse.down(click_count=2)  # the second tap, when the first has been answered already
    chat.page.mouse.up(click_count=2)
    chat.page.wait_for_timeout(300)
    assert said(chat) == ["I want to learn Danish"]


def test_a_form_that_is_submitted_twice_without_a_script_says_it_once(open_chat: Open) -> None:
    chat = open_chat(java_script_enabled=False)
    chat.field.fill("I want to learn Danish")
    chat.send.dblclick()
    expect(chat.own).to_have_count(1)
    chat.button("residence_family").dblclick()
    expect(chat.own).to_have_count(2)
    assert len(said(chat)) == 2


# Two tabs


def other_tab(chat: Chat) -> Chat:
    """Another tab of the same chat, of which the test says whether anybody looks at it."""
    page = chat.page.context.new_page()
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => Boolean(window.away) })")
    page.goto(chat.url)
    return Chat(page, chat.url)


def look_at(page: Page, *, seen: bool) -> None:
    page.evaluate("seen => { window.away = !seen; document.dispatchEvent(new Event('visibilitychange')) }", seen)


def test_two_tabs_agree_as_soon_as_somebody_looks(open_chat: Open) -> None:
    chat = open_chat()
    other = other_tab(chat)
    other.field.fill("half a sen")
    look_at(other.page, seen=False)
    chat.press("need_danish_start", "residence_family")
    expect(other.own).to_have_count(0)
    look_at(other.page, seen=True)
    expect(other.own).to_have_count(2)
    assert shown(other) == shown(chat)
    expect(other.field).to_have_value("half a sen")
    other.press("count_no")
    expect(chat.own).to_have_count(3)
    assert shown(chat) == shown(other)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.BETWEEN])
def test_what_was_lost_takes_its_place_among_what_another_tab_has_said(
    open_chat: Open, line: Line, moment: Moment
) -> None:
    chat = open_chat()
    loses(chat, line, lambda: write(chat, "I need a doctor"), Cut(moment, End.CLOSED))
    other = other_tab(chat)
    write(other, "Hello")
    heard = ["Hello", "I need a doctor"] if moment is Moment.BEFORE else ["I need a doctor", "Hello"]
    expect(chat.own.locator(".said")).to_have_text(heard)
    expect(chat.page.locator("#unsent")).to_be_visible(visible=moment is Moment.BEFORE)
    if moment is Moment.BEFORE:
        again(chat)
    write(chat, "I need a doctor")
    expect(chat.page.locator(".resident:not(.pending)")).to_have_count(3)
    assert said(chat) == [*heard, "I need a doctor"]
    assert shown(chat) == [(it["from"], letters(it["text"])) for it in chat.kept]


def test_an_old_tab_gets_a_kind_answer_and_the_newest_and_what_is_written_there_comes_last(open_chat: Open) -> None:
    chat = open_chat("da")
    old = other_tab(chat)
    look_at(old.page, seen=False)
    chat.press("need_danish_start")
    old.button("need_report_discrimination").click()
    expect(old.page.locator("#line")).to_have_text("Denne knap er her ikke længere. Brug de nyeste knapper.")
    assert shown(old) == shown(chat)
    chat.press("residence_family")
    write(old, "Hej")
    expect(old.own).to_have_count(3)
    assert shown(old) == [(it["from"], letters(it["text"])) for it in chat.kept]


def test_a_chat_that_is_deleted_in_one_tab_leaves_the_other_at_once(open_chat: Open) -> None:
    chat = open_chat("da").press("need_danish_start")
    other = other_tab(chat)
    look_at(other.page, seen=False)
    chat.delete()
    expect(other.page.locator(".message, #write, #answers")).to_have_count(0)
    expect(other.page.locator("#log")).to_contain_text("Chatten er slettet.")


# In the frame


def test_in_the_frame_it_is_the_same(browser: Browser, host: Host, line: Line) -> None:
    with browser.new_context(viewport=PHONE) as context:
        widget = Widget(context.new_page(), line.url)
        widget.host.clock.install()
        widget.host.goto(host.url + "/?lang=da")
        widget.open().begin("da")
        loses(widget, line, widget.button("need_danish_start").click)
        again(widget)
        widget.button("residence_family").dblclick()
        expect(widget.page.locator(".resident:not(.pending)")).to_have_count(2)
        assert len(said(widget)) == 2

        twin = Widget(context.new_page(), line.url)
        twin.host.goto(host.url + "/?lang=da")
        twin.open().page.evaluate("([key, token]) => sessionStorage.setItem(key, token)", [KEY, widget.token])
        twin.host.reload()
        twin.open()
        assert shown(twin) == shown(widget)
        twin.press("count_no")
        expect(widget.own).to_have_count(3)
        widget.host.bring_to_front()
        widget.host.reload()
        line.cut(*[LOST] * 5)
        widget.open()
        lost = widget.page.locator("#main > .notice a")
        expect(lost).to_have_text("Der er ingen forbindelse. Prøv igen.", timeout=10_000)
        expect(widget.page.locator("[action='/start']")).to_have_count(0)
        line.mend()
        lost.click()
        expect(widget.own).to_have_count(3)
        widget.delete()
        expect(twin.page.locator(".message")).to_have_count(0)
