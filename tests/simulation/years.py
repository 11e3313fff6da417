"""Invented years for tests: small ones, and a store of them to look into."""

import asyncio
import datetime as dt
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.casework.keyring import FirstPassphrases, Keyring, PublicKeys
from bot.settings import Settings
from bot.simulation.filling import Order, fill
from bot.simulation.years import Years
from bot.store.sqlite import SqliteStore
from tests.keys import make_keys

UNTIL = dt.date(2026, 9, 30)
SINCE = dt.date(2025, 10, 1)
REFERRALS, REPORTS = 4_000, 400


def an_order(seed: int = 5, referrals: int = REFERRALS, reports: int = REPORTS) -> Order:
    return Order(seed, Years.ending("2026Q3", 1), referrals, reports)


def keys_of(store: SqliteStore) -> PublicKeys:
    return asyncio.run(Keyring(store).public_keys())


@dataclass
class Filled:
    """A store that holds invented years, with its passphrases."""

    store: SqliteStore
    path: Path
    passphrases: FirstPassphrases

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            return connection.execute(statement, values).fetchall()

    def number(self, statement: str, *values: object) -> int:
        return int(self.rows(statement, *values)[0][0])

    def counts(self, statement: str) -> dict[Any, int]:
        """{code: how many} of a statement with these two columns."""
        return dict(self.rows(statement))


def filled(folder: Path, order: Order) -> Filled:
    path = folder / "store.db"
    store = SqliteStore(path)
    passphrases = make_keys(store)
    asyncio.run(fill(store.simulation, order, Settings(var=folder), keys_of(store), lambda _: None))
    return Filled(store, path, passphrases)
