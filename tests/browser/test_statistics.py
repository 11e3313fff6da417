"""Figures in real Chromium: an analyst at work without a script, a citizen with a phone, both pages on paper."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.statistics.codes import plan_of
from bot.statistics.release import PUBLIC
from bot.store.sqlite import SqliteStore
from tests.browser.chromium import PHONE, start
from tests.browser.colleague import Colleague
from tests.browser.test_screen import AXE, LEVELS
from tests.server import Server
from tests.staff import Person, hired
from tests.statistics.kept import keep_three, take_official

pytestmark = pytest.mark.slow

MEASURES = ("reports.by_ground", "reports.ground_by_area", "reports.answered_in_time", "reports.by_wish")
ROOM = ("/statistics", "/statistics/targets", *(f"/statistics/measure/{name}" for name in MEASURES))
NARROW = ViewportSize(width=320, height=640)


@pytest.fixture(scope="module", autouse=True)
def analyst(server: Server, people: dict[str, Person]) -> Person:
    """Somebody with figures to look at; before a browser is started."""
    assert people
    assert server.passphrases
    store = SqliteStore(server.var / "store.db")
    _fill(store)
    person = hired(store, server.var, server.passphrases.team, "ana", "analyst")
    store.close()
    return person


def _fill(store: SqliteStore, **how: bool) -> None:
    settings = Settings()
    languages = find_languages(settings.locales, settings.data / "nlu")
    plan = plan_of(settings, read_directory(settings.content), languages)
    keep_three(store, plan, **how)
    keep_three(store, plan, PUBLIC, **how)
    take_official(store)


@pytest.fixture(scope="module", autouse=True)
def public(analyst: Person, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A guide that shows its figures to everybody."""
    assert analyst
    var = tmp_path_factory.mktemp("public")
    with Server(var, VEJVISER_PUBLIC_STATISTICS="true") as public:
        store = SqliteStore(var / "store.db")
        _fill(store)
        store.close()
        yield public


def barriers(page: Page) -> list[tuple[str, str]]:
    page.add_script_tag(path=AXE)
    found = page.evaluate("(rules) => axe.run({ runOnly: rules })", {"type": "tag", "values": LEVELS})
    return [(it["id"], it["nodes"][0]["html"]) for it in found["violations"]]


