"""The marks of a picture as SVG: heights in em, so that it grows with the text, widths in per cent of the screen.

Colours stand in static/statistics.css; what is written here serves where no style is at hand, as in a picture that was
passed on.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bot.statistics.reading import About, Wording

LINE = 1.35
"""Height of a line of text, in em."""
SMALL = 0.8
"""Size of text beside the labels, in em."""
WIDE, NARROW, TITLE = 28, 44, 29
"""Letters that fit on a line of a small phone: of a label, of small text, of the title."""
DIGIT, PHONE = 0.56, 18.0
"""Width of a digit and of a small phone, in em."""
MOST_HELD = 3
"""Names of merged codes that a picture has room for."""
VEIL = 3.0
"""Width of what is hidden beside a word, in em: the same whatever the figure is."""


def text(
    content: str, x: float, y: float, *, by: float = 0, size: float = 1, anchor: str = "start", kind: str = "said"
) -> str:
    """Its base line at `y` em, `by` em to the right of `x` per cent."""
    return (
        f'<text class="{kind}" x="{x:.6g}%" y="{y / size:.6g}em" dx="{by / size:.6g}em" font-size="{size:g}em" '
        f'text-anchor="{anchor}" fill="currentColor">{escape(content)}</text>'
    )


def upright(content: str, x: float, y: float, *, by: float = 0) -> str:
    """Small text that runs upwards from a point, `by` em to the right of it."""
    return (
        f'<svg x="{x:.6g}%" y="{y:.6g}em" overflow="visible"><text class="said" transform="rotate(-90)" '
        f'y="{by / SMALL:.6g}em" font-size="{SMALL:g}em" fill="currentColor">{escape(content)}</text></svg>'
    )


def bar(x: float, y: float, width: float, height: float) -> str:
    """`x` and `width` in per cent."""
    return f'<rect class="filled" {_place(x, y, f"{max(width, 0):.6g}%", height)} fill="currentColor"/>'


def _place(x: float, y: float, width: str, height: float) -> str:
    return f'x="{x:.6g}%" y="{y:.6g}em" width="{width}" height="{height:.6g}em"'


def rule(y: float, kind: str = "axis") -> str:
    """A line across the picture."""
    return stroke(kind, (0, y), (100, y))


def stroke(kind: str, begin: tuple[float, float], end: tuple[float, float], more: str = "") -> str:
    """A line between two points."""
    (x1, y1), (x2, y2) = begin, end
    at = f'x1="{x1:.6g}%" y1="{y1:.6g}em" x2="{x2:.6g}%" y2="{y2:.6g}em"'
    return f'<line class="{kind}" {at} stroke="currentColor"{more}/>'


def wrapped(content: str, width: int = WIDE, most: int | None = None) -> list[str]:
    """Lines of so many letters; at most so many, the last of which then ends in dots."""
    return textwrap.wrap(content, width, max_lines=most, placeholder=" …") or [""]


@dataclass(frozen=True)
class Canvas:
    """What is drawn on: who speaks in it, and of what."""

    about: About
    wording: Wording

    def word(self, name: str, /, **values: object) -> str:
        return self.wording.word(name, **values)

    def number(self, value: float) -> str:
        return self.wording.number(value)

    def veil(self, x: float, y: float, width: str, height: float) -> str:
        """The one mark of everything that is hidden."""
        place, pattern = _place(x, y, width, height), f"url(#{self.about.key}-veil)"
        return f'<rect class="veil" {place} fill="{pattern}" stroke="currentColor"/>'

    def held(self, names: Iterable[str]) -> list[str]:
        """What a merged line holds, in lines: the first names, and how many more."""
        every = list(names)
        if not every:
            return []
        first, more = ", ".join(every[:MOST_HELD]), len(every) - MOST_HELD
        if more <= 0:
            return wrapped(self.word("chart.holds", names=first), WIDE + 6, 3)
        return wrapped(self.word("chart.holds_more", names=first, count=self.number(more)), WIDE + 6, 3)

    def below(self, y: float, *, left_out: int, hides: bool) -> tuple[list[str], float]:
        """Under the marks: that the table has more, and what a veil is; with the end of it all, in em."""
        marks = []
        if left_out > 0:
            y += 1.5
            marks.append(text(self.word("chart.more_lines", count=self.number(left_out)), 0, y - 0.2, size=SMALL))
        if hides:
            y += 1.5
            marks += [
                self.veil(0, y - 1.05, "1.6em", 0.9),
                text(self.word("chart.hidden"), 0, y - 0.3, by=2, size=SMALL),
            ]
        return marks, y

    def picture(self, description: str, marks: Iterable[str], height: float) -> str:
        """The whole: title and description for those who hear it, the marks, what it must not be taken for."""
        key, (heading, top) = self.about.key, self._heading()
        foot, below = self._foot(top + height)
        return "".join((
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{key}-t {key}-d" ',
            f'width="100%" height="{top + height + below:.6g}em" font-family="system-ui, sans-serif">',
            f'<title id="{key}-t">{escape(self.about.title)}</title><desc id="{key}-d">{escape(description)}</desc>',
            f'<defs><pattern id="{key}-veil" width="6" height="6" patternUnits="userSpaceOnUse" ',
            'patternTransform="rotate(45)"><path class="hatch" d="M1 0v6" stroke="currentColor" stroke-width="2"/>',
            f"</pattern></defs>{self._behind()}{heading}",
            f'<svg y="{top:.6g}em" width="100%" height="{height:.6g}em" overflow="visible">{"".join(marks)}</svg>',
            f"{foot}</svg>",
        ))  # fmt: skip

    def _heading(self) -> tuple[str, float]:
        """The title, over it that figures are invented, and how high both stand."""
        y = 2 * LINE if self.about.is_simulated else 0.0
        banner = f'<rect class="banner" {_place(0, 0, "100%", 1.5 * LINE)} fill="none" stroke="currentColor"/>'
        said = text(self.word("chart.simulated"), 50, 1.4, anchor="middle", kind="warning")
        marks = [banner, said] if self.about.is_simulated else []
        for line in wrapped(self.about.title, TITLE):
            y += LINE
            marks.append(text(line, 0, y - 0.35, kind="heading"))
        return "".join(marks), y + 0.4

    def _behind(self) -> str:
        """Behind the marks of invented figures, so that no cut takes it away."""
        if not self.about.is_simulated:
            return ""
        said = escape(self.word("chart.simulated"))
        return (
            '<svg x="50%" y="60%" overflow="visible"><text class="behind" transform="rotate(-20)" font-size="1.9em" '
            f'text-anchor="middle" fill="currentColor" fill-opacity="0.16">{said}</text></svg>'
        )

    def _foot(self, y: float) -> tuple[str, float]:
        """The lines under the marks, and how high they are."""
        lines = [line for said in self.about.foot for line in wrapped(said, NARROW)]
        step = LINE * SMALL
        marks = (
            text(line, 0, y + 0.6 + step * (place + 1), size=SMALL, kind="foot") for place, line in enumerate(lines)
        )
        return "".join(marks), 1.2 + step * len(lines)
