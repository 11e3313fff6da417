"""MP3 by its frames: where tags end, what is a frame, and a recording without the bytes that make no sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

_TAG_HEAD, _HEAD = 10, 4
_MOST_TAGS = 8
"""Programs have left three; more are made to keep a reader busy."""
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FIRST = 3
"""The version's number for MPEG 1; the later ones halve the sample rate, the frame and the side information."""
_BITRATES_FIRST = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_LATER = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_LAYER_3, _MONO = 1, 3


@dataclass(frozen=True)
class Head:
    """What the four bytes before a frame say (ISO 11172-3, 2.4.1.3)."""

    first_version: bool
    rate: int
    """Samples a second."""
    channels: int
    has_checksum: bool
    length: int
    """Bytes of the whole frame."""

    @property
    def side(self) -> int:
        """Where the side information starts."""
        return _HEAD + 2 * self.has_checksum

    @property
    def main(self) -> int:
        """Where the sound's own bytes start."""
        stereo, mono = (32, 17) if self.first_version else (17, 9)
        return self.side + (mono if self.channels == 1 else stereo)


def tags_end(content: bytes) -> int:
    """Where the ID3 tags in front end, with the zeros behind them; players of other formats skip them too."""
    place = 0
    for _ in range(_MOST_TAGS):
        if content[place : place + 3] != b"ID3" or len(content) < place + _TAG_HEAD:
            break
        size = content[place + 6 : place + _TAG_HEAD]
        has_footer = bool(content[place + 5] & 0x10)
        length = sum((byte & 0x7F) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        place += _TAG_HEAD * (1 + has_footer) + length
    return len(content) - len(content[place:].lstrip(b"\0")) if place else 0


def head(frame: bytes) -> Head | None:
    """None if this is no frame of layer 3, or one of a free bit rate, whose length nobody says."""
    if len(frame) < _HEAD or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0 or (frame[1] >> 1) & 3 != _LAYER_3:  # noqa: PLR2004
        return None
    version, bitrate, rate = (frame[1] >> 3) & 3, frame[2] >> 4, (frame[2] >> 2) & 3
    if version not in _RATES or bitrate in {0, 15} or rate == 3:  # noqa: PLR2004 - reserved
        return None
    first = version == _FIRST
    kilobits = (_BITRATES_FIRST if first else _BITRATES_LATER)[bitrate]
    length = (144_000 if first else 72_000) * kilobits // _RATES[version][rate] + ((frame[2] >> 1) & 1)
    return Head(first, _RATES[version][rate], 1 if frame[3] >> 6 == _MONO else 2, not frame[1] & 1, length)


def starts_frame(content: bytes) -> bool:
    """Whether a frame stands here, and another or nothing after it: two bytes alone can be anything."""
    found = head(content)
    if found is None or found.length > len(content):
        return False
    return len(content) == found.length or head(content[found.length : found.length + _HEAD]) is not None


def silent_bytes_cleared(frames: list[bytes]) -> list[bytes]:
    """Each frame with zeros where no sound is, for encoders write their names there; nothing of what is no whole frame.

    A frame's sound may start in the frames before it, so that the gaps show in all of them together only.
    """
    heads = _heads_of_whole_frames(frames)
    mains = [frame[found.main :] if found else b"" for frame, found in zip(frames, heads, strict=True)]
    starts = list(accumulate((len(main) for main in mains), initial=0))
    before, after = b"".join(mains), bytearray(starts[-1])
    for frame, found, start in zip(frames, heads, starts, strict=False):
        if found:
            back, length = _reach(frame, found)
            first, last = max(0, start - back), max(0, min(start - back + length, len(before)))
            after[first:last] = before[first:last]
    return [
        frame[: found.main] + after[start:stop] if found else b""
        for frame, found, (start, stop) in zip(frames, heads, pairwise(starts), strict=True)
    ]


def _heads_of_whole_frames(frames: list[bytes]) -> list[Head | None]:
    """None for what is cut short, or of another sample rate than the first: a tag that looks like a frame."""
    found = [head(frame) for frame in frames]
    whole = [one if one and one.length == len(frame) else None for frame, one in zip(frames, found, strict=True)]
    rate = next((one.rate for one in whole if one), 0)
    return [one if one and one.rate == rate else None for one in whole]


def _reach(frame: bytes, found: Head) -> tuple[int, int]:
    """How many bytes before the frame's own its sound starts, and how many bytes of sound there are."""
    side = int.from_bytes(frame[found.side : found.main])
    bits = 8 * (found.main - found.side)
    back = 9 if found.first_version else 8
    sound = sum((side >> (bits - place - 12)) & 0xFFF for place in _part_places(found))
    return side >> (bits - back), (sound + 7) // 8


def _part_places(found: Head) -> Iterator[int]:
    """Where, in bits, the side information says how long a part of the sound is (12 bits each)."""
    mono = found.channels == 1
    if found.first_version:
        start = 9 + (5 if mono else 3) + 4 * found.channels
        return iter(range(start, start + 59 * 2 * found.channels, 59))
    start = 8 + (1 if mono else 2)
    return iter(range(start, start + 63 * found.channels, 63))
