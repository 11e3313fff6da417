"""Figures for the public: multiples of five, the same every time, right on average."""

import random
from collections import Counter
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.statistics.rounding import record_key, rounded
from bot.statistics.table import Refused, Released, Table
from tests.statistics.skewed import LEVELS, Record, people, records, table

KEY = b"a key for tests alone"


def keyed(name: str, of: dict[str, Record]) -> Table:
    """With the keys of each cell's records, as the counting adds them up."""
    made = table(name, of)
    keys = dict.fromkeys(made.counts, 0)
    dimensions = name.partition(".")[2].split("_by_")
    for record, fields in of.items():
        keys[fields[dimensions[0]], fields[dimensions[1]] if len(dimensions) > 1 else ""] += record_key(record)
    return replace(made, record_keys=keys)


def public(made: Table, key: bytes = KEY) -> Released:
    one = rounded(made, key, LEVELS)
    assert isinstance(one, Released)
    return one


def figures(one: Released) -> list[int | None]:
    return [*one.cells.values(), *one.row_totals.values(), *one.column_totals.values(), one.total]


def single(count: int) -> Table:
    """One cell of interest beside one that makes the table large enough."""
    counts = {("a", ""): count, ("b", ""): 40, ("c", ""): 40}
    return Table("reports.ground", "2026Q3", ("a", "b", "c"), ("",), counts, people(counts), dict.fromkeys(counts, 7))


def test_every_figure_is_a_multiple_of_five_and_near() -> None:
    made = keyed("reports.form_by_district", records(4, 1000))
    one = public(made)
    assert all(value is not None and value % 5 == 0 for value in figures(one))
    assert all(abs(value - made.counts[cell]) < 5 for cell, value in one.cells.items() if value is not None)
    assert one.tier == "public"
    assert "figures_do_not_add_up" in one.notes


def test_each_margin_is_rounded_on_its_own() -> None:
    one = public(keyed("reports.form_by_district", records(4, 1000)))
    sums = {row: sum(one.cells[row, column] or 0 for column in one.columns) for row in one.rows}
    assert sums != one.row_totals


def test_the_same_records_at_the_same_place_are_the_same_in_every_table() -> None:
    of = records(4, 1000)
    shuffled = dict(sorted(of.items(), reverse=True))
    one, again = (public(keyed("reports.ground_by_area", them)) for them in (of, shuffled))
    assert one == again
    assert public(keyed("reports.ground_by_form", of)).row_totals == one.row_totals
    assert public(keyed("reports.ground", of)).row_totals == one.row_totals
    assert public(keyed("reports.ground_by_area", of), KEY * 2) != one


def test_a_record_elsewhere_does_not_draw_a_cell_anew() -> None:
    """Releases that follow each other cannot be averaged: only lines of the new record may change."""
    of = records(4, 1000)
    before = public(keyed("reports.form_by_district", of))
    new = {"ground": "ground0", "area": "area0", "form": "form3", "district": "district2"}
    after = public(keyed("reports.form_by_district", of | {"new": new}))
    changed = {cell for cell in before.cells if before.cells[cell] != after.cells[cell]}
    assert changed <= {("form3", "district2")}


def test_nothing_is_drawn_without_keys_of_records() -> None:
    with pytest.raises(KeyError):
        rounded(table("reports.form_by_district", records(4, 1000)), KEY, LEVELS)


@pytest.mark.parametrize("count", [11, 12, 13, 14, 15])
def test_rounding_is_right_on_average(count: int) -> None:
    """Over 3,000 keys from a fixed seed; the mean's standard error is 0.05 at most, so 0.2 is four of them."""
    chance = random.Random(7)  # noqa: S311 - a fixed seed
    drawn = [public(single(count), chance.randbytes(16)).cells["a", ""] or 0 for _ in range(3000)]
    assert abs(mean(drawn) - count) < 0.2
    assert set(drawn) == ({10, 15} if count < 15 else {15})


