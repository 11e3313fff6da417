"""The plan's targets are the plan's, a fault in the file is named, and no code makes one number of the two series."""

import datetime as dt
import math
import operator
import statistics
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import ContentError
from bot.settings import Settings
from bot.statistics.table import Released
from bot.statistics.targets import Beside, Direction, Figure, Target, Unit, beside, figure_of
from bot.statistics.targets_file import read_targets
from bot.store.target_verbs import OfficialRow

CONTENT = Settings().content
PLAN = read_targets(CONTENT)
ROW = OfficialRow(
    "experienced_discrimination", 2016, "City survey", "https://kk.dk/stemplet", "26", 800, "23.0", "29.1",
    dt.date(2026, 11, 29), "0" * 64,
)  # fmt: skip
REPORTS = Released(
    "reports.by_ground", "2026Q3", "internal", ("race", "faith"), ("",), {("race", ""): 12, ("faith", ""): None},
    {"race": 12, "faith": None}, {"": 20}, 20, {}, (),
)  # fmt: skip


def pair() -> Beside:
    return beside(PLAN.targets["experienced_discrimination"], [ROW], [REPORTS])


def test_the_eight_targets_stand_under_the_five_efforts() -> None:
    goals = {
        it.id: (it.effort, it.unit.value, str(it.goal.value), it.goal.year, it.goal.direction.value)
        for it in PLAN.targets.values()
    }
    assert goals == {
        "excess_unemployment": ("employment", "points", "5.8", 2014, "at_most"),
        "felt_inclusion": ("inclusion", "percent", "None", None, "rise"),
        "experienced_discrimination": ("equal_treatment", "percent", "None", None, "fall"),
        "danish_completion": ("danish", "percent", "None", None, "rise"),
        "combined_courses": ("danish", "count", "500", 2014, "at_least"),
        "on_time": ("employment", "percent", "95", None, "at_least"),
        "activation": ("employment", "percent", "None", 2014, "above_start"),
        "company_share": ("companies", "percent", "30", 2014, "at_least"),
    }
    assert {it.effort for it in PLAN.targets.values()} == set(PLAN.efforts)
    assert str(PLAN.targets["company_share"].start.value) == "10"  # type: ignore[union-attr]


@pytest.mark.parametrize("target", PLAN.targets.values(), ids=lambda it: it.id)
def test_each_target_says_in_both_languages_what_our_data_cannot(target: Target) -> None:
    words = [target.text, target.can, target.cannot]
    assert all(it.da.strip() and it.en.strip() and it.da != it.en for it in words)
    assert target.beside
    assert all(it.source and it.checked_on is None for it in target.figures)  # nobody has checked one yet


