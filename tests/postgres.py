"""A real PostgreSQL for tests, from Debian's package: a cluster of its own in a temporary folder, gone with its parent.

It refuses root, so under root it runs as the user that the package makes. Plain tests need no disk (fsync off).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.store.schema.postgres import STEPS_TAKEN

USER = "postgres"
DANISH = ("--locale-provider=icu", "--icu-locale=da-DK")
"""An order of texts that is not that of their bytes, as cities have it."""
FOLDERS = Path("/usr/lib/postgresql")


class Cluster:
    """Started at once; `url` names one of its databases."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: a commit is on the disk, as in service."""
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket has 107 bytes at most
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER, USER)
        self._data = self.folder / "data"
        self._numbers = count(1)
        made = ["initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N", *DANISH]
        subprocess.run(self._as_user(*made), check=True, capture_output=True, cwd="/")
        self._options = [] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        self.start()

    def start(self) -> None:
        """Returns when it takes connections; it ends with the thread that started it, however that ends."""
        options = ["listen_addresses=", f"unix_socket_directories={self.folder}", *self._options]
        command = ["postgres", "-D", self._data, *(word for option in options for word in ("-c", option))]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._as_user(*command), stdout=log, stderr=log, cwd="/")
        self._wait()

    def _as_user(self, program: str, *arguments: str | Path) -> list[str]:
        user = ["--reuid", USER, "--regid", USER, "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", *user, "--pdeathsig", "QUIT", "--", str(binaries() / program), *map(str, arguments)]

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError(self.log)

    def stop(self, *, at_once: bool = False) -> None:
        """`at_once`: as if the power went (immediate); else as a restart would."""
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        self._process.wait(timeout=60)

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def database(self) -> str:
        """The name of a new one, with nothing in it."""
        name = f"store{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self.ask(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def shared(self) -> str:
        """The name of one that many tests use, each after `empty`."""
        return self.database()

    def empty(self, name: str) -> None:
        """A fifth of the time of a new one, also of one by template."""
        found = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'vejviser%'"
        tables = [f"{schema}.{table}" for schema, table in self.ask(found, name) if table != STEPS_TAKEN]
        self.ask("; ".join(f"DELETE FROM {table}" for table in tables), name)  # noqa: S608 - names of the schema

    def ask(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Beside the program, as somebody who may do everything."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @property
    def log(self) -> str:
        """What the server said so far."""
        return (self.folder / "log").read_text()

    def remove(self) -> None:
        if self._process.poll() is None:
            self.stop(at_once=True)
        shutil.rmtree(self.folder)


def binaries() -> Path:
    """Of the newest PostgreSQL that is installed."""
    found = sorted(FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        pytest.fail("PostgreSQL is not installed: make setup-test")
    return found[-1].parent


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One for all tests of a worker that need none of their own."""
    cluster = Cluster()
    yield cluster
    cluster.remove()
