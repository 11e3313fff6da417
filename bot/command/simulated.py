"""Keeps invented data from residents: what speaks to them does not start on a store that is marked as invented."""

import asyncio

from bot.errors import SettingError
from bot.settings import Settings
from bot.store.sqlite_store import SqliteStore


def refuse_simulated(settings: Settings) -> None:
    """Raises SettingError where everything in the store is invented. A store that is not there yet is not made."""
    path = settings.var / "store.db"
    if not path.exists():
        return
    store = SqliteStore(path)
    try:
        simulated = asyncio.run(store.statistics.simulated())
    finally:
        store.close()
    if simulated:
        raise SettingError(
            f"everything in {settings.var} is invented (vejviser simulate), and no resident may meet it; "
            "`vejviser serve --only console` shows it to staff, and says so on every page"
        )
