"""An Excel file for people: a sheet that explains, then one for each table, crossed where it has two dimensions."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from bot.statistics.files.looks import Looks
from bot.statistics.files.page import Page
from bot.statistics.files.sheet import HIDDEN, Book, Column, Kind, Pack, Row, Sheet, Value, safe
from bot.statistics.files.words import word
from bot.statistics.labels import LANGUAGES, TOTAL
from bot.statistics.shaping import OTHER
from bot.statistics.targets import Words

HIDDEN_MARK = ":c"
"""In print, after Eurostat (R10)."""
LONGEST_NAME = 31
"""Excel's, for a sheet."""
LABEL, COUNT, ONLY, SHORTEST, LONGEST = 40, 14, 24, 12, 48
"""Widths of columns, in letters."""
SPOKEN = ("Dansk", "English")
LAST = {OTHER: 1, TOTAL: 2}
type Labels = tuple[str, ...]
"""A code, and what it is called in both languages."""


def as_workbook(pack: Pack, book: Book) -> bytes:
    """The same bytes for the same pack: dates are those of the release, and the archive's own are fixed."""
    file = io.BytesIO()
    workbook = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = dt.datetime.combine(pack.made_on, dt.time(), dt.UTC).replace(tzinfo=None)
    workbook.set_properties({"title": pack.title.da, "comments": pack.title.en, "author": "Vejviser", "created": made})
    writer = _Writer(pack, workbook, Looks(workbook))
    names = sheet_names(book)
    writer.explain(book, names)
    for name, one in zip(names, book.sheets, strict=True):
        writer.add(name, one)
    workbook.close()
    return file.getvalue()


def sheet_names(book: Book) -> list[str]:
    """The sheet's own, or as much of it as Excel takes."""
    names: list[str] = []
    for number, one in enumerate(book.sheets):
        name = one.name[:LONGEST_NAME]
        names.append(name if name not in names else f"{name[: LONGEST_NAME - 4]}~{number:03}")
    return names


