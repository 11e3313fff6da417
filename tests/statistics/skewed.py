"""Random skewed sets of records and the tables over them, for attacks."""

import random
from collections import Counter
from collections.abc import Mapping
from itertools import count, islice

from bot.statistics.table import Table

SIZES = {"ground": 12, "area": 9, "form": 8, "district": 5}
PERIOD = "2026Q3"
type Record = dict[str, str]


def codes(dimension: str) -> tuple[str, ...]:
    return tuple(f"{dimension}{number}" for number in range(SIZES[dimension]))


LEVELS = {
    dimension: {code: f"{dimension}_{'ab'[number % 2]}" for number, code in enumerate(codes(dimension))}
    for dimension in SIZES
}
"""Two groups each; a group has no parent."""


def records(seed: int, number: int) -> dict[str, Record]:
    """Records by id: every dimension skewed, each leaning on the one before, as reports do."""
    chance = random.Random(seed)  # noqa: S311 - data for a test
    skew = {dimension: chance.uniform(0.5, 1.3) for dimension in SIZES}
    made: dict[str, Record] = {}
    for serial in range(number):
        record: Record = {}
        lean = 0
        for dimension, size in SIZES.items():
            weights = [1 / (1 + place) ** skew[dimension] for place in range(size)]
            weights[lean % size] *= 3
            record[dimension] = chance.choices(codes(dimension), weights)[0]
            lean = int(record[dimension].removeprefix(dimension))
        made[f"{seed}-{serial}"] = record
    return made


def people(numbers: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], frozenset[int]]:
    """As many people behind each cell, nobody behind two."""
    fresh = count()
    return {cell: frozenset(islice(fresh, min(number, 10))) for cell, number in numbers.items()}


def table(name: str, of: Mapping[str, Record], distinct: Mapping[tuple[str, str], int] | None = None) -> Table:
    """A table as the counting makes it; names such as reports.ground_by_area say the dimensions."""
    dimensions = name.partition(".")[2].split("_by_")
    rows, columns = codes(dimensions[0]), codes(dimensions[1]) if len(dimensions) > 1 else ("",)
    counted = Counter((one[dimensions[0]], one[dimensions[1]] if len(dimensions) > 1 else "") for one in of.values())
    counts = {(row, column): counted[row, column] for row in rows for column in columns}
    return Table(name, PERIOD, rows, columns, counts, people(distinct or counts))
