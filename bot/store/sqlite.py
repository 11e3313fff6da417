"""SQLite, opened the one way that is safe here, and worked on by one thread."""

import asyncio
import datetime as dt
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.errors import NotSavedError, SettingError

PRAGMAS = {"journal_mode": "WAL", "secure_delete": "ON", "foreign_keys": "ON", "busy_timeout": "5000"}


def open_database(path: Path, steps: Iterable[Migrations], synchronous: str) -> Database:
    """The database at `path`, with all of `steps` taken; readable by its owner only.

    `synchronous` is FULL where a commit must survive a power cut, NORMAL where losing the last seconds is no harm.
    A folder or file that cannot be written raises SettingError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with one_at_a_time(path.parent):
            return _opened(path, steps, synchronous)
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error


def _opened(path: Path, steps: Iterable[Migrations], synchronous: str) -> Database:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    for name, value in {**PRAGMAS, "synchronous": synchronous}.items():
        connection.execute(f"PRAGMA {name}={value}")
    database = Database(connection)
    for migrations in steps:
        migrations.apply(database)
    return database


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Processes that come together pass one after the other: of two that open a new store, one migrates it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def at_once(database: Database) -> Iterator[None]:
    """One transaction that takes the write lock at its beginning and waits for it.

    A transaction that begins with a read cannot wait: another process may have written since, and SQLite refuses it.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.conn.in_transaction:
            database.execute("ROLLBACK")
        raise


class Worker:
    """One thread that owns one database, so that the event loop never waits for a disk."""

    def __init__(self, database: Database, name: str) -> None:
        self.database = database
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def do[Result](self, work: Callable[[Database], Result]) -> Result:
        """Run `work` on the thread; an error of the database or the disk raises NotSavedError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._guarded, work)

    def _guarded[Result](self, work: Callable[[Database], Result]) -> Result:
        try:
            return work(self.database)
        except (sqlite3.Error, OSError) as error:
            raise NotSavedError(type(error).__name__) from error

    def close(self) -> None:
        """Finish what is queued, fold the log into the database, and close."""
        self._thread.shutdown(wait=True)
        try:
            empty_log(self.database)
        finally:
            self.database.conn.close()


def empty_log(database: Database) -> bool:
    """Fold the write-ahead log into the database and cut it to nothing, so that nothing deleted stays in it.

    False where another process was still reading it after `busy_timeout`; then it has to be tried again.
    """
    busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def as_record(row: Any, *without: str) -> dict[str, Any]:
    """A row's fields by column, dates as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in vars(row).items()
        if name not in without
    }
