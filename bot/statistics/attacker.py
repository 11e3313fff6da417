"""Attacks releases as their best informed reader could: bounds of every figure from all that is published."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.statistics.facts import NOTHING, Facts
from bot.statistics.lines import Seen, seen, source_of
from bot.statistics.propagation import ContradictionError
from bot.statistics.release import PUBLIC
from bot.statistics.search import Search, Target
from bot.statistics.system import System
from bot.statistics.table import Released
from bot.statistics.thresholds import SMALL

type Hidden = tuple[str, str, str | None, str | None]
"""Table, period, row and column; None stands for the total."""
type _Attack = tuple[Search, dict[Hidden, Target]]


def ranges(
    released: Sequence[Released], wanted: Collection[Hidden] | None = None, facts: Facts = NOTHING
) -> Mapping[Hidden, tuple[int, int]]:
    """The least and the greatest whole number that each hidden figure (or each wanted one) can be.

    All tables of one source, period and tier are taken to count the same records, and so to share margins and total.
    Where their figures contradict that, each table is attacked alone. Nothing is assumed of what is hidden but that it
    is a whole number and not negative, and of a rounded figure that the true one is less than five away. A table that
    contradicts itself tells nothing.
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
    return frozenset(name for attack in _attacks(released, wanted, facts) for name in _narrowed(attack, low, high))


def told(released: Sequence[Released], wanted: Collection[Hidden], facts: Facts = NOTHING) -> frozenset[Hidden]:
    """Which of some rounded figures are known to stand for 1 to 4: neither for none nor for five."""
    found: set[Hidden] = set()
    for search, targets in _attacks(released, wanted, facts):
        search.spread(list(targets.values()), 0, SMALL)
        found |= {name for name, it in targets.items() if not (search.falls_to(it, 0) or search.rises_to(it, SMALL))}
    return frozenset(found)


def narrowed_by_both(
    before: Sequence[Released], now: Sequence[Released], wanted: tuple[Collection[Hidden], Collection[Hidden]],
    facts: Facts = NOTHING,
) -> tuple[frozenset[Hidden], frozenset[Hidden]]:  # fmt: skip
    """`narrowed` of each of two editions, by somebody who has both and knows that records came and none went."""
    found: tuple[set[Hidden], set[Hidden]] = (set(), set())
    parts = frozenset({"first"}), frozenset({"first", "later"})
    groups: dict[tuple[str, str], tuple[list[Seen], list[Seen]]] = {}
    for which, edition in enumerate((before, now)):
        for one in edition:
            as_read = replace(facts.finest(seen(one)), within={"edition": parts[which]})
            groups.setdefault((source_of(one.name), one.period), ([], []))[which].append(as_read)
    for group in groups.values():
        try:
            attacks = _attack([*group[0], *group[1]], group, wanted, facts)
        except ContradictionError:  # some went, so that nothing is known of any
            continue
        for which, attack in enumerate(attacks):
            found[which].update(_narrowed(attack, 1, SMALL))
    return frozenset(found[0]), frozenset(found[1])


def _narrowed(attack: _Attack, low: int, high: int) -> Iterator[Hidden]:
    search, targets = attack
    search.spread(list(targets.values()), low, high)
    yield from (name for name, target in targets.items() if not search.reaches(target, low, high))


def _attacks(released: Iterable[Released], wanted: Collection[Hidden] | None, facts: Facts) -> Iterator[_Attack]:
    groups: dict[tuple[str, str, str], list[Seen]] = {}
    for one in released:
        groups.setdefault((source_of(one.name), one.period, one.tier), []).append(facts.finest(seen(one)))
    for group in groups.values():
        yield from _together_or_alone(group, wanted, facts)


def _together_or_alone(group: list[Seen], wanted: Collection[Hidden] | None, facts: Facts) -> Iterator[_Attack]:
    for of_people in (False, True) if group[0].released.tier == PUBLIC else (False,):
        try:
            yield from _attack(group, [group], [wanted], facts, of_people=of_people)
        except ContradictionError:
            continue
        return
    if len(group) == 1:
        return
    for alone in group:
        yield from _together_or_alone([alone], wanted, facts)


def _attack(
    group: Sequence[Seen],
    sides: Sequence[Sequence[Seen]],
    wanted: Sequence[Collection[Hidden] | None],
    facts: Facts,
    *,
    of_people: bool = False,
) -> list[_Attack]:
    """One search over all of a group, and of each of its sides what is wanted."""
    system = System(group, facts, of_people=of_people)
    search = Search(system.equations())
    search.settle()
    attacks: list[_Attack] = []
    for side, names in zip(sides, wanted, strict=True):
        targets: dict[Hidden, Target] = {}
        for one in side:
            for place, value in one.figures().items():
                name: Hidden = (one.released.name, one.released.period, *place)
                if name in names if names is not None else value is None:
                    targets[name] = system.variables_at(one, place)
        attacks.append((search, targets))
    return attacks
