"""SQLite, through sqlite-utils: opened the one way that is safe here, and worked on by one thread."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.errors import NotSavedError, SettingError
from bot.monitoring.figures import not_saved
from bot.store.database import Database, Record, Row, Values
from bot.store.locks import Locks
from bot.store.schema import STEPS, conversations
from bot.store.tables.store import TableStore

STORE, CONVERSATIONS, TURNS = "store.db", "conversations.db", "turns.lock"
PRAGMAS = {"journal_mode": "WAL", "secure_delete": "ON", "foreign_keys": "ON", "busy_timeout": "5000"}
_STEPS_TAKEN = "_sqlite_migrations"
MOVED = "the store was moved away"


class SqliteDatabase(Database, sqlite_utils.Database):
    """`path`: of its file."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self.path = path
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for name, value in {**PRAGMAS, "synchronous": synchronous}.items():
            connection.execute(f"PRAGMA {name}={value}")
        sqlite_utils.Database.__init__(self, connection)

    def execute(self, statement: str, values: Values | None = None) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = sqlite_utils.Database.execute(self, statement, values)
        return cursor

    def execute_each(self, statement: str, records: Sequence[Record]) -> None:
        self.conn.executemany(statement, records)

    def query(self, statement: str, values: Values | None = None) -> Iterator[dict[str, Any]]:
        rows: Iterator[dict[str, Any]] = sqlite_utils.Database.query(self, statement, values)
        return rows

    def query_damaged(self, statement: str, values: Values = ()) -> list[Row]:
        try:
            return self.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            with self._any_bytes():
                return self.execute(statement, values).fetchall()

    @contextmanager
    def _any_bytes(self) -> Iterator[None]:
        """Read text that is no UTF-8 too: otherwise one such row would hide all the others. Takes twice the time."""
        self.conn.text_factory = _decoded
        try:
            yield
        finally:
            self.conn.text_factory = str

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Takes the write lock at its beginning and waits for it.

        A transaction that begins with a read cannot wait: another process may have written since, and SQLite refuses
        it.
        """
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.execute("ROLLBACK")
            raise

    def emptied(self, *_: str) -> bool:
        """Fold the write-ahead log into the database and cut it to nothing: what was deleted stands in neither.

        False where another process was still reading the log after `busy_timeout`.
        """
        busy, _, _ = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def kept_tables(self) -> list[str]:
        return sorted({*self.table_names()} - {_STEPS_TAKEN})

    def close_for_good(self) -> None:
        """Triggers, because another process that has the file open asks nobody whether it may write."""
        for table in self.kept_tables():
            for verb in ("INSERT", "UPDATE", "DELETE"):
                refusal = f"SELECT RAISE(ABORT, '{MOVED}')"
                self.execute(f"CREATE TRIGGER moved_{table}_{verb} BEFORE {verb} ON {table} BEGIN {refusal}; END")

    @property
    def is_closed(self) -> bool:
        return bool(self.execute("SELECT 1 FROM sqlite_master WHERE name = 'moved_report_INSERT'").fetchone())


def open_database(path: Path, steps: Iterable[Migrations], synchronous: str) -> SqliteDatabase:
    """The database at `path`, with all of `steps` taken; readable by its owner only.

    `synchronous` is FULL where a commit must survive a power cut, NORMAL where losing the last seconds is no harm.
    A folder or file that cannot be written raises SettingError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with one_at_a_time(path.parent):
            database = SqliteDatabase(path, synchronous)
            for migrations in steps:
                migrations.apply(database)
            return database
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Processes that come together pass one after the other: of two that open a new store, one migrates it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


class SqliteWorker:
    """`database.Worker` with one thread, which owns the one connection that writes."""

    def __init__(self, database: SqliteDatabase, name: str) -> None:
        self.database = database
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def do[Result](self, work: Callable[[Database], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _guarded, work, self.database)

    async def read[Result](self, statement: str, values: Values, work: Callable[[Iterable[Row]], Result]) -> Result:
        """On a connection of its own: a reader of SQLite's log holds up no writer."""
        before_3_44 = statement.replace("string_agg(", "group_concat(")

        def on_snapshot() -> Result:
            with closing(sqlite3.connect(f"file:{self.database.path}?mode=ro", uri=True)) as connection:
                return work(connection.execute(before_3_44, values))

        return await asyncio.to_thread(_guarded, lambda _: on_snapshot(), self.database)

    async def look[Result](self, work: Callable[[Database], Result]) -> Result:
        def on_snapshot() -> Result:
            with closing(SqliteDatabase(self.database.path, "FULL")) as database:
                database.execute("PRAGMA query_only=ON")
                database.execute("BEGIN")
                return work(database)

        return await asyncio.to_thread(_guarded, lambda _: on_snapshot(), self.database)

    def now[Result](self, work: Callable[[Database], Result]) -> Result:
        return self._thread.submit(_guarded, work, self.database).result()

    def close(self) -> None:
        """Finish what is queued, fold the log into the database, and close."""
        self._thread.shutdown(wait=True)
        try:
            self.database.emptied()
        finally:
            self.database.conn.close()


def _guarded[Result](work: Callable[[SqliteDatabase], Result], database: SqliteDatabase) -> Result:
    try:
        return work(database)
    except (sqlite3.Error, OSError, MemoryError) as error:
        not_saved.inc()
        raise NotSavedError(type(error).__name__) from error


def _decoded(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogateescape")


class SqliteStore(TableStore):
    """The embedded store: one file. A commit is on the disk when a verb returns (synchronous=FULL)."""

    def __init__(self, path: Path) -> None:
        database = open_database(path, STEPS, synchronous="FULL")
        if database.is_closed:
            database.close()
            raise SettingError(f"{path}: {MOVED}; VEJVISER_DATABASE says where it is")
        super().__init__(SqliteWorker(database, "store"))


def conversations_at(path: Path) -> SqliteWorker:
    """Losing the turns of the last seconds before a power cut is no harm (synchronous=NORMAL)."""
    return SqliteWorker(open_database(path, [conversations.migrations], synchronous="NORMAL"), "conversations")


class FileLocks(Locks):
    """Locks on single bytes of one empty file, which the system gives back when the process ends.

    They are of the process: whoever else opens and closes the file in it gives them all back.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SettingError(f"{path} cannot be written: {error.strerror}") from error

    async def take(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except (BlockingIOError, PermissionError):  # both say that another process holds it (fcntl(2))
            return False
        except OSError as error:
            raise NotSavedError(type(error).__name__) from error
        return True

    def give_back(self, number: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)

    def close(self) -> None:
        os.close(self._file)


@dataclass(frozen=True)
class SqliteEngine:
    """`opening.Engine` on files in a folder, for the processes of one machine."""

    var: Path

    def store(self) -> SqliteStore:
        return SqliteStore(self.var / STORE)

    def conversations(self) -> SqliteWorker:
        return conversations_at(self.var / CONVERSATIONS)

    def locks(self) -> FileLocks:
        return FileLocks(self.var / TURNS)

    def is_there(self) -> bool:
        return (self.var / STORE).exists()

    @property
    def place(self) -> str:
        return str(self.var / STORE)
