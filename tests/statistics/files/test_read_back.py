"""What is read back from every format is what was let out: figures, marks, totals, words and merges."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import arro3.io
import pytest

from bot.statistics.labels import LANGUAGES
from bot.statistics.lines import dimensions_of
from tests.statistics.files.written import LABELS, PLAN, RELEASES, package, places, rows_of, written

FULL = [name for name, release in RELEASES.items() if release.tables]


@pytest.mark.parametrize("sort", FULL)
def test_csv_read_back_is_what_was_let_out(folders: Mapping[str, Path], sort: str) -> None:
    for table in RELEASES[sort].tables:
        rows = rows_of(folders[sort], table.name)
        dimensions = dimensions_of(table.name)
        read = {tuple(row[it] for it in dimensions): int(row["value"]) if row["value"] else None for row in rows}
        assert read == places(table)
        assert len(rows) == len(read)
        for row in rows:
            assert row["status"] == ("F" if row["value"] else "C")
            assert row["period"] == table.period
            for it in dimensions:
                assert [row[f"{it}_da"], row[f"{it}_en"]] == [LABELS.say(lang, it, row[it]) for lang in LANGUAGES]


@pytest.mark.parametrize("sort", FULL)
def test_figures_refusals_and_changes_read_back(folders: Mapping[str, Path], sort: str) -> None:
    release, folder = RELEASES[sort], folders[sort]
    figures = rows_of(folder, "figures")
    assert [(row["measure"], row["value"], row["n"]) for row in figures] == [
        (it.name, "" if it.value is None else f"{it.value:g}", "" if it.n is None else str(it.n))
        for it in release.figures
    ]
    refused = rows_of(folder, "refused")
    assert [(row["measure"], row["reason"]) for row in refused] == [(it.name, it.reason) for it in release.refused]
    assert all(row["reason_da"] != row["reason"] != row["reason_en"] for row in refused)
    changes = rows_of(folder, "changes")
    assert [(row["what"], row["measure"], row["before"], row["now"]) for row in changes] == [
        (it.what, it.name, it.before, it.now) for it in release.changes
    ]
    assert all(row["what_da"] != row["what"] for row in changes)


@pytest.mark.parametrize("sort", FULL)
def test_every_merged_code_is_named_with_the_line_it_is_in(folders: Mapping[str, Path], sort: str) -> None:
    release = RELEASES[sort]
    read = {(row["measure"], row["dimension"], row["code"]): row["line"] for row in rows_of(folders[sort], "codes")}
    for table in release.tables:
        for dimension, lines in zip(dimensions_of(table.name), (table.rows, table.columns), strict=False):
            merged = {
                code: line for (measure, of, code), line in read.items() if (measure, of) == (table.name, dimension)
            }
            assert set(merged.values()) <= set(lines)
            planned = set(PLAN.dimensions[dimension].codes)
            assert planned <= set(lines) | set(merged)  # no code is lost
            assert set(merged) <= planned


@pytest.mark.parametrize("sort", FULL)
def test_sqlite_read_back_is_what_was_let_out(folders: Mapping[str, Path], sort: str) -> None:
    release = RELEASES[sort]
    with closing(sqlite3.connect(next(folders[sort].glob("*.sqlite")))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in release.tables:
            name, dimensions = table.name.replace(".", "_"), dimensions_of(table.name)
            found = database.execute(f"SELECT {', '.join(dimensions)}, value FROM {name}").fetchall()  # noqa: S608
            assert {row[:-1]: row[-1] for row in found} == places(table)
            keys = database.execute(f"PRAGMA foreign_key_list({name})").fetchall()
            assert {key[2] for key in keys} == {f"codes_{it}" for it in dimensions}
            for it in dimensions:
                said = database.execute(f"SELECT code, da, en FROM codes_{it}").fetchall()  # noqa: S608
                assert said == [(code, *(LABELS.say(lang, it, code) for lang in LANGUAGES)) for code, *_ in said]


@pytest.mark.parametrize("sort", FULL)
def test_parquet_read_back_is_what_was_let_out(folders: Mapping[str, Path], sort: str) -> None:
    rows = parquet(next(folders[sort].glob("*tables.parquet")))
    for table in RELEASES[sort].tables:
        own = [row for row in rows if row["measure"] == table.name]
        two = len(dimensions_of(table.name)) > 1
        read = {(row["row"], row["column"]) if two else (row["row"],): row["value"] for row in own}
        assert read == places(table)
        assert [row["row_dimension"] for row in own] == [dimensions_of(table.name)[0]] * len(own)


def parquet(path: Path) -> list[dict[str, Any]]:
    table = arro3.io.read_parquet(path).read_all()
    names = table.column_names
    columns = [table[name].to_pylist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


@pytest.mark.parametrize("sort", RELEASES)
def test_the_package_says_what_a_reader_has_to_know(folders: Mapping[str, Path], sort: str) -> None:
    release, said = RELEASES[sort], package(folders[sort])
    wanted = {
        "release": release.id,
        "kind": release.kind,
        "period": release.period,
        "tier": release.tier,
        "edition": release.edition,
        "plan_version": release.plan,
        "rule_version": release.rules,
        "cut_off": release.cut_off.isoformat(),
        "simulated": release.simulated,
        "license": None,
    }
    assert {name: said[name] for name in wanted} == wanted
    assert any("not prevalence" in it["en"] and "ikke forekomst" in it["da"] for it in said["caveats"])
    assert all(it["schema"]["missingValues"] == [""] for it in said["resources"])
    assert all(it["dialect"]["lineTerminator"] == "\r\n" for it in said["resources"])
    assert said["sources"]


@pytest.mark.parametrize("sort", RELEASES)
def test_all_that_is_hidden_has_one_mark(folders: Mapping[str, Path], sort: str) -> None:
    """R10: whether a count is small itself or covers another cannot be seen."""
    marks = {
        (row["value"] == "", row["status"])
        for table in RELEASES[sort].tables
        for row in rows_of(folders[sort], table.name)
    }
    assert marks <= {(True, "C"), (False, "F")}


def test_an_older_plan_does_not_stop_the_writing(tmp_path: Path) -> None:
    """A release is kept longer than a plan: what the plan forgot is called by its name alone."""
    release = RELEASES["internal reports"]
    later = replace(PLAN, measures={}, dimensions={"language": PLAN.dimensions["language"]})
    written(release, tmp_path / "of", plan=later)
    assert {row["measure"] for row in rows_of(tmp_path / "of", "measures")} >= {it.name for it in release.tables}
    assert rows_of(tmp_path / "of", "reports.by_ground")[0]["ground_da"] == "Race"
