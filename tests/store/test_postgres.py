"""What is PostgreSQL's own: who waits for whom, what is lost with a connection, what others see and what stays."""

import asyncio
import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.errors import NotSavedError
from bot.store import postgres as module
from bot.store.opening import open_locks
from bot.store.postgres import CONNECTIONS, WRITING
from bot.store.tables.reports import OF_A_REPORT
from bot.store.tables.store import TableStore
from tests.postgres import Cluster
from tests.store.kept import OnPostgres
from tests.store.rows import DAY, a_piece, a_referral, a_report
from tests.store.test_store import files, logs

pytestmark = pytest.mark.slow


@pytest.fixture
def kept(postgres: Cluster, tmp_path: Path) -> Iterator[OnPostgres]:
    kept = OnPostgres(postgres, postgres.shared, tmp_path)
    yield kept
    kept.close()


# Who waits for whom


@contextmanager
def somebody_writes(kept: OnPostgres) -> Iterator[None]:
    with psycopg.connect(kept.settings.database) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", WRITING)
        yield


def test_writers_wait_for_each_other_and_not_for_ever(kept: OnPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SESSION", module.SESSION.replace("'5s'", "'50ms'"))
    impatient = kept.again()
    with somebody_writes(kept):
        with pytest.raises(NotSavedError, match="OperationalError"):
            files(impatient, a_report("a"))
        with pytest.raises(NotSavedError, match="OperationalError"):
            logs(impatient, a_referral("a"))
    files(impatient, a_report("a"))
    assert asyncio.run(impatient.counts()) == {"referral": 0, "report": 1}


def test_a_writer_that_ends_soon_is_waited_for(kept: OnPostgres) -> None:
    async def both() -> None:
        with somebody_writes(kept):
            filing = asyncio.create_task(kept.store.reports.file(a_report("a")))
            await asyncio.sleep(0.3)
            assert not filing.done()
        await filing

    asyncio.run(both())
    assert len(kept.rows("report")) == 1


def test_readers_wait_for_nobody(kept: OnPostgres) -> None:
    files(kept.store, a_report("a"))
    with somebody_writes(kept):
        assert len(asyncio.run(kept.store.reports.reports())) == 1
        assert asyncio.run(kept.store.statistics.read("reports", DAY, DAY, lambda rows: len(list(rows)))) == 1


def test_slow_readers_hold_up_no_writer(kept: OnPostgres) -> None:
    def slowly(database: Any) -> None:
        database.execute("SELECT pg_sleep(2)")

    async def all_at_once() -> float:
        slow = [asyncio.create_task(kept.store._worker.do(slowly)) for _ in range(CONNECTIONS - 1)]
        since = time.monotonic()
        await asyncio.sleep(0)
        await kept.store.reports.file(a_report("a"))
        seconds = time.monotonic() - since
        await asyncio.gather(*slow)
        return seconds

    assert asyncio.run(all_at_once()) < 1.5


def test_nothing_is_written_outside_of_a_transaction_that_waits_for_others(kept: OnPostgres) -> None:
    files(kept.store, a_report("a"))
    for statement in ("DELETE FROM report", "UPDATE report SET area = 'x'", "CREATE TABLE x (y INTEGER)"):
        with pytest.raises(NotSavedError):
            asyncio.run(kept.store._worker.do(lambda database, it=statement: database.execute(it)))  # type: ignore[misc]
    assert len(kept.rows("report")) == 1


def test_a_transaction_in_which_a_statement_failed_is_never_taken_for_a_commit(kept: OnPostgres) -> None:
    def work(database: Any) -> None:
        with database.at_once():
            database.insert("simulation", [{"seed": "1", "made_on": "2026-11-22"}])
            with suppress(psycopg.DataError):
                database.execute("SELECT 1 / 0")

    with pytest.raises(NotSavedError, match="InternalError"):
        asyncio.run(kept.store._worker.do(work))
    assert kept.rows("simulation") == []


# Connections that are lost


def cut_off(kept: OnPostgres) -> int:
    """Every connection of the program; how many there were."""
    found = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'vejviser'"
    return len(kept.cluster.ask(found, kept.name))


def test_connections_that_were_lost_while_nobody_used_them_are_replaced_and_nobody_is_told(kept: OnPostgres) -> None:
    async def use_all() -> None:
        await asyncio.gather(*(kept.store.reports.file(a_report(str(number))) for number in range(20)))

    asyncio.run(use_all())
    assert cut_off(kept) >= CONNECTIONS
    asyncio.run(use_all())
    for number in range(20):
        assert asyncio.run(kept.store.reports.id_of(str(number)))
    assert len(kept.rows("report")) == 20


SENDING: dict[str, tuple[Callable[[TableStore], Any], dict[str, int]]] = {
    "report": (lambda store: store.reports.file(a_report("a" * 32)), {"referral": 0, "report": 1}),
    "referrals": (lambda store: store.log_referrals([a_referral("a"), a_referral("b")]), {"referral": 2, "report": 0}),
}


@pytest.mark.parametrize("what", SENDING)
def test_a_verb_whose_connection_is_cut_says_so_and_is_done_once_when_it_is_sent_again(
    kept: OnPostgres, what: str
) -> None:
    send, done = SENDING[what]

    async def cut() -> None:
        with somebody_writes(kept):
            waiting = asyncio.create_task(send(kept.store))
            await asyncio.sleep(0.2)
            cut_off(kept)
            with pytest.raises(NotSavedError, match="OperationalError"):
                await waiting

    asyncio.run(cut())
    assert asyncio.run(kept.store.counts()) == {"referral": 0, "report": 0}
    for _ in range(2):
        asyncio.run(send(kept.store))
    assert asyncio.run(kept.store.counts()) == done


def many_referrals(kept: OnPostgres) -> None:
    """5,000: more than are read at a time."""
    filled = (
        "INSERT INTO referral (id, mark, made_on, service, need, language, mode) "
        "SELECT n, n, %s, 's', 'n', 'da', 'm' FROM generate_series(1, 5000) AS n"
    )
    kept.by_other_hands(filled, DAY.isoformat())


def test_a_reading_whose_connection_is_cut_says_so(kept: OnPostgres) -> None:
    many_referrals(kept)

    def cut_on_the_way(rows: Any) -> int:
        next(iter(rows))
        cut_off(kept)
        return len(list(rows))

    with pytest.raises(NotSavedError):
        asyncio.run(kept.store.statistics.read("referrals", DAY, DAY, cut_on_the_way))


def test_a_turn_that_is_waited_for_is_given_again_when_the_holders_connection_is_cut(kept: OnPostgres) -> None:
    one, other = open_locks(kept.settings), open_locks(kept.settings)

    async def both() -> bool:
        async with one.held("a"):
            assert not await other.take(5) or other.give_back(5) is None
            cut_off(kept)
            async with asyncio.timeout(5), other.held("a"):
                return True

    assert asyncio.run(both())
    one.close()
    other.close()


# What others see, and what stays


def test_of_a_statement_that_fails_the_servers_log_shows_no_value(kept: OnPostgres) -> None:
    """Only of a key that was there already: `DETAIL`."""
    report = a_report("canary-hash", wishes=("advice", "advice"))
    sealed = a_piece(report.row.id, sealed=b"canary-sealed")
    files(kept.store, a_report("b"))
    with pytest.raises(NotSavedError, match="IntegrityError"):
        files(kept.store, dataclasses.replace(report, pieces=(sealed, sealed)))
    with pytest.raises(NotSavedError, match="DataError"):
        asyncio.run(kept.store.cases.change(report.row.id, {"area": "canary-hash", "schema_version": "none"}))
    log = kept.cluster.log
    assert "UPDATE report SET area = $1, schema_version = $2" in log
    assert [it for it in ("canary-hash", "canary-sealed", b"canary-sealed".hex()) if it in log] == []


HELD = "SELECT count(*) FROM heap_page_items(get_raw_page('vejviser.{table}', {page})) WHERE t_data IS NOT NULL"


def stored(kept: OnPostgres, table: str) -> tuple[int, int]:
    """(rows that are there, rows that stand in the table's pages, dead ones too)."""
    ((pages,),) = kept.cluster.ask(f"SELECT pg_relation_size('vejviser.{table}') / 8192", kept.name)
    found = (kept.cluster.ask(HELD.format(table=table, page=page), kept.name) for page in range(int(str(pages))))
    return len(kept.rows(table)), sum(int(str(rows)) for ((rows,),) in found)


def test_of_a_report_that_is_erased_no_table_holds_a_dead_row(kept: OnPostgres) -> None:
    kept.cluster.ask("CREATE EXTENSION IF NOT EXISTS pageinspect", kept.name)
    files(kept.store, *(a_report(str(number)) for number in range(50)))
    for number in range(0, 50, 3):
        assert asyncio.run(kept.store.reports.erase(asyncio.run(kept.store.reports.id_of(str(number))) or ""))
    for table in OF_A_REPORT:
        rows, held = stored(kept, table)
        assert rows == held, table
    assert stored(kept, "report")[0] == 33


def holds(kept: OnPostgres, canary: bytes) -> bool:
    """Whether a file of a table does."""
    kept.cluster.ask("CHECKPOINT", kept.name)
    files = (path for path in (kept.cluster.folder / "data" / "base").rglob("*") if path.is_file())
    return any(canary in path.read_bytes() for path in files)


def test_a_table_that_is_written_anew_holds_no_byte_of_what_was_erased(kept: OnPostgres) -> None:
    """As docs/privacy.md tells operators; before that, bytes of a large piece may still be there."""
    report, canary = a_report("a"), os.urandom(64)
    files(kept.store, report)
    sealed = os.urandom(50_000) + canary + os.urandom(50_000)
    asyncio.run(kept.store.reports.add_piece(a_piece(report.row.id, sealed=sealed)))
    assert holds(kept, canary)
    assert asyncio.run(kept.store.reports.erase(report.row.id))
    kept.cluster.ask("VACUUM FULL vejviser.piece", kept.name)
    assert not holds(kept, canary)


def test_rows_are_read_in_parts_and_as_they_were_at_the_beginning(kept: OnPostgres) -> None:
    many_referrals(kept)

    def while_others_write(rows: Any) -> int:
        first = next(iter(rows))
        kept.by_other_hands("DELETE FROM referral")
        return len([first, *rows])

    assert asyncio.run(kept.store.statistics.read("referrals", DAY, DAY, while_others_write)) == 5_000
    assert kept.rows("referral") == []
