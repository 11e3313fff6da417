"""Makes a backup that counts only once it was read back, and brings one back into an empty store."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nacl.public import PrivateKey, PublicKey

from bot.backup import sealed_file
from bot.backup.content import Content, Progress, packed, unpacked
from bot.errors import BackupError, NotSavedError
from bot.store.carrying import hash_of
from bot.store.database import Database, Worker
from bot.store.shape import shapes

PARTIAL = ".partial"
"""Ends the name of a file that nobody may take for a backup."""


@dataclass(frozen=True)
class Made:
    path: Path
    content: Content
    size: int
    """Bytes."""


async def make(worker: Worker, files: Mapping[str, bytes], to: PublicKey, folder: Path, progress: Progress) -> Made:
    """A backup of the store as it is at one moment, while it is served; any failure raises BackupError.

    Written under another name, made durable, read back from the disk and compared, and only then given its name.
    """
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    path = folder / f"vejviser-{made_at.replace(':', '').replace('+0000', 'Z')}.backup"

    def work(database: Database) -> Made:
        with _partial(path) as (file, partial):
            key = sealed_file.write(file, packed(database, made_at, files, progress), to)
            file.flush()
            os.fsync(file.fileno())
            content = _read_back(partial, key, progress)
            if content.hash != hash_of(database):
                raise BackupError("what was read back is not what the store holds")
            _name(partial, path)
            return Made(path, content, path.stat().st_size)

    try:
        return await worker.look(work)
    except (OSError, NotSavedError) as error:
        raise BackupError(f"the backup was not made: {error.__cause__ or error}") from error


@contextmanager
def _partial(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file of the owner's; nothing of it stays where the backup fails."""
    partial = path.with_name(path.name + PARTIAL)
    if path.exists():
        raise BackupError(f"{path} is there already")
    try:
        opened = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BackupError(f"{partial} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(opened, "w+b") as file:
            yield file, partial
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def _read_back(partial: Path, key: bytes, progress: Progress) -> Content:
    with partial.open("rb") as file:
        return unpacked(sealed_file.read(file, key), lambda _, rows: progress(len(rows)))


def _name(partial: Path, path: Path) -> None:
    os.link(partial, path)  # unlike a renaming, it never replaces another backup
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def look_at(path: Path, opener: PrivateKey, progress: Progress = lambda _: None) -> Content:
    """Read a whole backup without bringing it back; raises BackupError where anything of it is wrong."""
    try:
        with path.open("rb") as file:
            return unpacked(sealed_file.read(file, opener), lambda _, rows: progress(len(rows)))
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error


async def restore(worker: Worker, path: Path, opener: PrivateKey, progress: Progress = lambda _: None) -> Content:
    """Bring a backup back into an empty store, whole or not at all; raises BackupError.

    It is read to its end first, so that a damaged one changes nothing.
    """
    expected = look_at(path, opener, progress)

    def work(database: Database) -> Content:
        if held := next((it.name for it in shapes() if database.count(it.name)), None):
            raise BackupError(f"the store is not empty: {held} has rows. A backup goes into a new store only")
        with path.open("rb") as file, database.at_once():
            content = unpacked(
                sealed_file.read(file, opener), lambda shape, rows: _put(database, shape.name, rows, progress)
            )
        if content != expected or hash_of(database) != expected.hash:
            raise BackupError("what was brought back is not what the backup holds; do not use this store")
        return content

    return await worker.do(work)


def _put(database: Database, table: str, rows: list[dict[str, object]], progress: Callable[[int], None]) -> None:
    database.insert(table, rows)
    progress(len(rows))
