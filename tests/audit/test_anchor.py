"""The anchor file: whole lines on the disk, for its owner only, and every change of it is found or proves less."""

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.audit.anchor import Anchor, Anchors
from bot.audit.chain import Fault, Kind
from bot.settings import Settings
from tests.audit.chains import Kept, a_chain, anchors_of, faults, run_together

ROWS = a_chain(230)
WRITING = """
import sys
from pathlib import Path
from bot.audit.anchor import Anchor
from tests.audit.chains import a_chain
rows = a_chain(50)
BEGIN
for row in rows:
    Anchor(Path(sys.argv[1])).write(row)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "audit.anchor"


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A umask that takes nothing away, so that a mode is the program's own doing."""
    before = os.umask(0)
    yield
    os.umask(before)


def written(path: Path, places: tuple[int, ...] = (0, 100, 200)) -> Anchors:
    for place in places:
        Anchor(path).write(ROWS[place])
    return Anchor(path).read()


# The file


def test_an_anchor_is_a_line_with_number_hash_and_time(path: Path) -> None:
    anchored = Anchor(path).write(ROWS[100])
    assert path.read_text() == f"101 {ROWS[100].hash} {anchored.at.isoformat()}\n"
    assert Anchor(path).read() == Anchors((anchored,))


def test_lines_are_added_and_none_is_changed(path: Path) -> None:
    written(path, (0, 100))
    before = path.read_bytes()
    written(path, (200,))
    assert path.read_bytes().startswith(before)
    assert [line.seq for line in Anchor(path).read().lines] == [1, 101, 201]


@pytest.mark.usefixtures("open_to_all")
def test_only_the_owner_can_read_it(path: Path) -> None:
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_is_not_there_holds_nothing(path: Path) -> None:
    assert Anchor(path).read() == Anchors()
    assert Anchor(path).read().last is None


def test_a_path_that_would_follow_the_working_directory_is_refused() -> None:
    with pytest.raises(ValueError, match="must be absolute"):
        Anchor(Settings().anchor)
    assert (Settings().var / Settings().anchor).is_absolute()


def test_processes_that_anchor_together_write_whole_lines(path: Path) -> None:
    run_together(WRITING, path)
    read = Anchor(path).read()
    assert read.damaged == ()
    assert sorted(line.seq for line in read.lines) == sorted([*range(1, 51)] * 3)
    assert faults(a_chain(50), read) == []


# A disk that fails


@contextmanager
def no_room_after(size: int) -> Iterator[None]:
    """The limit of a file's size stands for the disk's: what does not fit is cut in the middle."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_runs_full_leaves_no_part_of_a_line(path: Path) -> None:
    written(path, (0, 100))
    before = path.read_bytes()
    with no_room_after(len(before) + 10), pytest.raises(OSError, match="No space left"):
        Anchor(path).write(ROWS[200])
    assert path.read_bytes() == before
    assert [line.seq for line in written(path, (200,)).lines] == [1, 101, 201]


def test_a_full_device_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left"):
        Anchor(Path("/dev/full")).write(ROWS[0])


def test_a_line_of_which_a_power_cut_left_half_spoils_no_other(path: Path) -> None:
    written(path, (0, 100))
    path.write_bytes(path.read_bytes()[:-30])
    read = written(path, (200,))
    assert [line.seq for line in read.lines] == [1, 201]
    assert faults(ROWS, read) == [Fault(2, Kind.DAMAGED_ANCHOR)]


# Tampering


def other_hash(lines: list[str]) -> list[str]:
    seq, hashed, at = lines[1].split()
    return [lines[0], f"{seq} {hashed[::-1]} {at}", lines[2]]


def other_number(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("101 ", "102 ", 1), lines[2]]


def later_number(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace("201 ", "999 ", 1)]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (other_hash, Fault(101, Kind.REWRITTEN)),
        (other_number, Fault(102, Kind.REWRITTEN)),
        (later_number, Fault(231, Kind.CUT, 999)),
        (lambda it: [*it, "nonsense"], Fault(4, Kind.DAMAGED_ANCHOR)),
        (lambda it: [it[0], "", *it[1:]], Fault(2, Kind.DAMAGED_ANCHOR)),
        (lambda it: [it[0].upper(), *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda it: [it[0].replace("+00:00", "+02:00"), *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda it: [f"0{it[0]}", *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda it: [f"{it[0]} ", *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda it: [it[0].replace("1", "١", 1), *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda it: [it[0][:-20] + "99-99T99:99:99+00:00", *it[1:]], Fault(1, Kind.DAMAGED_ANCHOR)),
        (lambda _: ["\0\udcff"], Fault(1, Kind.DAMAGED_ANCHOR)),
    ],
)
def test_a_line_that_is_changed_is_found(path: Path, tamper: Callable[[list[str]], list[str]], told: Fault) -> None:
    written(path)
    lines = tamper(path.read_text().splitlines())
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    assert told in faults(ROWS, Anchor(path).read())


def test_lines_that_are_taken_away_prove_less_and_are_missed_after_an_hour(kept: Kept) -> None:
    kept.notes(101)
    assert kept.anchored() == [1, 101]
    first = kept.path.read_text().splitlines()[0]
    kept.path.write_text(f"{first.replace(first[-25:], '2026-01-01T00:00:00+00:00')}\n")
    assert kept.faults() == [Fault(2, Kind.NOT_ANCHORED)]
    kept.path.unlink()
    assert kept.faults() == [Fault(1, Kind.NOT_ANCHORED)]


def test_what_is_written_is_what_the_checks_of_chains_are_made_of(path: Path) -> None:
    lines = [(line.seq, line.hash) for line in written(path).lines]
    assert lines == [(line.seq, line.hash) for line in anchors_of(ROWS).lines]
