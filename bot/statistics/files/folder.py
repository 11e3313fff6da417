"""Puts files into a folder whole or not at all, and never a public release beside an internal one."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.errors import StatisticsError
from bot.statistics.files.sheet import Pack

PACKAGE = "datapackage.json"
"""How the name ends of the file that says what a folder holds."""
type Progress = Callable[[str], None]


def put(pack: Pack, files: Iterable[tuple[str, bytes]], folder: Path, progress: Progress) -> list[Path]:
    """Write beside the folder, then rename: whoever looks sees all of it or nothing.

    An empty folder is taken, and so is one that holds this very release and nothing else; it is written anew. Raises
    StatisticsError for any other, beside a release of the other tier, and where the disk refuses.
    """
    folder = folder.resolve()
    _check(pack, folder)
    names: list[str] = []
    with _room_beside(folder) as room:
        for name, data in files:
            _write(room / name, data)
            names.append(name)
            progress(name)
        _sync(room)
        _check_only_ours(folder, names)
        _take_place(room, folder)
    return [folder / name for name in names]


def _check(pack: Pack, folder: Path) -> None:
    for path in (folder.parent, folder):
        if os.path.lexists(path) and not path.is_dir():
            raise StatisticsError(f"{path} is no folder; name a new one")
    if folder.is_dir() and any(folder.iterdir()):
        held = _facts_in(folder)
        if held is None:
            raise StatisticsError(f"{folder} holds other files; name a new folder")
        if held.get("content_hash") != pack.facts["content_hash"]:
            raise StatisticsError(f"{folder} holds another release, {held.get('release')}; name a new folder")
    kind, tier = pack.facts["kind"], pack.facts.get("tier")
    for neighbour in _neighbours(folder):
        held = _facts_in(neighbour) or {}
        if held.get("kind") == kind and held.get("tier") != tier:
            raise StatisticsError(
                f"{neighbour} holds {kind} of tier {held.get('tier')}; those of tier {tier} are never put beside them: "
                "name a folder elsewhere"
            )


def _neighbours(folder: Path) -> Iterator[Path]:
    """The folder it would stand in, those that would stand beside it, and those around it."""
    yield from folder.parents
    if folder.parent.is_dir():
        yield from (it for it in folder.parent.iterdir() if it != folder and it.is_dir())


def _facts_in(folder: Path) -> dict[str, Any] | None:
    """What the data package of a folder says; None where there is none of ours."""
    for path in folder.glob(f"*{PACKAGE}"):
        with suppress(OSError, ValueError):
            values = json.loads(path.read_bytes())
            if isinstance(values, dict) and "content_hash" in values:
                return values
    return None


def _check_only_ours(folder: Path, names: list[str]) -> None:
    """Nothing that somebody else put there is lost."""
    if folder.is_dir() and (others := sorted({it.name for it in folder.iterdir()} - set(names))):
        raise StatisticsError(f"{folder} holds {others[0]} beside this release; name a new folder")


@contextmanager
def _room_beside(folder: Path) -> Iterator[Path]:
    """A new folder that is gone afterwards, unless it was renamed."""
    room: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        room = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
        room.mkdir()
        yield room
    except OSError as error:
        raise StatisticsError(
            f"{folder} could not be written: {error.strerror or error}; nothing was left there"
        ) from error
    finally:
        if room is not None:
            shutil.rmtree(room, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """The names in it, too, are on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _take_place(room: Path, folder: Path) -> None:
    """By renaming; what stood there before comes back where that fails."""
    old = room.with_name(f"{room.name}.old")
    stood = folder.is_dir()
    if stood:
        folder.rename(old)
    try:
        room.rename(folder)
    except OSError:
        if stood:
            old.rename(folder)
        raise
    if stood:
        shutil.rmtree(old, ignore_errors=True)
    _sync(folder.parent)
