"""One data set, two releases over it, and what the attacker gets out of both."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.statistics.attacker import Hidden, narrowed, ranges
from bot.statistics.disclosure import protect
from bot.statistics.lines import Place, Seen, seen
from bot.statistics.table import Refused, Released, Table
from tests.statistics.skewed import LEVELS, Record, records, table

FIRST = ("reports.ground_by_area", "reports.ground", "reports.form_by_district")
SECOND = ("reports.ground_by_form", "reports.area_by_district", "reports.ground_by_area", "reports.area")
NUMBERS = (100, 200, 400, 700, 1000)


@dataclass(frozen=True)
class Outcome:
    """What one data set came to."""

    hidden: int
    """Counts of 1 to 4 in released tables."""
    narrowed: tuple[Hidden, ...]
    """Those that cannot be both 1 or less and 5 or more."""
    wrong: tuple[Hidden, ...]
    """Figures shown that are 1 to 4 or not the count, and ranges without the true count."""
    refused: int
    released: int


def attack(seed: int) -> Outcome:
    """Two releases over one set of records; the attacker reads both."""
    of = records(seed, NUMBERS[seed % len(NUMBERS)])
    first = protect([counted(name, of, seed) for name in FIRST], [], LEVELS)
    out = [one for one in first if isinstance(one, Released)]
    second = protect([counted(name, of, seed) for name in SECOND], out, LEVELS)
    out += [one for one in second if isinstance(one, Released)]
    refused = sum(isinstance(one, Refused) for one in (*first, *second))
    return judged(out, of, refused, exact=seed % 5 == 0)


def counted(name: str, of: Mapping[str, Record], seed: int) -> Table:
    """In every third data set some people filed more than one report (R0)."""
    made = table(name, of)
    if seed % 3:
        return made
    chance = random.Random(f"{seed} {name}")  # noqa: S311 - data for a test
    fewer = {cell: max(min(count, 1), count - (chance.random() < 0.2)) for cell, count in made.counts.items()}
    return table(name, of, fewer)


def judged(out: Sequence[Released], of: Mapping[str, Record], refused: int = 0, *, exact: bool = True) -> Outcome:
    """Counts again from the records themselves, and asks the attacker for every hidden count of 1 to 4.

    `exact` asks for whole ranges, which takes longer.
    """
    true = {name_of(one, place): count for one in map(seen, out) for place, count in counts(one, of).items()}
    shown = {name_of(one, place): value for one in map(seen, out) for place, value in one.figures().items()}
    small = {name for name, count in true.items() if 0 < count < 5}
    hidden = {name for name in small if shown[name] is None}
    wrong = [name for name, value in shown.items() if value is not None and (value != true[name] or name in small)]
    found = ranges(out, hidden) if exact else {}
    wrong += [name for name, (low, high) in found.items() if not low <= true[name] <= high]
    out_of = [name for name, (low, high) in found.items() if low > 1 or high < 5] if exact else narrowed(out, hidden)
    return Outcome(len(hidden), tuple(out_of), tuple(wrong), refused, len(out))


def name_of(one: Seen, place: Place) -> Hidden:
    return (one.released.name, one.released.period, *place)


def counts(one: Seen, of: Mapping[str, Record]) -> dict[Place, int]:
    """What truly stands at every place of a release."""
    labels = [{code: label for label, codes in lines.items() for code in codes} for lines in one.lines]
    counted: dict[Place, int] = dict.fromkeys(one.figures(), 0)
    for record in of.values():
        at = [labels[number][record[dimension]] for number, dimension in enumerate(one.dimensions)]
        row, column = at[0], at[1] if len(at) > 1 else ""
        for place in ((row, column), (row, None), (None, column), (None, None)):
            counted[place] += 1
    return counted
