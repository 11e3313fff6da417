"""What is shown, hidden, merged and refused for the city's analysts, rule by rule."""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.statistics.attacker import narrowed, ranges
from bot.statistics.disclosure import differs, median, protect, ratio
from bot.statistics.rounding import record_key, rounded
from bot.statistics.table import Refused, Released, Table
from tests.statistics.skewed import LEVELS, people, records, table

NAME = "reports.ground_by_area"
AREAS = {"area": {"shop": "private", "club": "private", "school": "public", "office": "public"}}


def grid(values: Sequence[Sequence[int]], name: str = NAME, distinct: Sequence[Sequence[int]] | None = None) -> Table:
    """A table of grounds g0, g1 ... by the areas shop, club, school, office."""
    rows = tuple(f"g{number}" for number in range(len(values)))
    columns = tuple(AREAS["area"])[: len(values[0])] if "_by_" in name else ("",)
    counts, numbers = (
        {
            (row, column): number
            for row, line in zip(rows, of, strict=True)
            for column, number in zip(columns, line, strict=True)
        }
        for of in (values, distinct or values)
    )
    return Table(name, "2026Q3", rows, columns, counts, people(numbers))


def alone(made: Table, levels: Mapping[str, Mapping[str, str]] | None = None) -> Released | Refused:
    return protect([made], [], levels or {})[0]


def released(made: Table, levels: Mapping[str, Mapping[str, str]] | None = None) -> Released:
    one = alone(made, levels)
    assert isinstance(one, Released)
    return one


BROAD = ((30, 20, 12), (18, 3, 9), (25, 14, 0), (8, 11, 16))


def test_a_count_of_one_to_four_is_hidden_and_zero_is_shown() -> None:
    one = released(grid(BROAD))
    assert one.cells["g1", "club"] is None
    assert one.cells["g2", "school"] == 0
    assert (one.total, one.row_totals["g1"], one.column_totals["club"]) == (166, 30, 48)


def test_every_line_with_a_hidden_cell_has_two() -> None:
    one = released(grid(BROAD))
    lines = [[one.cells[row, column] for column in one.columns] for row in one.rows]
    lines += [[one.cells[row, column] for row in one.rows] for column in one.columns]
    assert {line.count(None) for line in lines} <= {0, 2, 3, 4}
    assert sum(line.count(None) for line in lines) >= 8


def test_the_reason_cannot_be_read_from_the_mark() -> None:
    """A small count and one hidden to cover it look alike in all that is written (R10)."""
    one = released(grid(BROAD))
    true = dict(grid(BROAD).counts)
    hidden = [cell for cell, value in one.cells.items() if value is None]
    assert {true[cell] < 5 for cell in hidden} == {True, False}
    assert one.notes == ("some_hidden",)


def test_many_reports_of_few_people_are_hidden() -> None:
    """R0: forty reports behind which two people stand tell of two people."""
    few = [list(line) for line in BROAD]
    few[0][0] = 2
    assert released(grid(BROAD, distinct=few)).cells["g0", "shop"] is None
    assert released(grid(BROAD)).cells["g0", "shop"] == 30


def test_thin_lines_are_merged_into_other() -> None:
    one = released(grid((*BROAD, (2, 1, 3), (4, 3, 1), (0, 0, 0))))
    assert one.rows == ("g0", "g1", "g2", "g3", "other")
    assert one.merged == {"g4": "other", "g5": "other", "g6": "other"}
    assert one.row_totals["other"] == 14


def test_an_empty_line_stays_where_nothing_is_thin() -> None:
    one = released(grid((*BROAD, (0, 0, 0))))
    assert [one.cells["g4", column] for column in one.columns] == [0, 0, 0]


def test_where_other_is_thin_the_smallest_line_joins_it() -> None:
    """One rare ground does not cost the table."""
    one = released(grid((*BROAD, (2, 1, 3))))
    assert one.merged == {"g1": "other", "g4": "other"}
    assert (one.row_totals["other"], one.total) == (36, 172)


def test_a_table_of_which_only_other_would_be_left_is_refused() -> None:
    assert alone(grid(((30, 20, 12), (2, 1, 3)))) == Refused(NAME, "2026Q3", "thin")


