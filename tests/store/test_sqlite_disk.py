"""SQLite on a disk that does not take it: nothing that was said to be saved is lost, and nothing is half there."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotSavedError
from bot.settings import ROOT
from tests.store.kept import OnSqlite
from tests.store.rows import a_referral, a_report
from tests.store.test_reviews import RIGHT, noted, pending
from tests.store.test_store import NOTHING, OF_A_REPORT, files, logs, sizes

FULL = 2


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[OnSqlite]:
    kept = OnSqlite(tmp_path)
    yield kept
    kept.close()


def pragma(kept: OnSqlite, statement: str) -> Any:
    """Ask, or tell, the store's own connection."""
    return asyncio.run(kept.store._worker.do(lambda it: it.execute(f"PRAGMA {statement}").fetchone()))


def test_a_commit_is_on_the_disk_when_a_verb_returns(kept: OnSqlite) -> None:
    assert pragma(kept, "synchronous") == (FULL,)


def test_a_full_database_is_not_saved(kept: OnSqlite) -> None:
    pages = pragma(kept, "page_count")[0]
    pragma(kept, f"max_page_count={pages + 8}")
    saved = 0
    with suppress(NotSavedError):
        for number in range(10_000):
            files(kept.store, a_report(str(number)))
            saved += 1
    assert 0 < saved < 10_000
    assert sizes(kept) == NOTHING | {table: saved * number for table, number in OF_A_REPORT.items()}
    pragma(kept, "max_page_count=1000000")
    files(kept.store, a_report("room again"))


def test_a_read_only_database_is_not_saved(kept: OnSqlite) -> None:
    pragma(kept, "query_only=ON")
    with pytest.raises(NotSavedError, match="OperationalError"):
        files(kept.store, a_report("a"))
    with pytest.raises(NotSavedError, match="OperationalError"):
        logs(kept.store, a_referral("a"))
    assert sizes(kept) == NOTHING


def test_a_locked_database_is_not_saved(kept: OnSqlite) -> None:
    pragma(kept, "busy_timeout=50")
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSavedError, match="OperationalError"):
        files(kept.store, a_report("a"))
    other.execute("ROLLBACK")
    other.close()
    files(kept.store, a_report("a"))
    assert sizes(kept)["report"] == 1


def test_a_lock_that_ends_soon_is_waited_for(kept: OnSqlite) -> None:
    other = sqlite3.connect(kept.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    end.start()
    files(kept.store, a_report("a"))
    end.join()
    other.close()
    assert sizes(kept)["report"] == 1


ON_A_SMALL_DISK = """
mkdir -p "$1" && mount -t tmpfs -o size=1200k tmpfs "$1" && exec "$2" -m tests.store.small_disk "$1"
"""


def test_a_full_disk_loses_nothing_that_was_said_to_be_saved(tmp_path: Path) -> None:
    """A real file system of 1,200 kB in a mount namespace of its own; see small_disk.py."""
    told = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK, "-", tmp_path / "disk", sys.executable],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "permi" in told.stderr.lower() and not told.stdout:
        pytest.skip(f"this machine lets nobody mount: {told.stderr.strip()}")
    assert told.stdout.splitlines() == ["refused when full", "all kept", "saved with room again"], told.stderr


def test_a_review_that_cannot_be_written_is_an_error_with_a_name(kept: OnSqlite) -> None:
    pragma(kept, "busy_timeout=50")
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSavedError):
        noted(kept.store, RIGHT)
    other.execute("ROLLBACK")
    other.close()
    assert pending(kept.store) == []
