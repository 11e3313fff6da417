"""Of the same rows both engines tell the same: each row, each reading for statistics, each byte of an export."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.export import export
from bot.settings import Settings
from bot.simulation.filling import batches
from bot.store.key_verbs import HolderRow, ShareRow
from bot.store.secrets import server_key
from bot.store.statistics_verbs import COLUMNS
from tests.keys import make_keys
from tests.postgres import Cluster
from tests.simulation.years import SINCE, UNTIL, an_order, keys_of
from tests.store.kept import Kept, OnPostgres, OnSqlite
from tests.store.test_migrations import OF_STAFF, TABLES

SIZES = [
    pytest.param((3_000, 300), marks=pytest.mark.slow, id="small"),
    pytest.param((10_000, 100_000), marks=pytest.mark.long, id="large"),
]


@pytest.fixture(scope="module", params=SIZES)
def two(
    request: pytest.FixtureRequest, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Kept, Kept]]:
    folder = tmp_path_factory.mktemp("story")
    kept = OnSqlite(folder), OnPostgres(postgres, postgres.database(), folder)
    make_keys(kept[0].store)
    with_the_same_keys(*kept)
    referrals, reports = request.param
    public = keys_of(kept[0].store)  # type: ignore[arg-type]
    rows = batches(an_order(referrals=referrals, reports=reports), Settings(var=folder), public)
    first = next(rows)
    for each in kept:
        assert asyncio.run(each.store.simulation.begin("5", UNTIL, first)) is None
    for batch in rows:
        for each in kept:
            asyncio.run(each.store.simulation.add(batch))
    yield kept
    for each in kept:
        each.close()


def with_the_same_keys(one: Kept, other: Kept) -> None:
    key = asyncio.run(one.store.keys.team_key())
    assert key
    holders: list[HolderRow] = asyncio.run(one.store.keys.holders())
    found = [asyncio.run(one.store.keys.share(key.id, holder.name)) for holder in holders]
    shares: list[ShareRow] = [share for share in found if share]
    assert asyncio.run(other.store.keys.make(key, holders, shares))


def test_every_row_is_the_same(two: tuple[Kept, Kept]) -> None:
    full = 0
    for table in {**TABLES, **OF_STAFF}:
        one, other = (Counter(tuple(row.items()) for row in kept.rows(table)) for kept in two)
        assert one == other, table
        full += bool(one)
    assert full >= 12


@pytest.mark.parametrize("source", COLUMNS)
def test_each_reading_is_the_same(two: tuple[Kept, Kept], source: str) -> None:
    one, other = (asyncio.run(kept.store.statistics.read(source, SINCE, UNTIL, Counter)) for kept in two)
    assert one == other
    assert one


@pytest.mark.parametrize(("what", "tier"), [("referrals", "public"), ("reports", "internal"), ("reports", "public")])
def test_each_byte_of_an_export_is_the_same(two: tuple[Kept, Kept], tmp_path: Path, what: str, tier: str) -> None:
    server_key(two[0].settings.var)
    files = []
    for number, kept in enumerate(two):
        folder = tmp_path / str(number)
        given = argparse.Namespace(what=what, period="2026Q3", tier=tier, again=False, to=str(folder))
        assert export(kept.settings, given) == 0
        files.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert list(files[0]) == list(files[1])
    assert [name for name in files[0] if files[0][name] != files[1][name]] == []
    assert len(files[0]) > 5
