"""Reads content/targets.yml into the values of targets.py, and explains every fault by entry and field."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.directory.check import EFFORTS
from bot.errors import ContentError
from bot.language.yaml_file import read_yaml
from bot.statistics.targets import (
    Direction,
    Effort,
    Figure,
    Goal,
    OfficialSource,
    Plan,
    Printed,
    Start,
    Target,
    Unit,
    Words,
)

FILE = "targets.yml"
FIRST_YEAR, LAST_YEAR = 1980, 2100
MEASURE = re.compile(r"[a-z_]+\.[a-z_]+")
LIKE_A_SHARE = re.compile(r"^reports\..*(share|rate|percent|prevalence|population|per_)")
WITH_A_VALUE = {Direction.AT_MOST, Direction.AT_LEAST}


@lru_cache(maxsize=2)
def read_targets(content: Path) -> Plan:
    """The plan in a folder such as content; raises ContentError at the first fault."""
    try:
        whole = read_yaml(content / FILE)
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{FILE}: not readable as YAML: {error}") from error
    efforts = {entry.id: _effort(entry) for entry in _entries(whole, "efforts")}
    if set(efforts) != (known := EFFORTS - {None}):
        raise ContentError(f"{FILE}: efforts: id: must be {', '.join(sorted(filter(None, known)))}")
    return Plan(efforts, {entry.id: _target(entry, efforts) for entry in _entries(whole, "targets")})


class _Entry:
    """One entry, whose fields are taken one by one; a field of fields is an entry again."""

    def __init__(self, name: str, fields: Any) -> None:
        self.id = name
        self._fields: dict[str, Any] = dict(fields) if isinstance(fields, dict) else {}

    def fault(self, field: str, what: str) -> ContentError:
        return ContentError(f"{FILE}: {self.id}: {field}: {what}")

    def take(self, field: str) -> Any:
        """None where it is null; a field that is not there at all is a fault."""
        if field not in self._fields:
            raise self.fault(field, "is missing (null if it is not known)")
        return self._fields.pop(field)

    def text_or_none(self, field: str) -> str | None:
        value = self.take(field)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise self.fault(field, "must be a text or null")
        return value

    def text(self, field: str) -> str:
        value = self.text_or_none(field)
        if value is None:
            raise self.fault(field, "must be a text")
        return value

    def words(self, field: str) -> Words:
        return Words(self.text(f"{field}_da"), self.text(f"{field}_en"))

    def words_or_none(self, field: str) -> Words | None:
        da, en = self.text_or_none(f"{field}_da"), self.text_or_none(f"{field}_en")
        if (da is None) != (en is None):
            raise self.fault(field, "must be there in both languages, or null in both")
        return Words(da, en) if da and en else None

    def texts(self, field: str) -> tuple[str, ...]:
        values = self.take(field)
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.fault(field, "must be a list of texts")
        return tuple(values)

    def one_of[Code: StrEnum](self, field: str, codes: type[Code]) -> Code:
        value = self.take(field)
        if value not in list(codes):
            raise self.fault(field, "must be one of " + ", ".join(codes))
        return codes(value)

    def year_or_none(self, field: str) -> int | None:
        value = self.take(field)
        if value is not None and not (type(value) is int and FIRST_YEAR <= value <= LAST_YEAR):
            raise self.fault(field, f"must be a year from {FIRST_YEAR} to {LAST_YEAR}, or null")
        return value

    def figure_or_none(self, field: str, unit: Unit) -> Figure | None:
        value = self.take(field)
        if value is None:
            return None
        if type(value) not in {int, float}:
            raise self.fault(field, "must be a number or null")
        try:
            return Figure(Decimal(str(value)), unit)
        except ValueError as error:
            raise self.fault(field, str(error)) from error

    def entry_or_none[Value](self, field: str, read: Callable[["_Entry"], Value]) -> Value | None:
        value = self.take(field)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.fault(field, "must be a mapping or null")
        entry = _Entry(f"{self.id}: {field}", value)
        found = read(entry)
        entry.end()
        return found

    def end(self) -> None:
        for field in self._fields:
            raise self.fault(str(field), "is not a known field")


def _effort(entry: _Entry) -> Effort:
    effort = Effort(entry.id, entry.words("name"))
    entry.end()
    return effort


def _target(entry: _Entry, efforts: Mapping[str, Effort]) -> Target:
    effort, unit = entry.text("effort"), entry.one_of("unit", Unit)
    if effort not in efforts:
        raise entry.fault("effort", "must be one of " + ", ".join(efforts))
    target = Target(
        id=entry.id,
        effort=effort,
        text=entry.words("text"),
        definition=entry.words_or_none("definition"),
        base=entry.words_or_none("base"),
        unit=unit,
        goal=_goal(entry, unit),
        start=entry.entry_or_none("start", lambda it: Start(it.figure_or_none("value", unit), it.year_or_none("year"))),
        can=entry.words("can"),
        cannot=entry.words("cannot"),
        beside=_measures(entry),
        official=entry.entry_or_none("official", lambda it: OfficialSource(it.words("name"), it.texts("pages"))),
        figures=tuple(_printed(it, unit) for it in _parts(entry, "figures")),
    )
    if target.goal.direction is Direction.ABOVE_START and (target.start is None or target.start.year is None):
        raise entry.fault("start", "must name the year that the goal is above")
    entry.end()
    return target


def _goal(entry: _Entry, unit: Unit) -> Goal:
    goal = entry.entry_or_none(
        "goal",
        lambda it: Goal(it.figure_or_none("value", unit), it.year_or_none("year"), it.one_of("direction", Direction)),
    )
    if goal is None:
        raise entry.fault("goal", "must be a mapping")
    if (goal.value is not None) != (goal.direction in WITH_A_VALUE):
        raise entry.fault("goal", "has a value if its direction is at_most or at_least, and only then")
    return goal


def _measures(entry: _Entry) -> tuple[str, ...]:
    names = entry.texts("beside")
    for name in names:
        if not MEASURE.fullmatch(name):
            raise entry.fault("beside", f"{name} is no name of a measure")
        if LIKE_A_SHARE.search(name):
            raise entry.fault("beside", f"{name}: reports are never a share or a rate (R13)")
    if len(set(names)) < len(names):
        raise entry.fault("beside", "names a measure twice")
    return names


def _printed(entry: _Entry, unit: Unit) -> Printed:
    figure, checked_on = entry.figure_or_none("value", unit), entry.take("checked_on")
    if figure is None:
        raise entry.fault("value", "must be a number")
    if checked_on is not None and type(checked_on) is not dt.date:
        raise entry.fault("checked_on", "must be a date or null")
    printed = Printed(
        figure=figure,
        year=entry.year_or_none("year"),
        of=entry.words("of"),
        source=entry.text("source"),
        page=entry.text_or_none("page"),
        source_date=entry.text_or_none("source_date"),
        checked_on=checked_on,
    )
    entry.end()
    return printed


def _parts(entry: _Entry, field: str) -> Iterator[_Entry]:
    values = entry.take(field)
    if not isinstance(values, list):
        raise entry.fault(field, "must be a list")
    for number, value in enumerate(values, 1):
        yield _Entry(f"{entry.id}: {field} {number}", value)


def _entries(whole: Mapping[str, Any], field: str) -> Iterator[_Entry]:
    seen: set[str] = set()
    for number, fields in enumerate(whole.get(field) or [], 1):
        entry = _Entry(f"{field} {number}", fields)
        entry.id = entry.text("id")
        if entry.id in seen:
            raise entry.fault("id", "stands here twice")
        seen.add(entry.id)
        yield entry
