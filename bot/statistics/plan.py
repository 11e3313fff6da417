"""The table plan: every measure there is, declared once in content/measures.yml; nothing else is counted (R1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.statistics.lines import dimensions_of, source_of
from bot.statistics.targets import Words

TABLE, RATIO, MEDIAN, COUNT = "table", "ratio", "median", "count"
KINDS = (TABLE, RATIO, MEDIAN, COUNT)


@dataclass(frozen=True)
class Source:
    """What is counted in all measures whose name begins with it."""

    name: str
    export: str
    """The kind of release it goes into: referrals or reports."""
    unit: Words
    base: Words
    """Which of them count."""
    caveats: tuple[Words, ...]


@dataclass(frozen=True)
class Measure:
    name: str
    """`source.by_dimension`, `source.dimension_by_dimension`, or `source.figure`."""
    kind: str
    title: Words
    definition: Words
    effort: str | None
    """Of the plan's five; None where it is about all of them."""

    @property
    def source(self) -> str:
        return source_of(self.name)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """One or two; none for a single figure."""
        return dimensions_of(self.name) if self.kind == TABLE else ()


@dataclass(frozen=True)
class Dimension:
    """What a table is divided by: its codes in the order of the page, and the groups they may be merged into."""

    name: str
    title: Words
    codes: tuple[str, ...]
    """Without `other`, which every dimension has: for codes that are in use no more, and for thin lines."""
    parents: Mapping[str, str]
    """{code: group}; levels for R4, R5 and R7."""


@dataclass(frozen=True)
class TablePlan:
    version: str
    sources: Mapping[str, Source]
    measures: Mapping[str, Measure]
    """In the order in which tables are admitted: the most wanted first."""
    dimensions: Mapping[str, Dimension]
    groups: Mapping[str, Words]
    """Names of the groups of all dimensions."""

    @cached_property
    def levels(self) -> Mapping[str, Mapping[str, str]]:
        return {name: dimension.parents for name, dimension in self.dimensions.items()}

    def of(self, kind: str) -> list[Measure]:
        """The measures that go into one kind of release."""
        return [it for it in self.measures.values() if self.sources[it.source].export == kind]
