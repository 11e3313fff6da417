"""The public page of figures: off unless it is wanted, rounded, without a cookie, drawn once and kept by its hash."""

import asyncio
import copy
import dataclasses
import io
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.engine.guide import Guide
from bot.settings import read_settings
from bot.statistics.release import INTERNAL, PUBLIC
from bot.store.sqlite import SqliteStore
from bot.web import statistics
from bot.web.app import make_app
from bot.web.guard import CACHED
from tests.console.office import check_page
from tests.console.page import Page
from tests.statistics.kept import QUARTERS, by_ground, keep, keep_three, of_reports, take_official
from tests.web.interface import checked

PERIOD = QUARTERS[-1]
MEASURE = "/statistics/measure/reports.by_ground"
PAGES = ("/statistics", "/statistics/targets", MEASURE, "/statistics/measure/reports.ground_by_area")
FILES = "/statistics/files/reports-2026Q3-public-1.zip"


@dataclass
class Site:
    """The chat's application with the public page on; its store is its own."""

    client: httpx.Client
    store: SqliteStore
    var: Path
    app: Any

    def page(self, path: str) -> Page:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text[-600:]
        return check_page(answer.text)

    def text(self, path: str) -> str:
        return self.page(path).text

    @property
    def plan(self) -> Any:
        return self.app.state.publication.figures.plan


type Opens = Callable[[Path], Site]


def opened(guide: Guide, var: Path) -> Site:
    own = copy.copy(guide)
    own.settings = dataclasses.replace(guide.settings, var=var, public_statistics=True)
    own.store = SqliteStore(var / "store.db")
    app = make_app(own)
    return Site(checked(TestClient(app, follow_redirects=False)), own.store, var, app)


@pytest.fixture
def site(guide: Guide, tmp_path: Path) -> Iterator[Site]:
    site = opened(guide, tmp_path)
    yield site
    site.store.close()


@pytest.fixture(scope="module")
def city(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With three quarters of public figures, one of internal ones, and figures of others."""
    site = opened(guide, tmp_path_factory.mktemp("city"))
    keep_three(site.store, site.plan, PUBLIC)
    keep(site.store, of_reports("2026Q3", site.plan, INTERNAL))
    take_official(site.store)
    yield site
    site.store.close()


# On and off


def test_the_page_is_not_there_unless_it_is_wanted(client: TestClient) -> None:
    for path in (*PAGES, FILES):
        assert client.get(path).status_code == 404
    assert read_settings({}).public_statistics is False
    assert read_settings({"VEJVISER_PUBLIC_STATISTICS": "true"}).public_statistics is True


def test_an_empty_page_says_so(site: Site) -> None:
    assert "Der er ikke offentliggjort noget endnu." in site.text("/statistics")
    assert "Nothing has been published yet." in site.text("/statistics?lang=en")
    assert "Nothing has been released" in site.text(f"{MEASURE}?lang=en")
    assert len(site.page("/statistics/targets").all("article")) == 8


def test_internal_figures_are_never_public(site: Site) -> None:
    keep_three(site.store, site.plan, INTERNAL)
    assert "Der er ikke offentliggjort noget endnu." in site.text("/statistics")
    assert "1.241" not in site.text(MEASURE)
    assert site.client.get("/statistics/files/reports-2026Q3-internal-1.zip").status_code == 404


# What is shown


def test_every_figure_is_rounded_and_the_page_says_so(city: Site) -> None:
    shown = city.page(f"{MEASURE}?lang=en")
    (table,) = (it for it in shown.all("table") if "Q3 2026 (reports)" in it.text)
    numbers = [it.text.replace(",", "") for it in shown.all("td", inside=table, klass="number")]
    assert [int(it) % 5 for it in numbers[:-1]] == [0] * (len(numbers) - 1)
    assert "1,240" in shown.text
    assert "1,241" not in shown.text
    assert "hidden" not in table.text
    for said in ("Rounded: the figures do not add up.", "rounded to a multiple of five", "Reports, not prevalence"):
        assert said in shown.text
    assert "Internal" not in shown.text


def test_danish_is_spoken_unless_english_is_asked_for(city: Site) -> None:
    for path in PAGES:
        for query, code in (("", "da"), ("?lang=en", "en"), ("?lang=ar", "da"), ("?lang=%00", "da")):
            assert city.page(path + query).all("html")[0].attributes["lang"] == code
    assert "1.240" in city.text(MEASURE)
    other = next(it for it in city.page(f"{MEASURE}?period=2026Q1").all("a", hreflang="en"))
    assert city.page(other.attributes["href"]).text.count("Q1 2026") > 0


def test_targets_and_counts_never_share_a_page(city: Site) -> None:
    targets = city.text("/statistics/targets?lang=en")
    assert "27.4" in targets
    assert "1,240" not in targets
    assert "1,330" not in targets
    for path in PAGES:
        if path != "/statistics/targets":
            assert "27.4" not in city.text(f"{path}?lang=en")


def test_every_link_of_the_pages_leads_somewhere(city: Site) -> None:
    seen, wanted = set(), ["/statistics", "/statistics?lang=en"]
    while wanted:
        path = wanted.pop()
        seen.add(path)
        answer = city.client.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            links = [it.attributes["href"] for it in check_page(answer.text).all("a", href=None)]
            wanted += {it for it in links if it.startswith("/statistics")} - seen - {*wanted}
    assert len(seen) > 50


@pytest.mark.parametrize("path", ["measure/none", "measure/<b>", "files/none", "files/../../etc", "x", "measure/%00"])
def test_what_is_not_there_is_the_page_that_says_so(city: Site, path: str) -> None:
    answer = city.client.get(f"/statistics/{path}")
    assert answer.status_code == 404
    assert "etag" not in answer.headers


@pytest.mark.parametrize("period", ["", "2026Q9", "x" * 1_000, "2026Q3'--", "%00", "<b>"])
def test_a_quarter_that_is_none_is_the_newest(city: Site, period: str) -> None:
    assert city.client.get(f"{MEASURE}?period={period}").text == city.client.get(MEASURE).text


def test_invented_figures_say_so_on_page_picture_and_file(site: Site) -> None:
    keep_three(site.store, site.plan, PUBLIC, simulated=True)
    assert "OPDIGTEDE TAL" in site.text("/statistics")
    shown = site.page(MEASURE)
    for picture in shown.all("svg", role="img"):
        assert "OPDIGTEDE TAL" in picture.text
    assert "SIMULATED-vejviser" in site.client.get(FILES).headers["content-disposition"]


# The files


def test_the_files_are_the_public_ones(city: Site) -> None:
    answer = city.client.get(FILES)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".csv")).decode()
    assert "1240" in everything
    assert "1241" not in everything
    assert answer.content == city.client.get(FILES).content


# Light to serve


@pytest.mark.parametrize("path", [*PAGES, FILES])
def test_an_answer_is_kept_by_its_hash_and_sets_no_cookie(city: Site, path: str) -> None:
    answer = city.client.get(path)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == CACHED
    tag = answer.headers["etag"]
    for given in (tag, f'"other", {tag}', f"W/{tag}"):
        again = city.client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert city.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_visitor_with_a_conversation_is_not_looked_at(city: Site) -> None:
    """The page is the same for everybody: neither cookie nor language of the browser changes it."""
    plain = city.client.get("/statistics")
    headers = {"Cookie": f"vejviser_session={'a' * 64}", "Accept-Language": "ar"}
    assert city.client.get("/statistics", headers=headers).text == plain.text


def test_a_crowd_that_comes_at_once_costs_one_drawing(city: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    real = statistics.show

    def show(*given: Any) -> Any:
        drawn.append(given[1].name)
        return real(*given)

    monkeypatch.setattr(statistics, "show", show)
    monkeypatch.setattr(city.app.state.publication, "_edition", None)

    async def crowd() -> set[str]:
        transport = httpx.ASGITransport(app=city.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            answers = await asyncio.gather(*(client.get(MEASURE) for _ in range(30)))
        return {it.text for it in answers}

    assert len(asyncio.run(crowd())) == 1
    assert drawn == ["reports.by_ground"]


def test_what_is_released_anew_is_seen_within_a_minute(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(site.store, of_reports("2026Q2", site.plan, PUBLIC))
    before = site.client.get(MEASURE)
    keep(site.store, dataclasses.replace(of_reports(PERIOD, site.plan, PUBLIC), tables=(by_ground(PERIOD, PUBLIC),)))
    assert site.client.get(MEASURE).headers["etag"] == before.headers["etag"]
    now = time.monotonic()
    monkeypatch.setattr("bot.web.statistics.time.monotonic", lambda: now + statistics.LOOK_AGAIN_SECONDS)
    after = site.client.get(MEASURE, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "3. kvartal 2026" in after.text


def test_a_store_that_cannot_be_read_leaves_what_was_public(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_three(site.store, site.plan, PUBLIC)
    before = site.text(MEASURE)
    now = time.monotonic()
    monkeypatch.setattr("bot.web.statistics.time.monotonic", lambda: now + statistics.LOOK_AGAIN_SECONDS)
    with sqlite3.connect(site.var / "store.db") as connection:
        connection.execute("ALTER TABLE release RENAME TO elsewhere")
    assert site.text(MEASURE) == before


def test_a_store_that_never_could_be_read_is_said_in_words(site: Site) -> None:
    with sqlite3.connect(site.var / "store.db") as connection:
        connection.execute("ALTER TABLE release RENAME TO elsewhere")
    answer = TestClient(site.app, follow_redirects=False).get("/statistics")
    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>" in answer.text or 'role="alert"' in answer.text
