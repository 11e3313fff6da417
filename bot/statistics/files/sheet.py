"""What every format is written from: flat tables whose columns say what they hold, and the pack of a folder."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from bot.statistics.files.words import word
from bot.statistics.targets import Words

FREE, HIDDEN = "F", "C"
"""SDMX CL_CONF_STATUS; one mark for everything that is hidden, whatever the reason (R10)."""
SIMULATED = "SIMULATED"
"""Begins the name of every file of invented records, and stands in each of their rows."""
STARTS_A_FORMULA = ("=", "+", "-", "@")
MARK = "'"
"""Stands before a text that a spreadsheet would take for a formula, and before one that begins with it already."""
type Value = str | int | float | Decimal | None
type Row = tuple[Value, ...]


class Kind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    """As ISO 8601."""
    YEAR = "year"


@dataclass(frozen=True)
class Column:
    name: str
    title: Words
    kind: Kind = Kind.TEXT
    may_be_empty: bool = False
    among: tuple[str, ...] = ()
    """The only values there are; empty for any."""
    refers_to: tuple[str, str] | None = None
    """Sheet and column that hold its values."""
    label_of: str = ""
    """The column whose codes this one says in words."""


@dataclass(frozen=True)
class Sheet:
    """A table in rows, in a fixed order; its texts can be no formulas. Made by `sheet`."""

    name: str
    title: Words
    text: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]
    grid: tuple[str, ...] = ()
    """Columns by which people read it as a cross table: down, and across if there are two."""
    notes: tuple[Words, ...] = ()
    """What stands under it, for people."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {column.name: place for place, column in enumerate(self.columns)}


def sheet(
    name: str,
    columns: Iterable[Column],
    key: Iterable[str],
    rows: Iterable[Row],
    *,
    words: tuple[Words, Words] | None = None,
) -> Sheet:
    """`words`: title and text, where words.yml has none of this name."""
    title, text = words or (word(f"sheet.{name}"), word(f"sheet.{name}.text"))
    return Sheet(name, title, text, tuple(columns), tuple(key), tuple(map(_safe_row, rows)))


def _safe_row(row: Row) -> Row:
    return tuple((safe(value) or None) if isinstance(value, str) else value for value in row)


def safe(text: str) -> str:
    """One line that no spreadsheet takes for a formula; `plain` takes the mark away again."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    first = unicodedata.normalize("NFKC", line[:1])
    return MARK + line if first.startswith((*STARTS_A_FORMULA, MARK)) else line


def plain(text: str) -> str:
    """What `safe` was given, as one line."""
    return text.removeprefix(MARK)


@dataclass(frozen=True)
class Book:
    """Sheets that stand in one workbook and in one database."""

    name: str
    sheets: tuple[Sheet, ...]
    code_lists: tuple[Sheet, ...] = ()
    """For the database only."""


@dataclass(frozen=True)
class Pack:
    """All that goes into one folder, and what is said of it."""

    name: str
    title: Words
    facts: Mapping[str, str | int | bool | None]
    """For machines."""
    about: tuple[tuple[Words, Words], ...]
    """What it is and what has to be known to read it: (name, text)."""
    caveats: tuple[Words, ...]
    on_each: tuple[Words, ...]
    """Those that stand under each table, too."""
    source: str
    """Whose figures, in short."""
    sources: tuple[Words, ...]
    readme: tuple[tuple[Words, tuple[Words, ...]], ...]
    """(heading, paragraphs)."""
    made_on: dt.date
    simulated: bool
    books: tuple[Book, ...]
    long: tuple[Sheet, ...] = field(default=())
    """For Parquet."""
    licence: str | None = None

    def file(self, name: str) -> str:
        """The name of a file, which says when its figures are invented."""
        return prefix(simulated=self.simulated) + name

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for book in self.books for sheet in book.sheets)


def prefix(*, simulated: bool) -> str:
    """How the name of every file begins."""
    return f"{SIMULATED}-" if simulated else ""


def marked(sheet: Sheet) -> Sheet:
    """With a column that says in each row that its figures are invented."""
    column = Column("simulated", word("column.simulated"), among=(SIMULATED,))
    return replace(sheet, columns=(*sheet.columns, column), rows=tuple((*row, SIMULATED) for row in sheet.rows))
