"""The anchor: the chain's head, written down outside the database and in the log, so that no one place decides."""

import datetime as dt
import errno
import fcntl
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.store.audit_verbs import EventRow

log: Any = structlog.get_logger("vejviser")
"""The same as bot.engine.logs.log, which stands above this package."""
_LINE = re.compile(rb"([1-9][0-9]{0,18}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00)")


@dataclass(frozen=True)
class Anchored:
    """That the chain had this head at this time."""

    seq: int
    hash: str
    at: dt.datetime
    """UTC, to the second."""


@dataclass(frozen=True)
class Anchors:
    """What an anchor file holds."""

    lines: tuple[Anchored, ...] = ()
    damaged: tuple[int, ...] = ()
    """Numbers of the lines that are none."""

    @property
    def last(self) -> Anchored | None:
        """The one that proves most."""
        return max(self.lines, key=lambda line: line.seq, default=None)


class Anchor:
    """An append-only text file with one line `seq hash time` an anchor; several processes may share it."""

    def __init__(self, path: Path) -> None:
        """A relative path would follow the working directory, and the anchors with it: it raises ValueError."""
        if not path.is_absolute():
            raise ValueError("the path of an anchor must be absolute: settings.var / settings.anchor")
        self._path = path

    def write(self, row: EventRow) -> Anchored:
        """Returns when the line is on the disk and in the log; raises OSError, and then leaves no part of a line."""
        anchored = Anchored(row.seq, row.hash, dt.datetime.now(dt.UTC).replace(microsecond=0))
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self._path.exists()
        file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            _append(file, f"{anchored.seq} {anchored.hash} {anchored.at.isoformat()}\n".encode("ascii"))
            os.fsync(file)
        finally:
            os.close(file)
        if is_new:
            _sync(self._path.parent)
        log.info("audit_anchored", seq=anchored.seq, hash=anchored.hash)
        return anchored

    def read(self) -> Anchors:
        """All that was anchored; nothing where there is no file yet. Raises OSError where it cannot be read."""
        try:
            with self._path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                *lines, rest = file.read().split(b"\n")
        except FileNotFoundError:
            return Anchors()
        read = [_read(line) for line in (*lines, *([rest] if rest else []))]
        damaged = tuple(number for number, line in enumerate(read, 1) if line is None)
        return Anchors(tuple(line for line in read if line is not None), damaged)


def _append(file: int, line: bytes) -> None:
    """The whole line or nothing; on a line of its own even if a power cut left half of one."""
    size = os.fstat(file).st_size
    whole = line if not size or os.pread(file, 1, size - 1) == b"\n" else b"\n" + line
    if os.write(file, whole) < len(whole):
        os.ftruncate(file, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync(folder: Path) -> None:
    """That a new file stands in its folder must be on the disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _read(line: bytes) -> Anchored | None:
    match = _LINE.fullmatch(line)
    if not match:
        return None
    seq, hashed, at = (part.decode("ascii") for part in match.groups())
    try:
        return Anchored(int(seq), hashed, dt.datetime.fromisoformat(at))
    except ValueError:
        return None
