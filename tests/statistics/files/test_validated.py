"""What others' programs say of every file: Frictionless, CSV on the Web, DuckDB, Datasette."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.statistics.lines import dimensions_of
from tests.statistics.files import checkers
from tests.statistics.files.written import RELEASES, package, places, written

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("programs")]


def test_frictionless_validates_every_file(folders: Mapping[str, Path]) -> None:
    packages = [next(folder.glob("*datapackage.json")) for folder in folders.values()]
    for path, report in checkers.frictionless(packages).items():
        assert report["valid"], [task["errors"] for task in report["tasks"]]
        assert report["stats"]["tasks"] == len(list(path.parent.glob("*.csv")))


def test_frictionless_sees_one_changed_figure(tmp_path: Path) -> None:
    """So that its yes above means something: hash, type, key and empty value are all looked at."""
    written(RELEASES["internal reports"], tmp_path / "of")
    file = tmp_path / "of" / "reports.by_ground.csv"
    file.write_bytes(file.read_bytes().replace(b",F\r\n", b",A\r\n", 1))
    (report,) = checkers.frictionless([tmp_path / "of" / "datapackage.json"]).values()
    kinds = {error["type"] for task in report["tasks"] for error in task["errors"]}
    assert not report["valid"]
    assert {"hash-count", "constraint-error"} <= kinds


def test_every_csv_file_is_valid_csv_on_the_web(folders: Mapping[str, Path]) -> None:
    described = [path for folder in folders.values() for path in sorted(folder.glob("*.csv-metadata.json"))]
    assert len(described) == sum(len(list(folder.glob("*.csv"))) for folder in folders.values())
    assert checkers.csvw_faults(described) == ""


def test_csv_on_the_web_sees_a_figure_that_is_none(tmp_path: Path) -> None:
    written(RELEASES["internal reports"], tmp_path / "of")
    file = tmp_path / "of" / "reports.by_ground.csv"
    file.write_bytes(file.read_bytes().replace(b",F\r\n", b"x,F\r\n", 1))
    assert "by_ground" in checkers.csvw_faults([file.with_name("reports.by_ground.csv-metadata.json")])


@pytest.mark.parametrize("sort", ["internal reports", "public referrals", "simulated, internal"])
def test_duckdb_reads_the_same_figures_from_parquet(folders: Mapping[str, Path], sort: str) -> None:
    path = next(folders[sort].glob("*tables.parquet"))
    read = checkers.duckdb(path, 'measure, row, "column", value, status')
    wanted = [
        [table.name, place[0], place[1] if len(place) > 1 else None, value, "C" if value is None else "F"]
        for table in RELEASES[sort].tables
        for place, value in places(table).items()
    ]
    assert sorted(map(repr, read)) == sorted(map(repr, wanted))


@pytest.mark.parametrize("sort", ["internal reports", "simulated, public"])
def test_datasette_serves_the_database_as_it_is(folders: Mapping[str, Path], sort: str) -> None:
    release = RELEASES[sort]
    database = next(folders[sort].glob("*.sqlite"))
    with checkers.datasette(database, "-m", described_by(folders[sort])) as client:
        found = client.get(f"/{database.stem}.json").json()
        assert {it["name"] for it in found["tables"]} >= {"figures", "changes", "refused", "codes", "measures", "about"}
        for table in release.tables:
            address = f"/{database.stem}/{table.name.replace('.', '_')}"
            rows = client.get(f"{address}.json?_shape=objects&_size=max").json()["rows"]
            dimensions = dimensions_of(table.name)
            assert {tuple(row[it] for it in dimensions): row["value"] for row in rows} == places(table)
            page = client.get(address).text
            assert "/ Total" in page  # words for codes, from the list that the code refers to
            assert ("SIMULATED" in page) == release.simulated
        metadata = client.get("/-/metadata.json").json()
    assert release.simulated == ("SIMULATED" in metadata["title"])


def described_by(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.name.removeprefix("SIMULATED-") == "metadata.json")


def test_datasette_opens_a_folder_whole(folders: Mapping[str, Path]) -> None:
    folder = folders["internal reports"]
    with checkers.datasette(folder) as client:
        assert client.get(f"/{RELEASES['internal reports'].id}.json").status_code == 200
        assert package(folder)["title"] in client.get("/-/metadata.json").json()["title"]
