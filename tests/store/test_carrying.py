"""A store that is carried to another is equal to it, however often that was cut off and whatever came meanwhile."""

import asyncio
import dataclasses
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command.main import main
from bot.errors import NotSavedError, SettingError
from bot.settings import ROOT, Settings
from bot.store.carrying import BATCH, Passed, carry, hash_of
from bot.store.opening import open_store
from bot.store.shape import shapes
from bot.store.tables.store import TableStore
from tests.keys import make_keys
from tests.postgres import Cluster
from tests.simulation.years import an_order, filled
from tests.store.kept import Kept, OnPostgres, OnSqlite
from tests.store.rows import a_referral, a_report
from tests.store.test_store import files, logs

ROWS = 2 * BATCH + 50


def passes(source: TableStore, target: TableStore) -> Passed:
    return source.worker.now(lambda of: target.worker.now(lambda into: carry(of, into)))


def hashed(store: TableStore) -> str:
    return store.worker.now(hash_of)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OnSqlite]:
    """With rows in nearly every table, and more than one batch of some."""
    kept = OnSqlite(tmp_path / "source")
    make_keys(kept.store)
    logs(kept.store, *(a_referral(f"referral {number}") for number in range(ROWS)))
    files(kept.store, *(a_report(f"report {number}") for number in range(30)))
    yield kept
    kept.close()


def test_every_table_is_carried_and_both_are_equal(source: OnSqlite, kept: Kept) -> None:
    first = passes(source.store, kept.store)
    assert first.written == first.rows > ROWS
    assert first.hash == hashed(source.store) == hashed(kept.store)
    again = passes(source.store, kept.store)
    assert (again.rows, again.written, again.hash) == (first.rows, 0, first.hash)


def test_what_was_changed_or_deleted_meanwhile_is_carried_by_the_next_pass(source: OnSqlite, kept: Kept) -> None:
    passes(source.store, kept.store)
    gone, changed = asyncio.run(source.store.reports.reports())[:2]
    asyncio.run(source.store.reports.erase(gone.id))
    asyncio.run(source.store.cases.change(changed.id, {"triage": "genuine"}))
    logs(source.store, a_referral("new"))
    assert passes(source.store, kept.store).written == 2
    assert hashed(source.store) == hashed(kept.store)
    assert asyncio.run(kept.store.reports.report(gone.id)) is None


def test_what_only_the_other_holds_goes(source: OnSqlite, kept: Kept) -> None:
    files(kept.store, a_report("of the target alone"))
    logs(kept.store, *(a_referral(f"of the target alone {number}") for number in range(BATCH + 1)))
    passes(source.store, kept.store)
    assert hashed(source.store) == hashed(kept.store)


def test_a_store_that_is_closed_takes_nothing_more_from_anybody(source: OnSqlite) -> None:
    other = source.again()

    def closes(database: object) -> None:
        with database.at_once():  # type: ignore[attr-defined]
            database.close_for_good()  # type: ignore[attr-defined]

    source.store.worker.now(closes)
    for store in (source.store, other):
        with pytest.raises(NotSavedError):
            logs(store, a_referral("too late"))
        with pytest.raises(NotSavedError):
            files(store, a_report("too late"))
    assert asyncio.run(other.counts())["referral"] == ROWS
    with pytest.raises(SettingError, match="VEJVISER_DATABASE"):
        source.again()


def test_every_table_has_a_place_behind_those_it_refers_to() -> None:
    names = [shape.name for shape in shapes()]
    assert names.index("report") < names.index("piece") < len(names)
    assert names.index("handover") < names.index("handover_key")


# The command


def moves(var: Path, to: str, *more: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("VEJVISER_VAR", str(var))
    return main(["store", "move", "--to", to, *more])


@pytest.mark.slow
def test_the_command_carries_closes_the_old_store_and_says_both_hashes(
    source: OnSqlite,
    postgres: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = OnPostgres(postgres, postgres.database(), tmp_path / "target")
    var, to = source.settings.var, target.settings.database
    assert moves(var, to, monkeypatch=monkeypatch) == 0
    assert "Stop the service" in capsys.readouterr().out
    logs(source.store, a_referral("while it is still served"))
    assert moves(var, to, "--finish", monkeypatch=monkeypatch) == 0
    assert hashed(target.store) in capsys.readouterr().out
    assert asyncio.run(target.store.counts())["referral"] == ROWS + 1
    assert moves(var, to, monkeypatch=monkeypatch) == 1
    assert "moved away" in capsys.readouterr().err
    target.close()


@pytest.mark.parametrize("to", ["", "sqlite:///x", "postgresql://nobody@/none?host=/nowhere"])
def test_a_place_that_is_none_is_refused(
    source: OnSqlite, to: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert moves(source.settings.var, to, monkeypatch=monkeypatch) == 1
    assert "vejviser: " in capsys.readouterr().err
    logs(source.store, a_referral("it goes on"))


@pytest.mark.slow
@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.long)])
def test_a_move_that_is_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path, postgres: Cluster, kills: int
) -> None:
    """While people are served: rows come between the kills."""
    source = Settings(var=tmp_path / "source")
    store = filled(source.var, an_order()).store
    target = dataclasses.replace(source, database=postgres.url(postgres.database()))
    chance = random.Random(20261130)  # noqa: S311 - when to kill
    command = [sys.executable, "-m", "bot.command.main", "store", "move", "--to", target.database]
    environment = {"VEJVISER_VAR": str(source.var), "PATH": "/usr/bin:/bin"}
    killed = 0
    for number in range(kills):
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.4, 1.4))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        logs(store, a_referral(f"between kills {number}"))
    assert killed > kills / 2
    store.close()
    done = subprocess.run([*command, "--finish"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    moved = open_store(target)
    assert hashed(moved) in done.stdout
    referrals = asyncio.run(moved.counts())["referral"]
    assert referrals == an_order().referrals + kills
    moved.close()
