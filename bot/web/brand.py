"""What makes the pages the operator's: logo and colour, read and checked once at start, served from our own origin.

Here too stand the styles that go along within the first page, so that a slow line needs one trip less for a picture.
docs/decisions/page.md says why and what was measured.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from markupsafe import Markup
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from bot.errors import SettingError
from bot.settings import Settings
from bot.web.colour import faults, tones_of
from bot.web.guard import HEADERS
from bot.web.served import ASKED_AGAIN, FOLDER, KEPT, is_same_for_all, mark_of

LARGEST_LOGO = 30_000
"""Bytes: half of what the first load may weigh in all."""
WIDE = 1.6
"""Wider than this times its height, a logo has no room beside the name on a phone."""
FIRST = "/"
"""Path of the page whose styles stand within it, for somebody without a session."""
NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
"""For a picture that is opened by itself: what is drawn in it may be styled, and nothing in it runs or fetches."""
_PNG = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR(.{4})(.{4})", re.DOTALL)
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:(?:<!--.*?-->|<!DOCTYPE[^>\[]*>)\s*)*<svg\b[^>]*>", re.DOTALL
)
"""Down to its first element; a document type is let be, unless it declares something itself."""
_NUMBER = r"(\d+(?:\.\d+)?)"
_VIEW_BOX = re.compile(rf"\bviewBox\s*=\s*[\"']\s*-?[\d.]+[\s,]+-?[\d.]+[\s,]+{_NUMBER}[\s,]+{_NUMBER}\s*[\"']")
_COLOURS = re.compile(r"--([\w-]+): (#[0-9a-f]{6}|#[0-9a-f]{3});")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True)
class Served:
    """A file of the operator's, at an address that names its content."""

    name: str
    content: bytes
    media_type: str

    @property
    def path(self) -> str:
        """Under `/static/`, so that it is compressed and kept as every file is."""
        return f"/static/{self.name}"

    @property
    def address(self) -> str:
        return f"{self.path}?v={mark_of(self.content)}"

    def route(self) -> Route:
        mark = mark_of(self.content)

        async def serve(request: Request) -> Response:
            kept = KEPT if request.query_params.get("v") == mark else ASKED_AGAIN
            headers = {"Cache-Control": kept, "ETag": f'"{mark}"'}
            if f'"{mark}"' in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            return Response(self.content, media_type=self.media_type, headers=headers)

        return Route(self.path, serve)


@dataclass(frozen=True)
class Logo:
    file: Served
    alt: str
    width: int
    height: int
    """Of its own measure: the page keeps the room before it has come."""

    @property
    def is_wide(self) -> bool:
        return self.width > WIDE * self.height

    @classmethod
    def of(cls, path: Path, operator: str) -> Self:
        """Raises SettingError for what is no logo."""
        if not operator:
            raise _wrong("LOGO", "needs VEJVISER_OPERATOR_NAME: who does not see it is told whose it is")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _wrong("LOGO", f"cannot be read: {error.strerror}") from None
        if len(content) > LARGEST_LOGO:
            raise _wrong("LOGO", f"must have at most {LARGEST_LOGO // 1000} kB, and has {len(content) // 1000 + 1}")
        kind, width, height = _measured(content)
        media_type = {"svg": "image/svg+xml", "png": "image/png"}[kind]
        return cls(Served(f"logo.{kind}", content, media_type), operator, width, height)


def _measured(content: bytes) -> tuple[str, int, int]:
    """What kind of picture it is, its width and its height."""
    if png := _PNG.match(content):
        width, height = (int.from_bytes(side) for side in png.groups())
        return "png", width, height
    if not (svg := _SVG.match(content)):
        raise _wrong("LOGO", "must be an SVG or PNG file")
    box = _VIEW_BOX.search(svg[0].decode("utf-8", "replace"))
    if not box or not all(float(side) for side in box.groups()):
        raise _wrong("LOGO", "must have a viewBox, which says how wide and how high it is")
    wide, high = map(float, box.groups())
    return "svg", max(1, round(100 * wide / high)), 100


@dataclass(frozen=True)
class Brand:
    logo: Logo | None
    colours: Served | None
    """Custom properties in place of those of page.css."""
    styles: Markup
    """page.css and the colours, as they stood at start, to stand within the first page."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises SettingError with the name of a setting that is wrong."""
        page = (FOLDER / "page.css").read_text(encoding="utf-8")
        logo = Logo.of(settings.logo, settings.operator_name) if settings.logo else None
        colours = colours_of(settings.accent.lower(), page) if settings.accent else ""
        served = Served("colours.css", colours.encode(), "text/css") if colours else None
        return cls(logo, served, Markup(_COMMENT.sub("", page) + colours))  # noqa: S704 - our own file, and hex digits

    def within(self, request: Request) -> Markup | None:
        """The styles, where they stand within the page itself: on a first page, which goes compressed."""
        return self.styles if is_first(request.scope) else None

    def colours_on(self, selector: str) -> str:
        """The custom properties for elements of another page."""
        return self.colours.content.decode().replace(":root", selector) if self.colours else ""

    @property
    def headers_by_path(self) -> dict[str, Mapping[str, str]]:
        """What Guard sends in place of HEADERS."""
        digest = base64.b64encode(hashlib.sha256(self.styles.encode()).digest()).decode()
        policy = HEADERS["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
        first: dict[str, Mapping[str, str]] = {FIRST: {**HEADERS, "Content-Security-Policy": policy}}
        if not self.logo:
            return first
        return {**first, self.logo.file.path: {**HEADERS, "Content-Security-Policy": NO_SCRIPT}}

    def routes(self) -> Iterator[Route]:
        """Before those of `/static`."""
        for file in (self.logo.file if self.logo else None, self.colours):
            if file:
                yield file.route()


def is_first(scope: Scope) -> bool:
    return HTTPConnection(scope).url.path == FIRST and is_same_for_all(scope)


def colours_of(accent: str, page: str) -> str:
    """The custom properties of `accent` for both schemes, checked against the colours of `page`, which is page.css."""
    light, dark = (dict(_COLOURS.findall(block)) for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL))
    schemes = tuple({name: _long(colour) for name, colour in each.items()} for each in (light, {**light, **dark}))
    made = tones_of(accent, *schemes)
    for scheme, tones in zip(schemes, made, strict=True):
        for one, other, got in faults({**scheme, **tones}):
            raise _wrong("ACCENT", f"{accent} cannot be read: {one} on {other} has a contrast of {got:.2f}")
    by_day, by_night = ("".join(f"--{name}:{colour};" for name, colour in tones.items()) for tones in made)
    return f":root{{{by_day}}}@media (prefers-color-scheme:dark){{:root{{{by_night}}}}}"


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])  # noqa: PLR2004 - #rrggbb


def _wrong(setting: str, what: str) -> SettingError:
    return SettingError(f"VEJVISER_{setting} {what}")
