"""What operators see: enough to run the service, nothing that tells of one person."""

import asyncio
import datetime as dt
import re
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY, CollectorRegistry, Counter

from bot.errors import NotSavedError
from bot.monitoring.figures import FALLBACK, LEAD, SAVE, UNDERSTAND, InFives, note_turn
from bot.monitoring.serving import served
from bot.settings import ROOT, Settings
from bot.web.console.app import _show_late, make_console
from tests.keys import make_keys
from tests.resident import Resident
from tests.server import free_port
from tests.store.kept import OnSqlite
from tests.store.rows import a_report


def now(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_what_is_told_in_fives_is_told_from_the_fifth_on() -> None:
    counter = Counter("some", "some", ["label"], registry=CollectorRegistry())
    fives = InFives(counter)
    told = []
    for _ in range(12):
        fives.add("a")
        told.append(int(sum(it.value for it in next(iter(counter.collect())).samples if it.name == "some_total")))
    assert told == [0] * 4 + [5] * 5 + [10] * 3


def test_a_turn_is_timed_by_its_steps(resident: Resident) -> None:
    steps = (UNDERSTAND, LEAD, SAVE)
    before = [now("vejviser_turn_seconds_count", step=step) for step in steps]
    resident.says("I want to learn Danish")
    assert [now("vejviser_turn_seconds_count", step=step) for step in steps] == [it + 1 for it in before]


def test_a_report_and_a_cry_for_help_are_no_needs(resident: Resident) -> None:
    needs = resident.guide.directory.needs
    before = now("vejviser_needs_total", need="report_discrimination")
    for _ in range(5):
        note_turn("report_discrimination", "en", needs)
    assert now("vejviser_needs_total", need="report_discrimination") == before
    for _ in range(5):
        resident.says("I want to kill myself")
    assert now("vejviser_needs_total", need="crisis_suicide") == 0


def test_what_was_not_understood_is_counted() -> None:
    before = now("vejviser_not_understood_total")
    note_turn(FALLBACK, "en", ())
    assert now("vejviser_not_understood_total") == before + 1


def test_what_could_not_be_saved_is_counted(tmp_path: Path) -> None:
    kept = OnSqlite(tmp_path)
    before = now("vejviser_not_saved_total")
    kept.by_other_hands("DROP TABLE referral")
    with pytest.raises(NotSavedError):
        asyncio.run(kept.store.counts())
    assert now("vejviser_not_saved_total") == before + 1
    kept.close()


def test_reports_that_are_late_are_told_in_days(tmp_path: Path) -> None:
    console = make_console(Settings(var=tmp_path)).state.console
    make_keys(console.store)
    day = dt.date(2026, 11, 30)
    for number, due in enumerate((day - dt.timedelta(9), day - dt.timedelta(2), day + dt.timedelta(3))):
        report = a_report(f"report {number}")
        asyncio.run(console.store.reports.file(report))
        asyncio.run(console.store.cases.change(report.row.id, {"clock_due": due}))
    asyncio.run(_show_late(console, day))
    assert (now("vejviser_reports_late"), now("vejviser_oldest_late_days")) == (2, 9)
    console.close()


def test_they_are_served_at_an_address_of_their_own_or_nowhere(tmp_path: Path) -> None:
    port = free_port()
    with served(port, "127.0.0.1", tmp_path):
        assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 200
    with pytest.raises(httpx.TransportError), served(0, "127.0.0.1", tmp_path):
        httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=1)


def test_the_sample_dashboard_shows_figures_that_there_are() -> None:
    text = (ROOT / "deploy" / "dashboard.json").read_text(encoding="utf-8")
    shown = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in re.findall(r"vejviser_\w+", text)}
    there = {family.name for family in REGISTRY.collect()}
    assert shown <= there
    assert shown >= {"vejviser_turn_seconds", "vejviser_not_saved", "vejviser_reports_late"}
