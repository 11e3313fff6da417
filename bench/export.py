"""`python -m bench.export`: a quarter of a busy city exported, beside plain SQL over the same tables.

Both sides read the same store, one after the other in one run, each in a process of its own. The plain side counts and
writes one CSV a table: no protection, no attack, no other format. Cells that the program shows are compared with it.
"""

import argparse
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.plain_sql import statements
from bench.report import machine
from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import ROOT, Settings
from bot.statistics.codes import plan_of
from bot.statistics.plan import TablePlan
from bot.statistics.release import read
from bot.statistics.releasing import TABLES_OF, Quarter
from bot.statistics.shaping import OTHER
from bot.statistics.table import Released

KINDS = tuple(TABLES_OF)
MOST_SECONDS, MOST_MB = 20, 400
"""What issue 7 asks for, of all kinds together."""


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    peak_mb: float


def main() -> int:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="vejviser-export-") as folder:
        store = _store(given, Path(folder))
        plan, rounds = _plan(), []
        for number in range(1, given.rounds + 1):
            rounds.append(_round(store, Path(folder) / f"round-{number}", plan, given))
            print(f"round {number} of {given.rounds}: {_said(rounds[-1])}", flush=True)
        equal, other = _compared(store, Path(folder) / "round-1", given)
    print(_table(rounds), f"\nshown cells: {equal} as counted by plain SQL, {other} otherwise", f"\n{machine()}")
    return 0 if not other else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.export", description=__doc__)
    parser.add_argument("--store", type=Path, help="a simulated folder that nobody uses now; made if left out")
    parser.add_argument("--period", default="2026Q3")
    parser.add_argument("--tier", default="internal", choices=["internal", "public"])
    parser.add_argument("--referrals", type=int, default=1_000_000, help="where the store is made")
    parser.add_argument("--reports", type=int, default=20_000, help="where the store is made")
    parser.add_argument("--rounds", type=int, default=3, help="how often; the median counts")
    return parser.parse_args()


def _plan() -> TablePlan:
    settings = Settings()
    languages = find_languages(settings.locales, settings.data / "nlu")
    return plan_of(settings, read_directory(settings.content), languages)


# The store


def _store(given: argparse.Namespace, folder: Path) -> Path:
    """A copy that may be written to, or a new one."""
    to = folder / "store"
    if given.store:
        to.mkdir()
        shutil.copy(given.store / "store.db", to)
        return to
    order = ("--seed", "7", "--years", "0.25", "--until", given.period)
    sizes = ("--referrals", str(given.referrals), "--reports", str(given.reports))
    made = _measured(_command("simulate", "--to", str(to), *order, *sizes), os.environ)
    print(f"store made: {_line(made)}", flush=True)
    return to


def _forget_releases(store: Path) -> None:
    """Else the second round would be given what the first one made."""
    with closing(sqlite3.connect(store / "store.db")) as connection, connection:
        connection.execute("DELETE FROM record_set")
        connection.execute("DELETE FROM release")


# Both sides


def _round(store: Path, folder: Path, plan: TablePlan, given: argparse.Namespace) -> Mapping[str, Sequence[Run]]:
    """{side: a run for each kind}."""
    folder.mkdir()
    _forget_releases(store)
    environment = {**os.environ, "VEJVISER_VAR": str(store), "VEJVISER_LOG_LEVEL": "ERROR"}
    asked = ("--period", given.period, "--tier", given.tier)
    ours = [
        _measured(_command("export", kind, *asked, "--to", str(folder / f"ours-{kind}")), environment) for kind in KINDS
    ]
    return {"vejviser export": ours, "plain SQL": [_plain(store, folder, plan, kind, given.period) for kind in KINDS]}


def _plain(store: Path, folder: Path, plan: TablePlan, kind: str, period: str) -> Run:
    quarter, to = Quarter.of(period), folder / f"plain-{kind}"
    to.mkdir()
    asked = list(statements(plan, kind, quarter.first.isoformat(), quarter.last.isoformat()))
    command = (sys.executable, "-m", "bench.plain_tables", str(store / "store.db"), str(to))
    return _measured(command, os.environ, json.dumps(asked))


def _command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bot.command.main", *arguments)


def _measured(command: Sequence[str], environment: Mapping[str, str], typed: str = "") -> Run:
    """Seconds on the clock and of the processor, and the most memory it held (2**20 bytes a MB)."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as told:
        told.write(typed.encode())
        told.seek(0)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=told, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


# Whether they say the same


def _compared(store: Path, folder: Path, given: argparse.Namespace) -> tuple[int, int]:
    """How many cells that are shown, of codes that were merged with no others, are the plain count, and how many not.

    Of the public tier none is, but for chance: they are rounded.
    """
    with closing(sqlite3.connect(store / "store.db")) as connection:
        found = connection.execute("SELECT kind, content FROM release WHERE tier = ?", [given.tier]).fetchall()
    cells = [
        value == plain.get(at, 0)
        for kind, content in found
        for released in read(content).tables
        for plain in [_counts(folder / f"plain-{kind}" / f"{released.name}.csv")]
        for at, value in released.cells.items()
        if value is not None and not _merged(released) & {*at}
    ]
    return sum(cells), len(cells) - sum(cells)


def _merged(released: Released) -> frozenset[str]:
    """Lines that hold more than their own code."""
    return frozenset({*released.merged.values(), OTHER})


def _counts(path: Path) -> dict[tuple[str, str], int]:
    with path.open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    return {(codes[0], codes[1] if len(codes) > 1 else ""): int(number) for *codes, number in lines}


# What is said of it


def _said(runs: Mapping[str, Sequence[Run]]) -> str:
    return "; ".join(f"{side} {', '.join(map(_line, each))}" for side, each in runs.items())


def _line(run: Run) -> str:
    return f"{run.seconds:.1f} s ({run.cpu:.1f} s of CPU, {run.peak_mb:.0f} MB)"


def _table(rounds: Sequence[Mapping[str, Sequence[Run]]]) -> str:
    lines = ["", "| all kinds together, median of the rounds | s | s of CPU | peak, MB |", "|---|---:|---:|---:|"]
    seconds, cpu = {}, {}
    for side in rounds[0]:
        seconds[side] = statistics.median(sum(it.seconds for it in each[side]) for each in rounds)
        cpu[side] = statistics.median(sum(it.cpu for it in each[side]) for each in rounds)
        peak = max(it.peak_mb for each in rounds for it in each[side])
        lines.append(f"| {side} | {seconds[side]:.1f} | {cpu[side]:.1f} | {peak:.0f} |")
    (ours, plain), (ours_cpu, plain_cpu) = seconds.values(), cpu.values()
    lines.append(f"| ratio | {ours / plain:.1f} | {ours_cpu / plain_cpu:.1f} | |")
    return "\n".join([*lines, f"asked for: at most {MOST_SECONDS} s and {MOST_MB} MB"])


if __name__ == "__main__":
    sys.exit(main())
