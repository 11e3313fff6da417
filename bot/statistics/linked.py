"""Which tables count the same records, so that their figures can be added up together."""

from collections.abc import Sequence

from bot.statistics.lines import dimensions_of, source_of
from bot.statistics.table import Table


def linked(tables: Sequence[Table]) -> list[list[int]]:
    """Tables that share source, period, total and every margin: they count the same records."""
    groups: list[list[int]] = []
    for number, table in enumerate(tables):
        for group in groups:
            if all(_share(tables[other], table) for other in group):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def _share(one: Table, other: Table) -> bool:
    if (source_of(one.name), one.period) != (source_of(other.name), other.period):
        return False
    return sum(one.counts.values()) == sum(other.counts.values()) and all(
        _margin(one, dimension) == _margin(other, dimension)
        for dimension in {*dimensions_of(one.name)} & {*dimensions_of(other.name)}
    )


def _margin(table: Table, dimension: str) -> dict[str, int]:
    which = dimensions_of(table.name).index(dimension)
    margin: dict[str, int] = {}
    for cell, count in table.counts.items():
        margin[cell[which]] = margin.get(cell[which], 0) + count
    return {code: count for code, count in margin.items() if count}
