"""Bounds that follow from single equations, and which equations hang together: what is left open needs a solver."""

from collections.abc import Sequence

_PATIENCE = 200
"""Propagation may creep by ones; what it leaves open is only solved later."""
type Terms = dict[int, int]
"""{unknown: its weight in an equation}."""


class ContradictionError(Exception):
    """No figures can be as published: the releases do not count the same records."""


def connected(equations: dict[frozenset[tuple[int, int]], int]) -> list[dict[frozenset[tuple[int, int]], int]]:
    leader: dict[int, int] = {}

    def find(place: int) -> int:
        while leader.setdefault(place, place) != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for terms in equations:
        places = [place for place, _ in terms]
        for other in places[1:]:
            leader[find(other)] = find(places[0])
    groups: dict[int, dict[frozenset[tuple[int, int]], int]] = {}
    for terms, constant in equations.items():
        groups.setdefault(find(next(iter(terms))[0]), {})[terms] = constant
    return list(groups.values())


def narrow(equations: Sequence[tuple[Terms, int]], low: list[int], high: list[int]) -> None:
    """Interval propagation to its end: what is left unfixed needs solving."""
    by_place: dict[int, list[int]] = {}
    for number, (terms, _) in enumerate(equations):
        for place in terms:
            by_place.setdefault(place, []).append(number)
    due = dict.fromkeys(range(len(equations)))
    for _ in range(_PATIENCE * len(equations)):
        if not due:
            return
        number = next(iter(due))
        del due[number]
        terms, constant = equations[number]
        for place in _narrowed(terms, constant, low, high):
            due.update(dict.fromkeys(by_place[place]))


def _narrowed(terms: Terms, constant: int, low: list[int], high: list[int]) -> list[int]:
    """Tightens the bounds in one equation; tells whose changed."""
    least = sum(sign * (low[place] if sign > 0 else high[place]) for place, sign in terms.items())
    most = sum(sign * (high[place] if sign > 0 else low[place]) for place, sign in terms.items())
    if least > constant or most < constant:
        raise ContradictionError
    changed = []
    for place, sign in terms.items():
        own = (low[place], high[place]) if sign > 0 else (-high[place], -low[place])
        bottom, top = constant - (most - own[1]), constant - (least - own[0])
        new = (bottom, top) if sign > 0 else (-top, -bottom)
        if new[0] > low[place] or new[1] < high[place]:
            low[place], high[place] = max(low[place], new[0]), min(high[place], new[1])
            changed.append(place)
    return changed
