"""`vejviser targets`: official figures come in whole or not at all, each with its source, and stand apart from ours."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from bot.store.schema import STEPS
from bot.store.sqlite import open_database
from tests.command.calling import Told, vejviser

HEAD = "target,year,value,source,source_url\n"
LINE = "excess_unemployment,2017,6.3,Statistics Denmark,https://www.dst.dk/tabel\n"
FROM = ("--source", "Statistics Denmark, AUP01", "--source-url", "https://www.statistikbanken.dk/AUP01")
LIST = (
    "OMRÅDE;HERKOMST;TID;INDHOLD\r\nKøbenhavn;Ikke-vestlig;2015;7,1\r\nKøbenhavn;Ikke-vestlig;2016;..\r\n"
    "København;Ikke-vestlig;2017;6,3\r\nHele landet;Ikke-vestlig;2017;9,9\r\n"
)
"""As StatBank's API gives it: a byte order mark, semicolons, the time, the content, a decimal comma."""
MATRIX = (
    '"Ledighed efter område, herkomst og tid"\r\n"Enhed: pct."\r\n'
    '" ";" ";"2015";"2016";"2017"\r\n"København";"Ikke-vestlig";7,1;..;6,3\r\n"";"Vestlig";4,0;4,1;4,2\r\n'
    '"Anm.: Tal for år før 2008 er ikke sammenlignelige."\r\n'
)
"""As the portal saves a cross table: titles, unnamed labels that are written once, years as columns, a note."""


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "official.csv"


def takes(file: Path, content: str | bytes, *more: str) -> Told:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return vejviser("targets", "import", str(file), *more)


def series(target: str = "excess_unemployment") -> list[dict[str, Any]]:
    (shown,) = json.loads(vejviser("targets", "show", "--target", target, "--json").out)
    values: list[dict[str, Any]] = shown["official_series"]["values"]
    return values


def figures(target: str = "excess_unemployment") -> list[tuple[int, str]]:
    return [(it["year"], it["value"]) for it in series(target)]


def test_a_figure_keeps_its_source_its_year_its_day_and_the_hash_of_its_file(file: Path) -> None:
    told = takes(file, HEAD.strip() + ",n,low,high\n" + LINE.strip() + ",4012,5.9,6.7\n")
    assert (told.code, told.out) == (
        0,
        "excess_unemployment 2017, Statistics Denmark: new, 6.3 (n 4012, 5.9 to 6.7)\n1 figures taken\n",
    )
    (value,) = series()
    assert value.pop("imported_on") == time.strftime("%Y-%m-%d", time.gmtime())
    assert value == {
        "year": 2017, "value": "6.3", "n": 4012, "low": "5.9", "high": "6.7", "source": "Statistics Denmark",
        "source_url": "https://www.dst.dk/tabel", "file_hash": hashlib.sha256(file.read_bytes()).hexdigest(),
    }  # fmt: skip


