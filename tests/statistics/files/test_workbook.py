"""The Excel file: numbers are numbers, Danish letters are right, and LibreOffice shows the same figures."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.statistics.files.sheet import Book
from bot.statistics.files.tables import Tables
from bot.statistics.files.workbook import HIDDEN_MARK, sheet_names
from bot.statistics.labels import LANGUAGES, TOTAL
from bot.statistics.lines import dimensions_of
from bot.statistics.table import Released
from tests.statistics.files.office import SOFFICE, converted, sheets
from tests.statistics.files.written import LABELS, PLAN, RELEASES, places

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FULL = [name for name, release in RELEASES.items() if release.tables]
needs_office = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)"
)


def read(path: Path) -> dict[str, list[list[str | float]]]:
    """{sheet: rows of its cells that are not empty}: texts as texts, numbers as numbers."""
    with zipfile.ZipFile(path) as archive:

        def part(name: str) -> ElementTree.Element:
            return ElementTree.fromstring(archive.read(f"xl/{name}.xml"))  # noqa: S314 - our own

        texts = ["".join(it.itertext()) for it in part("sharedStrings")]
        names = [it.attrib["name"] for it in part("workbook").iter(f"{SPACE}sheet")]
        pages = [part(f"worksheets/sheet{at}") for at in range(1, len(names) + 1)]
    rows = ([_cells(row, texts) for row in page.iter(f"{SPACE}row")] for page in pages)
    return dict(zip(names, rows, strict=True))


def _cells(row: ElementTree.Element, texts: list[str]) -> list[str | float]:
    cells: list[str | float] = []
    for cell in row:
        value = cell.findtext(f"{SPACE}v")
        if value is not None:
            cells.append(texts[int(value)] if cell.get("t") == "s" else float(value))
    return cells


def crossed(table: Released) -> list[list[str | float]]:
    """What has to stand in the sheet: words in both languages, then figures, `other` and the total last."""
    dimensions, figures = dimensions_of(table.name), places(table)
    rows, columns = ([*sorted(codes, key=lambda it: it == "other"), TOTAL] for codes in (table.rows, table.columns))
    shown: list[list[str | float]] = []
    for row in rows:
        across = [figures[row, column] for column in columns] if len(dimensions) > 1 else [figures[row,]]
        said = [LABELS.say(language, dimensions[0], row) for language in LANGUAGES]
        shown.append([*said, *(HIDDEN_MARK if it is None else float(it) for it in across)])
    return shown


@pytest.mark.parametrize("sort", FULL)
def test_every_figure_stands_in_its_sheet_as_a_number(folders: Mapping[str, Path], sort: str) -> None:
    found = read(next(folders[sort].glob("*.xlsx")))
    for table in RELEASES[sort].tables:
        lines, rows = found[table.name], crossed(table)
        begin = lines.index(rows[0])
        assert lines[begin : begin + len(rows)] == rows


@pytest.mark.parametrize("sort", RELEASES)
def test_the_first_sheet_explains(folders: Mapping[str, Path], sort: str) -> None:
    release = RELEASES[sort]
    found = read(next(folders[sort].glob("*.xlsx")))
    said = " ".join(str(cell) for row in found["Om - About"] for cell in row)
    for text in (release.id, "ikke forekomst", "not prevalence", "14. oktober 2026", "14 October 2026", ":c"):
        assert text in said
    beside = ["figures", "changes", "refused", "codes", "measures"]
    assert list(found) == ["Om - About", *(it.name for it in release.tables), *beside]


def test_a_hidden_single_figure_has_the_mark(folders: Mapping[str, Path]) -> None:
    rows = read(next(folders["nothing released"].glob("*.xlsx")))["figures"]
    assert [HIDDEN_MARK in row for row in rows if "reports.answered_in_time" in row] == [True]


def test_names_that_excel_would_refuse_are_shortened() -> None:
    tables = Tables(RELEASES["internal reports"].tables, PLAN, LABELS).each()
    long = [type(it)(**{**vars(it), "name": "referrals.a_dimension_by_another_long_one"}) for it in tables]
    names = sheet_names(Book("book", tuple(long)))
    assert len(set(names)) == len(names) == 2
    assert all(len(name) <= 31 for name in names)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("sort", ["internal reports", "simulated, public"])
def test_libreoffice_shows_the_same_figures(folders: Mapping[str, Path], tmp_path: Path, sort: str) -> None:
    shown = sheets(next(folders[sort].glob("*.xlsx")), tmp_path)
    for table in RELEASES[sort].tables:
        rows = [[cell for cell in row if cell] for row in shown[table.name]]
        wanted = [[it if isinstance(it, str) else f"{it:.0f}" for it in row] for row in crossed(table)]
        begin = rows.index(wanted[0])
        assert rows[begin : begin + len(wanted)] == wanted
    assert any("Køn, alder eller handicap" in row for rows in shown.values() for row in rows) == ("reports" in sort)


@needs_office
@pytest.mark.slow
def test_libreoffice_prints_it(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """A page or more for each sheet; nothing is broken off."""
    (printed,) = converted(next(folders["internal reports"].glob("*.xlsx")), "pdf", tmp_path)
    data = printed.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type ?/Page\b", data)) >= len(read(next(folders["internal reports"].glob("*.xlsx"))))


@needs_office
@pytest.mark.slow
def test_libreoffice_calculates_nothing_from_hostile_words(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """Opened and saved again as CSV, each text is still a text."""
    shown = sheets(next(folders["hostile labels"].glob("*.xlsx")), tmp_path)
    cells = {cell for rows in shown.values() for row in rows for cell in row}
    assert {"'=1+1", "'-2+3", "'@SUM(A1)", '\'=HYPERLINK("http://x.dk";"y")'} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "Err:", "#"))]
