"""A word that must not survive: planted in every spelling, and looked for in every layer of a file."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf

WORD = "Kanariefugl"
SPELLINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
_CORES = (WORD.encode(), WORD.encode("utf-16-le")[:-1])
"""Both orders of UTF-16 share all bytes but the outermost."""
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_DEEPEST = 3


@dataclass(frozen=True)
class Sample:
    """An honest-looking file, and how often the word is in it."""

    name: str
    content: bytes
    planted: int = 1


def canary(spelling: str = "utf-8", place: str = "") -> bytes:
    """With letters that each spelling writes in another way."""
    return f"{WORD} æø {place}".encode(spelling)


def sightings(content: bytes) -> int:
    """How often the word stands in the bytes as they are, and in all that can be unfolded from them."""
    return sum(layer.count(core) for layer in layers(content) for core in _CORES)


def layers(content: bytes, depth: int = 0) -> Iterator[bytes]:
    yield content
    if depth < _DEEPEST:
        for layer in _inner(content):
            yield from layers(layer, depth + 1)


def _inner(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"%PDF-"):
        yield from _of_a_pdf(content)
        return
    for match in _ZLIB.finditer(content):
        unfolding = zlib.decompressobj()
        try:
            yield unfolding.decompress(content[match.start() :], 10_000_000)
        except zlib.error:
            continue
    for match in _BASE64.finditer(content):
        try:
            yield base64.b64decode(match[0], validate=True)
        except binascii.Error:
            continue


def _of_a_pdf(content: bytes) -> Iterator[bytes]:
    with pikepdf.open(BytesIO(content)) as pdf:
        for thing in [*pdf.objects, pdf.trailer]:
            yield b"\n".join(_words_of(thing))
            if isinstance(thing, pikepdf.Stream):
                yield thing.read_raw_bytes()
                try:
                    yield thing.read_bytes()
                except pikepdf.PdfError:
                    continue


def _words_of(thing: object) -> Iterator[bytes]:
    """Strings however they are written, and names; not those of what is referred to, which comes by itself."""
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in thing.keys():  # noqa: SIM118 - a stream has no iterator
            yield key.encode("utf-8", "surrogateescape")
            if not getattr(thing[key], "is_indirect", False):
                yield from _words_of(thing[key])
    elif isinstance(thing, pikepdf.Array):
        for item in thing:
            if not getattr(item, "is_indirect", False):
                yield from _words_of(item)
    elif isinstance(thing, pikepdf.String | pikepdf.Name):
        yield bytes(thing) if isinstance(thing, pikepdf.String) else thing.unparse()
