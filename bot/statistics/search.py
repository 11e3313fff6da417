"""Finds the least and greatest whole number a figure can be under equations: first by bounds alone, then by HiGHS."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from bot.statistics.propagation import ContradictionError, Terms, connected, narrow
from bot.statistics.system import Equation, Variable

MOST = 10**9
"""Greater than any figure here; stands for "without bound"."""
_WHOLE = 1e-6
_TRIES = 6
type Target = tuple[Variable, ...]
type Numbers = NDArray[np.float64]
type Solutions = tuple[list[Variable], Numbers]
"""Variables, and a row of their values for each solution."""


@dataclass
class _Part:
    """Unknowns that hang together, with their equations as one matrix."""

    unknowns: list[int]
    column: dict[int, int]
    """Where each unknown stands in them."""
    matrix: csr_matrix
    sums: Numbers
    equations: Mapping[frozenset[tuple[int, int]], int]
    points: list[Numbers] = field(default_factory=list)
    """Whole-numbered solutions met so far."""

    def solves(self, points: Numbers) -> NDArray[np.bool_]:
        """Which of some points, a row each, solve every equation."""
        sums = self.matrix @ points.T
        return np.asarray((sums == self.sums[:, np.newaxis]).all(axis=0) & (points >= 0).all(axis=1))

    def weighed(self, objective: Numbers) -> list[tuple[int, bool]]:
        """Each unknown, and whether the objective asks for it."""
        return list(zip(self.unknowns, (bool(weight) for weight in objective), strict=True))


class Search:
    """All that is asked of one system of equations; what was found is kept for the next question."""

    def __init__(self, equations: Iterable[Equation]) -> None:
        self._index: dict[Variable, int] = {}
        self._equations = [self._compiled(equation) for equation in equations]
        self._names = list(self._index)
        self._saying: dict[int, frozenset[object]] = {}
        self._low = [0] * len(self._index)
        self._high = [MOST] * len(self._index)
        narrow(self._equations, self._low, self._high)
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
        return outer[0] <= low and outer[1] >= high and self.falls_to(target, low) and self.rises_to(target, high)

    def falls_to(self, target: Target, low: int) -> bool:
        """The target can be as small as `low`."""
        return self.bounds(target)[0] <= low and (self._met(target, min) <= low or self.least(target) <= low)

    def rises_to(self, target: Target, high: int) -> bool:
        """The target can be as great as `high`."""
        return self.bounds(target)[1] >= high and (self._met(target, max) >= high or self.greatest(target) >= high)

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
        open_ = self._open(part, np.array(columns, dtype=int), sign, goal)
        for _ in range(_TRIES):
            if len(open_) <= 1:
                return
            objective = np.zeros(len(part.unknowns))
            objective[open_] = sign
            self._best(part, objective, MOST if sign > 0 else goal)
            left = self._open(part, open_, sign, goal)
            if len(left) == len(open_):
                return
            open_ = left

    def _open(self, part: _Part, columns: NDArray[np.int_], sign: int, goal: int) -> NDArray[np.int_]:
        """Those that no point met so far answers for."""
        if not part.points or not len(columns):
            return columns
        met = np.array(part.points)[:, columns]
        is_open: NDArray[np.bool_] = met.min(axis=0) > goal if sign > 0 else met.max(axis=0) < goal
        return columns[is_open]

    def _alone(self, target: Target) -> list[int]:
        return [self._index[variable] for variable in target] if len(target) == 1 else []

    def key(self, target: Target) -> frozenset[object]:
        """Equal for two systems only if they bound the target alike."""
        places = [self._index[variable] for variable in target]
        fixed = sum(self._low[place] for place in places if place not in self._part_of)
        parts = {id(part): part for place in places if (part := self._part_of.get(place)) is not None}
        return frozenset({(fixed, target), *map(self._said, parts.values())})

    def _said(self, part: _Part) -> frozenset[object]:
        """The same for parts that say the same, in whatever system."""
        if id(part) not in self._saying:
            named = ((frozenset((self._names[at], sign) for at, sign in it), of) for it, of in part.equations.items())
            self._saying[id(part)] = frozenset(named)
        return self._saying[id(part)]

    def learn(self, truth: Mapping[Variable, int]) -> None:
        """Keeps figures that solve every equation, so that less must be searched for; others are passed over.

        What is not among them is filled in.
        """
        values = np.array([truth.get(name, -1) for name in self._index], dtype=float)
        for part in self._parts:
            point = values[part.unknowns]
            if (point < 0).any():
                filled = self._filled(part, point)
                part.points += [] if filled is None else [filled]
            elif part.solves(point[np.newaxis])[0]:
                part.points.append(point)

    def _filled(self, part: _Part, point: Numbers) -> Numbers | None:
        known = point >= 0
        limits = Bounds(np.where(known, point, 0), np.where(known, point, np.inf))
        try:
            found = _solve(part, np.zeros(len(point)), limits, whole=1)
        except ContradictionError:
            return None
        return None if found is None else found.round()

    def solutions(self) -> Solutions:
        """Points of the parts put together to whole ones, for another search over the same variables."""
        number = min((len(part.points) for part in self._parts), default=0) and max(
            len(part.points) for part in self._parts
        )
        values = np.tile(np.array(self._low, dtype=float), (number, 1))
        for part in self._parts if number else ():
            values[:, part.unknowns] = np.array(part.points)[np.arange(number) % len(part.points)]
        return list(self._index), values

    def try_again(self, solutions: Solutions) -> None:
        """Keeps those solutions of another search that solve this one, too."""
        names, values = solutions
        if names != list(self._index):
            return
        for part in self._parts:
            points = values[:, part.unknowns]
            part.points += list(np.unique(points[part.solves(points)], axis=0))

    def _compiled(self, equation: Equation) -> tuple[Terms, int]:
        terms: Terms = {}
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
        return [self._part(group) for group in connected(reduced)]

    def _part(self, group: dict[frozenset[tuple[int, int]], int]) -> _Part:
        unknowns = sorted({place for terms in group for place, _ in terms})
        column = {place: number for number, place in enumerate(unknowns)}
        entries = [(row, column[place], sign) for row, terms in enumerate(group) for place, sign in terms]
        rows, columns, signs = zip(*entries, strict=True)
        matrix = csr_matrix((signs, (rows, columns)), shape=(len(group), len(unknowns)), dtype=float)
        return _Part(unknowns, column, matrix, np.array(list(group.values()), dtype=float), group)

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
