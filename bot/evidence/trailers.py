"""Files that are two at once: what stands behind the end of one, or before its start, and opens as another."""

import re

from bot.evidence import jpeg
from bot.evidence.formats import Form

_PNG_START, _CHUNK_FRAME = 8, 12
_GIF_PICTURE, _GIF_LAST = 0x2C, 0x3B
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES, _LONGEST_ZIP_COMMENT = 22, 65_535
_HEAD = 1024
"""Bytes in which readers look for the start of a PDF."""
_ARCHIVES = (b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01", b"7z\xbc\xaf\x27\x1c")
"""So long that chance does not write them, and found by their programs wherever they stand."""
_BEHIND_START = re.compile(rb"\s*(?:PK\x03\x04|%PDF-|\x7fELF|MZ|\x1f\x8b\x08|#!|<\?|BZh|\xd0\xcf\x11\xe0)")
_BEHIND = (b"%pdf-1", b"<html", b"<script", b"<svg", b"<iframe", b"<!doctype", b"<?php", b"this program cannot be run")
_PDF_BLANK = b"\0\t\n\f\r "


def hides_another(content: bytes, form: Form) -> bool:
    """Whether another program would find a file of another kind in it.

    What phones put behind a photo (a film of a second, a map of depths, notes of the camera) is no such file; it is
    dropped with everything else that is not the picture.
    """
    if form is Form.TEXT:
        return holds_late_pdf(content) and b"endobj" in content
    if form is Form.PDF:
        return bool(_behind_pdf(content)) or _holds_archive(content)
    trailer = content[_end(content, form) :]
    if holds_late_pdf(content) or _holds_archive(content) or _BEHIND_START.match(trailer):
        return True
    lowered = trailer.lower()
    return any(mark in lowered for mark in _BEHIND)


def holds_late_pdf(content: bytes) -> bool:
    """Whether a PDF starts a little after the start, which its readers forgive."""
    return content.find(b"%PDF-", 0, _HEAD) > 0


def _behind_pdf(content: bytes) -> bytes:
    """What stands after the last end mark. A file without one is cut short, which its reader finds."""
    mark = content.rfind(b"%%EOF")
    return content[mark + 5 :].strip(_PDF_BLANK) if mark >= 0 else b""


def _holds_archive(content: bytes) -> bool:
    return _ends_as_zip(content) or any(content.find(mark, 1) > 0 for mark in _ARCHIVES)


def _ends_as_zip(content: bytes) -> bool:
    """Whether the table of contents that ends a zip archive is there, and what it points to as well."""
    place = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_BYTES - _LONGEST_ZIP_COMMENT))
    if place < 0:
        return False
    size = int.from_bytes(content[place + 12 : place + 16], "little")
    return place >= size and content[place - size : place - size + 4] in {b"PK\x01\x02", _ZIP_END}


def _end(content: bytes, form: Form) -> int:
    """Where the file itself ends, if its form says so; a form that breaks before has no trailer."""
    try:
        match form:
            case Form.JPEG:
                return jpeg.end(content)
            case Form.PNG:
                return _png_end(content)
            case Form.GIF:
                return _gif_end(content)
            case Form.WEBP | Form.WAV:
                return 8 + int.from_bytes(content[4:8], "little")
            case _:
                return len(content)
    except (ValueError, IndexError):
        return len(content)


def _png_end(content: bytes) -> int:
    place = _PNG_START
    while place < len(content):
        kind = content[place + 4 : place + 8]
        place += _CHUNK_FRAME + int.from_bytes(content[place : place + 4])
        if kind == b"IEND":
            return place
    return len(content)


def _gif_end(content: bytes) -> int:
    place = 13 + _colours(content[10])
    while content[place] != _GIF_LAST:
        is_picture = content[place] == _GIF_PICTURE
        place += (11 + _colours(content[place + 9])) if is_picture else 2
        while content[place]:
            place += 1 + content[place]
        place += 1
    return place + 1


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