def runs_out(page: Page) -> list[str]:
    """What of the page or of a picture lies beyond the screen; tables have room of their own to be moved in."""
    wide: list[str] = page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          const sideways = document.documentElement.scrollWidth > room ? ["the page"] : [];
          const marks = [...document.querySelectorAll("svg.chart *")].filter((it) => !it.closest("defs, .behind"));
          const out = marks.filter((it) => it.getBoundingClientRect().right > room + 1);
          return [...sideways, ...out.map((it) => it.outerHTML)];
        }"""
    )
    return wide


def test_an_analyst_reads_a_measure_and_takes_the_files_along(
    browser: Browser, console: Server, analyst: Person, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    ana = Colleague(context.new_page(), console.url, analyst).signs_in().opens("/statistics")
    ana.page.select_option("#q-effort", "equal_treatment")
    ana.page.select_option("#q-kind", "reports")
    ana.page.locator("form[action='/statistics'] button").click()
    ana.follows("Reports by ground")
    expect(ana.page.locator("h1")).to_have_text("Reports by ground")
    expect(ana.page.locator("svg.chart")).to_have_count(3)
    expect(ana.page.get_by_role("img", name="Reports by ground, Q3 2026")).to_be_visible()
    expect(ana.page.locator("table").first).to_contain_text("1,241")
    ana.page.select_option("#q-period", "2026Q1")
    ana.page.locator("form[action^='/statistics/measure'] button").click()
    expect(ana.page.get_by_role("img", name="Reports by ground, Q1 2026")).to_be_visible()
    ana.opens("/statistics")
    with ana.page.expect_download() as waiting:
        ana.page.locator("form[action='/statistics/download'] button").first.click()
    name = waiting.value.suggested_filename
    waiting.value.save_as(tmp_path / name)
    assert name == "vejviser-reports-2026Q3-internal-1.zip"
    with zipfile.ZipFile(tmp_path / name) as archive:
        assert any(it.endswith("datapackage.json") for it in archive.namelist())
    context.close()


@pytest.mark.parametrize("width", [320, pytest.param(360, marks=pytest.mark.long)])
def test_axe_finds_no_barrier_in_the_room_and_nothing_runs_out_of_it(
    browser: Browser, console: Server, analyst: Person, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, bypass_csp=True)
    ana = Colleague(context.new_page(), console.url, analyst).signs_in("da")
    for path in ROOM:
        ana.opens(path)
        assert (path, runs_out(ana.page)) == (path, [])
        assert (path, barriers(ana.page)) == (path, [])
    context.close()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.long), "dark"])
def test_axe_finds_no_barrier_on_the_public_page_of_a_phone(browser: Browser, public: Server, scheme: str) -> None:
    context = browser.new_context(viewport=NARROW, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    for path in ROOM:
        page.goto(public.url + path)
        assert (path, runs_out(page)) == (path, [])
        assert (path, barriers(page)) == (path, [])
    assert context.cookies() == []
    context.close()


def test_text_at_double_size_stays_on_the_screen(browser: Browser, public: Server) -> None:
    large = start(browser.browser_type, "--blink-settings=defaultFontSize=32")
    context = large.new_context(viewport=PHONE)
    page = context.new_page()
    for path in ROOM:
        page.goto(public.url + path)
        assert (path, runs_out(page)) == (path, [])
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.lead-in')).fontSize)")
    assert size > 32
    large.close()


def test_a_citizen_reads_in_danish_and_english_and_takes_the_files(
    browser: Browser, public: Server, tmp_path: Path
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{public.url}/statistics")
    page.get_by_role("link", name="Indberetninger efter grund", exact=True).click()
    expect(page.locator("h1")).to_have_text("Indberetninger efter grund")
    expect(page.locator("table").first).to_contain_text("1.240")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("h1")).to_have_text("Reports by ground")
    expect(page.locator("main")).to_contain_text("Reports, not prevalence")
    page.get_by_role("link", name="Figures", exact=True).click()
    with page.expect_download() as waiting:
        page.locator("a[href$='.zip']").first.click()
    assert waiting.value.suggested_filename == "vejviser-reports-2026Q3-public-1.zip"
    context.close()


def test_on_paper_there_is_nothing_to_press_and_the_pictures_are_there(
    browser: Browser, console: Server, public: Server, analyst: Person
) -> None:
    """Also from a screen that is dark, without printed backgrounds."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    Colleague(page, console.url, analyst).signs_in("da")
    for url in (console.url, public.url):
        page.goto(f"{url}/statistics/measure/reports.by_ground")
        page.emulate_media(media="print")
        for pressed in ("header.bar", "form", "select", ".skip", "nav"):
            assert [it for it in page.locator(pressed).all() if it.is_visible()] == [], pressed
        bars = [it.bounding_box() for it in page.locator("svg.chart .filled").all()]
        assert sum(bool(box and box["width"] > 1 and box["height"] > 1) for box in bars) >= 4
        colours = page.evaluate(
            """() => [getComputedStyle(document.documentElement).backgroundColor,
                      getComputedStyle(document.querySelector("h1")).color,
                      getComputedStyle(document.querySelector("svg.chart .label")).color]"""
        )
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(0, 0, 0)"]
        assert page.pdf(print_background=False).startswith(b"%PDF-")
        page.emulate_media(media="screen")
    context.close()


def test_in_the_systems_own_colours_the_marks_are_still_drawn(browser: Browser, public: Server) -> None:
    context = browser.new_context(viewport=PHONE, forced_colors="active")
    page = context.new_page()
    page.goto(f"{public.url}/statistics/measure/reports.by_ground")
    fills = page.evaluate("[...document.querySelectorAll('svg.chart .filled')].map((it) => getComputedStyle(it).fill)")
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert fills
    assert background not in fills
    context.close()
