"""Reads a file of official figures for `vejviser targets import`: every line checked, all figures or the faults."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.statistics.official_file import (
    PLAIN,
    PLAIN_MAY,
    UTF8,
    VALUE,
    YEAR,
    Fault,
    FaultError,
    Form,
    Heading,
    Opened,
    heading_of,
    lines_of,
    open_file,
)
from bot.statistics.targets import Target, Unit, decimal_of, figure_of
from bot.store.target_verbs import OfficialRow

FIRST_YEAR = 1980
MOST_FAULTS = 20
LONGEST = {"source": 200, "source_url": 500}
MISSING = {"..", "…"}
"""What StatBank writes where there is no figure; `-`, its nil, is refused, because it may be meant as either."""
STARTS_A_FORMULA = ("=", "+", "-", "@")
OURSELVES = re.compile("vejviser", re.IGNORECASE)
WHOLE_YEAR = re.compile(r"([0-9]{4})(?: \1)?")


@dataclass(frozen=True)
class Asked:
    """What the command line says of a file that does not say it itself."""

    target: str | None = None
    value_column: str | None = None
    year_column: str | None = None
    source: str | None = None
    source_url: str | None = None
    only: tuple[str, ...] = ()
    """A line is read if each of these is one of its cells; a table often holds more than is asked for."""


@dataclass(frozen=True)
class Series:
    rows: tuple[OfficialRow, ...]
    """Empty where there are faults: a file is taken whole or not at all."""
    faults: tuple[Fault, ...]
    """At most MOST_FAULTS; then reading stops."""
    missing: int = 0
    """Places that the file marks as without a figure."""


@dataclass(frozen=True)
class _Said:
    """What the file, with the command line, says of one figure."""

    line: int
    fields: Mapping[str, str]
    column: Mapping[str, str] = field(default_factory=dict)
    """{field: what its column is called}, where that is another name."""

    def fault(self, name: str, reason: str) -> FaultError:
        return FaultError(self.line, self.column.get(name, name), reason)


def read_official(path: Path, targets: Mapping[str, Target], asked: Asked, today: dt.date) -> Series:
    """Every figure in the file, or every fault; a file that cannot be opened raises OSError."""
    try:
        opened = open_file(path)
        heading = heading_of(opened, asked.value_column, asked.year_column)
        _check_asked(heading, asked, targets)
        return _checked(_said(opened, heading, asked), targets, today, opened.hash)
    except FaultError as error:
        return Series((), (error.fault,))


def _checked(said: Iterator[_Said], targets: Mapping[str, Target], today: dt.date, file_hash: str) -> Series:
    rows: dict[tuple[str, int, str], tuple[int, OfficialRow]] = {}
    faults: list[Fault] = []
    missing = 0
    for one in said:
        try:
            row = _row(one, targets, today, file_hash)
            if row is None:
                missing += 1
                continue
            place = row.target, row.year, row.source
            if place in rows:
                raise one.fault("year", f"stands on line {rows[place][0]} too; --only TEXT says which lines to read")
            rows[place] = one.line, row
        except FaultError as error:
            faults.append(error.fault)
            if len(faults) == MOST_FAULTS:
                break
    if not rows and not faults:
        faults.append(Fault(0, "", "holds no figure" + (", all are missing" if missing else "")))
    return Series(() if faults else tuple(row for _, row in rows.values()), tuple(faults), missing)


def _check_asked(heading: Heading, asked: Asked, targets: Mapping[str, Target]) -> None:
    names = [it.casefold() for it in heading.names]
    if twice := {it for it in names if it and names.count(it) > 1}:
        raise FaultError(heading.line, shown(min(twice)), "is the name of two columns")
    if asked.target and asked.target not in targets:
        raise FaultError(0, "--target", "must be one of " + ", ".join(targets))
    if heading.form is Form.PLAIN:
        _check_plain(heading, names, asked)
        return
    if not asked.target:
        raise FaultError(0, "--target", "which target are these figures of?")
    for name, value in (("--source", asked.source), ("--source-url", asked.source_url)):
        if not value:
            raise FaultError(0, name, "is needed: this file does not say where its figures are from")


def _check_plain(heading: Heading, names: list[str], asked: Asked) -> None:
    if heading.encoding != UTF8:
        raise FaultError(0, "", "must be in UTF-8")
    if asked.source or asked.source_url:
        raise FaultError(0, "--source", "is not for this file: each of its lines names its source")
    for name in PLAIN:
        if name not in names:
            raise FaultError(heading.line, name, "is missing")
    for name in names:
        if name not in PLAIN + PLAIN_MAY:
            raise FaultError(heading.line, shown(name), "is not a known column")


def _said(opened: Opened, heading: Heading, asked: Asked) -> Iterator[_Said]:
    above: list[str] = []
    note: int | None = None
    for line, cells in lines_of(opened, heading):
        if heading.form is not Form.PLAIN and len(cells) == 1 and len(heading.names) > 1:
            note = note or line  # StatBank's notes stand under the table, one cell each
            continue
        if note or len(cells) != len(heading.names):
            reason = f"has {len(cells)} cells, not {len(heading.names)}"
            raise FaultError(note or line, "", "is a note within the table" if note else reason)
        if heading.form is Form.YEARS:  # a label that holds for the lines below is written once
            above = _filled(cells, above, heading.years)
        told = above or cells
        if set(asked.only) <= set(told):
            yield from SAID[heading.form](line, told, heading, asked)


def _filled(cells: list[str], above: list[str], years: tuple[int, ...]) -> list[str]:
    if not above:
        return cells
    return [above[place] if not cell and place not in years else cell for place, cell in enumerate(cells)]


def _said_plain(line: int, cells: list[str], heading: Heading, asked: Asked) -> Iterator[_Said]:
    one = _Said(line, dict(zip((it.casefold() for it in heading.names), cells, strict=True)))
    if asked.target and one.fields["target"] != asked.target:
        raise one.fault("target", "is another than --target")
    yield one


def _said_list(line: int, cells: list[str], heading: Heading, asked: Asked) -> Iterator[_Said]:
    names = {"value": asked.value_column or VALUE, "year": asked.year_column or YEAR}
    fields = {name: cells[heading.place(column) or 0] for name, column in names.items()}
    yield _Said(line, _from_command(asked) | fields, {name: shown(column) for name, column in names.items()})


def _said_years(line: int, cells: list[str], heading: Heading, asked: Asked) -> Iterator[_Said]:
    for place in heading.years:
        year, value = heading.names[place], cells[place] or ".."
        yield _Said(line, _from_command(asked) | {"year": year, "value": value}, {"year": year, "value": year})


SAID = {Form.PLAIN: _said_plain, Form.LIST: _said_list, Form.YEARS: _said_years}


def _from_command(asked: Asked) -> dict[str, str]:
    return {"target": asked.target or "", "source": asked.source or "", "source_url": asked.source_url or ""}


def _row(said: _Said, targets: Mapping[str, Target], today: dt.date, file_hash: str) -> OfficialRow | None:
    """None where the file says that there is no figure."""
    target = targets.get(said.fields["target"])
    if target is None:
        raise said.fault("target", "must be one of " + ", ".join(targets))
    year, source, url = _year(said, today), _text(said, "source"), _text(said, "source_url")
    if OURSELVES.search(source) or OURSELVES.search(url):
        raise said.fault("source", "is the guide itself; its counts are no official figures (R13)")
    if not _is_address(url):
        raise said.fault("source_url", "must be a web address")
    if said.fields["value"] in MISSING:
        return None
    low, high = _interval(said, target.unit)
    value, n = _number(said, "value", target.unit), _people(said)
    return OfficialRow(target.id, year, source, url, value, n, low, high, today, file_hash)


def _year(said: _Said, today: dt.date) -> int:
    found = WHOLE_YEAR.fullmatch(said.fields["year"])
    if not found:
        raise said.fault("year", "must be a whole year, such as 2017")
    if not FIRST_YEAR <= int(found[1]) <= today.year:
        raise said.fault("year", f"must be {FIRST_YEAR} to {today.year}")
    return int(found[1])


def _text(said: _Said, name: str) -> str:
    """One that can stand in a sheet or on a terminal: no formula, no sign that cannot be seen."""
    text = said.fields[name]
    if not text:
        raise said.fault(name, "is empty")
    if len(text) > LONGEST[name]:
        raise said.fault(name, f"is longer than {LONGEST[name]} letters")
    if not text.isprintable():
        raise said.fault(name, "has letters that cannot be seen")
    if unicodedata.normalize("NFKC", text).lstrip().startswith(STARTS_A_FORMULA):
        raise said.fault(name, f"begins with one of {' '.join(STARTS_A_FORMULA)}, as a formula does")
    return text


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.netloc) and " " not in text


def _number(said: _Said, name: str, unit: Unit) -> str:
    try:
        return str(figure_of(said.fields[name], unit))
    except ValueError as error:
        raise said.fault(name, str(error)) from error


def _interval(said: _Said, unit: Unit) -> tuple[str | None, str | None]:
    given = [name for name in ("low", "high") if said.fields.get(name)]
    if not given:
        return None, None
    if len(given) == 1:
        raise said.fault(given[0], "an interval has both low and high, or neither")
    low, value, high = (_number(said, name, unit) for name in ("low", "value", "high"))
    if not decimal_of(low) <= decimal_of(value) <= decimal_of(high):
        raise said.fault("low", "the value must lie between low and high")
    return low, high


def _people(said: _Said) -> int | None:
    text = said.fields.get("n", "")
    if not text:
        return None
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise said.fault("n", "must be a whole number from 1")
    return int(text)


def shown(text: str) -> str:
    """A piece of a stranger's file as it may stand in a message: short, and nothing that moves a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:40])
