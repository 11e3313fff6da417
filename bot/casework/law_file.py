"""Reads content/law into the values of law.py, and explains every fault by file, entry and field."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from bot.casework.law import Anonymous, Body, Confidence, Fee, Law, Line, Rule, Source, Start, TimeLimit, Wording
from bot.casework.vocabulary import AREAS, FORMS, GROUNDS
from bot.errors import ContentError
from bot.language.yaml_file import read_yaml

CODES = {"grounds": GROUNDS, "areas": AREAS, "forms": FORMS}
UNITS = ("hours", "days", "months", "years")
ALL = "all"


@lru_cache(maxsize=2)
def read_law(folder: Path) -> Law:
    """What a folder such as content/law holds; raises ContentError at the first fault.

    A ground, area and form for which nobody with a card could be named is a fault too.
    """
    words = {str(name): str(text) for name, text in _mapping(folder / "words.yml").items()}
    bodies = {record.id: _body(record) for record in _records(folder, "bodies")}
    limits = {record.id: _limit(record, bodies, words) for record in _records(folder, "time_limits", "limits")}
    names = _Names(_groups(_mapping(folder / "groups.yml")), bodies, limits, words)
    rules = [_rule(record, names) for file in ("laws", "gaps") for record in _records(folder, file)]
    law = Law({rule.id: rule for rule in rules}, bodies, limits, words)
    for cell in product(GROUNDS, AREAS, FORMS):
        if not any(bodies[body].service for fit in law.fits_of(*cell) for body in fit.bodies):
            raise ContentError(f"laws.yml: {' × '.join(cell)}: covers: nobody to ask")
    return law


class _Record:
    """One record, whose fields are taken one by one."""

    def __init__(self, file: str, entry: str, fields: Any) -> None:
        self.file, self.id = file, entry
        self._fields: dict[str, Any] = dict(fields) if isinstance(fields, dict) else {}

    def fault(self, name: str, what: str) -> ContentError:
        return ContentError(f"{self.file}: {self.id}: {name}: {what}")

    def take(self, name: str, default: Any = None) -> Any:
        return self._fields.pop(name, default)

    def text_or_none(self, name: str) -> str | None:
        value = self.take(name)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise self.fault(name, "must be a text or null")
        return value

    def text(self, name: str) -> str:
        value = self.text_or_none(name)
        if value is None:
            raise self.fault(name, "is missing")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            raise self.fault(name, "must be true or false")
        return value

    def names(self, name: str, known: Container[str] | None = None, default: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of texts, each among the known ones."""
        values = self.take(name, list(default))
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.fault(name, "must be a list of texts")
        if known is not None and (unknown := [value for value in values if value not in known]):
            raise self.fault(name, f"has unknown {unknown}")
        return tuple(values)

    def one_of[Code: StrEnum](self, name: str, codes: type[Code]) -> Code:
        value = self.take(name)
        if value not in list(codes):
            raise self.fault(name, "must be one of " + ", ".join(codes))
        return codes(value)

    def source(self) -> Source:
        urls, date, checked_on = self.names("source_urls"), self.text("source_date"), self.take("checked_on")
        if not all(url.startswith(("https://", "http://")) for url in urls):
            raise self.fault("source_urls", "must be web addresses")
        if len(date.split("; ")) != len(urls):
            raise self.fault("source_date", "must name one date for each address")
        if checked_on is not None and type(checked_on) is not dt.date:
            raise self.fault("checked_on", "must be a date or null")
        return Source(urls, date, checked_on, self.one_of("confidence", Confidence), self.text_or_none("note"))

    def end(self) -> None:
        for name in self._fields:
            raise self.fault(name, "is not a known field")


@dataclass(frozen=True)
class _Names:
    """What the lines of a rule may name."""

    groups: Mapping[str, Mapping[str, frozenset[str]]]
    bodies: Container[str]
    limits: Container[str]
    words: Container[str]


def _body(record: _Record) -> Body:
    body = Body(
        id=record.id,
        name_da=record.text("name_da"),
        service=record.text_or_none("service"),
        fee=record.one_of("fee", Fee),
        anonymous=record.one_of("anonymous", Anonymous),
        takes_forwarded=record.flag("takes_forwarded"),
        safety=record.flag("safety"),
        source=record.source(),
    )
    record.end()
    return body


