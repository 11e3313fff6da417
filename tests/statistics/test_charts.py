"""Pictures of figures: what they show, what they say to those who hear them, and what they never show."""

import ast
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import ROOT, Settings
from bot.statistics.charts import MOST_BARS, MOST_COLUMNS, MOST_ROWS, bars, chart, grid
from bot.statistics.official_chart import official_chart
from bot.statistics.plan import TablePlan
from bot.statistics.reading import About, Column, Line, Quarter, Reading, Trend, about, read
from bot.statistics.release import INTERNAL, PUBLIC
from bot.statistics.svg import WIDE, wrapped
from bot.statistics.targets import Figure, OfficialValue, Target, Unit
from bot.statistics.time_charts import MOST_QUARTERS, quarters, trends
from bot.web.console.words import Words
from bot.web.figures import Figures, Speech
from tests.statistics.kept import GROUNDS, by_ground, ground_by_area, of_reports

SVG = "{http://www.w3.org/2000/svg}"
PERIOD = "2026Q3"
LANGUAGES = ("da", "en")
SIMULATED = {"da": "OPDIGTEDE TAL", "en": "SIMULATED FIGURES"}
NOT_PREVALENCE = {"da": "Indberetninger, ikke forekomst", "en": "Reports, not prevalence"}
PLAIN = About("k", "A title", "reports", ("a source",), is_simulated=False)


@pytest.fixture(scope="module")
def figures() -> Figures:
    settings = Settings()
    languages = find_languages(settings.locales, settings.data / "nlu")
    return Figures(settings, read_directory(settings.content), Words(settings, languages), languages)


@pytest.fixture(scope="module")
def plan(figures: Figures) -> TablePlan:
    return figures.plan


@pytest.fixture
def english(figures: Figures) -> Speech:
    return figures.speech("en")


class Picture:
    """A picture as a browser reads it."""

    def __init__(self, svg: str) -> None:
        self.svg = svg
        self.root = ElementTree.fromstring(svg)  # noqa: S314 - our own

    def of(self, tag: str, kind: str | None = None) -> list[ElementTree.Element]:
        return [it for it in self.root.iter(f"{SVG}{tag}") if kind in {None, it.get("class")}]

    @property
    def texts(self) -> list[str]:
        """What is written in it, in its order."""
        return ["".join(it.itertext()) for it in self.of("text")]

    @property
    def said(self) -> str:
        """What is heard in its place."""
        title, desc = self.of("title")[0], self.of("desc")[0]
        assert self.root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert self.root.get("role") == "img"
        return f"{title.text} {desc.text}"


def drawn(plan: TablePlan, name: str, speech: Speech, tier: str = INTERNAL, *, simulated: bool = False) -> Picture:
    release = of_reports(PERIOD, plan, tier, simulated=simulated)
    table = next(it for it in release.tables if it.name == name)
    measure = plan.measures[name]
    return Picture(chart(read(table, plan, speech), about("k", plan, measure, release, speech), speech))


def reading(totals: Mapping[str, float | None]) -> Reading:
    return Reading(tuple(Line(name, (), total) for name, total in totals.items()), (), None)


# What is shown


@pytest.mark.parametrize("name", ["reports.by_ground", "reports.ground_by_area"])
@pytest.mark.parametrize("tier", [INTERNAL, PUBLIC])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_figure_stands_in_the_picture_as_the_language_writes_it(
    figures: Figures, plan: TablePlan, name: str, tier: str, code: str
) -> None:
    table = by_ground(PERIOD, tier) if name == "reports.by_ground" else ground_by_area(PERIOD, tier)
    speech = figures.speech(code)
    written = drawn(plan, name, speech, tier).texts
    for (row, column), value in table.cells.items():
        assert speech.label("ground", row) in written
        assert not column or any(part in written for part in wrapped(speech.label("area", column), 22, 2))
        assert value is None or speech.number(value) in written
    if name == "reports.by_ground":
        assert {"da": "1.241", "en": "1,241"}[code] in written or tier == PUBLIC


