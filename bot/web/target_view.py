"""The plan's targets as both rooms of statistics show them: series of others drawn, our measures by name (R13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.statistics.official_chart import official_chart
from bot.statistics.plan import Measure
from bot.statistics.targets import Effort, OfficialValue, Plan, Target, Unit, beside
from bot.store.target_verbs import OfficialRow
from bot.web.figures import Speech


@dataclass(frozen=True)
class SourceShown:
    name: str
    unit: str
    chart: str
    values: tuple[OfficialValue, ...]

    @property
    def pages(self) -> list[str]:
        """Where the figures were found; each once."""
        return list(dict.fromkeys(it.source_url for it in self.values))


@dataclass(frozen=True)
class TargetShown:
    target: Target
    goal: str
    sources: tuple[SourceShown, ...]
    own: tuple[Measure, ...]
    """By name only: no count stands on the page of targets."""


@dataclass(frozen=True)
class EffortShown:
    effort: Effort
    targets: tuple[TargetShown, ...]


def efforts_shown(
    plan: Plan, measures: Mapping[str, Measure], official: Iterable[OfficialRow], speech: Speech
) -> list[EffortShown]:
    rows = list(official)
    return [
        EffortShown(
            effort,
            tuple(_shown(it, measures, rows, speech) for it in plan.targets.values() if it.effort == effort.id),
        )
        for effort in plan.efforts.values()
    ]


def _shown(target: Target, measures: Mapping[str, Measure], rows: list[OfficialRow], speech: Speech) -> TargetShown:
    own = tuple(measures[name] for name in target.beside if name in measures)
    return TargetShown(target, _goal(target, speech), tuple(_sources(target, rows, speech)), own)


def _sources(target: Target, rows: list[OfficialRow], speech: Speech) -> Iterable[SourceShown]:
    by_source = groupby(beside(target, rows).official, key=lambda it: it.source)
    for number, (name, values) in enumerate(by_source):
        series = tuple(values)
        picture = official_chart(target, series, f"{target.id}-{number}", speech)
        yield SourceShown(name, speech.word(f"unit.{target.unit}"), picture, series)


def _goal(target: Target, speech: Speech) -> str:
    goal, start = target.goal, target.start
    said = speech.word(
        f"goal.{goal.direction}",
        value=goal.value.text(speech.code) if goal.value else "",
        unit=speech.word(f"unit.{target.unit}") if target.unit is not Unit.COUNT else "",
        year=start.year if start else "",
    ).strip()
    said = speech.word("goal.in_year", goal=said, year=goal.year) if goal.year else said
    if start and start.value:
        said = speech.word("goal.from", goal=said, value=start.value.text(speech.code))
    return said
