"""`vejviser outcomes FILE`: what partners say of slips, as CSV with the columns code, service, step, met."""

import argparse
import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path

from bot.casework.desk import Desk, Outcome
from bot.casework.vocabulary import MET, STEPS
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.opening import open_store
from bot.store.secrets import server_key

COLUMNS = ("code", "service", "step", "met")


def outcomes(settings: Settings, given: argparse.Namespace) -> int:
    """Take the file whole, or say of every line what is wrong and take nothing."""
    path = Path(given.file)
    if not path.is_file():
        raise SettingError(f"{path} is no file")
    store = open_store(settings)
    try:
        return asyncio.run(take(Desk(store, server_key(settings.var)), path))
    finally:
        store.close()


async def take(desk: Desk, path: Path) -> int:
    read = list(read_outcomes(path))
    faults = [f"line {line}: {fault}" for line, outcome in read if (fault := await fault_of(desk, outcome))]
    for fault in faults:
        tell(f"{path.name}: {fault}")
    if faults:
        tell(f"{len(faults)} of {len(read)} lines are wrong, nothing taken")
        return 1
    tell(f"{await desk.tell_outcomes(outcome for _, outcome in read)} outcomes taken")
    return 0


def read_outcomes(path: Path) -> Iterator[tuple[int, Outcome]]:
    """(line, outcome) of every row; a file that is no UTF-8 or lacks a column raises SettingError."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            if set(COLUMNS) - set(rows.fieldnames or ()):
                raise SettingError(f"{path.name}: the first line must name the columns {', '.join(COLUMNS)}")
            for row in rows:
                met = (row["met"] or "").strip()
                grade = int(met) if met.isascii() and met.isdigit() else None if not met else -1
                code, service, step = ((row[name] or "").strip() for name in ("code", "service", "step"))
                yield rows.line_num, Outcome(code, service, step, grade)
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingError(f"{path.name}: not readable as CSV in UTF-8: {error}") from error


async def fault_of(desk: Desk, outcome: Outcome) -> str | None:
    """What keeps an outcome from being taken; never the code itself, for it may stand in a log."""
    if outcome.step not in STEPS:
        return f"step must be one of {', '.join(STEPS)}"
    if outcome.met is not None and outcome.met not in MET:
        return "met must be 1 to 5, or empty"
    if outcome.service not in await desk.places_of_slip(outcome.code):
        return "no slip has this code and this service"
    return None


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the command's result
