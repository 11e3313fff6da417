"""A picture of what others published about a target: a kind of its own, on its own axis, with its source (R13).

It takes official values and nothing else, so that no count of ours can be drawn beside them.
"""

from collections.abc import Sequence
from itertools import pairwise

from bot.statistics.reading import About, Wording
from bot.statistics.svg import SMALL, Canvas, rule, stroke, text
from bot.statistics.targets import Figure, OfficialValue, Target, Unit

_PLOT, _TOP = 8.0, 1.6
"""Height of the plot, and of what stands above it, in em."""
_LEFT, _RIGHT = 12.0, 92.0
"""Where the first and the last year stand, in per cent."""
_MOST_YEARS = 6
"""Labels for which there is room on a phone."""
_HEADROOM = 1.25
"""So much above the highest figure the axis ends, so that its number has room."""
_ROUND = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100)


def official_chart(target: Target, series: Sequence[OfficialValue], key: str, wording: Wording) -> str:
    """One source's figures by year, with what the source says of their uncertainty, and the plan's goal.

    `series`: of one target and one source, by year; at least one. Raises ValueError for figures of several sources.
    """
    sources = {it.source for it in series}
    if len(sources) != 1 or {it.target for it in series} != {target.id}:
        raise ValueError("an official picture shows one target and one source")
    scale = _Scale(target, series)
    unit = wording.word(f"unit.{target.unit}")
    marks = [
        *_axis(scale, unit, wording),
        *_goal(scale, target, wording),
        *_line(scale, series),
        *(mark for it in _labelled(series) for mark in _value(scale, it, wording)),
    ]
    title = wording.word("chart.official_title", source=series[0].source)
    caption = [wording.word("chart.official", source=series[0].source, unit=unit)]
    about = About(key, title, unit, tuple(caption), is_simulated=False)
    return Canvas(about, wording).picture(_said(series, unit, wording), marks, _TOP + _PLOT + 1.6)


class _Scale:
    """Where years and figures stand. A figure becomes a number here only, to find its place on its own axis."""

    def __init__(self, target: Target, series: Sequence[OfficialValue]) -> None:
        shown = [figure for it in series for figure in (it.figure, it.low, it.high) if figure is not None]
        numbers = [_place(it) for it in [*shown, *([target.goal.value] if target.goal.value else [])]]
        self.years = [it.year for it in series]
        self.low = min(0.0, *numbers)
        self.high = _above(max(numbers) * _HEADROOM, target.unit)

    def x(self, year: int) -> float:
        first, last = min(self.years), max(self.years)
        return 50.0 if first == last else _LEFT + (_RIGHT - _LEFT) * (year - first) / (last - first)

    def y(self, number: float) -> float:
        return _TOP + _PLOT * (1 - (number - self.low) / ((self.high - self.low) or 1))

    def at(self, it: OfficialValue, figure: Figure) -> tuple[float, float]:
        return self.x(it.year), self.y(_place(figure))


def _place(figure: Figure) -> float:
    return float(str(figure))


def _above(highest: float, unit: Unit) -> float:
    """The end of the axis: a round number, of per cent at most 100, and zero at least."""
    if highest <= 0:
        return 0.0
    size = 0.01
    while highest > _ROUND[-1] * size:
        size *= 10
    above = next(step * size for step in _ROUND if step * size >= highest)
    return min(above, 100.0) if unit is Unit.PERCENT else above


def _axis(scale: _Scale, unit: str, wording: Wording) -> list[str]:
    """Lines at both ends and at zero; the upper one says the unit."""
    marks = []
    for number in dict.fromkeys((scale.low, 0.0, scale.high)):
        y = scale.y(number)
        said = f"{wording.number(number)} {unit}" if number == scale.high else wording.number(number)
        label = text(said, 0, y - 0.25, size=SMALL, kind="foot")
        marks += [rule(y, "axis" if number == 0 else "grid"), label]
    return marks


def _goal(scale: _Scale, target: Target, wording: Wording) -> list[str]:
    if target.goal.value is None:
        return []
    y = scale.y(_place(target.goal.value))
    said = wording.word("chart.goal", value=target.goal.value.text(wording.code))
    line = stroke("goal", (0, y), (100, y), ' stroke-dasharray="6 4"')
    return [line, text(said, 100, y - 0.3, size=SMALL, anchor="end", kind="foot")]


def _line(scale: _Scale, series: Sequence[OfficialValue]) -> list[str]:
    """From figure to figure, and a point at each with what the source says of its uncertainty."""
    path = [stroke("path", scale.at(one, one.figure), scale.at(other, other.figure)) for one, other in pairwise(series)]
    ranges = [stroke("range", scale.at(it, it.low), scale.at(it, it.high)) for it in series if it.low and it.high]
    return [*path, *ranges, *(_point(*scale.at(it, it.figure)) for it in series)]


def _point(x: float, y: float) -> str:
    return f'<circle class="point" cx="{x:.6g}%" cy="{y:.6g}em" r="0.32em" fill="currentColor"/>'


def _labelled(series: Sequence[OfficialValue]) -> list[OfficialValue]:
    """Evenly chosen, with the first and the last, as many as can be read on a phone."""
    if len(series) <= _MOST_YEARS:
        return list(series)
    last = len(series) - 1
    return [series[round(place * last / (_MOST_YEARS - 1))] for place in range(_MOST_YEARS)]


def _value(scale: _Scale, it: OfficialValue, wording: Wording) -> list[str]:
    x, y = scale.at(it, it.high or it.figure)
    return [
        text(it.figure.text(wording.code), x, y - 0.55, size=SMALL, anchor="middle", kind="number"),
        text(str(it.year), x, _TOP + _PLOT + 1.2, size=SMALL, anchor="middle"),
    ]


def _said(series: Sequence[OfficialValue], unit: str, wording: Wording) -> str:
    """Every figure with its year, in a sentence."""
    every = ", ".join(f"{it.year}: {it.figure.text(wording.code)}" for it in series)
    return wording.word("chart.official_said", unit=unit, figures=every)
