"""Each contract test runs on every engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.tables.store import TableStore
from tests.store.kept import Kept, OnPostgres, OnSqlite


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        kept: Kept = OnSqlite(tmp_path)
    else:
        cluster = request.getfixturevalue("postgres")
        kept = OnPostgres(cluster, cluster.shared, tmp_path)
    yield kept
    kept.close()


@pytest.fixture
def store(kept: Kept) -> TableStore:
    return kept.store
