"""Fills an empty store with invented years, batch after batch; the first one marks it as invented for good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.casework.keyring import PublicKeys
from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.errors import SettingError
from bot.language.dates import today
from bot.settings import Settings
from bot.simulation import assumptions
from bot.simulation.counts import Counts
from bot.simulation.dice import Dice, Ids
from bot.simulation.reports import Reports
from bot.simulation.visits import Visits
from bot.simulation.years import Years
from bot.store.simulation_verbs import Invented, Simulation

BATCH = 20_000
"""Referrals at most in one transaction."""
REPORTS_A_BATCH = 1_000


@dataclass(frozen=True)
class Order:
    """What is to be invented; of the same order and content every row is the same, but for what is sealed."""

    seed: int
    years: Years
    referrals: int
    reports: int


async def fill(
    simulation: Simulation, order: Order, settings: Settings, public: PublicKeys, progress: Callable[[int], object]
) -> None:
    """Invent and store all of it; `progress` hears how many referrals and reports more there are.

    Raises SettingError, with nothing stored, where the store is not empty. What is stored stays if it is broken off.
    """
    rows = batches(order, settings, public)
    first = next(rows)
    if held := await simulation.begin(str(order.seed), today(), first):
        raise SettingError(f"the store is not empty (table {held}): invented data never go beside other data")
    progress(first.size)
    for batch in rows:
        await simulation.add(batch)
        progress(batch.size)


def batches(order: Order, settings: Settings, public: PublicKeys) -> Iterator[Invented]:
    """All rows of an order, a little of every day in each batch; counts of days come last."""
    counts = Counts()
    visits = Visits(
        dice=Dice(order.seed, "visits"),
        directory=read_directory(settings.content),
        entries=read_entries(settings.content / "entries.yml"),
        assumed=assumptions.read_assumptions(assumptions.VISITS),
        years=order.years,
        counts=counts,
    )
    assumed = assumptions.read_assumptions(assumptions.REPORTS)
    reports = Reports(Dice(order.seed, "reports"), assumed, order.years, counts, public)
    yield from _in_parts(visits.batch, Dice(order.seed, "ids"), order.referrals, BATCH)
    yield from _in_parts(reports.batch, Dice(order.seed, "report ids"), order.reports, REPORTS_A_BATCH)
    yield counts.rows()


def _in_parts(batch: Callable[[int, Ids], Invented], dice: Dice, count: int, most: int) -> Iterator[Invented]:
    """Ids of the first part stand before those of the second, and so on."""
    parts = -(-count // most)
    for part in range(parts):
        yield batch(min(most, count - part * most), Ids(dice, part, parts))