@pytest.mark.parametrize("content", [
    HEAD + LINE,
    ("\ufeff" + HEAD + LINE).replace("\n", "\r\n"),
    (HEAD + LINE).replace(",", ";"),
    (HEAD + LINE).replace(",", ";").replace("6.3", "6,3"),
    HEAD + LINE.replace("6.3", '"6,3"'),
    "\n\n" + HEAD.upper() + "\n" + LINE + "\n,,,,\n",
    "source_url,source,value,year,target\nhttps://www.dst.dk/tabel,Statistics Denmark,6.3,2017,excess_unemployment",
])  # fmt: skip
def test_a_plain_file_may_have_commas_or_semicolons_and_a_decimal_comma_or_point(file: Path, content: str) -> None:
    assert takes(file, content).code == 0
    assert figures() == [(2017, "6.3")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(("content", "only"), [
    (LIST, ["København"]),
    (LIST.replace("6,3", "6.3"), ["Ikke-vestlig", "København"]),
    (LIST.replace("2017", "2017 2017"), ["København"]),
    (MATRIX, ["København", "Ikke-vestlig"]),
])  # fmt: skip
def test_a_statbank_table_is_read_as_it_is_published(file: Path, content: str, only: list[str], encoding: str) -> None:
    options = [option for text in only for option in ("--only", text)]
    told = takes(file, content.encode(encoding), "--target", "excess_unemployment", *FROM, *options)
    assert told.out.endswith("2 figures taken, 1 marked as missing left out\n"), told
    assert [value.split(".") for _, value in figures()] == [["7", "1"], ["6", "3"]]
    assert {it["source"] for it in series()} == {"Statistics Denmark, AUP01"}


def test_a_label_that_is_written_once_holds_for_the_lines_below(file: Path) -> None:
    told = takes(file, MATRIX, "--target", "excess_unemployment", *FROM, "--only", "København", "--only", "Vestlig")
    assert told.code == 0
    assert figures() == [(2015, "4.0"), (2016, "4.1"), (2017, "4.2")]


def test_a_barometer_has_its_years_as_columns(file: Path) -> None:
    content = 'Indikator,2014,2016,2018\nOplever diskrimination,43,,"41,5"\nFøler sig inkluderet,70,71,72\n'
    told = takes(file, content, "--target", "experienced_discrimination", *FROM, "--only", "Oplever diskrimination")
    assert told.code == 0
    assert figures("experienced_discrimination") == [(2014, "43"), (2018, "41.5")]


def test_other_columns_can_be_named(file: Path) -> None:
    content = "Aar;Andel\n2012;29\n2013;31\n"
    told = takes(file, content, "--target", "company_share", *FROM, "--value-column", "Andel", "--year-column", "Aar")
    assert told.code == 0
    assert figures("company_share") == [(2012, "29"), (2013, "31")]


@pytest.mark.parametrize(("line", "says"), [
    ("{t},2017,6.3,S", "line 3: has 4 cells, not 5"),
    ("{t},2017,6,3,S,https://a.dk", "line 3: has 6 cells, not 5"),
    ("nothing,2017,6.3,S,https://a.dk", "line 3, target: must be one of excess_unemployment, "),
    ("{t},17,6.3,S,https://a.dk", "line 3, year: must be a whole year"),
    ("{t},2017K1,6.3,S,https://a.dk", "line 3, year: must be a whole year"),
    ("{t},٢٠١٧,6.3,S,https://a.dk", "line 3, year: must be a whole year"),
    ("{t},1979,6.3,S,https://a.dk", "line 3, year: must be 1980 to "),
    ("{t},2999,6.3,S,https://a.dk", "line 3, year: must be 1980 to "),
    ("{t},2018,,S,https://a.dk", "line 3, value: must be a number"),
    ("{t},2018,-,S,https://a.dk", "line 3, value: must be a number"),
    ("{t},2018,six,S,https://a.dk", "line 3, value: must be a number"),
    ("{t},2018,100.1,S,https://a.dk", "line 3, value: must be -100 to 100 (points)"),
    ("on_time,2018,-1,S,https://a.dk", "line 3, value: must be 0 to 100 (percent)"),
    ("experienced_discrimination,2018,412,S,https://a.dk", "line 3, value: must be 0 to 100 (percent)"),
    ("combined_courses,2018,1.234,S,https://a.dk", "line 3, value: must be a whole number (count)"),
    ("{t},2018,6.3,,https://a.dk", "line 3, source: is empty"),
    ("{t},2018,6.3,=HYPERLINK(1),https://a.dk", "line 3, source: begins with one of = + - @"),
    ("{t},2018,6.3,+S,https://a.dk", "line 3, source: begins with one of"),
    ("{t},2018,6.3,-S,https://a.dk", "line 3, source: begins with one of"),
    ("{t},2018,6.3,@S,https://a.dk", "line 3, source: begins with one of"),
    ("{t},2018,6.3,＝S,https://a.dk", "line 3, source: begins with one of"),
    ("{t},2018,6.3,S\x1b[2J,https://a.dk", "line 3, source: has letters that cannot be seen"),
    ("{t},2018,6.3,\u202eS,https://a.dk", "line 3, source: has letters that cannot be seen"),
    ('{t},2018,6.3,"S\n=1",https://a.dk', "line 4, source: has letters that cannot be seen"),
    ("{t},2018,6.3," + "S" * 201 + ",https://a.dk", "line 3, source: is longer than 200 letters"),
    ("{t},2018,6.3,Vejviser,https://a.dk", "line 3, source: is the guide itself"),
    ("{t},2018,6.3,S,kk.dk", "line 3, source_url: must be a web address"),
    ("{t},2018,6.3,S,javascript:alert(1)", "line 3, source_url: must be a web address"),
    ("{t},2018,6.3,S,https://[", "line 3, source_url: must be a web address"),
    ("{t},2017,6.4,Statistics Denmark,https://a.dk", "line 3, year: stands on line 2 too"),
    ('{t},2018,6.3,"S,https://a.dk', "line 3: not readable as CSV: unexpected end of data"),
])  # fmt: skip
def test_a_fault_names_line_and_column_and_nothing_of_the_file_is_taken(file: Path, line: str, says: str) -> None:
    told = takes(file, HEAD + LINE + line.format(t="excess_unemployment") + "\n")
    assert told.code == 1
    assert told.out.splitlines()[0].startswith(says), told
    assert told.out.endswith("1 faults; nothing taken\n")
    assert "\x1b" not in told.out
    assert (figures(), figures("on_time")) == ([], [])


@pytest.mark.parametrize(("more", "says"), [
    ("0,,", "line 2, n: must be a whole number from 1"), ("-5,,", "line 2, n: must be a whole number from 1"),
    ("800,5,", "line 2, low: an interval has both"), (",,7", "line 2, high: an interval has both"),
    ("800,7,5", "line 2, low: the value must lie between"), ("800,5,101", "line 2, high: must be -100 to 100"),
])  # fmt: skip
def test_a_number_of_people_or_an_interval_that_cannot_be_is_refused(file: Path, more: str, says: str) -> None:
    told = takes(file, f"{HEAD.strip()},n,low,high\n{LINE.strip()},{more}\n")
    assert told.code == 1
    assert told.out.startswith(says)
    assert figures() == []


@pytest.mark.parametrize(("content", "more", "says"), [
    ("", (), "is empty"),
    (" \r\n\n", (), "is empty"),
    (HEAD, (), "holds no figure"),
    (HEAD + LINE.replace("6.3", ".."), (), "holds no figure, all are missing"),
    ("a,b\n1,2\n", (), "no line names the columns target, year, value"),
    (HEAD.replace("year", "jahr") + LINE, (), "no line names the columns target, year, value"),
    (HEAD + "\0" + LINE, (), "line 2: has a NUL byte"),
    ((HEAD + LINE).encode("utf-16"), (), "line 1: has a NUL byte"),
    (HEAD.encode() + LINE.encode().replace(b"Denmark", b"K\xf8benhavn"), (), "must be in UTF-8"),
    (b"\xef\xbb\xbf" + HEAD.encode() + b"\xff", (), "line 2: is no UTF-8, though the file says it is"),
    (HEAD.encode() + b"\x81\n", (), "line 2: is neither UTF-8 nor Windows-1252"),
    (HEAD.replace(",source_url", "") + "x,2017,1,S\n", (), "line 1, source_url: is missing"),
    (HEAD.strip() + ",hi\n" + LINE, (), "line 1, hi: is not a known column"),
    (HEAD.strip() + ",year\n" + LINE, (), "line 1, year: is the name of two columns"),
    (HEAD + LINE, ("--source", "S"), "--source: is not for this file"),
    (HEAD + LINE, ("--target", "on_time"), "line 2, target: is another than --target"),
    ("OMR,AAR,TAL\nx,2015,7.1\n", ("--target", "on_time", *FROM), "no line names the columns"),
    ("x,2015\ny,7.1\n", ("--target", "on_time", *FROM, "--value-column", "TAL"), "no line names the columns"),
    (LIST, FROM, "--target: which target"),
    (LIST, ("--target", "on_time"), "--source: is needed"),
    (LIST, ("--target", "on_time", "--source", "S"), "--source-url: is needed"),
    (LIST, ("--target", "on_time", *FROM), "line 5, TID: stands on line 4 too; --only"),
    (LIST, ("--target", "on_time", *FROM, "--only", "Aarhus"), "holds no figure"),
    (LIST.replace("2016", "2016K1"), ("--target", "on_time", *FROM), "line 3, TID: must be a whole year"),
    (LIST.replace("7,1", "-"), ("--target", "on_time", *FROM), "line 2, INDHOLD: must be a number"),
    (MATRIX, ("--target", "on_time", *FROM), "line 5, 2015: stands on line 4 too; --only"),
    (MATRIX + '"Vejle";"x";1;2;3\n', ("--target", "on_time", *FROM, "--only", "Vestlig"), "line 6: is a note within"),
    ("x;2015K1;2015K2\ny;1;2\n", ("--target", "on_time", *FROM), "line 2, 2015K1: must be a whole year"),
    ("x;" + ";".join(["2015"] * 600) + "\n", ("--target", "on_time", *FROM), "line 1"),
])  # fmt: skip
def test_a_file_that_is_none_of_the_three_is_refused_with_the_reason(
    file: Path, content: str | bytes, more: tuple[str, ...], says: str
) -> None:
    told = takes(file, content, *more)
    assert told.code == 1
    assert told.out.startswith(says), told
    assert "nothing taken" in told.out
    assert [figures(it) for it in ("excess_unemployment", "on_time")] == [[], []]


def test_a_huge_file_is_refused_before_it_is_read(file: Path) -> None:
    with file.open("wb") as huge:
        huge.truncate(50_000_000_000)  # a hole: it takes no place on the disk
    begun = time.monotonic()
    told = vejviser("targets", "import", str(file))
    assert told.out.startswith("is larger than 5 MB\n")
    assert time.monotonic() - begun < 2


def test_the_first_twenty_faults_are_told(file: Path) -> None:
    told = takes(file, HEAD + "x,1,1,S,https://a.dk\n" * 90_000)
    assert told.out.count("line ") == 20
    assert told.out.endswith("20 faults, perhaps more; nothing taken\n")


def test_importing_again_replaces_and_says_what_changed(file: Path) -> None:
    other = LINE.replace("2017", "2016").replace("6.3", "7.0")
    takes(file, HEAD + LINE + other)
    told = takes(file, HEAD + LINE.replace("6.3", "6.4") + other + LINE.replace("Statistics", "Norway"))
    assert told.out.splitlines() == [
        "excess_unemployment 2017, Statistics Denmark: 6.4, was 6.3",
        "excess_unemployment 2016, Statistics Denmark: the same, 7.0",
        "excess_unemployment 2017, Norway Denmark: new, 6.3",
        "3 figures taken",
    ]
    assert figures() == [(2017, "6.3"), (2016, "7.0"), (2017, "6.4")]
    assert {it["file_hash"] for it in series()} == {hashlib.sha256(file.read_bytes()).hexdigest()}


def test_a_file_that_cannot_be_stored_whole_leaves_nothing(file: Path, var: Path) -> None:
    database = open_database(var / "store.db", STEPS, synchronous="FULL")
    database.execute("CREATE TRIGGER full BEFORE INSERT ON official_value WHEN new.year = 2018 "
                     "BEGIN SELECT raise(ABORT, 'disk'); END")  # fmt: skip
    database.conn.close()
    told = takes(file, HEAD + LINE + LINE.replace("2017", "2018"))
    assert told.code == 1
    assert "vejviser: " in told.error
    assert figures() == []


@pytest.mark.parametrize("arguments", [
    ["import"], ["import", "nothing.csv"], ["import", "."], ["import", "/dev/zero"],
    ["show", "--target", "nothing"], ["import", "x", "--target", "nothing"],
])  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_line(arguments: list[str], var: Path) -> None:
    told = vejviser("targets", *arguments)
    assert (told.code, told.out, told.error.count("\n")) == (1, "", 1)
    assert not (var / "store.db").exists()


def test_showing_sets_the_official_series_apart_from_ours(file: Path) -> None:
    takes(file, HEAD + LINE)
    told = vejviser("targets", "show", "--target", "excess_unemployment").out
    official, ours = told.index("official series: published by others"), told.index("our own measures")
    assert official < told.index("2017: 6.3 points; Statistics Denmark, https://www.dst.dk/tabel") < ours
    assert ours < told.index("referrals.by_effort: not computed yet")
    assert "no share of the city" in told


def test_showing_has_all_eight_and_makes_no_store(var: Path) -> None:
    told = vejviser("targets", "show")
    assert told.out.count("none imported yet") == 8
    shown = json.loads(vejviser("targets", "show", "--json").out)
    assert len(shown) == 8
    assert all({"official_series", "own_measures", "printed", "cannot"} <= set(it) for it in shown)
    assert not any(measure["computed"] for it in shown for measure in it["own_measures"]["measures"])
    assert not var.exists()