def test_small_counts_look_like_none_and_like_five() -> None:
    """Of 1 to 9 records, any figure that is shown can come from at least five counts."""
    chance = random.Random(7)  # noqa: S311 - a fixed seed
    seen = Counter()
    for count in range(10):
        made = grid_with(count)
        seen.update({(public(made, chance.randbytes(16)).cells["a", "x"], count) for _ in range(60)})
    origins = {shown: {count for value, count in seen if value == shown} for shown in (0, 5)}
    assert origins == {0: {0, 1, 2, 3, 4}, 5: {1, 2, 3, 4, 5, 6, 7, 8, 9}}


def grid_with(count: int) -> Table:
    counts = {("a", "x"): count, ("a", "y"): 20, ("b", "x"): 20, ("b", "y"): 20}
    counts |= {("c", "x"): 20, ("c", "y"): 20, ("a", "z"): 20, ("b", "z"): 20, ("c", "z"): 20}
    return Table(
        "reports.ground_by_area",
        "2026Q3",
        ("a", "b", "c"),
        ("x", "y", "z"),
        counts,
        people(counts),
        dict.fromkeys(counts, 7),
    )


def test_many_reports_of_few_people_are_rounded_as_those_people() -> None:
    made = grid_with(30)
    few = replace(made, people={**made.people, ("a", "x"): frozenset({1, 2})})
    assert public(few).cells["a", "x"] in {0, 5}


@given(st.integers(0, 9))
def test_a_total_below_ten_is_refused(count: int) -> None:
    counts = {("a", ""): count}
    made = Table("reports.ground", "2026Q3", ("a",), ("",), counts, people(counts))
    assert rounded(made, KEY) == Refused("reports.ground", "2026Q3", "too_few")


def test_thin_lines_are_merged_for_the_public_too() -> None:
    made = single(7)
    counts = {**made.counts, ("d", ""): 8}
    one = public(
        replace(
            made, rows=("a", "b", "c", "d"), counts=counts, people=people(counts), record_keys=dict.fromkeys(counts, 7)
        )
    )
    assert one.rows == ("other", "b", "c")
    assert one.row_totals["other"] == 15


FOURS = {"a": (4, 4, 4), "b": (30, 31, 33), "c": (24, 27, 29)}


def test_a_table_whose_sums_tell_a_small_count_is_refused() -> None:
    """Three cells of four all go down to none and their total up to fifteen: only three or four can be in each."""
    counts = {(row, column): number for row, of in FOURS.items() for column, number in zip("xyz", of, strict=True)}
    record_keys = {cell: record_key(str(cell)) for cell in counts}
    made = Table("reports.ground_by_area", "2026Q3", tuple("abc"), tuple("xyz"), counts, people(counts), record_keys)
    answers = [rounded(made, number.to_bytes(16)) for number in range(100, 130)]
    assert answers[13] == Refused("reports.ground_by_area", "2026Q3", "unsafe")
    assert sum(isinstance(one, Released) for one in answers) == 29


def test_where_the_same_records_stand_the_same_figure_stands() -> None:
    """As a cell and as the total of its line; two draws of one count would tell more than one."""
    drawn = set()
    for number in range(40):
        one = public(single(13), number.to_bytes(16))
        assert one.cells["a", ""] == one.row_totals["a"]
        drawn.add(one.row_totals["a"])
    assert drawn == {10, 15}


def test_what_the_public_has_read_of_a_quarter_stays() -> None:
    """R2: another edition says the same or is refused; what it is about does not matter, only what it shows."""
    of = records(4, 1000)
    grounds, areas = public(keyed("reports.ground", of)), public(keyed("reports.ground_by_area", of))
    more = of | {str(number): dict(of["4-0"]) for number in range(60)}
    assert rounded(keyed("reports.ground", of), KEY, LEVELS, [grounds, areas]) == grounds
    for name in ("reports.ground", "reports.ground_by_area", "reports.ground_by_form"):
        assert rounded(keyed(name, more), KEY, LEVELS, [grounds]) == Refused(name, "2026Q3", "differs")
    assert isinstance(rounded(keyed("reports.district", more), KEY, LEVELS, [grounds, areas]), Released)
    other = replace(keyed("reports.ground", more), period="2026Q4")
    assert isinstance(rounded(other, KEY, LEVELS, [grounds]), Released)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingError):
        rounded(single(12), b"short")
