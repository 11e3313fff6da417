"""What both rooms of statistics work with, the analysts' and the public one: the plan, the words, the releases."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from bot.directory.services import Directory
from bot.engine.logs import log
from bot.errors import StatisticsError
from bot.language.languages import Language
from bot.settings import Settings
from bot.statistics.charts import chart
from bot.statistics.codes import plan_of
from bot.statistics.labels import Labels, read_labels
from bot.statistics.plan import MEDIAN, RATIO, TABLE, Measure, TablePlan
from bot.statistics.reading import About, Line, Quarter, Reading, Trend, about, read, said
from bot.statistics.release import Release, SingleFigure
from bot.statistics.releasing import checked
from bot.statistics.table import Refused, Released
from bot.statistics.targets import Plan
from bot.statistics.targets import Words as PlanWords
from bot.statistics.targets_file import read_targets
from bot.statistics.time_charts import quarters, trends
from bot.store.statistics_verbs import ReleaseRow, Statistics
from bot.web.console.words import WRITTEN_AS, Words

_NO_MARKS = dict.fromkeys(range(0x2066, 0x206A))
MOST_KEPT = 256
"""Releases whose reading is kept in memory."""


@dataclass(frozen=True)
class Speech:
    """`reading.Wording` by the words of the console and the labels of the plan."""

    words: Words
    labels: Labels
    code: str

    def word(self, name: str, /, **values: object) -> str:
        """Without marks of direction: both languages run one way."""
        return self.words.word(self.code, name, **values).translate(_NO_MARKS)

    def label(self, dimension: str, code: str) -> str:
        return self.labels.say(self.code, dimension, code)

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=WRITTEN_AS.get(self.code, self.code)))

    def quarter(self, period: str) -> str:
        return self.word("statistics.quarter", number=period[-1], year=period[:4])

    def day(self, day: dt.date) -> str:
        return self.words.day(self.code, day)

    def of(self, words: PlanWords) -> str:
        """Words of the plan in this language."""
        return said(words, self)


class Figures:
    """Made once at start."""

    def __init__(
        self, settings: Settings, directory: Directory, words: Words, languages: Mapping[str, Language]
    ) -> None:
        self.plan: TablePlan = plan_of(settings, directory, languages)
        self.targets: Plan = read_targets(settings.content)
        self.labels = read_labels(settings, self.plan)
        self._words = words
        self._read: dict[str, Release] = {}

    def speech(self, code: str) -> Speech:
        return Speech(self._words, self.labels, code)

    async def releases(self, statistics: Statistics, tier: str) -> tuple[list[Release], list[str]]:
        """Of one tier the newest edition of each kind and quarter, the earliest quarter first.

        And the names of those that were changed in the store after they were made: they are shown to nobody.
        """
        rows = newest(await statistics.releases(tier=tier))
        found = await asyncio.to_thread(lambda: [(row, self._release(row)) for row in rows])
        releases = sorted((it for _, it in found if it), key=lambda it: (it.period, it.kind))
        return releases, [f"{row.kind}-{row.period}-{row.tier}-{row.edition}" for row, it in found if it is None]

    def _release(self, row: ReleaseRow) -> Release | None:
        found = self._read.get(row.content)
        if found is None:
            try:
                found = checked(row)
            except StatisticsError as error:
                log.error("release_changed", error=str(error))
                return None
            if len(self._read) >= MOST_KEPT:
                self._read.clear()
            self._read[row.content] = found
        return found

    def of_effort(self, effort: str | None, kind: str | None) -> Iterator[Measure]:
        """The measures that serve an effort, or stand beside one of its targets; of one kind of release or of both."""
        beside = {name for it in self.targets.targets.values() if it.effort == effort for name in it.beside}
        for measure in self.plan.measures.values():
            is_of_kind = kind in {None, self.plan.sources[measure.source].export}
            if is_of_kind and (effort is None or measure.effort == effort or measure.name in beside):
                yield measure


def newest(rows: Iterable[ReleaseRow]) -> list[ReleaseRow]:
    """The last edition of each kind, quarter and tier."""
    return list({(it.kind, it.period, it.tier): it for it in sorted(rows, key=lambda it: it.edition)}.values())


def asked_period(releases: Iterable[Release], asked: Mapping[str, str]) -> tuple[list[str], str]:
    """The quarters of releases, the newest first, and the one that an address asks for, or else the newest."""
    periods = sorted({it.period for it in releases}, reverse=True)
    period = asked.get("period", "")
    return periods, period if period in periods else (periods or [""])[0]


@dataclass(frozen=True)
class Found:
    """What one release says of one measure: a table, a figure, a refusal, or nothing."""

    release: Release
    table: Released | None = None
    figure: SingleFigure | None = None
    refused: Refused | None = None

    @property
    def total(self) -> float | None:
        """The figure of a series; None is hidden."""
        return self.table.total if self.table else self.figure.value if self.figure else None

    @property
    def is_released(self) -> bool:
        return self.table is not None or self.figure is not None


def find(measure: Measure, release: Release) -> Found:
    name = measure.name
    return Found(
        release,
        next((it for it in release.tables if it.name == name), None),
        next((it for it in release.figures if it.name == name), None),
        next((it for it in release.refused if it.name == name), None),
    )


@dataclass(frozen=True)
class Row:
    """A measure in a list."""

    measure: Measure
    kind: str
    unit: str
    found: Found | None
    """None where nothing was made of the quarter."""


def rows_of(figures: Figures, measures: Iterable[Measure], releases: Iterable[Release], speech: Speech) -> list[Row]:
    """The measures with what the releases of one quarter say of them."""
    by_kind = {it.kind: it for it in releases}
    rows = []
    for measure in measures:
        kind = figures.plan.sources[measure.source].export
        found = find(measure, by_kind[kind]) if kind in by_kind else None
        rows.append(Row(measure, kind, unit_of(figures.plan, measure, speech), found))
    return rows


@dataclass(frozen=True)
class Shown:
    """A measure on a page: its pictures, and everything in them as tables."""

    measure: Measure
    found: Found
    about: About
    reading: Reading | None
    chart: str
    over_time: str
    trends: str
    series: tuple[Trend, ...]
    """The total first, then each line."""


def show(plan: TablePlan, measure: Measure, releases: list[Release], period: str, speech: Speech) -> Shown | None:
    """What was released of a measure until that quarter; None where nothing was made of the quarter."""
    kind = plan.sources[measure.source].export
    until = [find(measure, it) for it in releases if it.kind == kind and it.period <= period]
    if not until or until[-1].release.period != period:
        return None
    here = until[-1]
    on_it = _about(plan, measure, here.release, "now", speech)
    reading = read(here.table, plan, speech) if here.table else None
    series = tuple(_series(plan, measure, until, reading, speech))
    has_time = sum(it.is_there for it in series[0].quarters) > 1
    over = _about(plan, measure, here.release, "time", speech)
    lines = _about(plan, measure, here.release, "lines", speech)
    return Shown(
        measure,
        here,
        on_it,
        reading,
        chart(reading, on_it, speech) if reading else "",
        quarters(series[0].quarters, over, speech) if has_time else "",
        trends(series[1:], lines, speech) if has_time and len(series) > 1 else "",
        series if has_time else (),
    )


def _about(plan: TablePlan, measure: Measure, release: Release, key: str, speech: Speech) -> About:
    made = about(key, plan, measure, release, speech)
    if key == "now":
        return made
    name = "lines" if key == "lines" else "time" if measure.kind == TABLE else "figure"
    title = speech.word(f"statistics.title.{name}", title=speech.of(measure.title))
    return About(key, title, unit_of(plan, measure, speech), made.foot, made.is_simulated)


def unit_of(plan: TablePlan, measure: Measure, speech: Speech) -> str:
    """What a figure of the measure counts."""
    if measure.kind in {RATIO, MEDIAN}:
        return speech.word(f"unit.{'percent' if measure.kind == RATIO else MEDIAN}")
    return speech.of(plan.sources[measure.source].unit)


def _series(
    plan: TablePlan, measure: Measure, until: list[Found], reading: Reading | None, speech: Speech
) -> Iterator[Trend]:
    """Every quarter from the first release to this; of a line that was merged in one, that quarter is not there."""
    by_period = {it.release.period: it for it in until}
    periods = list(_periods(until[0].release.period, until[-1].release.period))
    every = [by_period.get(period) for period in periods]
    yield Trend(
        speech.word("statistics.total" if measure.kind == TABLE else "statistics.figure"),
        tuple(
            Quarter(period, it.total if it else None, it is not None and it.is_released)
            for period, it in zip(periods, every, strict=True)
        ),
    )
    read_then = [read(it.table, plan, speech) if it and it.table else None for it in every]
    lines = [{line.label: line for line in then.lines} if then else {} for then in read_then]
    names = dict.fromkeys([line.label for line in reading.lines] if reading else [])
    for of_then in reversed(lines):
        names |= dict.fromkeys(of_then)
    for name in names:
        yield Trend(name, tuple(_quarter(period, it.get(name)) for period, it in zip(periods, lines, strict=True)))


def _quarter(period: str, line: Line | None) -> Quarter:
    return Quarter(period, line.total if line else None, line is not None)


def _periods(first: str, last: str) -> Iterator[str]:
    """Every quarter between two, both included."""
    year, number = int(first[:4]), int(first[-1])
    while f"{year}Q{number}" <= last:
        yield f"{year}Q{number}"
        year, number = (year, number + 1) if number < 4 else (year + 1, 1)  # noqa: PLR2004 - quarters
