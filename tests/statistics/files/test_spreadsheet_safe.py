"""No text becomes a formula in a spreadsheet, and reading back gives the text again."""

import csv
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.files.sheet import plain, safe
from tests.statistics.files.written import HOSTILE, RELEASES, hostile_labels, rows_of, targets_written

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹢", "﹣")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_marked_and_read_back(text: str) -> None:
    assert not safe(text).startswith(DANGEROUS)
    assert plain(safe(text)) == one_line(text)


@given(st.text(max_size=50))
def test_any_text_is_safe_and_read_back(text: str) -> None:
    assert not safe(text).startswith(DANGEROUS)
    assert "\n" not in safe(text)
    assert plain(safe(text)) == one_line(text)


def test_an_ordinary_text_stays_as_it_is() -> None:
    for text in ("Østerbro", "Køn (kvinde eller mand)", "1 (slet ikke)", "9-17", "a=b", ""):
        assert safe(text) == text


@pytest.mark.parametrize("sort", [*RELEASES, "hostile labels", "targets", "simulated targets"])
def test_no_cell_of_a_csv_file_begins_as_a_formula_does(folders: Mapping[str, Path], sort: str) -> None:
    files = list(folders[sort].glob("*.csv"))
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, strict=True):
                for cell in row:
                    assert not cell.startswith(DANGEROUS) or NUMBER.fullmatch(cell), (path.name, cell)
    assert len(files) >= 4


def test_only_our_own_numbers_are_negative(tmp_path: Path) -> None:
    targets_written(tmp_path / "of")
    row = rows_of(tmp_path / "of", "official")[0]
    assert (row["value"], row["low"], row["high"]) == ("-0.50", "-1.1", "0.10")


def test_hostile_labels_read_back_from_csv(folders: Mapping[str, Path]) -> None:
    labels, seen = hostile_labels(), set()
    for row in rows_of(folders["hostile labels"], "reports.ground_by_area"):
        wanted = one_line(labels.say("da", "area", row["area"]))
        assert plain(row["area_da"]) == wanted
        seen.add(wanted)
    assert len(seen) > 10


def test_a_workbook_holds_no_formula_and_no_address_outside(folders: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(next(folders["hostile labels"].glob("*.xlsx"))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        links = [name for name in archive.namelist() if "rels" in name and "worksheets" in name]
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert len(sheets) > 5
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    assert not links  # links within the file need no relation
    assert not re.search(r"<t[^>]*>[=+@\-]", texts)


def test_no_description_breaks_with_hostile_words(folders: Mapping[str, Path]) -> None:
    for path in folders["hostile labels"].glob("*.json"):
        json.loads(path.read_bytes())
    assert b"\n# " not in (folders["hostile labels"] / "README.md").read_bytes().partition(b"\n")[2]
