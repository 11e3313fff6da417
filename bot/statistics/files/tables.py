"""The tables of a release as sheets: each by itself, all in one, and what was merged in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.statistics.files.columns import COUNTED, LISTED, LONG, MERGED, PERIOD, STATUS
from bot.statistics.files.sheet import FREE, HIDDEN, Column, Row, Sheet, sheet
from bot.statistics.files.words import same, word, word_or
from bot.statistics.labels import LANGUAGES, TOTAL, Labels
from bot.statistics.lines import seen
from bot.statistics.plan import TablePlan
from bot.statistics.shaping import OTHER
from bot.statistics.table import Released
from bot.statistics.targets import Words

type Figure = tuple[tuple[str, ...], int | None]
"""A code in each dimension, `_T` for its total; None is hidden."""
ONE, TWO = 1, 2
SHOWN = frozenset({"some_hidden", "lines_merged"})
"""Notes of a table that people see in it."""


@dataclass(frozen=True)
class Tables:
    """Of one release, with the words for their codes."""

    tables: tuple[Released, ...]
    plan: TablePlan
    labels: Labels

    def each(self) -> list[Sheet]:
        """Every cell and total of a table is a row of its sheet."""
        return [self._sheet(it) for it in self.tables]

    def _sheet(self, released: Released) -> Sheet:
        dimensions = seen(released).dimensions
        rows: list[Row] = []
        for codes, value in figures(released):
            said = [text for place in zip(dimensions, codes, strict=True) for text in self._said(*place)]
            rows.append((released.period, *said, value, status_of(value)))
        measure = self.plan.measures.get(released.name)
        unit = self.plan.sources[measure.source].unit if measure else same("")
        counted = replace(COUNTED, title=word("column.value_of", unit=unit))
        columns = [PERIOD, *(column for it in dimensions for column in self._columns(it)), counted, STATUS]
        words = (measure.title, measure.definition) if measure else (same(released.name), same(""))
        one = sheet(released.name, columns, ("period", *dimensions), rows, words=words)
        return replace(one, grid=dimensions, notes=tuple(self._notes(released)))

    def _notes(self, released: Released) -> Iterator[Words]:
        """What was done to the table, and which codes a line holds beside its own."""
        yield from (word_or(f"note.{it}", it) for it in released.notes if it not in SHOWN)
        for dimension, line, codes in _lines(released):
            if merged := sorted(codes - {line}):
                yield Words(*(self._holds(language, dimension, line, merged) for language in LANGUAGES))

    def _holds(self, language: str, dimension: str, line: str, merged: Iterable[str]) -> str:
        named = ", ".join(self.labels.say(language, dimension, code) for code in merged)
        return f"{self.labels.say(language, dimension, line)}: {named}"

    def _columns(self, dimension: str) -> list[Column]:
        title = self._title(dimension)
        code = Column(dimension, word("column.code_of", title=title), refers_to=(list_name(dimension), "code"))
        said = (
            Column(f"{dimension}_{language}", word(f"column.{language}_of", title=title), label_of=dimension)
            for language in LANGUAGES
        )
        return [code, *said]

    def _title(self, dimension: str) -> Words:
        found = self.plan.dimensions.get(dimension)
        return found.title if found else same(dimension)

    def _said(self, dimension: str, code: str) -> tuple[str, ...]:
        """A code, in Danish and in English."""
        return (code, *(self.labels.say(language, dimension, code) for language in LANGUAGES))

    def in_one(self) -> Sheet:
        """All tables; of those with one dimension the second stays empty."""
        rows: list[Row] = []
        for table in self.tables:
            dimensions = seen(table).dimensions
            for codes, value in figures(table):
                said = [text for it in zip(dimensions, codes, strict=True) for text in (it[0], *self._said(*it))]
                said += [""] * (4 * (TWO - len(dimensions)))
                rows.append((table.name, table.period, *said, value, status_of(value)))
        return sheet("tables", LONG, (), rows)

    def merged(self) -> Sheet:
        """Each code that was merged, and the line it is in."""
        rows: list[Row] = [
            (table.name, dimension, *self._said(dimension, code), *self._said(dimension, line))
            for table in self.tables
            for dimension, line, codes in _lines(table)
            for code in sorted(codes - {line})
        ]
        return sheet("codes", MERGED, ("measure", "dimension", "code"), rows)

    def code_lists(self) -> tuple[Sheet, ...]:
        """Of each dimension that a table has, every code in words: those of the plan, those in use, and the total."""
        codes: dict[str, dict[str, None]] = {}
        for table in self.tables:
            for dimension, line, merged in _lines(table):
                known = codes.setdefault(dimension, dict.fromkeys(self._planned(dimension)))
                known |= dict.fromkeys((line, *sorted(merged)))
        return tuple(self._code_list(dimension, known) for dimension, known in codes.items())

    def _planned(self, dimension: str) -> Iterable[str]:
        found = self.plan.dimensions.get(dimension)
        return (*found.codes, *found.parents.values()) if found else ()

    def _code_list(self, dimension: str, codes: Iterable[str]) -> Sheet:
        rows: list[Row] = []
        for listed in (*(it for it in codes if it != OTHER), OTHER, TOTAL):
            code, *words = self._said(dimension, listed)
            rows.append((code, " / ".join(dict.fromkeys(words)), *words))
        return sheet(list_name(dimension), LISTED, ("code",), rows, words=(self._title(dimension), same("")))


def list_name(dimension: str) -> str:
    """Of the sheet that says a dimension's codes in words."""
    return f"codes_{dimension}"


def figures(released: Released) -> Iterator[Figure]:
    """Row by row, each with its total at the end, and then the totals of columns."""
    if len(seen(released).dimensions) == ONE:
        yield from (((row,), released.cells[row, column]) for row in released.rows for column in released.columns)
        yield (TOTAL,), released.total
        return
    for row in released.rows:
        yield from (((row, column), released.cells[row, column]) for column in released.columns)
        yield (row, TOTAL), released.row_totals[row]
    yield from (((TOTAL, column), released.column_totals[column]) for column in released.columns)
    yield (TOTAL, TOTAL), released.total


def _lines(released: Released) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(dimension, line, codes in it)."""
    as_seen = seen(released)
    for dimension, lines in zip(as_seen.dimensions, as_seen.lines, strict=True):
        yield from ((dimension, line, codes) for line, codes in lines.items())


def status_of(value: float | None) -> str:
    return HIDDEN if value is None else FREE
