"""What is counted of each source: which rows, by which codes, and the single figures that are no table."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.casework.vocabulary import USEFUL, YES
from bot.directory.services import Directory
from bot.statistics.cells import Codes, Count, Unit
from bot.statistics.codes import NO_PILOT, OPEN, PENDING, SEVERAL, UNSAID
from bot.statistics.thresholds import SMALL, median, ratio
from bot.store.statistics_verbs import ENTRIES, REFERRALS, REPORTS, SLIPS, TALLIES, Row

type Figure = tuple[float | None, int | None]
"""A value and how many it rests on."""
GENUINE = "genuine"
MET_WELL = 4
SHARES = {"met.well": ("met.by_grade", frozenset(map(str, range(MET_WELL, 6))))}
"""{share: the table and the codes of its rows that it is the sum of}, where there is such a table."""
POLLS = ("trust", "community", "influence")


@dataclass(frozen=True)
class Counted:
    """One source of a period: counts whose dimensions differ, and figures by their measure's name."""

    counts: tuple[Count, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @cached_property
    def records(self) -> NDArray[np.uint64]:
        """Of all counts, sorted: a million are sorted once, though the ledger is asked and written."""
        return np.sort(np.concatenate([it.records() for it in self.counts])) if self.counts else np.array([], np.uint64)

    def by(self, dimensions: Sequence[str]) -> Count:
        """The count that has these dimensions."""
        return next(it for it in self.counts if set(dimensions) <= set(it.dimensions))


@dataclass(frozen=True)
class Counting:
    """How rows are counted: what the directory knows, and the days in which staff promise a first answer."""

    directory: Directory
    acknowledge_days: int

    def of(self, table: str, rows: Iterable[Row]) -> Mapping[str, Counted]:
        """{source: what was counted} of the rows of one table of the store."""
        ways: Mapping[str, Callable[[Iterable[Row]], Mapping[str, Counted]]] = {
            REFERRALS: self._referrals,
            SLIPS: _slips,
            ENTRIES: _entries,
            TALLIES: _tallies,
            REPORTS: self._reports,
        }
        return ways[table](rows)

    def _referrals(self, rows: Iterable[Row]) -> Mapping[str, Counted]:
        pilots = frozenset(it.id for it in self.directory.services.values() if it.project.pilot)
        every = Count(("service", "need", "effort", "language", "district", "mode"))
        visits: set[int] = set()

        def named(codes: Codes) -> Codes:
            service, need, effort, language, district, mode = codes
            return (
                service,
                need,
                effort or "",
                language,
                district or UNSAID,
                mode,
                service if service in pilots else NO_PILOT,
            )

        every.add(rows, visits)
        count = every.renamed((*every.dimensions, "pilot"), named)
        used = {codes[0] for codes in count.finest}
        served = {line.need for it in self.directory.services.values() for line in it.serves}
        return {
            "referrals": Counted((count,), {"referrals.conversations": _count(len(visits))}),
            "services": Counted((), {"services.never_used": (len(set(self.directory.services) - used), None)}),
            "needs": Counted((), {"needs.without_entry": (len(set(self.directory.needs) - served), None)}),
        }

    def _reports(self, rows: Iterable[Row]) -> Mapping[str, Counted]:
        count = Count(("ground", "area", "form", "district", "wish", "outcome", "language"))
        handed = Count(("body", "result"))
        days: list[int] = []
        asked, aside = 0, 0
        units: list[Unit] = []
        over: list[Unit] = []
        for row in rows:
            report = _Report(*map(_text, row))
            if report.triage != GENUINE:
                aside += 1
                continue
            units.append((report.id, report.id, *report.codes()))
            if report.body:
                over.append((report.id, report.id, _one(report.body), _one(report.handover_outcome, PENDING)))
            if report.may_reply == YES:
                asked += 1
                days += report.days()
        count.add(units)
        handed.add(over)
        in_time = sum(it <= self.acknowledge_days for it in days)
        figures = {
            "reports.answered_in_time": _ratio(in_time, asked),
            "reports.days_to_answer": _median(days),
            "reports.set_aside": _count(aside),
        }
        return {"reports": Counted((count,), figures), "handed": Counted((handed,))}


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class _Report:
    """A row of REPORTS, columns as statistics_verbs.COLUMNS names them."""

    id: str
    received_on: str
    language: str
    district: str
    area: str
    relation: str
    may_reply: str
    status: str
    triage: str
    outcome: str
    ground: str
    form: str
    wish: str
    body: str
    handover_outcome: str
    answered_on: str

    def codes(self) -> tuple[str, ...]:
        return (
            _one(self.ground), self.area, _one(self.form), self.district, _one(self.wish),
            self.outcome if self.status == "closed" and self.outcome else OPEN,
            self.language,
        )  # fmt: skip

    def days(self) -> list[int]:
        """To the first answer, if there was one."""
        if not self.answered_on:
            return []
        return [(dt.date.fromisoformat(self.answered_on) - dt.date.fromisoformat(self.received_on)).days]


def _one(several: str, none: str = UNSAID) -> str:
    """Each report stands in one cell, so that all tables add up: what was chosen, or that it was several things."""
    chosen = several.split()
    return SEVERAL if len(chosen) > 1 else chosen[0] if chosen else none


def _slips(rows: Iterable[Row]) -> Mapping[str, Counted]:
    """How people were met is counted of those who said it: of all places hardly anybody does."""
    slips, met = Count(("service", "need", "language", "step")), Count(("service", "grade"))
    grades: list[int] = []

    def units() -> Iterator[Unit]:
        for row_id, visit, service, need, language, step, grade in rows:
            if grade is not None:
                grades.append(grade)
                met.add([(row_id, visit, service, str(grade))])
            yield row_id, visit, service, need, language, step or UNSAID

    slips.add(units())
    well = sum(grade >= MET_WELL for grade in grades)
    return {"slips": Counted((slips,)), "met": Counted((met,), {"met.well": _ratio(well, len(grades))})}


def _entries(rows: Iterable[Row]) -> Mapping[str, Counted]:
    count = Count(("code", "language"))
    for code, language, number in rows:
        count.add_many(f"entry/{code}/{language}", f"{code}/{language}", (code, language), number)
    return {"entries": Counted((count,))}


def _tallies(rows: Iterable[Row]) -> Mapping[str, Counted]:
    unmet, words, steps = Count(("need", "language")), Count(("language",)), Count(("question", "language"))
    useful = Count(("answer", "language"))
    polls = {name: Count((name,)) for name in (*POLLS, "taken_seriously")}
    for kind, code, language, number in rows:
        name = f"{kind}/{code}/{language}"
        if kind == "unmet":
            unmet.add_many(name, name, (code, language), number)
        elif kind == "unknown_words":
            words.add_many(name, name, (language,), number)
        elif kind == USEFUL:  # one person says it of several answers, yes and no: the same people stand behind both
            useful.add_many(name, language, (code, language), number)
        elif kind == "step":  # one person reaches many questions: the same people stand behind all of a language
            steps.add_many(name, language, (code, language), number)
        elif (asked := kind.removeprefix("poll.")) in polls:
            polls[asked].add_many(name, name, (code,), number)
    return {
        "unmet": Counted((unmet,)),
        "unknown_words": Counted((words,)),
        "steps": Counted((steps,)),
        "useful": Counted((useful,)),
        "polls": Counted(tuple(polls[name] for name in POLLS)),
        "answers": Counted((polls["taken_seriously"],)),
    }


def _count(number: int) -> Figure:
    return (None if 0 < number < SMALL else number), None


def _ratio(part: int, base: int) -> Figure:
    value = ratio(part, base)
    return value, base if value is not None else None


def _median(values: Sequence[int]) -> Figure:
    value = median(values)
    return value, len(values) if value is not None else None