@dataclass(frozen=True)
class _Writer:
    pack: Pack
    workbook: Workbook
    looks: Looks

    def _page(self, name: str, title: Words, widths: Sequence[float]) -> Page:
        """A sheet with its heading."""
        page = Page(self.workbook.add_worksheet(name), widths, self.looks, self.pack.file(self.pack.name))
        if self.pack.simulated:
            warning = word("simulated")
            page.band(warning.da, self.looks.warning)
            page.band(warning.en, self.looks.warning)
        page.title(title.da)
        page.band(title.en, self.looks.subtitle)
        return page

    def explain(self, book: Book, names: Sequence[str]) -> None:
        """The first sheet: what the file is, how it was counted, and where everything stands."""
        page = self._page("Om - About", self.pack.title, (LABEL, 70, 70))
        looks = (self.looks.head, self.looks.text, self.looks.text)
        page.gap()
        for name, text in self.pack.about:
            page.cells((f"{name.da} / {name.en}", safe(text.da), safe(text.en)), looks)
        page.gap()
        page.cells((f"{word('about.sheet').da} / {word('about.sheet').en}", *SPOKEN), (self.looks.head,) * 3)
        for called, one in zip(names, book.sheets, strict=True):
            page.cells((called, safe(one.title.da), safe(one.title.en)), (self.looks.link, *looks[1:]))
            page.link(called)

    def add(self, name: str, one: Sheet) -> None:
        columns = _across(one) if one.grid else []
        widths = [LABEL, LABEL, *_wide(columns)] if one.grid else _widths(one)
        page = self._page(name, one.title, widths)
        for text in filter(None, (one.text.da, one.text.en)):
            page.band(text, self.looks.note)
        page.gap()
        if one.grid:
            self._grid(page, one, columns)
            self._notes(page, one)
        else:
            self._list(page, one)

    def _grid(self, page: Page, one: Sheet, columns: Sequence[Labels]) -> None:
        """Rows down, columns across, in both languages; totals last."""
        titles = [next(it.title for it in one.columns if it.name == name) for name in one.grid]
        for at, language in enumerate(LANGUAGES, 1):
            crossed = safe(" × ".join(getattr(it, language).partition(",")[0] for it in titles))
            corner = (crossed, "") if at == 1 else SPOKEN
            head, across = self.looks.head, self.looks.across
            page.cells((*corner, *(it[at] for it in columns)), (head, head, *[across] * len(columns)))
        page.keep_in_sight(len(LANGUAGES), 2)
        lines = _labelled(one, one.grid[0])
        counts = {(_labels(one, it, one.grid[0]), _column(one, it)): it[one.places["value"]] for it in one.rows}
        for line in lines:
            values = [counts[line, column] for column in columns]
            is_total = [line == lines[-1] or (len(columns) > 1 and column == columns[-1]) for column in columns]
            label = self.looks.total_label if line == lines[-1] else self.looks.text
            looks = [self._look(value, total=total) for value, total in zip(values, is_total, strict=True)]
            shown = [HIDDEN_MARK if value is None else value for value in values]
            page.cells((*line[1:], *shown), (label, label, *looks))

    def _look(self, value: Value, *, total: bool) -> Format:
        if value is None:
            return self.looks.hidden
        return self.looks.total if total else self.looks.count

    def _notes(self, page: Page, one: Sheet) -> None:
        page.gap()
        hides = any(row[one.places["value"]] is None for row in one.rows)
        marks = [word("note.mark", mark=HIDDEN_MARK)] if hides else []
        for note in (*marks, *one.notes, *self.pack.on_each):
            page.band(note.da, self.looks.note)
            page.band(note.en, self.looks.note)

    def _list(self, page: Page, one: Sheet) -> None:
        """As it is: a heading in both languages, then the rows."""
        for language in LANGUAGES:
            titles = [safe(getattr(it.title, language)) for it in one.columns]
            page.cells(titles, [self.looks.head] * len(titles))
        page.keep_in_sight(len(LANGUAGES), 0)
        for row in one.rows:
            hidden = "status" in one.places and row[one.places["status"]] == HIDDEN
            shown = [HIDDEN_MARK if hidden and it.name == "value" else row[at] for at, it in enumerate(one.columns)]
            page.cells(shown, [self._of_kind(column, value) for column, value in zip(one.columns, shown, strict=True)])

    def _of_kind(self, column: Column, value: Value) -> Format:
        if value == HIDDEN_MARK:
            return self.looks.hidden
        return {Kind.YEAR: self.looks.year, Kind.WHOLE: self.looks.number, Kind.NUMBER: self.looks.number}.get(
            column.kind, self.looks.text
        )


def _labels(one: Sheet, row: Row, dimension: str) -> Labels:
    names = (dimension, *(f"{dimension}_{language}" for language in LANGUAGES))
    return tuple(str(row[one.places[name]] or "") for name in names)


def _labelled(one: Sheet, dimension: str) -> list[Labels]:
    """In the order of the sheet, `other` and the total last."""
    found = dict.fromkeys(_labels(one, row, dimension) for row in one.rows)
    return sorted(found, key=lambda it: LAST.get(it[0], 0))


def _across(one: Sheet) -> list[Labels]:
    return _labelled(one, one.grid[1]) if len(one.grid) > 1 else [_counted(one)]


def _column(one: Sheet, row: Row) -> Labels:
    return _labels(one, row, one.grid[1]) if len(one.grid) > 1 else _counted(one)


def _counted(one: Sheet) -> Labels:
    """Of a table of one dimension: what is counted."""
    title = next(it.title for it in one.columns if it.name == "value")
    return "value", safe(title.da), safe(title.en)


def _wide(columns: Sequence[Labels]) -> list[int]:
    return [COUNT] * len(columns) if len(columns) > 1 else [ONLY]


def _widths(one: Sheet) -> list[int]:
    """As wide as what they hold; long texts are broken into lines."""
    held = zip(*one.rows, strict=True) if one.rows else [()] * len(one.columns)
    return [_width((it.title.da, it.title.en), texts) for it, texts in zip(one.columns, held, strict=True)]


def _width(titles: Iterable[str], texts: Iterable[Value]) -> int:
    words = [word for title in titles for word in title.split()]
    longest = max(len(str(it)) + 2 for it in (*words, *texts))
    return min(max(SHORTEST, longest), LONGEST)
