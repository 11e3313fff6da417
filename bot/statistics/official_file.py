"""Opens a file of official figures: its bytes, its text, its lines, and the one line that names its columns."""

import csv
import hashlib
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

LARGEST = 5_000_000
"""Bytes; a StatBank table of one target has a few thousand."""
MOST_COLUMNS = 500
HEADING_WITHIN = 20
"""Lines in which the names of the columns must stand; titles come before them."""
PLAIN = ("target", "year", "value", "source", "source_url")
PLAIN_MAY = ("n", "low", "high")
VALUE, YEAR = "INDHOLD", "TID"
"""What StatBank calls the value and the time, in Danish and English alike."""
PERIOD = re.compile(r"[0-9]{4}(?:[KQMUH][0-9]{1,2})?(?: [0-9]{4}(?:[KQMUH][0-9]{1,2})?)?")
"""A year or a part of one: 2017, 2017K1, and with code and text: '2017K1 2017Q1'."""
UTF8, WINDOWS = "utf-8", "cp1252"


@dataclass(frozen=True)
class Fault:
    line: int
    """From 1; 0 for the file as a whole."""
    column: str
    reason: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.column))) + (
            f": {self.reason}" if self.line or self.column else self.reason
        )


class FaultError(Exception):
    """Ends the reading; carries what is wrong."""

    def __init__(self, line: int, column: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(line, column, reason)


class Form(StrEnum):
    PLAIN = "plain"
    """A line a figure, with all that belongs to it."""
    LIST = "list"
    """A line a figure, as StatBank lists them: dimensions, TID, INDHOLD."""
    YEARS = "years"
    """A column a year: a barometer, or StatBank's cross table under its title."""


@dataclass(frozen=True)
class Heading:
    form: Form
    line: int
    names: tuple[str, ...]
    encoding: str
    delimiter: str

    def place(self, name: str) -> int | None:
        """Of the column of this name, in small letters or large."""
        names = [it.casefold() for it in self.names]
        return names.index(name.casefold()) if name.casefold() in names else None

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(place for place, name in enumerate(self.names) if PERIOD.fullmatch(name))


@dataclass(frozen=True)
class Opened:
    text: str
    encoding: str
    hash: str


def open_file(path: Path) -> Opened:
    """The hash is of the very bytes that are read here, however the file changes later. Raises FaultError."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FaultError(0, "", f"is larger than {LARGEST // 1_000_000} MB")
    if not data.strip():
        raise FaultError(0, "", "is empty")
    if b"\0" in data:
        raise FaultError(data[: data.index(b"\0")].count(b"\n") + 1, "", "has a NUL byte; save it as CSV in UTF-8")
    text, encoding = _decoded(data)
    return Opened(text, encoding, hashlib.sha256(data).hexdigest())


def _decoded(data: bytes) -> tuple[str, str]:
    """UTF-8, or else Windows-1252, in which the portal writes."""
    marked = data.startswith(BOM_UTF8)
    data = data.removeprefix(BOM_UTF8)
    try:
        return data.decode(), UTF8
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        if marked:
            raise FaultError(line, "", "is no UTF-8, though the file says it is") from error
    try:
        return data.decode(WINDOWS), WINDOWS
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FaultError(line, "", "is neither UTF-8 nor Windows-1252") from error


def heading_of(opened: Opened, value: str | None, year: str | None) -> Heading:
    """The line that names the columns, after titles; `value` and `year`: what a list calls them. Raises FaultError.

    A file of which a column was named is a list: it is never taken for one with years as columns.
    """
    wanted = (value or VALUE, year or YEAR)
    for delimiter in (";", ","):
        first = list(_first_lines(opened.text, delimiter))
        found = _named(first, PLAIN[:3], Form.PLAIN) or _named(first, wanted, Form.LIST)
        if not (found or value or year):
            found = _with_years(first)
        if found:
            form, line, names = found
            return Heading(form, line, names, opened.encoding, delimiter)
    raise FaultError(
        0,
        "",
        f"no line names the columns {', '.join(PLAIN)}, nor {wanted[1]} and {wanted[0]}, nor has years as columns",
    )


def lines_of(opened: Opened, heading: Heading) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of all that is not blank after the heading. Raises FaultError."""
    reader = csv.reader(io.StringIO(opened.text, newline=""), delimiter=heading.delimiter, strict=True)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise FaultError(reader.line_num, "", f"has more than {MOST_COLUMNS} cells")
            if reader.line_num > heading.line and any(map(str.strip, cells)):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise FaultError(reader.line_num, "", f"not readable as CSV: {error}") from error


def _first_lines(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Up to a line that this delimiter cannot read: titles and headings are simpler than that."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in islice(reader, HEADING_WITHIN):
            yield reader.line_num, tuple(cell.strip() for cell in cells[: MOST_COLUMNS + 1])
    except csv.Error:
        return


type Found = tuple[Form, int, tuple[str, ...]]


def _named(lines: Sequence[tuple[int, tuple[str, ...]]], wanted: Sequence[str], form: Form) -> Found | None:
    for line, names in lines:
        if {it.casefold() for it in wanted} <= {it.casefold() for it in names}:
            return form, line, names
    return None


def _with_years(lines: Sequence[tuple[int, tuple[str, ...]]]) -> Found | None:
    """The first of the lines with the most years, so that a year in a title is not taken for a column.

    A line that also has other numbers is one of figures, below a heading that names no columns we know.
    """
    headings = [(line, names) for line, names in lines if not any(map(_is_figure, names))]
    counted = [(sum(bool(PERIOD.fullmatch(it)) for it in names), line, names) for line, names in headings]
    years, line, names = max(counted, key=lambda it: it[0], default=(0, 0, ()))
    return (Form.YEARS, line, names) if years and len(names) > 1 else None


def _is_figure(cell: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]+(?:[.,][0-9]+)?", cell)) and not PERIOD.fullmatch(cell)
