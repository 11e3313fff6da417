"""A room where staff work, for the tests of it: a store with the team's keys, everything on it, and a report."""

import asyncio
import datetime as dt
from functools import cached_property
from pathlib import Path

import time_machine

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.caseload import Caseload
from bot.casework.clocks import Clocks
from bot.casework.desk import Desk
from bot.casework.keyring import FIRST, TeamKey
from bot.casework.office import Office, Opened
from bot.casework.own_report import OwnReports
from bot.casework.retention import delete_expired
from bot.casework.sealing import ReportKey
from bot.language.dates import today
from bot.store.report_verbs import ReportRow
from bot.store.sqlite import SqliteStore
from tests.keys import keyring_of, make_keys
from tests.reports import VERSIONS, a_telling, filed, opened

KEY = b"k" * 32
CAME = dt.date(2026, 11, 30)
"""The day of the report where a test holds the clock."""


def goes_to(clock: time_machine.Traveller, day: dt.date) -> None:
    clock.move_to(dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC))


class Room:
    """On a folder; what is not asked for is not made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder / "store.db")
        self.first = make_keys(self.store)
        self.desk, self.own = Desk(self.store, KEY), OwnReports(self.store, KEY)
        self.office, self.caseload = Office(self.store, self.own), Caseload(self.store, Clocks())
        self.journal = Journal(self.store.audit, Anchor(folder / "elsewhere" / "audit.anchor"))

    @cached_property
    def team(self) -> TeamKey:
        return asyncio.run(keyring_of(self.store).open(FIRST, self.first.team))

    @cached_property
    def key(self) -> ReportKey:
        """Of a report that comes when it is first asked for."""
        return opened(self.own, filed(self.desk))

    @property
    def report(self) -> str:
        return self.key.report_id

    @property
    def row(self) -> ReportRow:
        """As it is now."""
        row = asyncio.run(self.store.reports.report(self.report))
        assert row
        return row

    def another(self, organisation: str = "Another", *, readable: bool = True) -> ReportKey:
        """The key of another person's report, about an organisation as it was written."""
        telling = a_telling(organisation=[organisation], readable=readable)
        return opened(self.own, filed(self.desk, telling, organisation.encode("utf-8", "replace")))

    def sees(self, key: ReportKey | None = None) -> Opened:
        """What staff are shown of the report, or of another."""
        return asyncio.run(self.office.open((key or self.key).report_id, self.team))

    def takes_back(self, consent: str, key: ReportKey | None = None) -> None:
        """Its person does."""
        asyncio.run(self.own.consent(key or self.key, {consent: "no"}, VERSIONS, "ar"))

    def deletes(self) -> int:
        """The daily run of the day it is now; how many reports."""
        return asyncio.run(delete_expired(self.store, self.journal, today()))

    def on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("store.db*")))

    def count(self, table: str) -> int:
        return int(self.store._worker.database[table].count)
