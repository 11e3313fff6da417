"""JPEG by its segments: what is left without those that tell of its making, and where the picture ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

START, END = b"\xff\xd8", b"\xff\xd9"
_JFIF, _ADOBE, _COMMENT, _SCAN, _END = 0xE0, 0xEE, 0xFE, 0xDA, 0xD9
_APPLICATION = range(0xE0, 0xF0)
_ADOBE_BYTES = 12
"""The mark, its version, its flags, and how the colours were turned: without that the colours would be wrong."""
_PLAIN_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""Version 1.1, square pixels, no small picture inside."""
_NEXT_MARKER = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")
"""In a scan `FF 00` is data, `FF D0` to `FF D7` restart it, and `FF FF` is padding."""


@dataclass(frozen=True)
class Segment:
    marker: int
    content: bytes
    """After the two bytes of its length."""
    start: int
    end: int
    """With the scan that follows it, if one does."""


def segments(data: bytes) -> Iterator[Segment]:
    """Each segment in its order, the last being the end marker if there is one. ValueError where the order breaks."""
    if not data.startswith(START):
        raise ValueError("no picture starts here")
    place = len(START)
    while place < len(data):
        segment = _segment(data, place)
        yield segment
        if segment.marker == _END:
            return
        place = segment.end


def bare(data: bytes) -> bytes:
    """The same picture, bit for bit, without EXIF, XMP, IPTC, profiles, comments, small pictures and a trailer."""
    kept = [START]
    for segment in segments(data):
        if segment.marker == _JFIF:
            kept.append(_PLAIN_JFIF if segment.content.startswith(b"JFIF\0") else b"")
        elif segment.marker == _ADOBE:
            kept.append(_adobe(segment.content))
        elif segment.marker not in _APPLICATION and segment.marker not in {_COMMENT, _END}:
            kept.append(data[segment.start : segment.end])
    return b"".join([*kept, END])


def end(data: bytes) -> int:
    """Where the first picture ends; all of `data` if it is cut short."""
    return max((segment.end for segment in segments(data)), default=len(data))


def _segment(data: bytes, place: int) -> Segment:
    start = place
    while data[place : place + 2] == b"\xff\xff":
        place += 1
    if data[place] != START[0] or place + 2 > len(data):
        raise ValueError("no segment where one must be")
    marker, body = data[place + 1], place + 2
    if marker == _END:
        return Segment(marker, b"", start, body)
    length = int.from_bytes(data[body : body + 2])
    if length < 2 or body + length > len(data):  # noqa: PLR2004 - the length counts its own two bytes
        raise ValueError("a segment is cut short")
    end = body + length
    if marker == _SCAN:
        following = _NEXT_MARKER.search(data, end)
        end = following.start() if following else len(data)
    return Segment(marker, data[body + 2 : body + length], start, end)


def _adobe(content: bytes) -> bytes:
    if not content.startswith(b"Adobe"):
        return b""
    return b"\xff\xee" + (_ADOBE_BYTES + 2).to_bytes(2) + content[:_ADOBE_BYTES].ljust(_ADOBE_BYTES, b"\0")
