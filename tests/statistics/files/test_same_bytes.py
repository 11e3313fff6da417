"""The same release is byte for byte the same, whenever, wherever and in whatever surroundings it is written."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import time_machine

from bot.settings import ROOT
from tests.statistics.files.written import RELEASES, package, targets_written, written

SCRIPT = """
import sys
from pathlib import Path
from tests.statistics.files.written import RELEASES, written
written(RELEASES[sys.argv[1]], Path(sys.argv[2]))
"""


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("sort", RELEASES)
def test_a_release_written_years_later_is_the_same(folders: Mapping[str, Path], tmp_path: Path, sort: str) -> None:
    with time_machine.travel(dt.datetime(2031, 2, 3, 4, 5, 6, tzinfo=dt.UTC)):
        written(RELEASES[sort], tmp_path / "of")
    assert bytes_in(tmp_path / "of") == bytes_in(folders[sort])


@pytest.mark.parametrize("sort", ["internal reports", "simulated, public"])
def test_another_process_writes_the_same(folders: Mapping[str, Path], tmp_path: Path, sort: str) -> None:
    """Another seed of hashes, another zone and language, and files of other rights."""
    others = {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C"}
    asked = [sys.executable, "-c", SCRIPT, sort, tmp_path / "of"]
    subprocess.run(asked, cwd=ROOT, env=os.environ | others, umask=0o077, check=True)
    assert bytes_in(tmp_path / "of") == bytes_in(folders[sort])


def test_the_targets_are_the_same_too(folders: Mapping[str, Path], tmp_path: Path) -> None:
    with time_machine.travel(dt.datetime(2031, 2, 3, tzinfo=dt.UTC)):
        targets_written(tmp_path / "of")
    assert bytes_in(tmp_path / "of") == bytes_in(folders["targets"])


@pytest.mark.parametrize("sort", [*RELEASES, "targets"])
def test_the_package_names_every_file_with_its_hash(folders: Mapping[str, Path], sort: str) -> None:
    said = package(folders[sort])
    here = bytes_in(folders[sort])
    listed = {it["path"]: (it["bytes"], it["hash"]) for it in said["files"]}
    assert listed == {
        name: (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        for name, data in here.items()
        if not name.endswith("datapackage.json")
    }
    for resource in said["resources"]:
        assert (resource["bytes"], resource["hash"]) == listed[resource["path"]]


def test_no_file_tells_when_or_where_it_was_written(folders: Mapping[str, Path]) -> None:
    folder = folders["internal reports"]
    today = dt.datetime.now(dt.UTC).date().isoformat().encode()
    for name, data in bytes_in(folder).items():
        assert today not in data, name
        assert str(folder).encode() not in data, name
    with zipfile.ZipFile(next(folder.glob("*.xlsx"))) as archive:
        assert {it.date_time for it in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-10-20T00:00:00Z" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("sort", [name for name, release in RELEASES.items() if release.simulated])
def test_every_file_of_invented_records_says_so(folders: Mapping[str, Path], sort: str) -> None:
    for name, data in bytes_in(folders[sort]).items():
        assert name.startswith("SIMULATED-")
        if name.endswith(".csv"):
            lines = data.decode().splitlines()
            assert lines[0].endswith(",simulated")
            assert all(line.endswith(",SIMULATED") for line in lines[1:])
        elif name.endswith(".xlsx"):
            with zipfile.ZipFile(folders[sort] / name) as archive:
                sheets = [it for it in archive.namelist() if it.startswith("xl/worksheets/sheet")]
                warning = archive.read("xl/sharedStrings.xml").decode()
                first = [archive.read(it).decode().partition('<row r="1"')[2].partition("</row>")[0] for it in sheets]
            assert warning.index("SIMULERET: opdigtede tal") < 300  # the first text of the first sheet
            assert all('t="s"><v>0</v>' in row for row in first)  # and the first line of every sheet
        else:
            assert b"SIMULATED" in data or b"SIMULERET" in data, name
        if name.endswith("datapackage.json"):
            said = json.loads(data)
            assert [said["simulated"], *(it["simulated"] for it in said["resources"])] == [True] * (
                1 + len(said["resources"])
            )


@pytest.mark.parametrize("sort", [name for name, release in RELEASES.items() if not release.simulated])
def test_no_real_file_says_that_it_is_invented(folders: Mapping[str, Path], sort: str) -> None:
    for name, data in bytes_in(folders[sort]).items():
        assert b"SIMULATED" not in data, name
        assert "SIMULATED" not in name
