"""The few words beside SQL that an engine must have: they do the same in each."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import NotSavedError
from bot.store.database import Database, is_one_of
from bot.store.tables.store import TableStore
from tests.store.kept import Kept

ROW = {"seed": "1", "made_on": "2026-11-22"}
LATER = ROW | {"made_on": "2026-11-23"}


def done[Result](store: TableStore, work: Callable[[Database], Result]) -> Result:
    def at_once(database: Database) -> Result:
        with database.at_once():
            return work(database)

    return asyncio.run(store._worker.do(at_once))


def test_a_row_that_is_there_already_is_refused_left_or_replaced(kept: Kept) -> None:
    done(kept.store, lambda database: database.insert("simulation", [ROW]))
    with pytest.raises(NotSavedError, match="IntegrityError"):
        done(kept.store, lambda database: database.insert("simulation", [LATER]))
    done(kept.store, lambda database: database.insert_new("simulation", [LATER, ROW | {"seed": "2"}]))
    assert kept.rows("simulation") == [ROW, ROW | {"seed": "2"}]
    done(kept.store, lambda database: database.replace("simulation", [LATER], ["seed"]))
    assert sorted(row["made_on"] for row in kept.rows("simulation")) == ["2026-11-22", "2026-11-23"]


def test_a_row_that_is_nothing_but_its_key_is_replaced_by_itself(kept: Kept) -> None:
    done(kept.store, lambda database: database.replace("simulation", [ROW], ["seed", "made_on"]))
    done(kept.store, lambda database: database.replace("simulation", [ROW], ["seed", "made_on"]))
    assert kept.rows("simulation") == [ROW]


def test_no_rows_are_no_statement(kept: Kept) -> None:
    def nothing(database: Database) -> None:
        database.insert("simulation", [])
        database.insert_new("simulation", iter(()))
        database.replace("simulation", [], ["seed"])

    done(kept.store, nothing)
    assert kept.rows("simulation") == []


def test_rows_are_counted_all_or_where_a_condition_holds(store: TableStore) -> None:
    def counted(database: Database) -> list[int]:
        database.insert("simulation", [ROW, LATER | {"seed": "2"}])
        asked: list[tuple[str, Any]] = [
            ("true", ()), ("made_on = ?", [ROW["made_on"]]), ("made_on = :day", {"day": "never"}),
            (is_one_of("seed", ["1", "2", "3"]), ["1", "2", "3"]), (is_one_of("seed", []), []),
        ]  # fmt: skip
        return [database.count("simulation", where, values) for where, values in asked]

    assert done(store, counted) == [2, 1, 0, 2, 0]


def test_how_many_rows_a_statement_wrote_is_known(store: TableStore) -> None:
    def wrote(database: Database) -> list[int]:
        database.insert("simulation", [ROW, LATER | {"seed": "2"}])
        statements = [
            "UPDATE simulation SET made_on = 'x' WHERE seed = '1'", "UPDATE simulation SET made_on = 'x'",
            "DELETE FROM simulation WHERE seed = '3'", "DELETE FROM simulation",
            "INSERT INTO simulation (seed, made_on) VALUES ('1', '') ON CONFLICT DO NOTHING",
            "INSERT INTO simulation (seed, made_on) VALUES ('1', '') ON CONFLICT DO NOTHING",
        ]  # fmt: skip
        return [database.execute(statement).rowcount for statement in statements]

    assert done(store, wrote) == [1, 2, 0, 2, 1, 0]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_goes_on(kept: Kept) -> None:
    def fail(database: Database) -> None:
        database.insert("simulation", [ROW])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(kept.store, fail)
    assert kept.rows("simulation") == []
    done(kept.store, lambda database: database.insert("simulation", [ROW]))
    assert kept.rows("simulation") == [ROW]


def test_the_right_sides_of_a_change_are_read_as_they_were(kept: Kept) -> None:
    done(kept.store, lambda database: database.insert("simulation", [ROW]))
    swapped = "UPDATE simulation SET seed = made_on, made_on = seed"
    done(kept.store, lambda database: database.execute(swapped))
    assert kept.rows("simulation") == [{"seed": ROW["made_on"], "made_on": ROW["seed"]}]
