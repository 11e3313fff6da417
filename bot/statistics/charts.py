"""Pictures of what was released: our own counts in one kind of picture, figures of others in another, never in one (R13).

Each says in words what it shows; what is hidden is drawn alike for every reason; no colour carries anything alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.statistics.chart_words import said_of_bars, said_of_grid, said_of_quarters, said_of_trends
from bot.statistics.reading import About, Column, Line, Quarter, Reading, Trend, Wording
from bot.statistics.svg import (
    LINE,
    SMALL,
    VEIL,
    WIDE,
    bar,
    beside,
    held,
    picture,
    rule,
    text,
    upright,
    veil,
    wrapped,
)

MOST_BARS, MOST_ROWS, MOST_COLUMNS, MOST_QUARTERS = 20, 15, 9, 8
"""What a picture has room for; the table beside it has all."""
NUMBER_ROOM = 18
"""Per cent of the width that a number beside the longest bar has."""
_PLOT = 9.0
"""Height of the columns of quarters, in em."""
_SMALL_PLOT, _SMALL_COLUMN = 3.4, 2.2
"""Height of the row of small columns with the numbers on top, and of the highest column, in em."""
_HEADING = 22
"""Letters of an upright heading; two lines of them."""


def chart(reading: Reading, about: About, wording: Wording) -> str:
    """The picture that fits the table: bars for one dimension, a grid of bars for two."""
    return grid(reading, about, wording) if reading.columns else bars(reading, about, wording)


def bars(reading: Reading, about: About, wording: Wording) -> str:
    """A bar for each line, its name above it."""
    shown = reading.lines[:MOST_BARS]
    longest = max((line.total for line in shown if line.total), default=1)
    marks, y = [], 0.0
    for line in shown:
        marks += _names(line, y, wording)
        y += LINE * _height(line, wording)
        marks.append(_bar(line, y, longest, about, wording))
        y += 1.7
    marks.append(f'<line class="axis" x1="0" x2="0" y1="0" y2="{y:.6g}em" stroke="currentColor"/>')
    rest, room = _rest(len(reading.lines) - len(shown), y, wording)
    return picture(about, said_of_bars(reading, about, wording), [*marks, rest], y + room, wording)


def _bar(line: Line, y: float, longest: float, about: About, wording: Wording) -> str:
    if line.total is None:
        hidden = beside(wording.word("chart.hidden"), 0, y + 0.95, by=VEIL + 0.5, size=SMALL)
        return veil(about, 0, y + 0.1, f"{VEIL}em", 1.05) + hidden
    width = (100 - NUMBER_ROOM) * line.total / longest
    return bar(0, y + 0.1, width, 1.05) + beside(wording.number(line.total), width, y + 1, kind="number")


def _names(line: Line, y: float, wording: Wording, indent: str = "") -> list[str]:
    """The label, and under it what was merged into the line."""
    labels = wrapped(line.label)
    marks = [
        beside(indent + part, 0, y + LINE * (number + 1) - 0.35, by=0.4, kind="label")
        for number, part in enumerate(labels)
    ]
    for number, part in enumerate(_held(line, wording)):
        marks.append(beside(part, 0, y + LINE * (len(labels) + number + 1) - 0.4, by=0.4, size=SMALL, kind="foot"))
    return marks


def _held(line: Line | Column, wording: Wording) -> list[str]:
    return wrapped(held(line.holds, wording), WIDE + 6, 3) if line.holds else []


def _height(line: Line, wording: Wording) -> int:
    """Lines of text above a bar."""
    return len(wrapped(line.label)) + len(_held(line, wording))


def _rest(number: int, y: float, wording: Wording) -> tuple[str, float]:
    """That the table has more lines; and the room that this takes."""
    if number <= 0:
        return "", 0
    return text(wording.word("chart.more_lines", count=wording.number(number)), 0, y + 1.3, size=SMALL), 1.5


def grid(reading: Reading, about: About, wording: Wording) -> str:
    """Small bars in rows and columns; the larger side runs down."""
    across = _across(reading)
    columns = across.columns[:MOST_COLUMNS]
    shown = [replace(line, cells=line.cells[: len(columns)]) for line in across.lines[:MOST_ROWS]]
    longest = max((cell for line in shown for cell in line.cells if cell), default=1)
    marks, y = _headings(columns)
    step = 100 / max(len(columns), 1)
    for line in shown:
        marks += [rule(y, "grid"), *_names(line, y, wording)]
        y += LINE * _height(line, wording)
        marks += [
            _cell(cell, number * step, y, step, longest, about, wording) for number, cell in enumerate(line.cells)
        ]
        y += 2.1
    left = len(across.lines) - len(shown) + len(across.columns) - len(columns)
    rest, room = _rest(left, y, wording)
    return picture(about, said_of_grid(reading, about, wording), [*marks, rest], y + room, wording)


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
    height = max((len(part) for parts in names for part in parts), default=0) * 0.56 * SMALL + 0.6
    step = 100 / max(len(columns), 1)
    marks = [
        upright(part, number * step, height - 0.2, by=0.85 + LINE * SMALL * place)
        for number, parts in enumerate(names)
        for place, part in enumerate(parts)
    ]
    return marks, height


def _cell(cell: float | None, x: float, y: float, step: float, longest: float, about: About, wording: Wording) -> str:
    if cell is None:
        return veil(about, x, y + 0.2, f"{0.62 * step:.6g}%", 1.35)
    width = 0.86 * step * cell / longest
    number = beside(wording.number(cell), x, y + 0.85, by=0.1, size=SMALL, kind="number")
    return number + bar(x, y + 1.1, width, 0.55)


def quarters(series: Iterable[Quarter], about: About, wording: Wording) -> str:
    """A column for each of the newest quarters; one of which nothing was released has a dash."""
    shown = list(series)[-MOST_QUARTERS:]
    highest = max((it.value for it in shown if it.value), default=1)
    step = 100 / max(len(shown), 4)
    marks = [_column(it, number * step, step, highest, about, wording) for number, it in enumerate(shown)]
    marks.append(rule(_PLOT + LINE))
    marks += _times(shown, step, _PLOT + LINE, wording)
    return picture(about, said_of_quarters(shown, about, wording), marks, _PLOT + 4, wording)


def _times(shown: Sequence[Quarter], step: float, y: float, wording: Wording) -> Iterator[str]:
    """The quarters under their columns; the year where it begins."""
    for number, it in enumerate(shown):
        middle = (number + 0.5) * step
        name = wording.word("chart.quarter", number=it.period[-1])
        yield text(name, middle, y + 1.25, size=SMALL, anchor="middle")
        if number == 0 or it.period[:4] != shown[number - 1].period[:4]:
            yield text(it.period[:4], middle, y + 2.35, size=SMALL, anchor="middle", kind="foot")


def _column(it: Quarter, x: float, step: float, highest: float, about: About, wording: Wording) -> str:
    base, middle = _PLOT + LINE, x + step / 2
    if not it.is_there:
        return text("–", middle, base - 0.4, anchor="middle")
    if it.value is None:
        return veil(about, x + 0.2 * step, base - 2, f"{0.6 * step:.6g}%", 2)
    height = _PLOT * it.value / highest
    return _standing(it.value, x, base, step, height, wording)


def _standing(value: float, x: float, base: float, step: float, height: float, wording: Wording) -> str:
    """A column with its number on top."""
    middle = x + step / 2
    number = text(wording.number(value), middle, base - height - 0.3, size=SMALL, anchor="middle", kind="number")
    return bar(x + 0.2 * step, base - height, 0.6 * step, height) + number


def trends(series: Sequence[Trend], about: About, wording: Wording) -> str:
    """Small columns for each line of a table, all on one scale."""
    shown = [it.quarters[-MOST_QUARTERS:] for it in series[:MOST_ROWS]]
    highest = max((it.value for quarters in shown for it in quarters if it.value), default=1)
    step = 100 / max(4, *(len(quarters) for quarters in shown))
    marks, y = [], 0.0
    for line, of_line in zip(series, shown, strict=False):
        for part in wrapped(line.label):
            y += LINE
            marks.append(beside(part, 0, y - 0.35, kind="label"))
        y += _SMALL_PLOT
        marks += [
            _small_column(it, number * step, y, step, highest, about, wording) for number, it in enumerate(of_line)
        ]
        marks.append(rule(y, "grid"))
        y += 0.5
    marks += _times(shown[0], step, y - 0.3, wording)
    rest, room = _rest(len(series) - len(shown), y + 2.3, wording)
    return picture(about, said_of_trends(series, about, wording), [*marks, rest], y + 2.4 + room, wording)


def _small_column(
    it: Quarter, x: float, base: float, step: float, highest: float, about: About, wording: Wording
) -> str:
    if not it.is_there:
        return text("–", x + step / 2, base - 0.3, anchor="middle")
    if it.value is None:
        return veil(about, x + 0.2 * step, base - 1, f"{0.6 * step:.6g}%", 1)
    return _standing(it.value, x, base, step, _SMALL_COLUMN * it.value / highest, wording)
