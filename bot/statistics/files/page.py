"""A sheet of the Excel file on its way: columns are known, rows grow downwards, each as high as its text."""

import textwrap
from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.statistics.files.looks import Looks
from bot.statistics.files.sheet import Value, safe

LINE = 15
"""Height of a line of text, in points."""
TITLE = 24
WIDE = 120
"""Letters across which a note is broken, where the table under it is narrower."""
NARROWER = 0.9
"""How much narrower a column is in other fonts than in Excel's own."""
A4 = 9


class Page:
    """No text is ever taken for a formula or an address; those of titles and notes are made `safe` here."""

    def __init__(self, worksheet: Worksheet, widths: Sequence[float], looks: Looks, foot: str) -> None:
        self._to = worksheet
        self._widths = widths
        self._looks = looks
        self.row = 0
        for place, width in enumerate(widths):
            worksheet.set_column(place, place, width)
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(A4)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer(f"&L{foot}&R&P / &N")

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def title(self, text: str) -> None:
        self._to.set_row(self.row, TITLE)
        self._to.write_string(self.row, 0, safe(text), self._looks.title)
        self.row += 1

    def band(self, text: str, look: Format) -> None:
        """Across all columns, or more where they are few."""
        last, width = len(self._widths) - 1, sum(self._widths)
        while width < WIDE:
            last, width = last + 1, width + 8
        self._to.merge_range(self.row, 0, self.row, last, "", look)
        self._to.write_string(self.row, 0, safe(text), look)
        self._to.set_row(self.row, LINE * _lines(text, width))
        self.row += 1

    def cells(self, values: Sequence[Value], looks: Sequence[Format]) -> None:
        """One row; its texts are `safe` already, as those of a sheet are."""
        for place, (value, look) in enumerate(zip(values, looks, strict=True)):
            if isinstance(value, int | float | Decimal):
                self._to.write_number(self.row, place, float(value), look)
            elif value is not None:
                self._to.write_string(self.row, place, value, look)
        texts = zip(values, self._widths, strict=False)
        lines = max((_lines(text, width) for text, width in texts if isinstance(text, str)), default=1)
        self._to.set_row(self.row, LINE * lines)
        self.row += 1

    def link(self, sheet: str) -> None:
        """To another sheet of the file, in the first column of the row above."""
        self._to.write_url(self.row - 1, 0, f"internal:'{sheet}'!A1", self._looks.link, sheet)

    def keep_in_sight(self, rows: int, columns: int) -> None:
        """What stands above, from `rows` rows up, and the first columns; on paper the rows stand on each page."""
        self._to.freeze_panes(self.row, columns)
        self._to.repeat_rows(self.row - rows, self.row - 1)


def _lines(text: str, width: float) -> int:
    return max(1, len(textwrap.wrap(text, int(width * NARROWER))))
