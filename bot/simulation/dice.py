"""Chance that is the same for the same seed: codes by their shares, days, and ids that look random."""

import datetime as dt
import math
import random
from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate


class Shares[Code]:
    """Codes, and how often each is drawn against the others."""

    def __init__(self, weights: Mapping[Code, float]) -> None:
        drawn = {code: weight for code, weight in weights.items() if weight > 0}
        self.codes = tuple(drawn)
        self.sums = tuple(accumulate(drawn.values()))


class Dice:
    """One throw after the other; the same seed throws the same."""

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(map(str, seed)))  # noqa: S311 - nothing here is a secret

    def code[Code](self, shares: Shares[Code]) -> Code:
        return shares.codes[bisect(shares.sums, self._random.random() * shares.sums[-1])]

    def several[Code](self, shares: Shares[Code], count: int) -> list[Code]:
        """Up to `count` different codes."""
        return list(dict.fromkeys(self.code(shares) for _ in range(count)))

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, first: int, last: int) -> int:
        """Both included."""
        return self._random.randint(first, last)

    def after(self, day: dt.date, median: float) -> dt.date:
        """Some days later, as waiting goes: mostly about `median`, sometimes many times that."""
        return day + dt.timedelta(days=round(self._random.lognormvariate(math.log(median), 0.7)))

    def hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"


class Ids:
    """Ids that look random, all in one of `parts` equal stretches.

    Rows that come in the order of their ids are written one behind the other; in no order, a million take long.
    """

    _WHOLE, _DIGITS = 2**32, 8

    def __init__(self, dice: Dice, part: int = 0, parts: int = 1) -> None:
        self._dice = dice
        self._first = part * self._WHOLE // parts
        self._last = (part + 1) * self._WHOLE // parts - 1

    def new(self, digits: int) -> str:
        return f"{self._dice.between(self._first, self._last):0{self._DIGITS}x}{self._dice.hex(digits - self._DIGITS)}"
