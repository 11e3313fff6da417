"""Releases of every sort, written into folders, and what can be read back from them."""

import csv
import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.statistics.files import write, write_targets
from bot.statistics.labels import LANGUAGES, TOTAL, Labels, read_labels
from bot.statistics.lines import dimensions_of
from bot.statistics.plan import TablePlan
from bot.statistics.release import INTERNAL, PUBLIC, Release
from bot.statistics.table import Released
from bot.statistics.targets_file import read_targets
from bot.store.target_verbs import OfficialRow
from tests.statistics.releases import empty_release, sample_plan, sample_release

PLAN = sample_plan()
LABELS = read_labels(Settings(), PLAN)
TARGETS = read_targets(Settings().content)
HOSTILE = (
    "=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "﹢1", "＠x", '=HYPERLINK("http://x.dk";"y")',
    "=cmd|' /C calc'!A0", "'already", "''", 'a"b,c;d', "line\r\nbreak", "nul\0l", "\u202eright to left", "<b>&amp;]]>",
    "Ærø Åse Østerbro æøå", "😀", "_x0041_", "a" * 3_000,
)  # fmt: skip
RELEASES = {
    "internal reports": sample_release(INTERNAL),
    "internal referrals, second edition": sample_release(INTERNAL, kind="referrals", edition=2),
    "public reports": sample_release(PUBLIC),
    "public referrals": sample_release(PUBLIC, kind="referrals"),
    "simulated, internal": sample_release(INTERNAL, simulated=True),
    "simulated, public": sample_release(PUBLIC, kind="referrals", simulated=True),
    "nothing released": empty_release(INTERNAL),
    "nothing released, simulated": empty_release(PUBLIC, simulated=True),
}
OFFICIAL = [
    OfficialRow(
        "excess_unemployment", 2017, "Danmarks Statistik", "https://www.statistikbanken.dk/", "-0.50", 1_200, "-1.1",
        "0.10", dt.date(2026, 11, 1), "a" * 64,
    ),
    OfficialRow(
        "experienced_discrimination", 2016, "Københavns Kommune", "https://kk.dk/stemplet", "26", None, None, None,
        dt.date(2026, 11, 2), "b" * 64,
    ),
]  # fmt: skip
MADE_ON = dt.date(2026, 11, 29)


def hostile_labels() -> Labels:
    """Each code of the plan is called something that a spreadsheet, a reader or a terminal might act upon."""
    codes = [(name, code) for name, it in PLAN.dimensions.items() for code in (*it.codes, *PLAN.groups, "other", TOTAL)]
    texts = {f"own.{name}.{code}": HOSTILE[place % len(HOSTILE)] for place, (name, code) in enumerate(codes)}
    return Labels(dict.fromkeys(LANGUAGES, texts))


def hostile_codes(release: Release) -> Release:
    """Its rows, too, are called so."""
    return dataclasses.replace(release, tables=tuple(map(_hostile, release.tables)))


def _hostile(table: Released) -> Released:
    names = {row: f"{HOSTILE[place % 10].strip()}{place}" for place, row in enumerate(table.rows)}
    return dataclasses.replace(
        table,
        rows=tuple(names.values()),
        cells={(names[row], column): value for (row, column), value in table.cells.items()},
        row_totals={names[row]: value for row, value in table.row_totals.items()},
        merged={code: names.get(line, line) for code, line in table.merged.items()},
    )


def written(release: Release, folder: Path, *, labels: Labels = LABELS, plan: TablePlan = PLAN) -> list[Path]:
    return write(release, plan, labels, TARGETS, folder)


def targets_written(folder: Path, *, simulated: bool = False) -> list[Path]:
    return write_targets(TARGETS, OFFICIAL, PLAN, MADE_ON, folder, simulated=simulated)


def package(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(next(folder.glob("*datapackage.json")).read_text())
    return values


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Of a CSV file, by the name of its table."""
    path = next(it for it in folder.glob("*.csv") if it.name.removeprefix("SIMULATED-") == f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def places(table: Released) -> dict[tuple[str, ...], int | None]:
    """{a code for each dimension, `_T` for totals: figure} of what was let out."""
    if len(dimensions_of(table.name)) == 1:
        return {**{(row,): table.cells[row, ""] for row in table.rows}, (TOTAL,): table.total}
    return {
        **table.cells,
        **{(row, TOTAL): value for row, value in table.row_totals.items()},
        **{(TOTAL, column): value for column, value in table.column_totals.items()},
        (TOTAL, TOTAL): table.total,
    }
