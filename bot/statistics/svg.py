"""The marks of a picture as SVG: heights in em, so that it grows with the text, widths in per cent of the screen.

Colours stand in static/statistics.css; what is written here serves where no style is at hand, as in a picture that was
passed on.
"""

import textwrap
from collections.abc import Iterable
from html import escape

from bot.statistics.reading import About, Wording

LINE = 1.35
"""Height of a line of text, in em."""
SMALL = 0.8
"""Size of text beside the labels, in em."""
WIDE, NARROW = 34, 44
"""Letters that fit on a line of a small phone, of a label and of small text."""
MOST_HELD = 3
"""Names of merged codes that a picture has room for."""
VEIL = 3.0
"""Width of what is hidden, in em: the same whatever the figure is."""
RADIUS = 0.3


def text(content: str, x: float, y: float, *, size: float = 1, anchor: str = "start", kind: str = "said") -> str:
    """Its base line at `y`; `x` in per cent."""
    return (
        f'<text class="{kind}" x="{x:.6g}%" y="{y / size:.6g}em" font-size="{size:g}em" text-anchor="{anchor}" '
        f'fill="currentColor">{escape(content)}</text>'
    )


def beside(content: str, x: float, y: float, *, by: float = 0.4, size: float = 1, kind: str = "said") -> str:
    """Text that begins `by` em to the right of `x` per cent."""
    return text(content, x, y, size=size, kind=kind).replace(' font-size="', f' dx="{by / size:.6g}em" font-size="', 1)


def upright(content: str, x: float, y: float, *, size: float = SMALL, by: float = 0) -> str:
    """Text that runs upwards from a point, `by` em to the right of it."""
    return (
        f'<svg class="upright" x="{x:.6g}%" y="{y:.6g}em" overflow="visible"><text class="said" '
        f'transform="rotate(-90)" y="{by / size:.6g}em" font-size="{size:g}em" fill="currentColor">{escape(content)}</text></svg>'
    )


def bar(x: float, y: float, width: float, height: float, kind: str = "bar") -> str:
    """`x` and `width` in per cent."""
    return (
        f'<rect class="{kind}" x="{x:.6g}%" y="{y:.6g}em" width="{max(width, 0):.6g}%" height="{height:.6g}em" '
        'fill="currentColor"/>'
    )


def veil(about: About, x: float, y: float, width: str, height: float) -> str:
    """The one mark of everything that is hidden."""
    return (
        f'<rect class="veil" x="{x:.6g}%" y="{y:.6g}em" width="{width}" height="{height:.6g}em" '
        f'fill="url(#{about.key}-veil)" stroke="currentColor"/>'
    )


def rule(y: float, kind: str = "axis") -> str:
    return f'<line class="{kind}" x1="0" x2="100%" y1="{y:.6g}em" y2="{y:.6g}em" stroke="currentColor"/>'


def wrapped(content: str, width: int = WIDE, most: int | None = None) -> list[str]:
    """Lines of so many letters; at most so many, the last of which then ends in dots."""
    return textwrap.wrap(content, width, max_lines=most, placeholder=" …") or [""]


def held(names: Iterable[str], wording: Wording) -> str:
    """What a merged line holds: the first names, and how many more."""
    every = list(names)
    if len(every) <= MOST_HELD:
        return wording.word("chart.holds", names=", ".join(every))
    first = ", ".join(every[:MOST_HELD])
    return wording.word("chart.holds_more", names=first, count=wording.number(len(every) - MOST_HELD))


def picture(about: About, description: str, marks: Iterable[str], height: float, wording: Wording) -> str:
    """The whole: title and description for those who hear it, the marks, what it must not be taken for."""
    above = _banner(about, wording)
    top = 2 * LINE if above else 0.0
    foot, below = _foot(about, top + height)
    pattern = (
        f'<defs><pattern id="{about.key}-veil" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M1 0v6" stroke="currentColor" stroke-width="2"/>'
        "</pattern></defs>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{about.key}-t {about.key}-d" '
        f'width="100%" height="{top + height + below:.6g}em" font-family="system-ui, sans-serif">'
        f'<title id="{about.key}-t">{escape(about.title)}</title><desc id="{about.key}-d">{escape(description)}</desc>'
        f'{pattern}{above}<svg y="{top:.6g}em" width="100%" height="{height:.6g}em" overflow="visible">{"".join(marks)}</svg>{foot}</svg>'
    )


def _banner(about: About, wording: Wording) -> str:
    """Across a picture of invented figures, and behind its marks, so that no cut takes it away."""
    if not about.is_simulated:
        return ""
    said = wording.word("chart.simulated")
    return (
        f'<rect class="banner" x="0" y="0" width="100%" height="{1.5 * LINE:.6g}em" fill="none" stroke="currentColor"/>'
        + text(said, 50, 1.4, anchor="middle", kind="warning")
        + f'<svg x="50%" y="60%" overflow="visible"><text class="behind" transform="rotate(-20)" text-anchor="middle" '
        f'font-size="1.9em" fill="currentColor" fill-opacity="0.16">{escape(said)}</text></svg>'
    )


def _foot(about: About, y: float) -> tuple[str, float]:
    """The lines under the marks, and how high they are."""
    lines = [line for said in about.foot for line in wrapped(said, NARROW)]
    step = LINE * SMALL
    return (
        "".join(
            text(line, 0, y + 0.6 + step * (number + 1), size=SMALL, kind="foot") for number, line in enumerate(lines)
        ),
        0.8 + step * len(lines) + 0.4,
    )
