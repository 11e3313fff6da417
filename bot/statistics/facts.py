"""What everybody can look up about codes, and what an attacker may therefore add to the figures of a release."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from bot.statistics.lines import Lines, Seen
from bot.statistics.shaping import OTHER


@dataclass(frozen=True)
class Derived:
    """A dimension whose code follows from the code of a finer one, such as the effort of a service."""

    finer: str
    codes: Mapping[str, str]
    """{code of the finer dimension: code of this one}."""
    of_others: tuple[str, ...]
    """What all other codes of the finer dimension may have: nobody can look theirs up."""
    others: frozenset[str] = frozenset({OTHER})
    """Those other codes."""


@dataclass(frozen=True)
class Facts:
    derived: Mapping[str, Derived] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], frozenset[tuple[str, str]]] = field(default_factory=dict)
    """{two dimensions: the codes that can meet}; a code that no pair names can meet all."""

    def finest(self, one: Seen) -> Seen:
        """The same release with every derived dimension written in codes of the finer one.

        So a line of an effort is a line of its services, and the sum of a finer table's lines is known to be it.
        """
        dimensions, lines = self.finest_of(one.dimensions, one.lines)
        return replace(one, dimensions=dimensions, lines=lines)

    def finest_of(
        self, dimensions: tuple[str, ...], lines: tuple[Lines, ...]
    ) -> tuple[tuple[str, ...], tuple[Lines, ...]]:
        """The dimensions and lines of `finest`; as they are where both would be one dimension."""
        finer = tuple(self.derived[it].finer if it in self.derived else it for it in dimensions)
        if len(set(finer)) < len(finer):
            return dimensions, lines
        return finer, tuple(
            {label: frozenset(self._finest(dimension, codes)) for label, codes in own.items()}
            for dimension, own in zip(dimensions, lines, strict=False)
        )

    def _finest(self, dimension: str, codes: frozenset[str]) -> Iterator[str]:
        if derived := self.derived.get(dimension):
            yield from (code for code, own in derived.codes.items() if own in codes)
            parts = (part for code in derived.others for part in self._parts(code, derived.finer).items())
            yield from (part for part, own in parts if own[dimension] in codes)
            return
        for code in codes:
            yield from self._parts(code, dimension) or (code,)

    def _parts(self, code: str, finer: str) -> Mapping[str, Mapping[str, str]]:
        """A code that cannot be looked up, by what it may be: {part: {derived dimension: its code}}."""
        own = {name: it for name, it in self.derived.items() if it.finer == finer}
        if not any(code in it.others for it in own.values()):
            return {}
        combined = product(*(it.of_others for it in own.values()))
        return {"/".join((code, *each)): dict(zip(own, each, strict=True)) for each in combined}

    def meet(self, cell: Iterable[tuple[str, frozenset[str]]]) -> bool:
        """Whether anything can stand in a cell of several dimensions; asked a hundred times of each."""
        if not self.pairs:
            return True
        asked = tuple(cell)
        if asked not in self._found:
            at = dict(asked)
            own = ((both, at[both[0]], at[both[1]]) for both in self.pairs if {*both} <= set(at))
            self._found[asked] = all(self._meet(*it) for it in own)
        return self._found[asked]

    @cached_property
    def _found(self) -> dict[tuple[tuple[str, frozenset[str]], ...], bool]:
        return {}

    def _meet(self, both: tuple[str, str], first: frozenset[str], second: frozenset[str]) -> bool:
        named = self._named[both]
        if not (first <= named[0] and second <= named[1]):
            return True
        return any((one, other) in self.pairs[both] for one in first for other in second)

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], tuple[frozenset[str], frozenset[str]]]:
        return {
            both: (frozenset(one for one, _ in pairs), frozenset(other for _, other in pairs))
            for both, pairs in self.pairs.items()
        }


NOTHING = Facts()
