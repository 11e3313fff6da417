"""How PostgreSQL is opened: made once, and refused by the name of the setting where that cannot be."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import ROOT, Settings
from bot.store.opening import open_locks, open_store, place_of_store, store_is_there
from tests.postgres import Cluster
from tests.store.test_locks import environment

pytestmark = pytest.mark.slow


@pytest.fixture
def new(postgres: Cluster) -> Iterator[str]:
    """The name of a database of a test's own."""
    name = postgres.database()
    yield name
    postgres.drop(name)


def named(cluster: Cluster, name: str, folder: Path) -> Settings:
    return Settings(var=folder, database=cluster.url(name))


def test_a_store_is_there_once_it_was_opened(postgres: Cluster, new: str, tmp_path: Path) -> None:
    settings = named(postgres, new, tmp_path)
    assert not store_is_there(settings)
    assert postgres.ask("SELECT * FROM pg_namespace WHERE nspname LIKE 'vejviser%'", new) == []
    open_store(settings).close()
    assert store_is_there(settings)
    assert list(tmp_path.iterdir()) == []


OPENING = """
import os, sys
from bot.settings import read_settings
from bot.store.opening import open_conversations, open_store
settings = read_settings(os.environ)
sys.stdin.readline()
open_store(settings).close()
open_conversations(settings).close()
"""


def test_processes_that_start_together_on_a_new_database_make_it_once(
    postgres: Cluster, new: str, tmp_path: Path
) -> None:
    settings = named(postgres, new, tmp_path)
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING], cwd=ROOT, env=environment(settings),
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(5)
    ]  # fmt: skip
    assert [process.communicate("go\n", timeout=60)[1] for process in starting] == [""] * 5
    assert postgres.ask("SELECT count(*) FROM vejviser.schema_step", new) == [(1,)]


@pytest.mark.parametrize("address", ["postgresql://guide:hunter2@localhost:1/guide", "postgresql://:hunter2@/%zz"])
def test_what_cannot_be_reached_is_told_by_the_name_of_the_setting_and_without_the_password(address: str) -> None:
    for opening in (open_store, store_is_there, open_locks):
        with pytest.raises(SettingError, match=r"^VEJVISER_DATABASE ") as told:
            opening(Settings(database=address))
        assert "hunter2" not in str(told.value) + repr(told.value.__cause__)


def test_a_place_is_told_without_the_password() -> None:
    settings = Settings(database="postgresql://guide:hunter2@db.example/guide")
    assert place_of_store(settings) == "database guide at db.example"


def test_a_database_of_another_encoding_is_refused(postgres: Cluster, tmp_path: Path) -> None:
    postgres.ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    with pytest.raises(SettingError, match="must hold UTF8, not LATIN1"):
        open_store(named(postgres, "latin", tmp_path))
    postgres.drop("latin")


def test_who_keeps_to_sqlite_does_not_load_the_driver() -> None:
    script = "import sys, bot.store.opening; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