def test_a_table_of_fewer_than_ten_is_refused() -> None:
    assert alone(grid(((3, 2), (2, 2)))) == Refused(NAME, "2026Q3", "thin")
    assert alone(grid(((0, 0), (0, 0)))) == Refused(NAME, "2026Q3", "thin")


def test_a_line_in_one_category_is_refused_where_no_level_parts_it() -> None:
    """R5: nineteen of twenty of g0 were met in a shop; nine tenths may be, and so may zeros beside them."""
    rest = ((9, 12, 14, 10), (11, 8, 9, 13))
    assert isinstance(alone(grid(((18, 0, 2, 0), *rest))), Released)
    assert alone(grid(((19, 0, 1, 0), *rest))) == Refused(NAME, "2026Q3", "unsafe")
    assert alone(grid(((19, 0, 1, 0), *rest)), AREAS) == Refused(NAME, "2026Q3", "unsafe"), "19 were in private"


def test_merging_up_ends_where_one_category_is_left() -> None:
    """Then the column says nothing of anybody, and its totals remain."""
    values = ((19, 1), (9, 12), (11, 8))
    one = released(grid(values), {"area": {"shop": "any", "club": "any"}})
    assert one.columns == ("any",)
    assert one.merged == {"club": "any", "shop": "any"}
    assert [one.cells[row, "any"] for row in one.rows] == [20, 21, 19]


UNSAFE = ((4, 8), (8, 2))
"""Each count is 4 at most in one direction: with all margins known nothing can cover it."""


def test_totals_hide_where_they_would_tell() -> None:
    one = released(grid(UNSAFE))
    assert set(one.cells.values()) == {None}
    assert None in {*one.row_totals.values(), *one.column_totals.values()}
    assert not narrowed([one])


def test_a_table_that_nothing_makes_safe_is_refused() -> None:
    """Both margins are out already, so hiding them hides nothing."""
    margins = [grid(((12,), (10,)), "reports.ground")]
    by_area = Table(
        "reports.area", "2026Q3", ("shop", "club"), ("",), {("shop", ""): 12, ("club", ""): 10},
        people({("shop", ""): 12, ("club", ""): 10}),
    )  # fmt: skip
    answers = protect([*margins, by_area, grid(UNSAFE)], [], {})
    assert [type(one) for one in answers] == [Released, Released, Refused]
    first = [one for one in answers if isinstance(one, Released)]
    assert protect([grid(UNSAFE)], first, {}) == [Refused(NAME, "2026Q3", "unsafe")]


def test_a_finer_table_does_not_tell_what_an_earlier_one_merged() -> None:
    """Earlier, g2 and g3 were out as one line of 13; g2 beside it would tell that g3 is 3."""
    fine = grid(((30,), (20,), (10,), (3,), (8,)), "reports.ground")
    rows = ("g0", "g1", "g4", "pair")
    cells = dict(zip(((row, "") for row in rows), (30, 20, 8, 13), strict=True))
    totals = {row: cells[row, ""] for row in rows}
    earlier = Released(
        "reports.ground", "2026Q3", "internal", rows, ("",), cells, totals, {"": 71}, 71,
        {"g2": "pair", "g3": "pair"}, (),
    )  # fmt: skip
    assert released(fine).merged == {"g3": "other", "g4": "other"}
    assert protect([fine], [earlier], {}) == [Refused("reports.ground", "2026Q3", "unsafe")]


def test_what_an_earlier_release_hid_stays_hidden() -> None:
    """A second release of the same table is made to fit the first, whatever order tables come in."""
    of = records(4, 1000)
    names = ["reports.ground_by_area", "reports.form_by_district", "reports.area_by_district"]
    first = [one for one in protect([table(name, of) for name in names], [], LEVELS) if isinstance(one, Released)]
    again = protect([table(name, of) for name in reversed(names)], first, LEVELS)
    both = first + [one for one in again if isinstance(one, Released)]
    small = {name for name, (low, high) in ranges(first).items() if low <= 1 and high >= 5}
    assert len(small) > 60
    assert not narrowed(both, small)


def test_an_earlier_release_of_other_records_is_no_hindrance() -> None:
    """Same totals by ground, but a table over areas that cannot be of these records."""
    now = grid(BROAD)
    turned = released(grid([line[::-1] for line in BROAD], "reports.ground_by_form"))
    margins = dict(turned.row_totals)
    wrong = Released(
        **{**vars(turned), "row_totals": margins | {"g0": 62}, "cells": turned.cells | {("g0", "club"): 99}}
    )
    assert protect([now], [wrong], {}) == [released(now)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5))
