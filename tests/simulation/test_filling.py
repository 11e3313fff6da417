"""Invented data go into an empty store only, are marked for good, and are the same for the same seed."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.retention import delete_expired
from bot.errors import NotSavedError, SettingError
from bot.settings import Settings
from bot.simulation.filling import BATCH, Order, batches, fill
from bot.store.simulation_verbs import Invented
from bot.store.sqlite import SqliteStore
from bot.store.tables.simulation import KEYS
from bot.store.verbs import SlipRow
from tests.keys import make_keys
from tests.simulation.years import REFERRALS, REPORTS, SINCE, UNTIL, Filled, an_order, filled, keys_of
from tests.staff import hired
from tests.store.rows import DAY, a_referral, a_report

SEALED = {"sealed", "key_id"}
"""Columns that differ each time, by the nature of a seal."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


def begin(store: SqliteStore, first: Invented | None = None) -> str | None:
    return asyncio.run(store.simulation.begin("1", DAY, first or Invented(referrals=[a_referral("invented")])))


def is_simulated(store: SqliteStore) -> bool:
    return asyncio.run(store.statistics.simulated())


def counts(store: SqliteStore) -> dict[str, int]:
    return asyncio.run(store.counts())


# Empty, and marked


def test_invented_data_mark_the_store_for_good(store: SqliteStore, tmp_path: Path) -> None:
    assert not is_simulated(store)
    assert begin(store) is None
    assert is_simulated(store)
    again = SqliteStore(tmp_path / "store.db")
    assert is_simulated(again)
    again.close()


REAL: dict[str, Callable[[SqliteStore], Awaitable[object]]] = {
    "referral": lambda store: store.log_referrals([a_referral("a")]),
    "report": lambda store: store.reports.file(a_report("a")),
    "slip": lambda store: store.make_slip([SlipRow("hash", "jobnet", "find_job", "da", DAY)]),
    "tally": lambda store: store.statistics.tally(DAY, "step", "begun", "da"),
    "entry": lambda store: store.count_entry(DAY, "dansk", "da"),
}


@pytest.mark.parametrize("table", REAL)
def test_a_store_that_holds_anything_real_is_refused_and_stays_as_it_is(store: SqliteStore, table: str) -> None:
    asyncio.run(REAL[table](store))  # type: ignore[arg-type]
    before = counts(store)
    assert begin(store) in {table, "piece"}
    assert not is_simulated(store)
    assert counts(store) == before


def test_a_store_with_an_account_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    hired(store, tmp_path, make_keys(store).team, "kim", "coordinator")
    assert begin(store) == "account"
    assert not is_simulated(store)


def test_keys_alone_do_not_make_a_store_that_is_in_use(store: SqliteStore) -> None:
    make_keys(store)
    assert begin(store) is None


def test_a_second_filling_is_refused(store: SqliteStore) -> None:
    begin(store, Invented())
    make_keys(store)
    public = keys_of(store)
    with pytest.raises(SettingError, match=r"the store is not empty \(table simulation\)"):
        asyncio.run(fill(store.simulation, an_order(), Settings(), public, lambda _: None))
    assert counts(store) == {"referral": 0, "report": 0}


def test_of_a_first_part_that_fails_neither_a_row_nor_the_mark_is_left(store: SqliteStore) -> None:
    twice = Invented(referrals=[a_referral("same"), a_referral("same")])
    with pytest.raises(NotSavedError):
        begin(store, twice)
    assert counts(store)["referral"] == 0
    assert not is_simulated(store)


def test_nothing_invented_is_added_to_a_store_without_the_mark(store: SqliteStore) -> None:
    with pytest.raises(NotSavedError):
        asyncio.run(store.simulation.add(Invented(referrals=[a_referral("a")])))
    assert counts(store)["referral"] == 0


def test_what_is_written_before_it_is_broken_off_is_marked(store: SqliteStore) -> None:
    make_keys(store)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(fill(store.simulation, an_order(), Settings(), keys_of(store), stop))
    assert counts(store)["referral"] == REFERRALS
    assert is_simulated(store)


# As many as were asked for, of those days


def test_there_are_as_many_as_were_asked_for(year: Filled) -> None:
    assert counts(year.store) == {"referral": REFERRALS, "report": REPORTS}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("referral", "made_on"), ("slip", "made_on"), ("slip", "said_on"), ("entry", "entered_on"),
        ("tally", "counted_on"), ("report", "received_on"), ("report", "closed_on"), ("report", "clock_from"),
        ("piece", "on_day"), ("report_consent", "on_day"), ("handover", "made_on"), ("handover", "changed_on"),
    ],
)  # fmt: skip
def test_everything_is_dated_within_the_years(year: Filled, table: str, column: str) -> None:
    ((first, last),) = year.rows(f"SELECT min({column}), max({column}) FROM {table}")  # noqa: S608 - names of this test
    assert SINCE.isoformat() <= first <= last <= UNTIL.isoformat()


def test_the_file_is_sound(year: Filled) -> None:
    assert year.rows("PRAGMA integrity_check") == [("ok",)]
    assert year.rows("PRAGMA foreign_key_check") == []


def test_batches_are_small_however_much_is_asked_for(year: Filled) -> None:
    """So that memory stays flat: only one batch and the counts of days are held at a time."""
    order = Order(1, an_order().years, 2 * BATCH + 1, 0)
    sizes = [len(batch.referrals) for batch in batches(order, Settings(), keys_of(year.store))]
    assert sizes == [BATCH, BATCH, 1, 0]


def test_nothing_of_a_demonstration_is_deleted_for_two_years(year: Filled, tmp_path: Path) -> None:
    copy = tmp_path / "store.db"
    with sqlite3.connect(year.path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    store = SqliteStore(copy)
    journal, last = Journal(store.audit, Anchor(tmp_path / "anchor")), UNTIL + dt.timedelta(days=2 * 365)
    assert asyncio.run(delete_expired(store, journal, last)) == 0
    assert asyncio.run(delete_expired(store, journal, last + dt.timedelta(days=2))) == REPORTS
    store.close()


# The same seed


def content(year: Filled) -> dict[str, set[tuple[object, ...]]]:
    """{table: its rows}, without the keys and what is sealed under them."""
    found = {}
    tables = {name for (name,) in year.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in tables - KEYS - {"_sqlite_migrations"}:
        columns = [row[1] for row in year.rows(f"PRAGMA table_info({table})") if row[1] not in SEALED]
        found[table] = set(year.rows(f"SELECT {', '.join(columns)} FROM {table}"))  # noqa: S608 - names of the schema
    return found


def test_the_same_seed_invents_the_same_rows_and_another_seed_others(year: Filled, tmp_path: Path) -> None:
    again, other = filled(tmp_path / "again", an_order()), filled(tmp_path / "other", an_order(seed=6))
    first = content(year)
    assert len(first["referral"]) == REFERRALS
    assert {table for table, rows in content(again).items() if rows != first[table]} == set()
    assert {table for table, rows in content(other).items() if rows and rows == first[table]} == set()
    again.store.close()
    other.store.close()
