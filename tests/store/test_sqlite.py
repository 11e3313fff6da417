"""How SQLite is opened, and that its errors become the one that callers know."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.errors import NotSavedError, SettingError
from bot.store.secrets import server_key
from bot.store.sqlite import SqliteDatabase, SqliteWorker, open_database

FULL, NORMAL = 2, 1
"""Codes of PRAGMA synchronous."""
ON = 1

notes = Migrations("notes")


@notes()
def create_note(database: SqliteDatabase) -> None:
    database.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")


@notes()
def create_answer(database: SqliteDatabase) -> None:
    database.execute("CREATE TABLE answer (note INTEGER REFERENCES note (id))")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "notes.db"


@pytest.fixture
def database(path: Path) -> Iterator[SqliteDatabase]:
    database = open_database(path, [notes], synchronous="FULL")
    yield database
    database.conn.close()


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A umask that takes nothing away, so that a mode is the program's own doing."""
    before = os.umask(0)
    yield
    os.umask(before)


def pragma(database: SqliteDatabase, name: str) -> object:
    return database.execute(f"PRAGMA {name}").fetchone()[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("secure_delete", ON),
        ("foreign_keys", ON),
        ("busy_timeout", 5000),
        ("synchronous", FULL),
    ],
)
def test_a_database_is_opened_safe(database: SqliteDatabase, name: str, value: object) -> None:
    assert pragma(database, name) == value


def test_what_may_lose_its_last_seconds_is_opened_for_speed(path: Path) -> None:
    database = open_database(path, [notes], synchronous="NORMAL")
    assert pragma(database, "synchronous") == NORMAL
    database.conn.close()


def test_a_reference_to_nothing_is_refused(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        database.execute("INSERT INTO answer (note) VALUES (1)")


@pytest.mark.usefixtures("open_to_all")
def test_only_the_owner_can_read_the_database_and_its_log(path: Path) -> None:
    database = open_database(path, [notes], synchronous="FULL")
    database.execute("INSERT INTO note (text) VALUES ('a')")
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["notes.db", "notes.db-shm", "notes.db-wal"]
    assert {mode(file) for file in files} == {0o600}
    assert mode(path.parent) == 0o700
    database.conn.close()


def test_each_step_is_applied_and_recorded_once(path: Path) -> None:
    for _ in range(3):
        database = open_database(path, [notes], synchronous="FULL")
        assert [row["name"] for row in database["_sqlite_migrations"].rows] == ["create_note", "create_answer"]
        database.conn.close()


def test_a_step_that_fails_leaves_nothing_of_itself_and_is_tried_again(path: Path) -> None:
    steps = Migrations("steps")

    @steps()
    def first(database: SqliteDatabase) -> None:
        database.execute("CREATE TABLE first (id INTEGER)")

    @steps()
    def second(database: SqliteDatabase) -> None:
        database.execute("CREATE TABLE second (id INTEGER)")
        database.execute("INSERT INTO not_there VALUES (1)")

    with pytest.raises(sqlite3.OperationalError, match="not_there"):
        open_database(path, [steps], synchronous="FULL")
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        recorded = [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations")]
    connection.close()
    assert "first" in tables
    assert "second" not in tables
    assert recorded == ["first"]


def test_deleted_text_is_overwritten_when_the_log_is_emptied(path: Path, database: SqliteDatabase) -> None:
    canary = "canary-that-must-not-stay"
    log = path.with_name("notes.db-wal")
    database.execute("INSERT INTO note (text) VALUES (?)", [canary])
    assert canary.encode() in path.read_bytes() + log.read_bytes()
    database.execute("DELETE FROM note")
    database.emptied()
    assert canary.encode() not in path.read_bytes()
    assert log.stat().st_size == 0


@pytest.mark.parametrize("error", [sqlite3.OperationalError("x"), sqlite3.IntegrityError("x"), OSError("x")])
def test_an_error_of_the_database_or_the_disk_is_named_without_its_text(
    database: SqliteDatabase, error: Exception
) -> None:
    def work(_: Database) -> None:
        raise error

    worker = SqliteWorker(database, "test")
    with pytest.raises(NotSavedError, match=f"^{type(error).__name__}$"):
        asyncio.run(worker.do(work))
    worker.close()


def test_a_fault_of_our_own_is_not_taken_for_one_of_the_disk(database: SqliteDatabase) -> None:
    worker = SqliteWorker(database, "test")
    with pytest.raises(ZeroDivisionError):
        asyncio.run(worker.do(lambda _: 1 // 0))
    worker.close()


def test_a_closed_worker_has_finished_what_was_asked_of_it(path: Path, database: SqliteDatabase) -> None:
    worker = SqliteWorker(database, "test")

    async def ask_and_close() -> None:
        asked = [
            asyncio.ensure_future(worker.do(lambda it: it.execute("INSERT INTO note (text) VALUES ('a')")))
            for _ in range(20)
        ]
        await asyncio.sleep(0)
        worker.close()
        await asyncio.gather(*asked)

    asyncio.run(ask_and_close())
    assert not path.with_name("notes.db-wal").exists()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (20,)
    connection.close()


OPENING = """
import sys
from pathlib import Path
from bot.store.schema.reports import migrations
from bot.store.secrets import server_key
from bot.store.sqlite import open_database
sys.stdin.readline()
folder = Path(sys.argv[1])
open_database(folder / "store.db", [migrations], synchronous="FULL").conn.close()
print(server_key(folder).hex())
"""


def test_processes_that_start_together_on_a_new_folder_share_one_store_and_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    done = [process.communicate("go\n", timeout=60) for process in starting]
    assert [error for _, error in done if error] == []
    assert {process.returncode for process in starting} == {0}
    assert {key.strip() for key, _ in done} == {server_key(folder).hex()}


def test_a_folder_that_cannot_be_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(SettingError, match=str(tmp_path / "var")):
        open_database(tmp_path / "var" / "store.db", notes, synchronous="FULL")
    with pytest.raises(SettingError, match=str(tmp_path / "var")):
        server_key(tmp_path / "var")


def test_a_log_that_another_process_holds_is_not_called_empty(database: SqliteDatabase, path: Path) -> None:
    database.execute("PRAGMA busy_timeout=50")
    database.execute("INSERT INTO note (text) VALUES ('a')")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM note").fetchall()
    database.execute("DELETE FROM note")
    assert not database.emptied()
    reader.close()
    assert database.emptied()
    assert path.with_name("notes.db-wal").stat().st_size == 0