def test_the_longest_bar_belongs_to_the_largest_figure_and_others_are_in_proportion(english: Speech) -> None:
    picture = Picture(bars(reading({"a": 400, "b": 100, "c": 0}), PLAIN, english))
    widths = [float((it.get("width") or "").rstrip("%")) for it in picture.of("rect", "filled")]
    assert widths == [pytest.approx(4 * widths[1], rel=1e-4), widths[1], 0]
    assert 60 < widths[0] < 95


def test_hidden_figures_have_one_mark_of_one_size_and_are_never_a_zero(plan: TablePlan, english: Speech) -> None:
    picture = drawn(plan, "reports.by_ground", english)
    veils = picture.of("rect", "veil")
    assert len(veils) == 2 == picture.texts.count("hidden")
    assert len({(it.get("width"), it.get("height"), it.get("fill")) for it in veils}) == 1
    assert picture.texts.count("0") == 1  # that of the line which really is empty
    assert "hidden" not in drawn(plan, "reports.by_ground", english, PUBLIC).texts


def test_in_a_grid_a_legend_says_what_the_mark_is(plan: TablePlan, english: Speech) -> None:
    picture = drawn(plan, "reports.ground_by_area", english)
    cells = [it for it in picture.of("rect", "veil") if str(it.get("width")).endswith("%")]
    assert len(cells) == 3
    assert len({(it.get("width"), it.get("height")) for it in cells}) == 1
    assert picture.texts.count("hidden") == 1


def test_where_a_hidden_line_stands_says_nothing_of_its_size(plan: TablePlan, english: Speech) -> None:
    labels = [line.label for line in read(by_ground(PERIOD), plan, english).lines]
    hidden = [english.label("ground", code) for code, value in GROUNDS.items() if value is None]
    assert labels[:2] == [english.label("ground", "ethnic_origin"), english.label("ground", "religion_belief")]
    assert labels[-3:] == [*hidden, english.label("ground", "other")]


def test_answers_from_one_to_five_stay_in_their_order(plan: TablePlan, english: Speech) -> None:
    cells = {"1": 5, "2": 40, "3": 12, "4": 8, "5": 60}
    table = replace(by_ground(PERIOD, cells=cells), name="polls.trust", merged={})
    assert [line.total for line in read(table, plan, english).lines] == [5, 40, 12, 8, 60]


def test_what_was_merged_is_named_in_the_picture_and_whole_beside_it(plan: TablePlan, english: Speech) -> None:
    line = read(by_ground(PERIOD), plan, english).lines[-1]
    assert line.holds == (english.label("ground", "race"), english.label("ground", "sex"))
    assert any(english.label("ground", "race") in it for it in drawn(plan, "reports.by_ground", english).texts)


def test_a_grid_names_of_each_side_only_its_own_merged_codes(plan: TablePlan, english: Speech) -> None:
    """A release writes the merged codes of both sides in one mapping."""
    table = replace(ground_by_area(PERIOD), columns=("other", "at_work"), merged={"race": "other", "health": "other"})
    cells = {(row, column): 7 for row in table.rows for column in table.columns}
    found = read(replace(table, cells=cells, column_totals={"other": 21, "at_work": 21}), plan, english)
    assert found.lines[-1].holds == (english.label("ground", "race"),)
    assert found.columns[-1].holds == (english.label("area", "health"),)


def test_what_has_no_room_is_counted(english: Speech) -> None:
    many = Picture(bars(reading({f"line {place}": 900 - place for place in range(50)}), PLAIN, english))
    assert len(many.of("rect", "filled")) == MOST_BARS
    assert f"The table has {50 - MOST_BARS} more." in many.texts


