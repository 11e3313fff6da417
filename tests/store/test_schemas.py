"""Both engines have the same tables: column by column, key by key, index by index."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.store.schema.postgres import STEPS, STEPS_TAKEN
from bot.store.sqlite import SqliteEngine
from tests.postgres import Cluster
from tests.store.kept import CONVERSATIONS, STORE, OnPostgres, OnSqlite
from tests.store.test_migrations import OF_STAFF, TABLES

pytestmark = pytest.mark.slow
TYPES = {"TEXT": "text C", "INTEGER": "bigint", "BLOB": "bytea"}
"""Of SQLite, and what stands for it: texts in the order of their bytes."""


@pytest.fixture(scope="module")
def two(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[OnSqlite, OnPostgres]:
    folder = tmp_path_factory.mktemp("two")
    sqlite, other = OnSqlite(folder), OnPostgres(postgres, postgres.database(), folder)
    SqliteEngine(folder).conversations().close()
    sqlite.close()
    other.close()
    return sqlite, other


type Table = dict[str, Any]


def of_sqlite(path: Path) -> dict[str, Table]:
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sqlite_table(connection, name) for name in names if not name.startswith("_")}


def sqlite_table(connection: sqlite3.Connection, table: str) -> Table:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    indexes = connection.execute(f"PRAGMA index_list({table})").fetchall()
    of_index = {
        index[1]: tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index[1]})")) for index in indexes
    }
    references = sqlite_references(connection, table)
    return {
        "columns": {name: (TYPES[kind], bool(must or key), default) for _, name, kind, must, default, key in columns},
        "key": tuple(row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]),
        "unique": {of_index[index[1]] for index in indexes if index[3] == "u"},
        "indexes": {index[1]: of_index[index[1]] for index in indexes if index[3] == "c"},
        "references": references,
    }


def sqlite_references(connection: sqlite3.Connection, table: str) -> set[Any]:
    found: dict[int, list[Any]] = {}
    for number, _, other, mine, theirs, _, on_delete, _ in connection.execute(f"PRAGMA foreign_key_list({table})"):
        found.setdefault(number, []).append((other, mine, theirs, on_delete))
    return {
        (parts[0][0], tuple(sorted((mine, theirs) for _, mine, theirs, _ in parts)), parts[0][3])
        for parts in found.values()
    }


COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), c.collname, a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 ORDER BY a.attnum
"""
CONSTRAINTS = """
    SELECT contype, ARRAY(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS k (n, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY place)::text[],
        confrelid::regclass::text, ARRAY(SELECT attname FROM unnest(confkey) WITH ORDINALITY AS k (n, place)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY place)::text[], confdeltype
    FROM pg_constraint WHERE conrelid = %s::regclass
"""
INDEXES = """
    SELECT i.relname, ARRAY(SELECT attname FROM unnest(indkey::int2[]) WITH ORDINALITY AS k (n, place)
        JOIN pg_attribute a ON a.attrelid = indrelid AND attnum = n ORDER BY place)::text[]
    FROM pg_index JOIN pg_class i ON i.oid = indexrelid
    WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


def of_postgres(kept: OnPostgres, schema: str) -> dict[str, Table]:
    with psycopg.connect(kept.settings.database) as connection:
        connection.execute(f"SET search_path TO {schema}".encode())
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
        return {name: postgres_table(connection, name) for (name,) in names if name != STEPS_TAKEN}


def postgres_table(connection: psycopg.Connection, table: str) -> Table:
    columns = connection.execute(COLUMNS, [table]).fetchall()
    rules = connection.execute(CONSTRAINTS, [table]).fetchall()
    return {
        "columns": {
            name: (f"{kind} {order}" if kind == "text" else kind, must, default and re.sub("::.*", "", default))
            for name, kind, order, must, default in columns
        },
        "key": next(tuple(mine) for kind, mine, *_ in rules if kind == "p"),
        "unique": {tuple(mine) for kind, mine, *_ in rules if kind == "u"},
        "indexes": {name: tuple(mine) for name, mine in connection.execute(INDEXES, [table])},
        "references": {
            (other, tuple(sorted(zip(mine, theirs, strict=True))), {"c": "CASCADE"}[on_delete])
            for kind, mine, other, theirs, on_delete in rules
            if kind == "f"
        },
    }


def test_the_store_has_the_same_tables_in_both(two: tuple[OnSqlite, OnPostgres]) -> None:
    sqlite, postgres = of_sqlite(two[0].path), of_postgres(two[1], STORE)
    assert set(sqlite) == set(postgres) == set(TABLES) | set(OF_STAFF)
    for table, parts in sqlite.items():
        assert postgres[table] == parts, table


def test_conversations_have_the_same_tables_in_both(two: tuple[OnSqlite, OnPostgres]) -> None:
    sqlite = of_sqlite(two[0].path.with_name("conversations.db"))
    assert of_postgres(two[1], CONVERSATIONS) == sqlite
    assert sqlite["report_under_way"]["references"] == {("conversation", (("id", "id"),), "CASCADE")}


def test_columns_stand_in_the_same_order_in_both(two: tuple[OnSqlite, OnPostgres]) -> None:
    """So a row of one is a row of the other, also where nobody names the columns."""
    sqlite, postgres = of_sqlite(two[0].path), of_postgres(two[1], STORE)
    assert {name: list(it["columns"]) for name, it in sqlite.items()} == {
        name: list(it["columns"]) for name, it in postgres.items()
    }


def test_a_step_is_taken_once_and_noted(two: tuple[OnSqlite, OnPostgres], postgres: Cluster) -> None:
    two[1].again()
    two[1].close()
    for schema in (STORE, CONVERSATIONS):
        noted = postgres.ask(f"SELECT name FROM {schema}.{STEPS_TAKEN}", two[1].name)  # noqa: S608 - our own names
        assert [name for (name,) in noted] == [name for name, _ in STEPS[schema]]