@pytest.mark.parametrize(("old", "new", "says"), [
    ("unit: points", "unit: per_cent", "excess_unemployment: unit: must be one of percent, points, count"),
    ("effort: employment", "effort: work", "excess_unemployment: effort: must be one of"),
    ("value: 5.8", "value: 580", "excess_unemployment: goal: value: must be -100 to 100 (points)"),
    ("value: 5.8", "value: .nan", "excess_unemployment: goal: value: must be -100 to 100 (points)"),
    ("value: 5.8", "value: '5.8'", "excess_unemployment: goal: value: must be a number or null"),
    ("value: 5.8", "value: null", "excess_unemployment: goal: has a value if its direction is at_most or at_least"),
    ("value: 500", "value: 500.5", "combined_courses: goal: value: must be a whole number (count)"),
    ("year: 2014", "year: 14", "excess_unemployment: goal: year: must be a year from 1980 to 2100, or null"),
    ("direction: rise", "direction: up", "felt_inclusion: goal: direction: must be one of at_most"),
    ("year: 2010}", "year: null}", "activation: start: must name the year"),
    ("definition_en: Inclusion is", "definition_en: null # ", "felt_inclusion: definition: must be there in both"),
    ("  can_da: Hvor", "  kan_da: Hvor", "excess_unemployment: can_da: is missing"),
    ("  start: null", "  start: null\n  stop: null", "excess_unemployment: stop: is not a known field"),
    ("reports.by_ground,", "reports.share_of_population,", "reports are never a share or a rate (R13)"),
    ("referrals.by_effort,", "by_effort,", "excess_unemployment: beside: by_effort is no name of a measure"),
    ("reports.by_ground,", "reports.by_area,", "experienced_discrimination: beside: names a measure twice"),
    ("checked_on: null", "checked_on: soon", "excess_unemployment: figures 1: checked_on: must be a date or null"),
    ("value: 10.9", "value: null", "excess_unemployment: figures 1: value: must be a number"),
    ("pages: []", "pages: null", "excess_unemployment: official: pages: must be a list of texts"),
    ("- id: felt_inclusion", "- id: excess_unemployment", "excess_unemployment: id: stands here twice"),
    ("- {id: companies,", "- {id: firms,", "efforts: id: must be companies, danish, employment,"),
    ("targets:", "targets: [", "not readable as YAML"),
])  # fmt: skip
def test_a_fault_names_entry_and_field(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (CONTENT / "targets.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "targets.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        read_targets(tmp_path)
    assert "targets.yml: " in str(raised.value)
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"targets\.yml"):
        read_targets(tmp_path)


@pytest.mark.parametrize(("text", "unit", "same"), [
    ("0", Unit.PERCENT, "0"), ("100", Unit.PERCENT, "100"), ("26,50", Unit.PERCENT, "26.50"),
    ("-100", Unit.POINTS, "-100"), ("-0.5", Unit.POINTS, "-0.5"), ("500", Unit.COUNT, "500"),
])  # fmt: skip
def test_a_figure_keeps_the_digits_it_was_published_with(text: str, unit: Unit, same: str) -> None:
    figure = figure_of(text, unit)
    assert (str(figure), figure.text("en"), figure.text("da")) == (same, same, same.replace(".", ","))


@pytest.mark.parametrize(("text", "unit"), [
    ("100.1", Unit.PERCENT), ("-0.1", Unit.PERCENT), ("101", Unit.POINTS), ("-100.01", Unit.POINTS),
    ("1.5", Unit.COUNT), ("-1", Unit.COUNT), ("1.234", Unit.COUNT), ("", Unit.PERCENT), ("nan", Unit.PERCENT),
    ("1e1", Unit.PERCENT), ("+5", Unit.PERCENT), ("٥", Unit.PERCENT), ("5 %", Unit.PERCENT), ("1 234", Unit.COUNT),
    ("1.234,5", Unit.POINTS), ("5,", Unit.PERCENT), ("=5", Unit.PERCENT), ("5\n", Unit.PERCENT),
])  # fmt: skip
def test_a_number_that_its_unit_cannot_have_is_refused(text: str, unit: Unit) -> None:
    with pytest.raises(ValueError, match="must be"):
        figure_of(text, unit)


@pytest.mark.parametrize("work", [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow, divmod,
    operator.lt, operator.ge, operator.matmul, operator.or_, operator.and_,
])  # fmt: skip
@pytest.mark.parametrize("ours", [20, 0, 2.5, Decimal(7), Fraction(1, 3), np.float64(3), REPORTS.total, REPORTS])
def test_nothing_of_ours_can_be_counted_together_with_what_is_official(
    work: Callable[[Any, Any], Any], ours: object
) -> None:
    """R13: no quotient, no sum, no comparison, in either order, of reports and survey or population figures."""
    both = pair()
    official = both.official[0]
    for theirs in (official, official.figure, both, figure_of("602481", Unit.COUNT)):
        with pytest.raises(TypeError):
            work(ours, theirs)
        with pytest.raises(TypeError):
            work(theirs, ours)


@pytest.mark.parametrize("work", [
    float, int, complex, round, abs, math.floor, operator.neg, operator.index, Decimal, Fraction,
    lambda it: sum([it]), lambda it: sum([it], 20), lambda it: statistics.mean([it, it]), lambda it: max(it, it),
    lambda it: math.fsum([it]), range, lambda it: np.asarray([it], dtype=float),
    lambda it: sorted([it, it]), lambda it: it + it, lambda it: it / it,
])  # fmt: skip
def test_an_official_figure_turns_into_no_number(work: Callable[[Any], Any]) -> None:
    official = pair().official[0]
    for theirs in (official, official.figure):
        with pytest.raises((TypeError, ValueError)):
            work(theirs)


def test_both_series_stand_apart_and_cannot_be_merged() -> None:
    both = pair()
    assert [str(it.figure) for it in both.official] == ["26"]
    assert both.own["reports.by_ground"] == (REPORTS,)
    assert [name for name, tables in both.own.items() if not tables] == list(both.target.beside[1:])
    assert not any(isinstance(it, Released) for it in both.official)
    with pytest.raises(TypeError):
        both.official | both.own  # type: ignore[operator]
    with pytest.raises(TypeError):
        both + both  # type: ignore[operator]


def test_the_number_of_people_asked_and_the_interval_stay_with_a_figure() -> None:
    value = pair().official[0]
    assert (value.n, str(value.low), str(value.high), value.source) == (800, "23.0", "29.1", "City survey")


def test_a_measure_or_a_figure_of_another_target_is_not_shown_beside_this_one() -> None:
    both = beside(PLAN.targets["on_time"], [ROW], [REPORTS])
    assert both.official == ()
    assert set(both.own) == {"referrals.by_need", "referrals.by_district"}
    assert not any(both.own.values())


def test_a_stored_figure_that_a_changed_unit_cannot_have_stops_with_its_name() -> None:
    row = OfficialRow("combined_courses", 2014, "City", "https://kk.dk", "1.5", None, None, None, ROW.imported_on, "0")
    with pytest.raises(ContentError, match="combined_courses: unit: a figure of 2014 is stored that must be a whole"):
        beside(PLAN.targets["combined_courses"], [row])


def test_a_figure_has_nothing_but_its_text() -> None:
    public = {name for name in dir(Figure) if not name.startswith("_")}
    assert public == {"text", "unit"}
    assert Direction.FALL is PLAN.targets["experienced_discrimination"].goal.direction
