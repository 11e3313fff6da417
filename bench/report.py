"""The figures as a table for people and as JSON."""

import datetime as dt
import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.measure import TOGETHER, Figures

EPOCHS = 100
"""Of every network of the `rasa init` pipeline."""
NOTE = """\
Both sides: one server process on 127.0.0.1, the same training messages and conversations, one side after the other in
one run. Times better: how many times less of it Vejviser needs, or how many times more turns it answers.
Stock Rasa does LESS a turn: one English utterance for each need instead of our actions; no services looked up, no
question about the situation, no report form, no translation and nothing sealed; its tracker store is an SQLite file, as
ours. Its action server is never called here; a stock assistant with custom actions needs it running, so its
memory stands apart."""


@dataclass(frozen=True)
class Row:
    what: str
    ours: float
    stock: float
    more_is_better: bool = False

    @property
    def times_better(self) -> float:
        return self.ours / self.stock if self.more_is_better else self.stock / self.ours


def rows(ours: Figures, stock: Figures, epochs: int | None) -> Iterator[Row]:
    yield Row("ready to serve, s (median of 3)", ours.ready_seconds, stock.ready_seconds)
    yield Row("first message answered, s after start", ours.first_answer_seconds, stock.first_answer_seconds)
    yield Row("resident memory of the server, MB", ours.memory_mb, stock.memory_mb)
    with_actions = stock.memory_mb + (stock.action_server_mb or 0.0)
    yield Row(f"  … with the action server ({stock.action_server_mb:.0f} MB)", ours.memory_mb, with_actions)
    for kind, name in (("all", "turn"), ("typed", "  typed"), ("pressed", "  button")):
        for share in ("p50", "p95"):
            yield Row(f"{name} {share}, ms", ours.turns[kind][share], stock.turns[kind][share])
    yield Row(f"turns a second, {TOGETHER} clients", ours.turns_a_second, stock.turns_a_second, more_is_better=True)
    for share in ("p50", "p95"):
        yield Row(f"  {share} of them, ms", ours.together[share], stock.together[share])
    yield Row(
        f"training from nothing, s (stock: {epochs or EPOCHS} of {EPOCHS} epochs)",
        ours.training_seconds,
        stock.training_seconds,
    )


def table(ours: Figures, stock: Figures, epochs: int | None) -> str:
    lines = ["| measure | vejviser | stock rasa | times better |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {row.ours:,.1f} | {row.stock:,.1f} | {row.times_better:.1f} |"
        for row in rows(ours, stock, epochs)
    ]
    counted = ours.turns["all"]["count"], ours.turns["typed"]["count"], ours.turns["pressed"]["count"]
    turns = "One client: {:.0f} turns, {:.0f} typed and {:.0f} buttons".format(*counted)
    failed = f"Of {TOGETHER} clients at once, {ours.failed_together} and {stock.failed_together} turns had no answer."
    return "\n".join([*lines, "", failed, f"{turns}; {ours.presses_as_written:.0%} of the buttons as written.", NOTE])


def machine() -> dict[str, Any]:
    """Asked before the run: its load tells whether the figures are of a quiet machine."""
    return {"system": platform.platform(), "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)}


def write(path: Path, ours: Figures, stock: Figures, machine: Mapping[str, Any], epochs: int | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "stock_epochs": epochs or EPOCHS,
        "machine": machine,
        "vejviser": {**asdict(ours), "ready_seconds": ours.ready_seconds},
        "stock": {**asdict(stock), "ready_seconds": stock.ready_seconds},
        "rows": [{**asdict(row), "times_better": row.times_better} for row in rows(ours, stock, epochs)],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
