"""A store of either engine, as the contract tests see it: its verbs, other processes, and what lies in its tables."""

import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bot.settings import Settings
from bot.store.opening import open_conversations, open_store
from bot.store.tables.store import TableStore
from tests.postgres import Cluster

STORE, CONVERSATIONS = "vejviser", "vejviser_conversations"
OF_CONVERSATIONS = {"conversation", "report_under_way"}


class Kept(ABC):
    """`settings` name it; `close` closes all that was opened."""

    settings: Settings

    def __init__(self) -> None:
        self._opened: list[TableStore] = []
        self.store = self.again()

    def again(self) -> TableStore:
        """The store as another process opens it."""
        self._opened.append(open_store(self.settings))
        return self._opened[-1]

    def close(self) -> None:
        for store in self._opened:
            store.close()
        self._opened = []

    @abstractmethod
    def rows(self, table: str) -> list[dict[str, Any]]:
        """Read beside the store, or the conversations, as another process would."""

    @abstractmethod
    def by_other_hands(self, statement: str, *values: object, of: str = STORE) -> None:
        """Beside the store, or the conversations, as somebody who can write the database; values are `%s`."""


class OnSqlite(Kept):
    def __init__(self, folder: Path) -> None:
        self.settings = Settings(var=folder)
        self.path = folder / "store.db"
        super().__init__()

    def rows(self, table: str) -> list[dict[str, Any]]:
        path = self._path(CONVERSATIONS if table in OF_CONVERSATIONS else STORE)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - a test's own name

    def by_other_hands(self, statement: str, *values: object, of: str = STORE) -> None:
        with closing(sqlite3.connect(self._path(of))) as connection, connection:
            connection.execute(statement.replace("%s", "?"), values)

    def _path(self, of: str) -> Path:
        return self.path if of == STORE else self.path.with_name("conversations.db")


class OnPostgres(Kept):
    def __init__(self, cluster: Cluster, name: str, folder: Path) -> None:
        self.cluster, self.name = cluster, name
        self.settings = Settings(var=folder, database=cluster.url(name))
        open_conversations(self.settings).close()
        super().__init__()
        cluster.empty(name)

    def rows(self, table: str) -> list[dict[str, Any]]:
        schema = CONVERSATIONS if table in OF_CONVERSATIONS else STORE
        with psycopg.connect(self.settings.database, row_factory=dict_row) as connection:
            return connection.execute(f"SELECT * FROM {schema}.{table}".encode()).fetchall()  # noqa: S608 - a test's own name

    def by_other_hands(self, statement: str, *values: object, of: str = STORE) -> None:
        with psycopg.connect(self.settings.database) as connection:
            connection.execute(f"SET search_path TO {of}".encode())
            connection.execute(statement.encode(), values or None)