@pytest.mark.parametrize(("rows", "columns"), [(30, 20), (20, 30), (1, 40), (40, 1)])
def test_a_grid_turns_so_that_the_longer_side_runs_down(english: Speech, rows: int, columns: int) -> None:
    lines = tuple(Line(f"row {row}", tuple(float(row + 1) for _ in range(columns)), 1) for row in range(rows))
    wide = Reading(lines, tuple(Column(f"column {column}", 1) for column in range(columns)), None)
    picture = Picture(grid(wide, PLAIN, english))
    longer, shorter = max(rows, columns), min(rows, columns)
    assert len(picture.of("rect", "filled")) == min(longer, MOST_ROWS) * min(shorter, MOST_COLUMNS)


def test_large_numbers_leave_room_for_each_other(english: Speech) -> None:
    lines = (Line("a", tuple([1_234_567.0] * 12), 1),) * 12
    picture = Picture(grid(Reading(lines, (Column("b", 1),) * 12, None), PLAIN, english))
    places = {float(str(it.get("x")).rstrip("%")) for it in picture.of("text", "number")}
    size = float(str(picture.of("text", "number")[0].get("font-size")).rstrip("em"))
    assert 18 / len(places) >= size * 0.5 * len("1,234,567")


# What is said


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_hears_the_picture_learns_what_it_says(figures: Figures, plan: TablePlan, code: str) -> None:
    speech = figures.speech(code)
    said = drawn(plan, "reports.by_ground", speech).said
    for part in (
        speech.of(plan.measures["reports.by_ground"].title), speech.quarter(PERIOD), speech.number(1_329),
        f"{speech.label('ground', 'ethnic_origin')} {speech.number(1_241)}", NOT_PREVALENCE[code],
        {"da": "Skjulte tal: 2", "en": "Hidden figures: 2"}[code],
    ):  # fmt: skip
        assert part in said
    assert "None" not in said


def test_of_a_grid_the_largest_cells_are_said(plan: TablePlan, english: Speech) -> None:
    origin, work = english.label("ground", "ethnic_origin"), english.label("area", "at_work")
    assert f"Largest: {origin} and {work} 41" in drawn(plan, "reports.ground_by_area", english).said


def test_a_picture_of_nothing_but_hidden_figures_says_so(english: Speech) -> None:
    picture = Picture(bars(reading({"a": None, "b": None}), PLAIN, english))
    assert "No figure is shown. Hidden figures: 2." in picture.said


@pytest.mark.parametrize("code", LANGUAGES)
def test_invented_figures_say_so_within_the_picture_above_and_behind_the_marks(
    figures: Figures, plan: TablePlan, code: str
) -> None:
    for name in ("reports.by_ground", "reports.ground_by_area"):
        picture = drawn(plan, name, figures.speech(code), simulated=True)
        assert picture.texts.count(SIMULATED[code]) == 2
        assert SIMULATED[code] in picture.said
        assert SIMULATED[code] not in drawn(plan, name, figures.speech(code)).svg


def test_every_picture_of_reports_says_that_they_are_no_prevalence(plan: TablePlan, english: Speech) -> None:
    for name, measure in plan.measures.items():
        made = about("k", plan, measure, of_reports(PERIOD, plan), english)
        is_of_reports = plan.sources[measure.source].export == "reports"
        assert (NOT_PREVALENCE["en"] in made.foot) is is_of_reports, name
        assert "Internal: not for publication" in made.foot


def test_a_public_picture_says_that_its_figures_do_not_add_up(plan: TablePlan, english: Speech) -> None:
    assert "Rounded: the figures do not add up." in drawn(plan, "reports.by_ground", english, PUBLIC).texts
    assert "Internal: not for publication" not in drawn(plan, "reports.by_ground", english, PUBLIC).svg


def test_a_picture_says_its_title_and_where_it_is_from(plan: TablePlan, english: Speech) -> None:
    texts = " ".join(drawn(plan, "reports.by_ground", english).texts)
    assert "Reports by ground, Q3 2026" in texts
    assert "Vejviser, Q3 2026, edition 1" in texts


# How it is written


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\"&<>'", "a" * 300, "]]>", "{{ 7 * 7 }}"])
def test_a_name_is_never_markup(english: Speech, hostile: str) -> None:
    wide = Reading((Line(hostile, (1,), 1, (hostile,)),), (Column(hostile, 1, (hostile,)),), 1)
    strange = replace(PLAIN, title=hostile, foot=(hostile,))
    series = [Trend(hostile, (Quarter(PERIOD, 3), Quarter("2026Q4", None)))]
    for svg in (bars(wide, strange, english), grid(wide, strange, english), trends(series, strange, english)):
        picture = Picture(svg)
        assert not picture.of("script")
        assert "".join(hostile.split()) in "".join("".join(picture.texts).split())


def pictures(plan: TablePlan, speech: Speech) -> Iterator[Picture]:
    for name in ("reports.by_ground", "reports.ground_by_area"):
        yield drawn(plan, name, speech, simulated=True)
    series = [Quarter("2026Q1", 4), Quarter("2026Q2", None), Quarter("2026Q3", None, is_there=False)]
    yield Picture(quarters(series, PLAIN, speech))
    yield Picture(trends([Trend("a", tuple(series))], PLAIN, speech))


def test_no_picture_needs_a_style_or_script_of_its_own(plan: TablePlan, english: Speech) -> None:
    """The pages allow none (Content-Security-Policy), and no picture fetches anything."""
    for picture in pictures(plan, english):
        for element in picture.root.iter():
            assert element.tag.removeprefix(SVG) in {
                "svg", "title", "desc", "defs", "pattern", "path", "rect", "line", "text", "circle",
            }  # fmt: skip
            assert not {"style", "href", "onload"} & set(element.attrib)
            assert element.get("fill", "none")[:4] in {"none", "curr", "url("}


def test_names_within_two_pictures_of_a_page_differ(english: Speech) -> None:
    one, other = (Picture(bars(reading({"a": None}), replace(PLAIN, key=key), english)) for key in ("now", "time"))
    ids = [{it.get("id") for it in picture.root.iter() if it.get("id")} for picture in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_everything_grows_with_the_text_and_fits_the_width(plan: TablePlan, english: Speech) -> None:
    """Heights in em, widths in per cent, and no line of words wider than a small phone."""
    for picture in pictures(plan, english):
        for element in picture.root.iter():
            for name in ("y", "height", "y1", "y2"):
                value = element.get(name)
                assert value is None or value.endswith("em") or element.tag == f"{SVG}pattern" or value == "60%"
            for name in ("x", "x1", "x2"):
                value = element.get(name)
                assert value is None or 0 <= float(value.rstrip("%")) <= 100
        assert all(len("".join(it.itertext())) <= WIDE for it in picture.of("text", "label"))


# Quarter by quarter


def test_a_quarter_without_a_release_is_a_dash_and_a_hidden_one_a_mark(english: Speech) -> None:
    series = [Quarter("2025Q4", 10), Quarter("2026Q1", None), Quarter("2026Q2", None, is_there=False)]
    picture = Picture(quarters(series, PLAIN, english))
    assert picture.texts.count("–") == 1
    assert len(picture.of("rect", "veil")) == 2  # the quarter, and the legend
    assert [it for it in picture.texts if it.startswith(("Q", "20"))] == ["Q4", "2025", "Q1", "2026", "Q2"]


def test_the_newest_quarters_are_drawn_and_said(english: Speech) -> None:
    series = [Quarter(f"{2020 + place // 4}Q{place % 4 + 1}", 100 + place) for place in range(20)]
    picture = Picture(quarters(series, PLAIN, english))
    assert len(picture.of("rect", "filled")) == MOST_QUARTERS
    assert "Q4 2024: 119 reports. Q1 2023: 112. Highest in Q4 2024: 119." in picture.said


def test_lines_through_the_quarters_share_one_scale(english: Speech) -> None:
    series = [
        Trend(name, (Quarter("2026Q2", value), Quarter("2026Q3", value))) for name, value in (("a", 10), ("b", 5))
    ]
    picture = Picture(trends(series, PLAIN, english))
    heights = [float(str(it.get("height")).rstrip("em")) for it in picture.of("rect", "filled")]
    assert heights[0] == pytest.approx(2 * heights[2], rel=1e-3)
    assert "a: 10 in Q2 2026, 10 in Q3 2026." in picture.said


# Figures of others (R13)


def value(year: int, number: str, source: str = "A survey", low: str = "", high: str = "") -> OfficialValue:
    figure, low_, high_ = (Figure(Decimal(it), Unit.PERCENT) if it else None for it in (number, low, high))
    assert figure
    day = dt.date(2026, 11, 1)
    return OfficialValue(
        "experienced_discrimination", year, figure, source, "https://example.org", None, low_, high_, day, "ab"
    )


@pytest.fixture
def target(figures: Figures) -> Target:
    return figures.targets.targets["experienced_discrimination"]


def test_figures_of_others_are_drawn_with_their_own_axis_source_and_years(target: Target, english: Speech) -> None:
    series = [value(2016, "26"), value(2021, "27.4", low="24.3", high="30.5")]
    picture = Picture(official_chart(target, series, "k", english))
    for text in ("26", "27.4", "2016", "2021", "40 per cent"):
        assert text in picture.texts
    assert "Published by A survey, in per cent." in " ".join(picture.texts)
    assert "2016: 26, 2021: 27.4" in picture.said
    assert len(picture.of("circle", "point")) == 2
    assert len(picture.of("line", "range")) == 1
    assert picture.of("rect", "filled") == []


def test_a_goal_stands_on_the_axis_of_the_figures_it_is_about(figures: Figures, english: Speech) -> None:
    on_time = figures.targets.targets["on_time"]
    series = [replace(value(2012, "88"), target="on_time")]
    picture = Picture(official_chart(on_time, series, "k", english))
    assert "The plan's goal: 95" in picture.texts
    assert "100 per cent" in picture.texts


@pytest.mark.parametrize("numbers", [("-4.5", "3.2"), ("-4.5", "-1"), ("0", "0"), ("0.3", "0.4"), ("10.9", "6.3")])
def test_any_points_have_a_place(figures: Figures, english: Speech, numbers: tuple[str, str]) -> None:
    gap = figures.targets.targets["excess_unemployment"]
    series = [
        replace(value(2011 + place, "1"), target=gap.id, figure=Figure(Decimal(number), Unit.POINTS))
        for place, number in enumerate(numbers)
    ]
    picture = Picture(official_chart(gap, series, "k", english))
    heights = [float(str(it.get("cy")).rstrip("em")) for it in picture.of("circle")]
    assert all(1 <= it <= 10 for it in heights)
    assert (heights[0] > heights[1]) is (Decimal(numbers[0]) < Decimal(numbers[1]))


def test_two_sources_or_two_targets_never_share_a_picture(target: Target, english: Speech) -> None:
    for other in (value(2021, "43", "Another survey"), replace(value(2021, "43"), target="felt_inclusion")):
        with pytest.raises(ValueError, match="one target and one source"):
            official_chart(target, [value(2016, "26"), other], "k", english)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}


def test_what_draws_counts_knows_no_official_figure_and_the_other_way_round() -> None:
    folder = ROOT / "bot" / "statistics"
    for name in ("charts.py", "time_charts.py", "reading.py", "chart_words.py"):
        assert not imported(folder / name) & {"OfficialValue", "Figure", "Target", "Beside"}, name
    ours = {"Released", "Reading", "Line", "Quarter", "Trend", "SingleFigure", "Release"}
    assert not imported(folder / "official_chart.py") & ours
