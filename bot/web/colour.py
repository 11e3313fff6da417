"""One colour of the operator becomes the tones of the pages, in OKLCH, where equal steps look equal.

Björn Ottosson, "A perceptual color space for image processing" (2020), whose numbers these are; contrast as WCAG 2.2
defines it.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

TEXT, EDGE = 4.5, 3.0
"""Least contrast of what is read (WCAG 1.4.3), and of what shows where something to press ends (1.4.11)."""
_STEP = 0.005
_LIGHTEST = 0.985
_NEAR = 1e-4
"""So far outside of what a screen can show a colour is rounded into it."""
_WHITE = "#ffffff"

type Row = tuple[float, float, float]

_TO_CONES: tuple[Row, ...] = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: tuple[Row, ...] = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB: tuple[Row, ...] = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_CONES: tuple[Row, ...] = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


@dataclass(frozen=True)
class Tone:
    """A colour by how light it is (0 to 1), how strong (0 is grey), and its hue in degrees."""

    lightness: float
    strength: float
    hue: float

    @classmethod
    def of(cls, colour: str) -> "Tone":
        """Of `#rrggbb`."""
        cones = _times(_TO_CONES, _linear(colour))
        lightness, a, b = _times(_TO_LAB, tuple(math.cbrt(cone) for cone in cones))
        return cls(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)

    def at(self, lightness: float, most: float) -> "Tone":
        """The same hue at another lightness, at most so strong."""
        return Tone(min(max(lightness, 0.0), 1.0), min(self.strength, most), self.hue)

    @cached_property
    def colour(self) -> str:
        """As `#rrggbb`: what a screen cannot show that strong is shown weaker, as light and in the same hue."""
        tone = self
        while tone.strength > 0 and not all(-_NEAR <= channel <= 1 + _NEAR for channel in tone._channels):
            tone = replace(tone, strength=max(tone.strength - _STEP, 0.0))
        return "#" + "".join(f"{round(255 * _gamma(min(max(channel, 0.0), 1.0))):02x}" for channel in tone._channels)

    @property
    def _channels(self) -> Row:
        turned = math.radians(self.hue)
        lab = (self.lightness, self.strength * math.cos(turned), self.strength * math.sin(turned))
        return _times(_FROM_CONES, tuple(cone**3 for cone in _times(_FROM_LAB, lab)))


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    darker, lighter = sorted(_times(((0.2126, 0.7152, 0.0722),) * 3, _linear(it))[0] for it in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def tones_of(accent: str, light: Mapping[str, str], dark: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """{property: colour} of `accent` in each scheme; `light` and `dark` hold the `paper`, `tint` and `ink` it meets."""
    return _by_day(Tone.of(accent), light), _by_night(Tone.of(accent), dark)


def _by_day(accent: Tone, on: Mapping[str, str]) -> dict[str, str]:
    """What is filled keeps the colour as it was given, wherever white or black can be read on it."""
    inks = (_WHITE, on["ink"])
    fill = _first(accent, -_STEP, lambda colour: max(contrast(colour, ink) for ink in inks) >= TEXT)
    ink = next(it for it in inks if contrast(it, fill.colour) >= TEXT)
    tint = accent.at(0.945, 0.022)
    words = _first(accent, -_STEP, _read_on((on["paper"], on["tint"], tint.colour)))
    farther = -0.1 if ink == _WHITE else 0.1
    if fill.lightness + farther > _LIGHTEST:
        farther = -0.05  # the ink is black, and can be read on a little less light, too
    return _named(fill, ink, fill.at(fill.lightness + farther, fill.strength), words, tint)


def _by_night(accent: Tone, on: Mapping[str, str]) -> dict[str, str]:
    """Strong and dark colours would glow or vanish on black: there they are lighter and softer."""
    soft = accent.at(max(accent.lightness, 0.825), 0.1)
    tint = accent.at(0.32, 0.055)
    words = _first(soft, _STEP, _read_on((on["paper"], on["tint"], tint.colour)))
    deep = words.at(min(words.lightness + 0.075, _LIGHTEST), 0.06)
    return _named(words, accent.at(0.245, 0.05).colour, deep, words, tint)


def _named(fill: Tone, ink: str, deep: Tone, words: Tone, tint: Tone) -> dict[str, str]:
    return {
        "accent": fill.colour,
        "accent-ink": ink,
        "accent-deep": deep.colour,
        "accent-text": words.colour,
        "accent-tint": tint.colour,
    }


def faults(tones: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Pairs that cannot be told apart well enough, with their contrast; `tones` hold the scheme's own colours too."""
    found = ((one, other, contrast(tones[one], tones[other]), least) for one, other, least in _pairs())
    return [(one, other, got) for one, other, got, least in found if got < least]


def _pairs() -> Iterable[tuple[str, str, float]]:
    for ground in ("paper", "tint", "accent-tint"):
        yield "accent-text", ground, TEXT
    yield "accent-ink", "accent", TEXT
    yield "accent-ink", "accent-deep", TEXT
    yield "ink", "accent-tint", TEXT
    yield "accent-text", "paper", EDGE  # the edge of what is pressed, filled or not


def _read_on(grounds: Iterable[str]) -> Callable[[str], bool]:
    every = tuple(grounds)
    return lambda colour: all(contrast(colour, ground) >= TEXT for ground in every)


def _first(tone: Tone, step: float, fits: Callable[[str], bool]) -> Tone:
    """The nearest by lightness that fits; the last one where none does."""
    while not fits(tone.colour) and 0 < tone.lightness < 1:
        tone = tone.at(tone.lightness + step, tone.strength)
    return tone


def _times(matrix: Iterable[Row], row: tuple[float, ...]) -> Row:
    first, second, third = (sum(factor * value for factor, value in zip(line, row, strict=True)) for line in matrix)
    return first, second, third


def _linear(colour: str) -> Row:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB
