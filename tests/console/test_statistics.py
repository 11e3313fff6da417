"""The analysts' room: figures with their pictures, targets apart from them, and the files, each on record."""

import asyncio
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.accounts.roles import ADMINISTRATOR, CASEWORKER, PARTNER, TRANSLATOR
from bot.language.dates import today
from bot.settings import Settings
from bot.statistics.release import Change
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from bot.web.console.referral_rows import ended_quarters
from tests.console.case import INSTITUTE
from tests.console.conftest import Hires, events
from tests.console.member import Member
from tests.console.office import check, check_page
from tests.console.page import Page
from tests.keys import make_keys
from tests.statistics.kept import QUARTERS, keep, keep_three, of_reports, take_official

PERIOD = QUARTERS[-1]
MEASURE = f"/statistics/measure/reports.by_ground?period={PERIOD}"


@dataclass(frozen=True)
class Room:
    """A console with three quarters of reports, official figures, and those who may see them."""

    console: Console
    analyst: Member
    coordinator: Member


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    app: Any = make_console(Settings(var=tmp_path_factory.mktemp("room")))
    console: Console = app.state.console
    console.first = make_keys(console.store)  # type: ignore[attr-defined]
    keep_three(console.store, console.figures.plan)
    take_official(console.store)
    yield Room(console, Member(app, "ana", "analyst").signs_in(), Member(app, "kim", "coordinator").signs_in())
    console.close()


@pytest.fixture
def released(room: Room) -> Console:
    return room.console


@pytest.fixture
def analyst(room: Room) -> Member:
    return room.analyst


@pytest.fixture
def coordinator(room: Room) -> Member:
    return room.coordinator


@pytest.fixture
def stranger(hires: Hires) -> Member:
    """An analyst at a console of their own, on which nothing was released yet."""
    return hires("ida", "analyst").signs_in()


def page(member: Member, path: str) -> Page:
    return check_page(member.page(path))


def newest(console: Console) -> tuple[str, str, str]:
    """Verb, object and detail of the last event."""
    row = asyncio.run(console.store.audit.newest(1))[0]
    return row.verb, row.object, row.detail


def cells(page: Page, caption: str) -> list[list[str]]:
    """The words of a table, row by row."""
    table = next(it for it in page.all("table") if caption in page.all("caption", inside=it)[0].text)
    return [[it.text for it in page.all("th", "td", inside=row)] for row in page.all("tr", inside=table)]


# Who may come in


def test_the_first_page_of_an_analyst_is_the_room_of_statistics(analyst: Member) -> None:
    assert analyst.sees("/").headers["location"] == "/statistics"
    menu = [it.text for it in page(analyst, "/statistics").all("a") if it.attributes["href"] in {"/statistics", "/me"}]
    assert menu == ["Statistics", "Your account"]


@pytest.mark.parametrize("role", [CASEWORKER, PARTNER, TRANSLATOR, ADMINISTRATOR])
def test_nobody_else_comes_in(room: Room, role: str) -> None:
    member = Member(room.analyst.app, f"the-{role}", role, INSTITUTE if role == PARTNER else None).signs_in()
    for path in ("/statistics", "/statistics/targets", MEASURE):
        answer = member.sees(path)
        assert answer.status_code == 403
        assert "1,241" not in answer.text
        assert newest(room.console)[0] == "refused"
    for path in ("/statistics/download", "/statistics/rows"):
        assert member.orders(path, release="reports-2026Q3-internal-1", quarter=PERIOD).status_code == 403


def test_rows_are_for_coordinators_only(analyst: Member, coordinator: Member) -> None:
    assert "/statistics/rows" not in analyst.page("/statistics")
    assert analyst.orders("/statistics/rows", quarter=PERIOD).status_code == 403
    assert "/statistics/rows" in coordinator.page("/statistics")


# What is shown


def test_an_empty_room_says_how_a_release_is_made(stranger: Member) -> None:
    text = page(stranger, "/statistics").text
    assert "Nothing has been released yet" in text
    assert "by the command line only" in text
    assert f"vejviser export reports --period {next(iter(ended_quarters(today())))} --tier internal" in text
    assert page(stranger, MEASURE).text.count("Nothing has been released of this measure") == 1


def test_every_measure_of_the_plan_stands_with_its_newest_total(analyst: Member, released: Console) -> None:
    shown = page(analyst, "/statistics")
    rows = {}
    for row in shown.all("tr"):
        name, total = (it.text for it in shown.all("th", "td", inside=row))
        rows[name] = total
    assert rows["Reports by ground"] == "1,329 reports"
    assert rows["Reports by wish"] == "not released"
    assert rows["Reports by area"] == "–"
    assert rows["Answered in time"] == "87 %"
    assert rows["Set aside"] == "hidden reports"
    links = {it.attributes["href"] for it in shown.all("a", href=None)}
    for measure in released.figures.plan.measures.values():
        assert f"/statistics/measure/{measure.name}?period={PERIOD}" in links


def test_what_can_be_chosen_is_in_the_plan_and_nothing_else(analyst: Member) -> None:
    whole = page(analyst, "/statistics")
    assert {it.attributes["name"] for it in whole.all("select")} == {"kind", "effort", "period"}
    of_inclusion = page(analyst, "/statistics?effort=inclusion").text
    assert "Trust" in of_inclusion
    assert "Reports by ground" not in of_inclusion
    assert "Referrals by need" not in page(analyst, "/statistics?kind=reports").text
    for query in ("?kind=x&effort=y&period=1999Q1", "?period=2026Q3'--", "?effort=<b>", "?district=valby&language=ar"):
        assert page(analyst, f"/statistics{query}").text == whole.text


def test_a_measure_is_shown_as_picture_table_trend_and_in_words(analyst: Member, released: Console) -> None:
    shown = page(analyst, MEASURE)
    assert [it.text for it in shown.all("h1")] == ["Reports by ground"]
    assert len(shown.all("svg", role="img")) == 3
    table = cells(shown, "Reports by ground, Q3 2026 (reports)")
    assert table[1] == ["Ethnic origin", "1,241"]
    assert ["Age", "hidden"] in table
    assert table[-1] == ["Total", "1,329"]
    (held,) = [it.text for it in shown.all("dl", klass="held")]
    assert held == "Ground: in “Other (small groups too)”Race, Sex (woman or man)"
    trend = cells_of_time(shown)
    assert trend[0][1:] == ["Q1 2026", "Q2 2026", "Q3 2026"]
    assert trend[1] == ["Total", "1,329", "–", "1,329"]
    for said in (
        "Reports, not prevalence", "Internal: not for publication", "Some figures are hidden.",
        "The ground that the resident chose.", "Fight discrimination and strengthen equal treatment",
        "Tests, duplicates and spam do not count.", "reports-2026Q3-internal-1", "corrections until 14 October 2026",
    ):  # fmt: skip
        assert said in shown.text
    assert newest(released) == ("statistics_viewed", "", '{"what":"reports.by_ground 2026Q3"}')


def cells_of_time(shown: Page) -> list[list[str]]:
    section = shown.section("time")
    (table,) = shown.all("table", inside=section)
    return [[it.text for it in shown.all("th", "td", inside=row)] for row in shown.all("tr", inside=table)]


def test_a_table_of_two_dimensions_has_all_its_totals(analyst: Member) -> None:
    shown = page(analyst, "/statistics/measure/reports.ground_by_area")
    assert cells(shown, "Reports by ground and area, Q3 2026 (reports)") == [
        ["Ground", "At work", "Housing", "Total"],
        ["Ethnic origin", "41", "23", "64"],
        ["Religion or belief", "hidden", "hidden", "15"],
        ["Other (small groups too)", "12", "hidden", "20"],
        ["Total", "64", "35", "99"],
    ]


def test_single_figures_say_on_how_many_they_rest(analyst: Member) -> None:
    ratio = page(analyst, "/statistics/measure/reports.answered_in_time").text
    assert "87 %" in ratio
    assert "rests on 143" in ratio
    assert "4.5" in page(analyst, "/statistics/measure/reports.days_to_answer").text
    assert "hidden" in page(analyst, "/statistics/measure/reports.set_aside").text


def test_a_refused_table_says_why(analyst: Member) -> None:
    shown = page(analyst, "/statistics/measure/reports.by_wish")
    assert "Not released: so few are behind it that even merged lines stay below 10." in shown.text
    assert shown.all("svg") == []


def test_earlier_quarters_are_shown_as_they_were_then(analyst: Member) -> None:
    first = page(analyst, f"/statistics/measure/reports.by_ground?period={QUARTERS[0]}").text
    assert "Q1 2026" in first
    assert "reports-2026Q1-internal-1" in first
    gap = page(analyst, f"/statistics/measure/reports.by_ground?period={QUARTERS[1]}").text
    assert "Nothing has been released of this measure in this quarter." in gap


def test_the_newest_edition_is_shown_and_what_changed(stranger: Member, console: Console) -> None:
    plan = console.figures.plan
    keep_three(console.store, plan)
    again = of_reports(PERIOD, plan)
    table = replace(again.tables[0], total=1_340)
    changed = (Change("figures", "reports.by_ground", "1329", "1340"),)
    keep(console.store, replace(again, edition=2, tables=(table, *again.tables[1:]), changes=changed))
    text = page(stranger, MEASURE).text
    assert "1,340" in text
    assert "reports-2026Q3-internal-2" in text
    assert "Corrected figures" in text


def test_the_page_speaks_danish_with_the_numbers_of_danes(analyst: Member) -> None:
    shown = page(analyst, f"{MEASURE}&lang=da")
    analyst.page("/me?lang=en")
    for said in ("1.241", "3. kvartal 2026", "Indberetninger, ikke forekomst", "skjult"):
        assert said in shown.text


