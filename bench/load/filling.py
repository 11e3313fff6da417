"""A store with as many reports and referrals as wanted: some are filed, then their rows are copied within the store."""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import psycopg

from bot.settings import Settings
from bot.store.opening import open_store
from bot.store.shape import Shape, shapes
from tests.store.rows import a_referral, a_report

FILED = 1_000
"""By the store's own verbs; the rest are copies, each with ids of its own."""
OF_EACH = ("id", "report_id", "receipt_hash", "mark")
"""Columns of 32 random hex digits or more; a copy has another end."""
END = 5
TABLES = ("referral", "report", "report_answer", "piece", "report_key", "report_consent")


async def fill(settings: Settings, number: int) -> None:
    """So many reports and as many referrals, `number` a multiple of FILED, in a store that is made here."""
    store = open_store(settings)
    for _ in range(FILED):
        await store.reports.file(a_report(secrets.token_hex(32)))
    await store.log_referrals([a_referral(secrets.token_hex(32)) for _ in range(FILED)])
    store.close()
    ends = [f"g{each:0{END - 1}x}" for each in range(number // FILED - 1)]  # "g" is in no id that is drawn
    statements = [_copied(shape) for shape in shapes() if shape.name in TABLES]
    if settings.database:
        _on_postgres(settings.database, ends, statements)
    else:
        _on_sqlite(settings, ends, statements)


def _copied(shape: Shape) -> str:
    values = (f"substr({it}, 1, length({it}) - {END}) || copied.ending" if it in OF_EACH else it
              for it in shape.columns)  # fmt: skip
    return f"INSERT INTO {shape.name} ({', '.join(shape.columns)}) SELECT {', '.join(values)} FROM {shape.name}, copied"  # noqa: S608 - names of the schema


MADE = "CREATE TEMPORARY TABLE copied (ending TEXT)"


def _on_sqlite(settings: Settings, ends: Sequence[str], statements: Sequence[str]) -> None:
    with closing(sqlite3.connect(settings.var / "store.db")) as database, database:
        database.execute("PRAGMA cache_size=-1000000")
        database.execute(MADE)
        database.executemany("INSERT INTO copied VALUES (?)", [(end,) for end in ends])
        for statement in statements:
            database.execute(statement)


def _on_postgres(url: str, ends: Sequence[str], statements: Sequence[str]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET search_path TO vejviser")
        connection.execute(MADE)
        connection.cursor().executemany("INSERT INTO copied VALUES (%s)", [(end,) for end in ends])
        for statement in statements:
            connection.execute(statement.encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
