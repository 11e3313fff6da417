"""Finds the least and greatest whole number a figure can be under equations: first by bounds alone, then by HiGHS."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from bot.statistics.system import Equation, Variable

MOST = 10**9
"""Greater than any figure here; stands for "without bound"."""
_WHOLE = 1e-6
_TRIES = 6
_PATIENCE = 200
"""Propagation may creep by ones; what it leaves open is only solved later."""
type _Terms = dict[int, int]
type Target = tuple[Variable, ...]
type Numbers = NDArray[np.float64]


class ContradictionError(Exception):
    """No figures can be as published: the releases do not count the same records."""


@dataclass
class _Part:
    """Unknowns that hang together, with their equations as one matrix."""

    unknowns: list[int]
    column: dict[int, int]
    """Where each unknown stands in them."""
    matrix: csr_matrix
    sums: Numbers
    key: frozenset[object]
    """The same for parts that say the same, in whatever system."""
    points: list[Numbers] = field(default_factory=list)
    """Whole-numbered solutions met so far."""

    def weighed(self, objective: Numbers) -> list[tuple[int, bool]]:
        """Each unknown, and whether the objective asks for it."""
        return list(zip(self.unknowns, (bool(weight) for weight in objective), strict=True))


class Search:
    """All that is asked of one system of equations; what was found is kept for the next question."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        self._index: dict[Variable, int] = {}
        self._equations = [self._compiled(equation) for equation in equations]
        self._low = [0] * len(self._index)
        self._high = [MOST] * len(self._index)
        _narrow(self._equations, self._low, self._high)
        self._parts = self._split()
        self._part_of = {unknown: part for part in self._parts for unknown in part.unknowns}

    def bounds(self, target: Target) -> tuple[int, int]:
        """Outer bounds without any solving: the true range is never wider."""
        places = [self._index[variable] for variable in target]
        return sum(self._low[place] for place in places), min(MOST, sum(self._high[place] for place in places))

    def least(self, target: Target) -> int:
        """The exact least value of the target's sum."""
        return self._extreme(target, 1)

    def greatest(self, target: Target) -> int:
        """The exact greatest value of the target's sum; MOST where nothing bounds it."""
        return self._extreme(target, -1)

    def reaches(self, target: Target, low: int, high: int) -> bool:
        """The target can be as small as `low` and as great as `high`."""
        outer = self.bounds(target)
        if outer[0] > low or outer[1] < high:
            return False
        if self._met(target, min) > low and self.least(target) > low:
            return False
        return self._met(target, max) >= high or self.greatest(target) >= high

    def settle(self) -> None:
        """Finds one solution of every part; raises ContradictionError where there is none."""
        for part in self._parts:
            self._best(part, np.zeros(len(part.unknowns)), MOST)

    def spread(self, targets: Sequence[Target], low: int, high: int) -> None:
        """Looks for points that answer for many targets at once, so that few must be searched for one by one."""
        for part in self._parts:
            inside = [place for target in targets for place in self._alone(target) if self._part_of.get(place) is part]
            columns = sorted({part.column[place] for place in inside})
            for sign, goal in ((1, low), (-1, high)):
                self._spread_in(part, columns, sign, goal)

    def _spread_in(self, part: _Part, columns: list[int], sign: int, goal: int) -> None:
        open_ = np.array(columns, dtype=int)
        for _ in range(_TRIES):
            if part.points and len(open_):
                met = np.array(part.points)[:, open_]
                open_ = open_[met.min(axis=0) > goal] if sign > 0 else open_[met.max(axis=0) < goal]
            if len(open_) <= 1:
                return
            objective = np.zeros(len(part.unknowns))
            objective[open_] = sign
            self._best(part, objective, MOST if sign > 0 else goal)

    def _alone(self, target: Target) -> list[int]:
        return [self._index[variable] for variable in target] if len(target) == 1 else []

    def key(self, target: Target) -> frozenset[object]:
        """Equal for two systems only if they bound the target alike."""
        places = [self._index[variable] for variable in target]
        fixed = sum(self._low[place] for place in places if place not in self._part_of)
        return frozenset({(fixed, target), *(self._part_of[place].key for place in places if place in self._part_of)})

    def learn(self, truth: Mapping[Variable, int]) -> None:
        """Keeps figures that solve every equation, so that less must be searched for; others are passed over."""
        for part in self._parts:
            names = self._names(part)
            if all(name in truth for name in names):
                point = np.array([truth[name] for name in names], dtype=float)
                if (point >= 0).all() and np.array_equal(part.matrix @ point, part.sums):
                    part.points.append(point)

    def _names(self, part: _Part) -> list[Variable]:
        names = list(self._index)
        return [names[unknown] for unknown in part.unknowns]

    def _compiled(self, equation: Equation) -> tuple[_Terms, int]:
        terms: _Terms = {}
        signed = [(variable, 1) for variable in equation.variables]
        for variable, sign in [*signed, *((variable, -1) for variable in equation.equals)]:
            place = self._index.setdefault(variable, len(self._index))
            terms[place] = terms.get(place, 0) + sign
        return terms, equation.constant

    def _split(self) -> list[_Part]:
        """Takes out what bounds alone have fixed, and parts the rest where nothing connects it."""
        reduced: dict[frozenset[tuple[int, int]], int] = {}
        for terms, constant in self._equations:
            rest = frozenset((place, sign) for place, sign in terms.items() if self._low[place] != self._high[place])
            unfixed = {place for place, _ in rest}
            left = constant - sum(sign * self._low[place] for place, sign in terms.items() if place not in unfixed)
            if reduced.setdefault(rest, left) != left or (not rest and left):
                raise ContradictionError
        reduced.pop(frozenset(), None)
        return [self._part(group) for group in _connected(reduced)]

    def _part(self, group: dict[frozenset[tuple[int, int]], int]) -> _Part:
        unknowns = sorted({place for terms in group for place, _ in terms})
        column = {place: number for number, place in enumerate(unknowns)}
        entries = [(row, column[place], sign) for row, terms in enumerate(group) for place, sign in terms]
        rows, columns, signs = zip(*entries, strict=True)
        matrix = csr_matrix((signs, (rows, columns)), shape=(len(group), len(unknowns)), dtype=float)
        names = list(self._index)
        said = {(frozenset((names[place], sign) for place, sign in terms), sum_) for terms, sum_ in group.items()}
        return _Part(unknowns, column, matrix, np.array(list(group.values()), dtype=float), frozenset(said))

    def _parted(self, target: Target) -> tuple[int, list[tuple[_Part, Numbers]]]:
        """The part of a sum that is fixed, and its weights in each part that is not."""
        fixed = 0
        weights: dict[int, tuple[_Part, Numbers]] = {}
        for place in (self._index[variable] for variable in target):
            part = self._part_of.get(place)
            if part is None:
                fixed += self._low[place]
                continue
            _, weight = weights.setdefault(id(part), (part, np.zeros(len(part.unknowns))))
            weight[part.column[place]] += 1
        return fixed, list(weights.values())

    def _met(self, target: Target, pick: object) -> int:
        fixed, parted = self._parted(target)
        if any(not part.points for part, _ in parted):
            return MOST if pick is min else -1
        values = [[round(float(weight @ point)) for point in part.points] for part, weight in parted]
        return fixed + sum(min(each) if pick is min else max(each) for each in values)

    def _extreme(self, target: Target, sign: int) -> int:
        fixed, parted = self._parted(target)
        return min(MOST, fixed + sum(self._solved(part, weight, sign) for part, weight in parted))

    def _solved(self, part: _Part, weight: Numbers, sign: int) -> int:
        point = self._best(part, sign * weight, MOST)
        return MOST if point is None else round(float(weight @ point))

    def _best(self, part: _Part, objective: Numbers, cap: int) -> Numbers | None:
        """The whole point with the least objective, kept; None where nothing bounds it.

        Most parts are networks, whose corners are whole anyway: only where one is not, is it asked for.
        """
        high = [min(self._high[place], cap) if sign else self._high[place] for place, sign in part.weighed(objective)]
        limits = Bounds([self._low[place] for place in part.unknowns], high)
        point = _solve(part, objective, limits, whole=0)
        if point is not None and np.abs(point - point.round()).max() > _WHOLE:
            point = _solve(part, objective, limits, whole=1)
        if point is not None:
            part.points.append(point.round())
        return None if point is None else point.round()


def _solve(part: _Part, objective: Numbers, limits: Bounds, *, whole: int) -> Numbers | None:
    found = milp(
        objective,
        integrality=np.full(len(objective), whole),
        bounds=limits,
        constraints=LinearConstraint(part.matrix, part.sums, part.sums),
        options={"mip_rel_gap": 0},
    )
    if found.status == 2:  # noqa: PLR2004 - scipy: infeasible
        raise ContradictionError
    return None if found.x is None else np.asarray(found.x)


def _connected(equations: dict[frozenset[tuple[int, int]], int]) -> list[dict[frozenset[tuple[int, int]], int]]:
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


def _narrow(equations: Sequence[tuple[_Terms, int]], low: list[int], high: list[int]) -> None:
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


def _narrowed(terms: _Terms, constant: int, low: list[int], high: list[int]) -> list[int]:
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
