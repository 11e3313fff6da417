"""What goes out at once: the tables and figures of one kind, period and tier, and what has to be known to read them."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.statistics.table import Refused, Released

INTERNAL, PUBLIC = "internal", "public"
TIERS = (INTERNAL, PUBLIC)
"""T1 for the city's analysts: counts, some hidden. T2 for everybody: rounded. Never one beside the other."""
RULES = "1"
"""Version of the disclosure rules (docs/statistics.md); it rises with every change of what they let out."""
_JOIN = "\t"


@dataclass(frozen=True)
class SingleFigure:
    """One number that is no table; None where too few stand behind it (R6) or where it would tell of 1 to 4 (R3)."""

    name: str
    """Of the table plan, such as reports.answered_in_time."""
    period: str
    value: float | None
    n: int | None
    """How many it rests on; None where that is hidden too."""


@dataclass(frozen=True)
class Change:
    """What is otherwise than in the release before."""

    what: str
    """plan, rules, table_added, table_gone, table_refused, table_back or figures."""
    name: str
    """The measure; empty where the change is of the whole."""
    before: str
    now: str


@dataclass(frozen=True)
class Release:
    kind: str
    """referrals or reports: which measures (`Source.export`)."""
    period: str
    """A calendar quarter, such as 2026Q3."""
    tier: str
    """internal or public."""
    edition: int
    """From 1; later corrections make a new one and leave the earlier as it is."""
    plan: str
    """Version of the table plan."""
    rules: str
    made_on: dt.date
    cut_off: dt.date
    """The last day whose changes count."""
    simulated: bool
    """Made of invented records; never to be taken for real."""
    tables: tuple[Released, ...]
    refused: tuple[Refused, ...]
    figures: tuple[SingleFigure, ...]
    changes: tuple[Change, ...] = ()

    @property
    def id(self) -> str:
        """`reports-2026Q3-internal-1`: a file name, too."""
        return f"{self.kind}-{self.period}-{self.tier}-{self.edition}"


def written(release: Release) -> str:
    """As JSON with sorted keys: the same release is always the same text."""
    values = {**vars(release), "made_on": release.made_on.isoformat(), "cut_off": release.cut_off.isoformat()}
    values["tables"] = [_table(it) for it in release.tables]
    for name in ("refused", "figures", "changes"):
        values[name] = [vars(it) for it in values[name]]
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def read(text: str) -> Release:
    """The release that was `written`."""
    values: dict[str, Any] = json.loads(text)
    values["made_on"], values["cut_off"] = map(dt.date.fromisoformat, (values["made_on"], values["cut_off"]))
    values["tables"] = tuple(_released(it) for it in values["tables"])
    values["refused"] = tuple(Refused(**it) for it in values["refused"])
    values["figures"] = tuple(SingleFigure(**it) for it in values["figures"])
    values["changes"] = tuple(Change(**it) for it in values["changes"])
    return Release(**values)


def hash_of(text: str) -> str:
    """SHA-256 of a written release, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _table(one: Released) -> dict[str, Any]:
    return {**vars(one), "cells": {_JOIN.join(cell): value for cell, value in one.cells.items()}}


def _released(values: Mapping[str, Any]) -> Released:
    cells = {tuple(cell.split(_JOIN)): value for cell, value in values["cells"].items()}
    return Released(
        **{
            **values,
            "rows": tuple(values["rows"]),
            "columns": tuple(values["columns"]),
            "notes": tuple(values["notes"]),
            "cells": {(row, column): value for (row, column), value in cells.items()},
        }
    )
