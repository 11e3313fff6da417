"""The plan's targets as files: official figures stand apart, and no number of the guide is among them (R13)."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StatisticsError
from tests.statistics.files.test_read_back import parquet
from tests.statistics.files.test_workbook import read
from tests.statistics.files.written import MADE_ON, OFFICIAL, PLAN, TARGETS, package, rows_of, targets_written, written
from tests.statistics.releases import sample_release


def test_every_target_stands_there_with_what_it_says(folders: Mapping[str, Path]) -> None:
    rows = {row["target"]: row for row in rows_of(folders["targets"], "targets")}
    assert list(rows) == list(TARGETS.targets)
    for target in TARGETS.targets.values():
        row = rows[target.id]
        assert (row["text_da"], row["text_en"]) == (target.text.da, target.text.en)
        assert (row["can_da"], row["cannot_en"]) == (target.can.da, target.cannot.en)
        assert row["goal_value"] == ("" if target.goal.value is None else str(target.goal.value))
        assert row["goal_direction"] == target.goal.direction
        assert row["base_da"] == (target.base.da if target.base else "")


def test_official_figures_keep_source_year_base_and_digits(folders: Mapping[str, Path]) -> None:
    rows = rows_of(folders["targets"], "official")
    for row, given in zip(rows, OFFICIAL, strict=True):
        wanted = (given.target, str(given.year), given.value, given.source, given.source_url, given.file_hash)
        assert tuple(row[it] for it in ("target", "year", "value", "source", "source_url", "file_hash")) == wanted
        assert row["n"] == ("" if given.n is None else str(given.n))
        assert row["imported_on"] == given.imported_on.isoformat()
        assert row["unit"] == TARGETS.targets[given.target].unit


def test_of_the_guides_measures_only_names_stand_there(folders: Mapping[str, Path]) -> None:
    rows = rows_of(folders["targets"], "beside")
    assert [(row["target"], row["measure"]) for row in rows] == [
        (target.id, name) for target in TARGETS.targets.values() for name in target.beside
    ]
    named = {row["measure"]: row["measure_da"] for row in rows}
    assert named["reports.by_ground"] == PLAN.measures["reports.by_ground"].title.da
    assert set(rows[0]) == {"target", "measure", "measure_da", "measure_en"}  # no column for a number


def test_no_file_of_official_figures_names_a_measure_of_ours(folders: Mapping[str, Path]) -> None:
    ours = {name for target in TARGETS.targets.values() for name in target.beside}
    for name in ("official.csv", "official.csv-metadata.json", "official.parquet", "official.sqlite"):
        data = (folders["targets"] / name).read_bytes()
        assert not [it for it in ours if it.encode() in data]
    cells = {cell for rows in read(folders["targets"] / "official.xlsx").values() for row in rows for cell in row}
    assert not cells & ours
    assert -0.5 in cells


def test_official_figures_read_back_from_database_and_parquet(folders: Mapping[str, Path]) -> None:
    wanted = [(it.target, it.year, float(it.value), it.n) for it in OFFICIAL]
    with closing(sqlite3.connect(folders["targets"] / "official.sqlite")) as database:
        assert database.execute("SELECT target, year, value, n FROM official").fetchall() == wanted
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"official", "printed", "about"}
    rows = parquet(folders["targets"] / "official.parquet")
    assert [(row["target"], row["year"], row["value"], row["n"]) for row in rows] == wanted


def test_what_was_found_in_print_is_no_part_of_the_series(folders: Mapping[str, Path]) -> None:
    printed = [(target.id, str(it.figure)) for target in TARGETS.targets.values() for it in target.figures]
    assert [(row["target"], row["value"]) for row in rows_of(folders["targets"], "printed")] == printed
    assert len(rows_of(folders["targets"], "official")) == len(OFFICIAL)


def test_the_package_says_that_both_stand_apart(folders: Mapping[str, Path]) -> None:
    said = package(folders["targets"])
    assert said["release"] == f"targets-{MADE_ON.isoformat()}"
    assert "only the names" in said["caveats"][0]["en"]
    assert {it["title"] for it in said["sources"]} == {it.source for it in OFFICIAL}
    assert package(folders["simulated targets"])["simulated"] is True


def test_targets_and_a_release_are_not_put_into_one_folder(tmp_path: Path) -> None:
    targets_written(tmp_path / "of")
    with pytest.raises(StatisticsError, match="holds another release, targets-2026-11-29"):
        written(sample_release(), tmp_path / "of")
