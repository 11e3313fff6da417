"""JBIG2, the black and white of scanners, by its segments (ITU-T T.88, 7.2): all but the remarks."""

from collections.abc import Iterator

_EXTENSION = 62
_UNKNOWN_LENGTH = 0xFFFF_FFFF


def without_remarks(data: bytes) -> bytes:
    """The same image. ValueError if a segment is cut short."""
    return b"".join(segment for kind, segment in _segments(data) if kind != _EXTENSION)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        kind, head = _head(data, place)
        length = int.from_bytes(data[head - 4 : head])
        end = len(data) if length == _UNKNOWN_LENGTH else head + length
        if end > len(data):
            raise ValueError("a segment is cut short")
        yield kind, data[place:end]
        place = end


def _head(data: bytes, place: int) -> tuple[int, int]:
    """The kind of a segment, and where its head ends."""
    number, flags, referred = int.from_bytes(data[place : place + 4]), data[place + 4], data[place + 5] >> 5
    after = place + 6
    if referred == 7:  # noqa: PLR2004 - the count is then in the next bytes, and a bit for each follows it
        referred = int.from_bytes(data[place + 5 : place + 9]) & 0x1FFF_FFFF
        after = place + 9 + (referred + 8) // 8
    width = 1 if number <= 0x100 else 2 if number <= 0x1_0000 else 4  # noqa: PLR2004 - bytes of a segment's number
    page = 4 if flags & 0x40 else 1
    return flags & 0x3F, after + referred * width + page + 4
