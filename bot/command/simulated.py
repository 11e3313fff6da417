"""Keeps invented data from residents: what speaks to them does not start on a store that is marked as invented."""

import asyncio

from bot.errors import SettingError
from bot.settings import Settings
from bot.store.opening import open_store, place_of_store, store_is_there


def refuse_simulated(settings: Settings) -> None:
    """Raises SettingError where everything in the store is invented. A store that is not there yet is not made."""
    if not store_is_there(settings):
        return
    store = open_store(settings)
    try:
        simulated = asyncio.run(store.statistics.simulated())
    finally:
        store.close()
    if simulated:
        raise SettingError(
            f"everything in {place_of_store(settings)} is invented (vejviser simulate), and no resident may meet it; "
            "`vejviser serve --only console` shows it to staff, and says so on every page"
        )
