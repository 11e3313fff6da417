"""Releases of the real table plan, small and made by hand, kept in a store as `vejviser export` would."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from bot.statistics.plan import TablePlan
from bot.statistics.release import INTERNAL, PUBLIC, RULES, Release, SingleFigure, hash_of, written
from bot.statistics.table import Refused, Released
from bot.store.sqlite import SqliteStore
from bot.store.statistics_verbs import ReleaseRow
from bot.store.target_verbs import OfficialRow

QUARTERS = ("2026Q1", "2026Q2", "2026Q3")
GROUNDS: Mapping[str, int | None] = {
    "ethnic_origin": 1_241, "religion_belief": 57, "disability": 0, "age": None, "language": None, "other": 31,
}  # fmt: skip
AREAS: Mapping[tuple[str, str], int | None] = {
    ("ethnic_origin", "housing"): 23, ("ethnic_origin", "at_work"): 41, ("religion_belief", "housing"): None,
    ("religion_belief", "at_work"): None, ("other", "housing"): None, ("other", "at_work"): 12,
}  # fmt: skip


def by_ground(period: str, tier: str = INTERNAL, cells: Mapping[str, int | None] = GROUNDS) -> Released:
    """One dimension; race and sex are merged into `other`."""
    shown = {code: _public(value) if tier == PUBLIC else value for code, value in cells.items()}
    return Released(
        "reports.by_ground", period, tier, tuple(shown), ("",), {(code, ""): value for code, value in shown.items()},
        dict(shown), {"": None if None in shown.values() else sum(filter(None, shown.values()))}, 1_329,
        {"race": "other", "sex": "other"}, _notes(tier),
    )  # fmt: skip


def ground_by_area(period: str, tier: str = INTERNAL) -> Released:
    cells = {cell: _public(value) if tier == PUBLIC else value for cell, value in AREAS.items()}
    rows, columns = tuple(dict.fromkeys(row for row, _ in cells)), tuple(dict.fromkeys(it for _, it in cells))
    totals = {"ethnic_origin": 64, "religion_belief": 15, "other": 20}
    return Released(
        "reports.ground_by_area", period, tier, rows, columns, cells, totals, {"housing": 35, "at_work": 64}, 99,
        {"race": "other", "sex": "other"}, _notes(tier),
    )  # fmt: skip


def _public(value: int | None) -> int | None:
    """Rounded; nothing is hidden for the public but small totals."""
    return 0 if value is None else 5 * round(value / 5)


def _notes(tier: str) -> tuple[str, ...]:
    notes = ("rounded_to_base_5", "figures_do_not_add_up") if tier == PUBLIC else ("some_hidden",)
    return (*notes, "lines_merged")


def of_reports(period: str, plan: TablePlan, tier: str = INTERNAL, *, simulated: bool = False) -> Release:
    """Two tables, one refused, and all three kinds of single figures."""
    return Release(
        kind="reports", period=period, tier=tier, edition=1, plan=plan.version, rules=RULES,
        made_on=dt.date(2026, 10, 20), cut_off=dt.date(2026, 10, 14), simulated=simulated,
        tables=(by_ground(period, tier), ground_by_area(period, tier)),
        refused=(Refused("reports.by_wish", period, "thin"),),
        figures=(
            SingleFigure("reports.answered_in_time", period, 87, 143),
            SingleFigure("reports.days_to_answer", period, 4.5, 96),
            SingleFigure("reports.set_aside", period, None, None),
        ),
    )  # fmt: skip


def keep(store: SqliteStore, *releases: Release) -> None:
    for release in releases:
        text = written(release)
        row = ReleaseRow(
            release.kind, release.period, release.tier, release.edition, release.made_on, "a test", text, hash_of(text)
        )
        assert asyncio.run(store.statistics.keep_release(row, {}))


def keep_three(store: SqliteStore, plan: TablePlan, tier: str = INTERNAL, *, simulated: bool = False) -> None:
    """Three quarters of reports, of which the middle one was never released as a table by ground."""
    first, middle, last = (of_reports(period, plan, tier, simulated=simulated) for period in QUARTERS)
    keep(store, first, replace(middle, tables=middle.tables[1:]), last)


def take_official(store: SqliteStore) -> None:
    """Figures of others: a city's survey with its uncertainty, a national one, and a gap in points."""
    day, hash_ = dt.date(2026, 11, 1), "ab" * 32

    def row(target: str, year: int, source: str, value: str, *more: str) -> OfficialRow:
        n, low, high = (int(more[0]), *more[1:]) if more else (None, None, None)
        return OfficialRow(target, year, source, "https://example.org/a-table", value, n, low, high, day, hash_)

    rows = [
        row("experienced_discrimination", 2019, "A survey of the city", "24", "3063", "22.5", "25.5"),
        row("experienced_discrimination", 2021, "A survey of the city", "27.4", "800", "24.3", "30.5"),
        row("experienced_discrimination", 2021, "A national survey", "43"),
        row("excess_unemployment", 2011, "A register", "10.9"),
        row("excess_unemployment", 2017, "A register", "6.3"),
    ]
    asyncio.run(store.targets.take(rows))
