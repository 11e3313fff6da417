"""Attacks a release as its best informed reader could: bounds of every hidden figure from all that is published."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bot.statistics.facts import NOTHING, Facts
from bot.statistics.lines import Seen, seen, source_of
from bot.statistics.search import ContradictionError, Search, Target
from bot.statistics.system import System
from bot.statistics.table import Released
from bot.statistics.thresholds import SMALL

type Hidden = tuple[str, str, str | None, str | None]
"""Table, period, row and column; None stands for the total."""


def ranges(
    released: Sequence[Released], wanted: Collection[Hidden] | None = None, facts: Facts = NOTHING
) -> Mapping[Hidden, tuple[int, int]]:
    """The least and the greatest whole number that each hidden figure (or each wanted one) can be.

    All tables of one source and period are taken to count the same records, and so to share margins and total. Where
    their figures contradict that, each table is attacked alone. Nothing is assumed of what is hidden but that it is a
    whole number and not negative.
    """
    return {
        name: (search.least(target), search.greatest(target))
        for search, targets in _attacks(released, wanted, facts)
        for name, target in targets.items()
    }


def narrowed(
    released: Sequence[Released],
    wanted: Collection[Hidden] | None = None,
    facts: Facts = NOTHING,
    low: int = 1,
    high: int = SMALL,
) -> frozenset[Hidden]:
    """The hidden figures that cannot be as small as `low`, or not as great as `high`: `ranges`, but sooner."""
    found: set[Hidden] = set()
    for search, targets in _attacks(released, wanted, facts):
        search.spread(list(targets.values()), low, high)
        found |= {name for name, target in targets.items() if not search.reaches(target, low, high)}
    return frozenset(found)


def _attacks(
    released: Iterable[Released], wanted: Collection[Hidden] | None, facts: Facts
) -> Iterator[tuple[Search, dict[Hidden, Target]]]:
    groups: dict[tuple[str, str], list[Seen]] = {}
    for one in released:
        groups.setdefault((source_of(one.name), one.period), []).append(facts.finest(seen(one)))
    for group in groups.values():
        try:
            yield _attack(group, wanted, facts)
        except ContradictionError:
            yield from (_attack([one], wanted, facts) for one in group)


def _attack(
    group: Sequence[Seen], wanted: Collection[Hidden] | None, facts: Facts
) -> tuple[Search, dict[Hidden, Target]]:
    system = System(group, facts)
    search = Search(system.equations())
    search.settle()
    targets: dict[Hidden, Target] = {}
    for one in group:
        for place, value in one.figures().items():
            name: Hidden = (one.released.name, one.released.period, *place)
            if value is None and (wanted is None or name in wanted):
                targets[name] = system.variables_at(one, place)
    return search, targets
