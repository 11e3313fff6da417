"""`vejviser simulate`: invented years in a folder of their own, to try and to show; never beside real data."""

import argparse
import asyncio
from pathlib import Path

from tqdm import tqdm

from bot.casework.keyring import Keyring
from bot.command.keys import shown
from bot.errors import SettingError
from bot.language.dates import today
from bot.settings import Settings
from bot.simulation.filling import Order, fill
from bot.simulation.years import Years, last_quarter
from bot.store.sqlite import SqliteStore

AFTER = """
  {referrals} referrals and {reports} reports, all of them invented, from {since} to {until}, stand in {folder}
  For staff:  VEJVISER_VAR={folder} vejviser serve --only console
  The chat for residents does not start on it.
"""


def simulate(settings: Settings, given: argparse.Namespace) -> int:
    order = _order(given)
    folder = _empty_folder(settings, given.to)
    store = SqliteStore(folder / "store.db")
    try:
        asyncio.run(_fill(store, order, settings))
    finally:
        store.close()
    years = order.years
    _say(
        AFTER.format(
            referrals=order.referrals, reports=order.reports, since=years.since, until=years.until, folder=folder
        )
    )
    return 0


def _order(given: argparse.Namespace) -> Order:
    for name in ("referrals", "reports"):
        if getattr(given, name) < 0:
            raise SettingError(f"--{name}: must not be less than 0")
    years = Years.ending(given.until or last_quarter(today()), given.years)
    return Order(given.seed, years, given.referrals, given.reports)


def _empty_folder(settings: Settings, to: str | None) -> Path:
    """A new or empty folder, which is not that of the service."""
    if not to:
        raise SettingError("simulate --to: name a new or empty folder")
    folder, of_service = Path(to).resolve(), settings.var.resolve()
    if folder == of_service or of_service in folder.parents:
        raise SettingError(f"simulate --to: {folder} is the folder of the service (VEJVISER_VAR); name another one")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise SettingError(f"simulate --to: {folder} is not empty; invented data never go beside other data")
    except OSError as error:
        raise SettingError(f"simulate --to: {folder} cannot be used: {error.strerror}") from error
    return folder


async def _fill(store: SqliteStore, order: Order, settings: Settings) -> None:
    """Reports are sealed as real ones are, so that the folder needs keys of its own."""
    keyring = Keyring(store)
    if made := await keyring.make_first():
        _say(shown(made))
    with tqdm(total=order.referrals + order.reports, unit="row", disable=None) as bar:
        await fill(store.simulation, order, settings, await keyring.public_keys(), bar.update)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's result
