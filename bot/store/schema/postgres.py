"""The same tables on PostgreSQL: one script that is as SQLite's are after its steps, and what comes after as steps."""

from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from bot.errors import SettingError

type Connection = psycopg.Connection[TupleRow]

SCRIPTS = Path(__file__).parent
STORE, CONVERSATIONS = "vejviser", "vejviser_conversations"
"""Schemas of the database."""
STEPS: Mapping[str, tuple[tuple[str, Path], ...]] = {
    STORE: (("base", SCRIPTS / "postgres.sql"),),
    CONVERSATIONS: (("base", SCRIPTS / "postgres_conversations.sql"),),
}
"""(name, script) in the order in which they are taken; one that was taken once is never changed."""
STEPS_TAKEN = "schema_step"
MIGRATING = (0x76656A, 1)
"""An advisory lock beside that of writers (bot/store/postgres.py)."""


def take_steps(connection: Connection, schema: str) -> None:
    """Of several processes that come together one takes them, each once; all of them or none."""
    ((encoding,),) = connection.execute(b"SHOW server_encoding")
    if encoding != "UTF8":
        raise SettingError(f"VEJVISER_DATABASE: the database must hold UTF8, not {encoding}")
    if _missing(connection, schema):
        connection.execute(b"BEGIN READ WRITE; SELECT pg_advisory_xact_lock(%d, %d)" % MIGRATING)
        for name, script in _missing(connection, schema):
            if not steps_taken(connection, schema):
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
                connection.execute(f"CREATE TABLE {STEPS_TAKEN} (name TEXT PRIMARY KEY)".encode())
            connection.execute(script.read_bytes())
            connection.execute(f"INSERT INTO {STEPS_TAKEN} VALUES ('{name}')".encode())  # noqa: S608 - our own names
        connection.execute(b"COMMIT")


def _missing(connection: Connection, schema: str) -> list[tuple[str, Path]]:
    taken = steps_taken(connection, schema)
    return [(name, script) for name, script in STEPS[schema] if name not in taken]


def steps_taken(connection: Connection, schema: str) -> set[str]:
    ((table,),) = connection.execute(b"SELECT to_regclass($1)", [f"{schema}.{STEPS_TAKEN}"])
    return {name for (name,) in connection.execute(f"SELECT name FROM {table}".encode())} if table else set()  # noqa: S608 - our own table