def test_a_public_release_is_never_shown_beside_internal_ones(stranger: Member, console: Console) -> None:
    keep_three(console.store, console.figures.plan, "public")
    assert "Nothing has been released yet" in page(stranger, "/statistics").text
    assert "1,240" not in page(stranger, MEASURE).text
    assert stranger.orders("/statistics/download", release="reports-2026Q3-public-1").status_code == 422


def test_invented_figures_say_so_on_every_page_and_picture(stranger: Member, console: Console) -> None:
    keep_three(console.store, console.figures.plan, simulated=True)
    assert "SIMULATED" in page(stranger, "/statistics").text
    shown = page(stranger, MEASURE)
    assert "Every figure here is invented." in shown.text
    for picture in shown.all("svg", role="img"):
        assert "SIMULATED FIGURES" in picture.text


def test_a_release_that_was_changed_in_the_store_is_shown_to_nobody(stranger: Member, console: Console) -> None:
    keep_three(console.store, console.figures.plan)
    with sqlite3.connect(console.settings.var / "store.db") as connection:
        connection.execute("UPDATE release SET content = replace(content, '1241', '9999') WHERE period = '2026Q3'")
    shown = page(stranger, "/statistics").text
    assert "reports-2026Q3-internal-1 was changed in the store" in shown
    assert "9,999" not in page(stranger, "/statistics/measure/reports.by_ground").text


@pytest.mark.parametrize("name", ["none", "reports.by_ground.csv", "../../etc", "REPORTS.by_ground", "x" * 500, "%00"])
def test_a_measure_that_is_none_is_not_there(analyst: Member, name: str) -> None:
    answer = analyst.sees(f"/statistics/measure/{name}")
    check(answer)
    assert answer.status_code == 404


# Targets


def test_official_figures_stand_apart_and_no_count_of_ours_is_near_them(analyst: Member, released: Console) -> None:
    shown = page(analyst, "/statistics/targets")
    assert len(shown.all("article", klass="target")) == len(released.figures.targets.targets) == 8
    for said in ("27.4", "24.3–30.5", "3,063", "10.9", "at most 5.8"):
        assert said in shown.text
    assert "What they cannot say" in shown.text
    assert "1,329" not in shown.text
    assert "1,241" not in shown.text
    links = [it.attributes["href"] for it in shown.all("a", href=None)]
    assert "/statistics/measure/reports.by_ground" in links
    for path in {it for it in links if it.startswith("/statistics/measure/")}:
        assert "27.4" not in page(analyst, path).text
    assert newest(released)[0] == "statistics_viewed"


def test_each_source_has_a_picture_of_its_own(analyst: Member) -> None:
    pictures = [it.text for it in page(analyst, "/statistics/targets").all("svg", role="img")]
    assert len(pictures) == 3
    for source in ("A survey of the city", "A national survey", "A register"):
        assert sum(source in it for it in pictures) == 1


def test_without_official_figures_the_page_says_so(stranger: Member) -> None:
    assert page(stranger, "/statistics/targets").text.count("No official figures have been taken in yet.") == 8


# The files


def test_the_files_are_those_of_the_release_and_stand_on_record(analyst: Member, released: Console) -> None:
    answer = analyst.orders("/statistics/download", release="reports-2026Q3-internal-1")
    check(answer)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="vejviser-reports-2026Q3-internal-1.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(name.startswith("reports-2026Q3-internal-1/") for name in names)
        assert any(name.endswith("datapackage.json") for name in names)
        everything = b"".join(archive.read(name) for name in names if name.endswith(".csv")).decode()
    assert "1241" in everything
    assert newest(released) == ("release_downloaded", "reports-2026Q3-internal-1", "{}")
    assert analyst.orders("/statistics/download", release="reports-2026Q3-internal-1").content == answer.content


@pytest.mark.parametrize("asked", ["", "none", "reports-2026Q3-public-1", "../../x", "reports-2026Q3-internal-99"])
def test_files_that_are_not_there_cannot_be_taken_along(analyst: Member, released: Console, asked: str) -> None:
    before = events(released).count("release_downloaded")
    assert analyst.orders("/statistics/download", release=asked).status_code == 422
    assert events(released).count("release_downloaded") == before


def test_files_and_rows_ask_for_password_and_code_again(coordinator: Member, released: Console) -> None:
    for seat in released.seats._seats.values():
        seat.confirmed = 0.0
    before = events(released)
    for path, field in (("/statistics/download", "release"), ("/statistics/rows", "quarter")):
        answer = coordinator.orders(path, **{field: PERIOD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/confirm?next=%2Fstatistics")
    assert not {"release_downloaded", "rows_downloaded"} & set(events(released)[len(before) :])
    for seat in released.seats._seats.values():
        seat.confirm()
