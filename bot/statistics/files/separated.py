"""CSV (RFC 4180): UTF-8, commas, CRLF, one heading."""

import csv
import io
from decimal import Decimal

from bot.statistics.files.sheet import Sheet, Value

LINE_END = "\r\n"


def as_csv(sheet: Sheet) -> bytes:
    """Empty is what is missing or hidden; texts are safe in a spreadsheet (`sheet.safe`), numbers are our own."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=LINE_END)
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    """Numbers with a point, and no more digits than they have."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
