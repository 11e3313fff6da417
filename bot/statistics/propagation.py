"""Bounds that follow from single equations, and which equations hang together: what is left open needs a solver."""

from collections import deque
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
    due, is_due = deque(range(len(equations))), [True] * len(equations)
    for _ in range(_PATIENCE * len(equations)):
        if not due:
            return
        number = due.popleft()
        is_due[number] = False
        for place in _narrowed(*equations[number], low, high):
            for other in by_place[place]:
                if not is_due[other]:
                    is_due[other] = True
                    due.append(other)


def _narrowed(terms: Terms, constant: int, low: list[int], high: list[int]) -> list[int]:
    """Tightens the bounds in one equation, whose weights are 1 and -1; tells whose changed."""
    least = most = 0
    for place, sign in terms.items():
        least += low[place] if sign > 0 else -high[place]
        most += high[place] if sign > 0 else -low[place]
    up, down = constant - least, most - constant
    if up < 0 or down < 0:
        raise ContradictionError
    changed = []
    room = min(up, down)
    for place, sign in terms.items():
        if high[place] - low[place] > room:
            rise, fall = (up, down) if sign > 0 else (down, up)
            low[place], high[place] = max(low[place], high[place] - fall), min(high[place], low[place] + rise)
            changed.append(place)
    return changed
