"""Pictures of what was counted in one quarter. Figures of others are drawn elsewhere, never in the same picture (R13).

Each says in words what it shows; what is hidden is drawn alike for every reason; no colour carries anything alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.statistics.chart_words import said_of_bars, said_of_grid
from bot.statistics.reading import About, Column, Line, Reading, Wording
from bot.statistics.svg import DIGIT, LINE, PHONE, SMALL, VEIL, Canvas, bar, rule, stroke, text, upright, wrapped

MOST_BARS, MOST_ROWS, MOST_COLUMNS = 20, 15, 9
"""What a picture has room for; the table beside it has all."""
_SMALLEST = 0.66
"""Size below which a number is not drawn, in em."""
_HEADING = 22
"""Letters of an upright heading; two lines of them."""


def chart(reading: Reading, about: About, wording: Wording) -> str:
    """The picture that fits the table: bars for one dimension, a grid of small bars for two."""
    return grid(reading, about, wording) if reading.columns else bars(reading, about, wording)


def bars(reading: Reading, about: About, wording: Wording) -> str:
    """A bar for each line, its name above it."""
    canvas, shown = Canvas(about, wording), reading.lines[:MOST_BARS]
    longest = max((line.total for line in shown if line.total), default=1)
    room = 100 - 100 * (DIGIT * len(wording.number(longest)) + 0.6) / PHONE
    marks, y = [], 0.0
    for line in shown:
        names, y = _names(line, y, canvas)
        marks += [*names, _bar(line.total, y, room / longest, canvas)]
        y += 1.9
    marks.append(stroke("axis", (0, 0), (0, y)))
    below, y = canvas.below(y, left_out=len(reading.lines) - len(shown), hides=False)
    return canvas.picture(said_of_bars(reading, about, wording), [*marks, *below], y)


def _bar(value: float | None, y: float, scale: float, canvas: Canvas) -> str:
    if value is None:
        word = text(canvas.word("chart.hidden"), 0, y + 0.95, by=VEIL + 0.5, size=SMALL)
        return canvas.veil(0, y + 0.1, f"{VEIL}em", 1.05) + word
    width = scale * value
    return bar(0, y + 0.1, width, 1.05) + text(canvas.number(value), width, y + 1, by=0.4, kind="number")


def _names(line: Line, y: float, canvas: Canvas) -> tuple[list[str], float]:
    """The label, under it what was merged into the line, and where both end."""
    marks = []
    for part in wrapped(line.label):
        y += LINE
        marks.append(text(part, 0, y - 0.35, by=0.4, kind="label"))
    for part in canvas.held(line.holds):
        y += LINE
        marks.append(text(part, 0, y - 0.4, by=0.4, size=SMALL, kind="foot"))
    return marks, y


@dataclass(frozen=True)
class _Grid:
    """Where the cells of a row stand."""

    canvas: Canvas
    step: float
    """Width of a column, in per cent."""
    longest: float
    size: float
    """Of the numbers, in em."""

    def row(self, cells: Sequence[float | None], y: float) -> str:
        return "".join(self._cell(cell, number * self.step, y) for number, cell in enumerate(cells))

    def _cell(self, cell: float | None, x: float, y: float) -> str:
        if cell is None:
            return self.canvas.veil(x, y + 0.2, f"{0.62 * self.step:.6g}%", 1.35)
        number = text(self.canvas.number(cell), x, y + 0.85, by=0.1, size=self.size, kind="number")
        return number + bar(x, y + 1.1, 0.86 * self.step * cell / self.longest, 0.55)


def grid(reading: Reading, about: About, wording: Wording) -> str:
    """Small bars in rows and columns; the larger side runs down."""
    canvas, across = Canvas(about, wording), _across(reading)
    digits = DIGIT * len(wording.number(reading.highest))
    columns = across.columns[: min(MOST_COLUMNS, int(PHONE / (_SMALLEST * digits + 0.15)))]
    shown = [replace(line, cells=line.cells[: len(columns)]) for line in across.lines[:MOST_ROWS]]
    size = min(SMALL, (PHONE / len(columns) - 0.15) / digits)
    cells = _Grid(canvas, 100 / len(columns), reading.highest or 1, size)
    marks, y = _headings(columns)
    for line in shown:
        names, end = _names(line, y, canvas)
        marks += [rule(y, "grid"), *names, cells.row(line.cells, end)]
        y = end + 2.1
    left_out = len(across.lines) - len(shown) + len(across.columns) - len(columns)
    hides = any(cell is None for line in shown for cell in line.cells)
    below, y = canvas.below(y, left_out=left_out, hides=hides)
    return canvas.picture(said_of_grid(reading, about, wording), [*marks, *below], y)


def _across(reading: Reading) -> Reading:
    """Turned where that leaves less out: there is more room downwards than across."""
    if len(reading.columns) <= max(len(reading.lines), MOST_COLUMNS):
        return reading
    return Reading(
        tuple(
            Line(column.label, tuple(line.cells[place] for line in reading.lines), column.total, column.holds)
            for place, column in enumerate(reading.columns)
        ),
        tuple(Column(line.label, line.total, line.holds) for line in reading.lines),
        reading.total,
    )


def _headings(columns: Sequence[Column]) -> tuple[list[str], float]:
    """Upright names of the columns, and how high they stand."""
    names = [wrapped(column.label, _HEADING, 2) for column in columns]
    height = max(len(part) for parts in names for part in parts) * DIGIT * SMALL + 0.6
    marks = [
        upright(part, number * 100 / len(columns), height - 0.2, by=0.85 + LINE * SMALL * place)
        for number, parts in enumerate(names)
        for place, part in enumerate(parts)
    ]
    return marks, height
