"""A console on a folder of its own, with reports and people."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.settings import Settings
from bot.store.report_verbs import ReportRow
from bot.store.secrets import server_key
from bot.web.console.app import make_console
from bot.web.console.desk import Console
from tests.console.member import Member
from tests.keys import make_keys

type Hires = Callable[..., Member]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    app = make_console(Settings(var=tmp_path))
    app.state.console.first = make_keys(app.state.console.store)
    yield app
    app.state.console.close()


@pytest.fixture
def console(app: Any) -> Console:
    console: Console = app.state.console
    return console


@pytest.fixture
def desk(console: Console, tmp_path: Path) -> Desk:
    return Desk(console.store, server_key(tmp_path))


@pytest.fixture
def own(console: Console, tmp_path: Path) -> OwnReports:
    return OwnReports(console.store, server_key(tmp_path))


@pytest.fixture
def hires(app: Any) -> Hires:
    def hires(name: str, role: str, body: str | None = None) -> Member:
        return Member(app, name, role, body)

    return hires


@pytest.fixture
def coordinator(hires: Hires) -> Member:
    """Signed in, with the key open, in English."""
    return hires("kim", "coordinator").signs_in().opens_key()


@pytest.fixture
def caseworker(hires: Hires) -> Member:
    return hires("sam", "caseworker").signs_in().opens_key()


def rows(console: Console) -> list[ReportRow]:
    return asyncio.run(console.store.reports.reports())


def only_report(console: Console) -> str:
    (row,) = rows(console)
    return row.id


def events(console: Console, object_: str | None = None) -> list[str]:
    """Verbs on the record, the first first."""
    return [it.verb for it in reversed(asyncio.run(console.store.audit.newest(1_000, object_=object_)))]
