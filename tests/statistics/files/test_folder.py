"""A folder is written whole or not at all, is never taken from others, and never stands beside the other tier."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import StatisticsError
from bot.settings import ROOT
from bot.statistics.files import write
from bot.statistics.release import INTERNAL, PUBLIC
from tests.statistics.files.written import LABELS, PLAN, RELEASES, TARGETS, targets_written, written
from tests.statistics.releases import sample_release

RELEASE = RELEASES["internal reports"]


def test_all_files_stand_in_the_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    paths = written(RELEASE, tmp_path / "out" / "of")
    assert sorted(paths) == sorted((tmp_path / "out" / "of").iterdir())
    assert [it.name for it in (tmp_path / "out").iterdir()] == ["of"]


def test_progress_is_told_the_name_of_each_file(tmp_path: Path) -> None:
    told: list[str] = []
    paths = write(RELEASE, PLAN, LABELS, TARGETS, tmp_path / "of", progress=told.append)
    assert told == [path.name for path in paths]


def test_the_same_release_may_be_written_again(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in written(RELEASE, tmp_path / "of")}
    next(iter(first)).write_bytes(b"damaged")
    assert {path: path.read_bytes() for path in written(RELEASE, tmp_path / "of")} == first


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "of").mkdir()
    assert len(written(RELEASE, tmp_path / "of")) > 10


def refused(folder: Path, *, release: object = RELEASE) -> str:
    before = {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()}
    with pytest.raises(StatisticsError) as told:
        written(release, folder)  # type: ignore[arg-type]
    assert {path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()} == before
    return str(told.value)


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "of").mkdir()
    (tmp_path / "of" / "letter.txt").write_text("mine")
    assert "holds other files" in refused(tmp_path / "of")


def test_a_file_of_somebody_beside_the_release_is_not_lost(tmp_path: Path) -> None:
    written(RELEASE, tmp_path / "of")
    (tmp_path / "of" / "my notes.txt").write_text("mine")
    assert "my notes.txt" in refused(tmp_path / "of")


@pytest.mark.parametrize(
    "other", [{"edition": 2}, {"period": "2026Q2"}, {"kind": "referrals"}, {"simulated": True}, {"seed": 2}]
)
def test_a_folder_with_another_release_is_refused(tmp_path: Path, other: dict[str, object]) -> None:
    written(RELEASE, tmp_path / "of")
    assert RELEASE.id in refused(tmp_path / "of", release=sample_release(**other))  # type: ignore[arg-type]


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    paths = written(RELEASE, tmp_path / "link")
    assert {path.parent for path in paths} == {tmp_path / "real"}
    assert sorted(it.name for it in tmp_path.iterdir()) == ["link", "real"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "of").write_text("mine")
    assert "is no folder" in refused(tmp_path / "of")


@pytest.mark.parametrize(("there", "new"), [(INTERNAL, PUBLIC), (PUBLIC, INTERNAL)])
def test_a_release_is_never_put_beside_one_of_the_other_tier(tmp_path: Path, there: str, new: str) -> None:
    """R: a T1 file is never placed beside a T2 file; of whatever quarter, and whether it is simulated."""
    written(sample_release(there, period="2026Q2", simulated=True), tmp_path / "a")
    assert "never put beside" in refused(tmp_path / "b", release=sample_release(new))
    assert "never put beside" in refused(tmp_path / "a" / "within", release=sample_release(new))
    assert "another release" in refused(tmp_path / "a", release=sample_release(new))


def test_other_kinds_and_other_folders_may_be_of_the_other_tier(tmp_path: Path) -> None:
    written(sample_release(INTERNAL), tmp_path / "internal" / "reports")
    written(sample_release(INTERNAL, period="2026Q2"), tmp_path / "internal" / "before")
    written(sample_release(PUBLIC, kind="referrals"), tmp_path / "internal" / "referrals")
    written(sample_release(PUBLIC), tmp_path / "public" / "reports")
    targets_written(tmp_path / "internal" / "targets")


def test_where_nothing_can_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(StatisticsError, match="/proc/vejviser/of could not be written: "):
        written(RELEASE, Path("/proc/vejviser/of"))
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StatisticsError, match="file is no folder"):
        written(RELEASE, tmp_path / "file" / "of")


WITH_LIMITS = """
import resource, sys
from pathlib import Path
from bot.errors import StatisticsError
from tests.statistics.files.written import RELEASES, written
for most in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        written(RELEASES["internal reports"], Path(sys.argv[1]))
    except StatisticsError as error:
        print(error, file=sys.stderr)
"""


def limited(folder: Path, *most: int) -> list[str]:
    """What is said where a file may have so many bytes at most."""
    asked = [sys.executable, "-c", WITH_LIMITS, folder, *map(str, most)]
    return subprocess.run(asked, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True).stderr.splitlines()


def test_a_disk_that_takes_no_more_leaves_no_half_folder(tmp_path: Path) -> None:
    """Each limit stops another file: the first, a description, the Excel file, the database."""
    said = limited(tmp_path / "out" / "of", 0, 3_000, 16_000, 60_000)
    assert said == [f"{tmp_path}/out/of could not be written: File too large; nothing was left there"] * 4
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_leaves_no_half_folder(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with pytest.raises(StatisticsError, match="No space left on device; nothing was left there"):
            written(RELEASE, disk / "of")
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_failed_second_writing_leaves_the_first(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in written(RELEASE, tmp_path / "of")}
    assert len(limited(tmp_path / "of", 16_000)) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == first


def test_the_folder_has_the_rights_that_the_process_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        written(RELEASE, tmp_path / "of")
    finally:
        os.umask(before)
    assert (tmp_path / "of").stat().st_mode & 0o777 == 0o750