def test_whatever_the_table_no_small_count_is_told(values: list[list[int]]) -> None:
    made = grid(values)
    one = alone(made, AREAS)
    if isinstance(one, Refused):
        return
    found = ranges([one])
    for cell in [cell for cell in one.cells if cell in made.counts and not {*cell} & {*one.merged.values()}]:
        if 0 < made.counts[cell] < 5:
            low, high = found[NAME, "2026Q3", *cell]
            assert low <= 1
            assert high >= 5


@pytest.mark.parametrize(
    ("numerator", "base", "said"),
    [(10, 29, None), (10, 30, 33), (3, 40, None), (38, 40, None), (0, 40, 0), (40, 40, 100), (7, 200, 4), (5, 4, None)],
)
def test_per_cent_only_of_thirty_and_never_of_one_to_four(numerator: int, base: int, said: int | None) -> None:
    assert ratio(numerator, base) == said


def test_a_median_needs_ten() -> None:
    assert median(range(9)) is None
    assert median(range(10)) == 4.5


def test_an_export_that_differs_by_one_to_four_records_is_seen() -> None:
    before = {record_key(str(number)) for number in range(100)}
    new = [record_key(f"new {number}") for number in range(5)]
    assert not differs(keys(before), [])
    assert not differs(keys(before), [keys(before)])
    assert differs(keys(before - {record_key("1")}), [keys(before)])
    assert differs(keys(before - {record_key("1"), record_key("2")} | {*new[:2]}), [keys([]), keys(before)])
    assert differs(keys(before | {*new[:4]}), [keys(before)])
    assert not differs(keys(before | {*new}), [keys(before)])


def keys(of: Iterable[int]) -> NDArray[np.uint64]:
    return np.sort(np.array(list(of), dtype=np.uint64))


def test_padding_with_four_reports_of_ones_own_tells_nothing() -> None:
    """Somebody files four reports beside the single one of a cell, to subtract them."""
    padded = [list(line) for line in BROAD]
    padded[1][1] = 1 + 4
    before = grid([[1 if number == 3 else number for number in line] for line in BROAD])
    after = grid(padded)
    of = {record_key(str(number)) for number in range(100)}
    padding = {record_key(f"own {number}") for number in range(4)}
    assert differs(keys(of | padding), [keys(of)]), "after an earlier export it is refused (R9)"
    few = [list(line) for line in padded]
    few[1][1] = 2
    assert released(grid(padded, distinct=few)).cells["g1", "club"] is None, "with one receipt they count as one"
    both = [replace(one, record_keys=dict.fromkeys(one.counts, 7)) for one in (before, after)]
    shown = {rounded(one, bytes([key]) * 16).cells["g1", "club"] for one in both for key in range(40)}
    assert shown == {0, 5}, "to the public, five and one can look alike"


def test_one_person_behind_two_cells_is_one_person_behind_their_line() -> None:
    """Numbers of people do not add up: nine who stand in both cells of a line are nine, so the line is thin."""
    made = grid(((12, 12), (14, 14), (20, 20)))
    nine = frozenset(range(900, 909))
    apart = released(made)
    together = alone(replace(made, people={**made.people, ("g0", "shop"): nine, ("g0", "club"): nine}), {})
    assert apart.rows == ("g0", "g1", "g2")
    assert isinstance(together, Released)
    assert together.merged == {"g0": "other", "g1": "other"}, "the thin line, and the smallest that it needs"


def test_no_function_divides_reports_by_a_population() -> None:
    """R13: reports are never a share of the people there are; there is nothing in the folder that could say so."""
    people = re.compile(r"population|inhabitant|resident|citizen|befolkning|indbygger", re.IGNORECASE)
    rate = re.compile(r"per_(capita|thousand|1000|head)|prevalence|incidence|" + people.pattern, re.IGNORECASE)
    files = sorted(Path("bot/statistics").rglob("*.py"))
    assert len(files) > 8
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = [
                    node.name,
                    *(argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)),
                ]
                assert not [name for name in names if rate.search(name)], file
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
                assert not people.search(ast.unparse(node)), file
