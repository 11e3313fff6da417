"""A store with records of one quarter, made for tests of what is counted of them."""

import asyncio
import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import replace

from bot.directory.services import Directory, read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.statistics.codes import plan_of
from bot.statistics.counting import Counting
from bot.statistics.plan import TablePlan
from bot.statistics.release import INTERNAL, Release
from bot.statistics.releasing import Asked, Releasing
from bot.store.sqlite import SqliteStore
from tests.store.rows import a_piece, a_referral, a_report

PERIOD, IN_PERIOD = "2026Q3", dt.date(2026, 8, 15)
TODAY = dt.date(2026, 10, 20)
KEY = b"a key for tests of statistics"
SETTINGS = Settings()
_serial = itertools.count()


def the_directory() -> Directory:
    return read_directory(SETTINGS.content)


def the_plan() -> TablePlan:
    return plan_of(SETTINGS, the_directory(), find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))


def releasing(store: SqliteStore) -> Releasing:
    return Releasing(store.statistics, the_plan(), Counting(the_directory(), 7), KEY)


def release(
    store: SqliteStore, kind: str = "reports", tier: str = INTERNAL, *, again: bool = False, today: dt.date = TODAY
) -> Release:
    asked = Asked(kind, PERIOD, tier, "somebody", today, again)
    return asyncio.run(releasing(store).release(asked))


def refer(store: SqliteStore, number: int, visit: str | None = None, on: dt.date = IN_PERIOD, **columns: str) -> None:
    """So many referrals, each of a conversation of its own unless a visit is named."""
    rows = []
    for _ in range(number):
        mark = f"mark {next(_serial)}"
        rows.append(replace(a_referral(mark), made_on=on, visit=visit or mark, **columns))  # type: ignore[arg-type]
    asyncio.run(store.log_referrals(rows))


def file(
    store: SqliteStore, number: int, *, grounds: Iterable[str] = ("age",), on: dt.date = IN_PERIOD,
    answered_after: int | None = None, **columns: str,
) -> list[str]:  # fmt: skip
    """So many genuine reports; their ids."""
    ids = []
    for _ in range(number):
        made = a_report(f"receipt {next(_serial)}", grounds=tuple(grounds))
        row = replace(made.row, received_on=on, **{"triage": "genuine", "consent_level": "staff_may_reply", **columns})  # type: ignore[arg-type]
        asyncio.run(store.reports.file(replace(made, row=row, pieces=())))
        if answered_after is not None:
            day = on + dt.timedelta(days=answered_after)
            piece = replace(a_piece(row.id, "message", "staff"), on_day=day)
            asyncio.run(store.reports.add_piece(piece))
        ids.append(row.id)
    return ids
