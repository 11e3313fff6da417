"""Pictures of what was counted, quarter by quarter: a measure as a whole, and each line of its table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.statistics.chart_words import said_of_quarters, said_of_trends
from bot.statistics.reading import About, Quarter, Trend, Wording
from bot.statistics.svg import LINE, SMALL, Canvas, bar, rule, text, wrapped

MOST_QUARTERS, MOST_LINES = 8, 15
"""What a picture has room for; the table beside it has all."""
_FEWEST = 4
"""So few quarters, or fewer, have the room of four."""


@dataclass(frozen=True)
class _Row:
    """Columns of quarters that stand on one base."""

    canvas: Canvas
    base: float
    height: float
    """Of the highest column, in em."""
    highest: float
    step: float
    """From one quarter to the next, in per cent."""

    def columns(self, quarters: Sequence[Quarter]) -> str:
        return "".join(self._column(it, place * self.step) for place, it in enumerate(quarters))

    def _column(self, it: Quarter, x: float) -> str:
        middle = x + self.step / 2
        if not it.is_there:
            return text("–", middle, self.base - 0.35, anchor="middle")
        if it.value is None:
            veiled = 0.22 * self.height + 0.3
            return self.canvas.veil(x + 0.2 * self.step, self.base - veiled, f"{0.6 * self.step:.6g}%", veiled)
        height = self.height * it.value / self.highest
        top = self.base - height
        number = text(self.canvas.number(it.value), middle, top - 0.3, size=SMALL, anchor="middle", kind="number")
        return bar(x + 0.2 * self.step, top, 0.6 * self.step, height) + number

    def names(self, quarters: Sequence[Quarter]) -> Iterator[str]:
        """The quarters under their columns; the year where it begins."""
        year = ""
        for place, it in enumerate(quarters):
            middle = (place + 0.5) * self.step
            name = self.canvas.word("chart.quarter", number=it.period[-1])
            yield text(name, middle, self.base + 1.25, size=SMALL, anchor="middle")
            if it.period[:4] != year:
                year = it.period[:4]
                yield text(year, middle, self.base + 2.35, size=SMALL, anchor="middle", kind="foot")


def quarters(series: Iterable[Quarter], about: About, wording: Wording) -> str:
    """A column for each of the newest quarters; one of which nothing was released has a dash."""
    canvas, shown = Canvas(about, wording), list(series)[-MOST_QUARTERS:]
    row = _Row(canvas, 9 + LINE, 9, _highest(shown), 100 / max(len(shown), _FEWEST))
    below, y = canvas.below(row.base + 2.6, left_out=0, hides=_hides(shown))
    marks = [row.columns(shown), rule(row.base), *row.names(shown), *below]
    return canvas.picture(said_of_quarters(shown, about, wording), marks, y)


def trends(series: Sequence[Trend], about: About, wording: Wording) -> str:
    """Small columns for each line of a table, all on one scale."""
    canvas = Canvas(about, wording)
    shown = [it.quarters[-MOST_QUARTERS:] for it in series[:MOST_LINES]]
    every = [it for of_line in shown for it in of_line]
    row = _Row(canvas, 0, 2.2, _highest(every), 100 / max(len(shown[0]), _FEWEST))
    marks, y = [], 0.0
    for line, of_line in zip(series, shown, strict=False):
        for part in wrapped(line.label):
            y += LINE
            marks.append(text(part, 0, y - 0.35, by=0.4, kind="label"))
        row = _Row(canvas, y + 3.4, row.height, row.highest, row.step)
        marks += [row.columns(of_line), rule(row.base, "grid")]
        y = row.base + 0.5
    marks += row.names(shown[0])
    below, y = canvas.below(y + 2.2, left_out=len(series) - len(shown), hides=_hides(every))
    return canvas.picture(said_of_trends(series, about, wording), [*marks, *below], y)


def _highest(series: Iterable[Quarter]) -> float:
    return max((it.value for it in series if it.value), default=1)


def _hides(series: Iterable[Quarter]) -> bool:
    return any(it.is_there and it.value is None for it in series)
