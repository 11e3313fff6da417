"""`vejviser export`: the figures of a quarter as files. What was let out is kept, and is the same ever after."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.command.record import COMMAND, record_of
from bot.directory.services import read_directory
from bot.errors import SettingError
from bot.language.dates import today
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.statistics.codes import plan_of
from bot.statistics.counting import Counting
from bot.statistics.files import write, write_targets
from bot.statistics.labels import read_labels
from bot.statistics.plan import TablePlan
from bot.statistics.release import Release, hash_of, written
from bot.statistics.releasing import Asked, Releasing
from bot.statistics.targets_file import read_targets
from bot.store.opening import open_store, place_of_store, store_is_there
from bot.store.secrets import rounding_key
from bot.store.verbs import Store

TARGETS = "targets"


def export(settings: Settings, given: argparse.Namespace) -> int:
    if not store_is_there(settings):
        raise SettingError(f"{place_of_store(settings)} holds no store: nothing was counted yet")
    if given.what != TARGETS and not (given.period and given.tier):
        raise SettingError(
            f"export {given.what}: --period and --tier are needed, such as --period 2026Q3 --tier internal"
        )
    folder = Path(given.to)
    store = open_store(settings)
    try:
        with tqdm(desc=given.what, unit="step", disable=not sys.stderr.isatty()) as bar:
            paths = asyncio.run(_exported(settings, store, given, folder, _shown(bar)))
    finally:
        store.close()
    tell(f"{len(paths)} files in {folder}")
    return 0


def _shown(bar: Any) -> Callable[[str], None]:
    def step(what: str) -> None:
        bar.set_postfix_str(what)
        bar.update()

    return step


async def _exported(
    settings: Settings, store: Store, given: argparse.Namespace, folder: Path, progress: Callable[[str], None]
) -> list[Path]:
    """On record before the files are written."""
    note = record_of(store, settings)
    directory = read_directory(settings.content)
    plan = plan_of(settings, directory, find_languages(settings.locales, settings.data / "nlu"))
    targets = read_targets(settings.content)
    if given.what == TARGETS:
        await note("export_made", what=TARGETS, hash="")
        official = await store.targets.official()
        simulated = await store.statistics.simulated()
        return write_targets(targets, official, plan, today(), folder, progress=progress, simulated=simulated)
    counting = Counting(directory, settings.acknowledge_days)
    releasing = Releasing(store.statistics, plan, counting, rounding_key(settings.var), progress)
    release = await releasing.release(Asked(given.what, given.period, given.tier, COMMAND, today(), given.again))
    await note("export_made", what=release.id, hash=hash_of(written(release)))
    _tell_of(release, plan)
    return write(release, plan, read_labels(settings, plan), targets, folder, progress=progress)


def _tell_of(release: Release, plan: TablePlan) -> None:
    simulated = "; SIMULATED: every record is invented" if release.simulated else ""
    tell(f"{release.id}: plan {release.plan}, rules {release.rules}, cut-off {release.cut_off}{simulated}")
    for table in release.tables:
        hidden = sum(value is None for value in table.cells.values())
        tell(f"  {table.name}: {len(table.cells)} cells, {hidden} hidden")
    for refused in release.refused:
        tell(f"  {refused.name}: refused, {REASONS[refused.reason]}")
    if release.changes:
        tell(f"  {len(release.changes)} changes since the release before: changes.csv")


REASONS = {
    "thin": "fewer than ten, or lines that stay below ten even together",
    "unsafe": "it would tell about somebody, however much is hidden",
    "differs": "its records differ by one to four from those of an earlier edition",
    "too_few": "fewer than ten",
    "unknown": "it is not in the table plan",
}


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the command's result
