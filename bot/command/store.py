"""`vejviser store`: carries it to another database, while it is served, and proves that both are equal; or erases."""

import argparse
import asyncio
import dataclasses

from tqdm import tqdm

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.retention import delete_expired
from bot.errors import NotSavedError, SettingError
from bot.language.dates import today
from bot.settings import Settings
from bot.store.carrying import Passed, carry, hash_of
from bot.store.database import Database
from bot.store.opening import open_store, place_of_store
from bot.store.tables.store import TableStore

MOST_PASSES = 20
"""After so many, more is written meanwhile than can be carried."""


def store(settings: Settings, given: argparse.Namespace) -> int:
    return {"move": move, "erase": erase}[given.what](settings, given)


def erase(settings: Settings, given: argparse.Namespace) -> int:
    """What the daily run would delete if it trusted the clock; whoever gives the day has looked at one."""
    day = today()
    if given.day != day.isoformat():
        raise SettingError(
            f"store erase: this machine's clock says {day}. If that is today, say --day {day}; if not, set it"
        )
    opened = open_store(settings)
    try:
        journal = Journal(opened.audit, Anchor(settings.var / settings.anchor))
        deleted = asyncio.run(delete_expired(opened, journal, day, by_order=True))
    except NotSavedError as error:
        raise SettingError(f"store erase: the store failed ({error}); start it again") from error
    finally:
        opened.close()
    print(f"{deleted} reports were kept no longer and are deleted; from now on each day's run goes on by itself")  # noqa: T201 - the command's result
    return 0


def move(settings: Settings, given: argparse.Namespace) -> int:
    """Again and again until nothing is left to carry; with `--finish` the old store takes no more from then on."""
    if not given.to or not given.to.startswith("postgres"):
        raise SettingError("store move: where to? --to postgresql://…")
    to = dataclasses.replace(settings, database=given.to)
    if settings.database == to.database:
        raise SettingError("store move: it is there already")
    source, target = open_store(settings), open_store(to)
    try:
        passed = asyncio.run(_move(source, target, finish=given.finish))
    except NotSavedError as error:
        raise SettingError(f"the move stopped: {error}. Nothing is lost; start it again and it goes on") from error
    finally:
        target.close()
        source.close()
    end = f"It takes nothing more: set VEJVISER_DATABASE and start again. Hash {passed.hash}" if given.finish else (
        "Stop the service, then run this again with --finish"
    )  # fmt: skip
    print(f"{passed.rows} rows are at {place_of_store(to)}, equal to those here. {end}")  # noqa: T201 - the command's result
    return 0


async def _move(source: TableStore, target: TableStore, *, finish: bool) -> Passed:
    for _ in range(MOST_PASSES):
        passed = await _pass(source, target)
        print(f"{passed.rows} rows, {passed.written} written")  # noqa: T201 - progress that stays
        if not passed.written:
            break
    return await _last(source, target) if finish else passed


async def _pass(source: TableStore, target: TableStore) -> Passed:
    """Two threads, a connection each: the target's works, and asks the source's for its rows."""
    with tqdm(unit=" rows", desc="compared", disable=None, leave=False) as bar:

        def told(table: str, rows: int) -> None:
            bar.set_postfix_str(table, refresh=False)
            bar.update(rows)

        return await source.worker.look(lambda of: target.worker.now(lambda into: carry(of, into, told)))


async def _last(source: TableStore, target: TableStore) -> Passed:
    """Nothing is written here any more once it begins: not by processes that are still running either."""

    def work(of: Database, into: Database) -> Passed:
        with of.at_once():
            passed = carry(of, into)
            if hash_of(into) != passed.hash:
                raise SettingError("both stores are not equal; nothing was closed, start the move again")
            of.close_for_good()
        return passed

    return await source.worker.do(lambda of: target.worker.now(lambda into: work(of, into)))