def _limit(record: _Record, bodies: Container[str], words: Container[str]) -> TimeLimit:
    hours, days, months, years = lengths = [record.take(unit, 0) for unit in UNITS]
    if sorted(type(length) is int and length > 0 for length in lengths) != [False, False, False, True]:
        raise record.fault("/".join(UNITS), "one of them must be a whole number from 1")
    body, exceptions = record.text("body"), record.text("exceptions")
    if body not in bodies:
        raise record.fault("body", f"{body} is not in bodies.yml")
    _check_words(record, words, f"limit.{record.id}", f"exceptions.{exceptions}")
    start = record.one_of("from", Start)
    limit = TimeLimit(record.id, body, start, hours, days, months, years, exceptions, record.source())
    record.end()
    return limit


def _rule(record: _Record, names: _Names) -> Rule:
    bodies, limits = record.names("bodies", names.bodies), record.names("limits", names.limits)
    is_gap, lines = record.file == "gaps.yml", record.take("covers", [])
    rule = Rule(
        id=record.id,
        name_da=record.text_or_none("name_da") if is_gap else record.text("name_da"),
        name_en=record.text("name_en"),
        number=record.text_or_none("number"),
        is_gap=is_gap,
        caution=record.flag("caution", default=True),
        lines=tuple(
            _line(_Record(record.file, f"{record.id}, line {number} of covers", line), names, bodies, limits)
            for number, line in enumerate(lines, 1)
        ),
        keep=record.names("keep"),
        source=record.source(),
    )
    _check_words(record, names.words, rule.plain, *(f"keep.{keep}" for keep in rule.keep))
    record.end()
    return rule


def _line(record: _Record, names: _Names, bodies: tuple[str, ...], limits: tuple[str, ...]) -> Line:
    """`bodies` and `limits` are those of the rule, for a line that names none."""
    codes = {axis: record.names(axis, names.groups[axis]) for axis in CODES}
    line = Line(
        **{axis: frozenset().union(*(names.groups[axis][name] for name in named)) for axis, named in codes.items()},
        wording=Wording.NOT_HERE_YET if record.file == "gaps.yml" else record.one_of("wording", Wording),
        bodies=record.names("bodies", names.bodies, bodies),
        limits=record.names("limits", names.limits, limits),
        note=record.text_or_none("note"),
        unconfirmed=record.flag("unconfirmed"),
    )
    _check_words(record, names.words, f"wording.{line.wording}", *([f"note.{line.note}"] if line.note else []))
    if not line.bodies:
        raise record.fault("bodies", "must name somebody to ask")
    record.end()
    return line


def _check_words(record: _Record, words: Container[str], *wanted: str) -> None:
    for name in wanted:
        if name not in words:
            raise record.fault(name, "is missing in words.yml")


def _groups(groups: Mapping[str, Any]) -> dict[str, dict[str, frozenset[str]]]:
    """{axis: {name of a group, or code: codes}}."""
    named: dict[str, dict[str, frozenset[str]]] = {}
    for axis, codes in CODES.items():
        named[axis] = {ALL: frozenset(codes)} | {code: frozenset({code}) for code in codes}
        for name, members in groups.get(axis, {}).items():
            if unknown := sorted(set(_flat(members)) - set(codes)):
                raise ContentError(f"groups.yml: {axis}: {name}: has unknown {unknown}")
            named[axis][name] = frozenset(_flat(members))
    return named


def _flat(members: Any) -> Iterator[str]:
    for member in members if isinstance(members, list) else []:
        yield from _flat(member) if isinstance(member, list) else [str(member)]


def _records(folder: Path, file: str, key: str | None = None) -> Iterator[_Record]:
    seen: set[str] = set()
    for number, fields in enumerate(_mapping(folder / f"{file}.yml").get(key or file) or [], 1):
        record = _Record(f"{file}.yml", f"entry {number}", fields)
        record.id = record.text("id")
        if record.id in seen:
            raise record.fault("id", "stands here twice")
        seen.add(record.id)
        yield record


def _mapping(path: Path) -> dict[str, Any]:
    try:
        return read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: not readable as YAML: {error}") from error
