"""The bytes of a recording, by its coding: only what is a whole piece of sound, and only what sets up its decoder."""

import re
from dataclasses import dataclass, replace

from bot.evidence import mp3

_CODER_NAME = re.compile(rb"Lav[cf][0-9.]*")
_OPUS_HEAD, _OPUS_FAMILY, _OPUS_CHANNELS = 19, 18, 9
_LONGEST_AAC_SETUP, _ALAC_SETUP = 16, 36
_ADTS_HEAD = 7
_AMR_BYTES = {
    "amr_nb": (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1),
    "amr_wb": (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1),
}
"""Of a frame with its first byte, by the type that byte names; 0 for types that are not in use (RFC 4867, 5.3)."""
_AMR_UNUSED_BITS = 0x83
_WAVE_HEAD, _CHUNK_HEAD = 12, 8
_PLAIN_FORMAT, _EXTENDED_FORMAT, _EXTENDED = 16, 40, b"\xfe\xff"
_UNKNOWN_SIZES = {0, 0xFFFF_FFFF}
"""What a recorder leaves that was cut off, or did not know how long it would be."""


@dataclass(frozen=True)
class Piece:
    """What a container keeps together, with its place in time in the units of its track."""

    data: bytes
    start: int
    length: int


def cleaned(pieces: list[Piece], codec: str) -> list[Piece]:
    """The pieces that are whole, without the names that encoders write between the sound."""
    match codec:
        case "mp3":
            data = mp3.silent_bytes_cleared([piece.data for piece in pieces])
        case "aac":
            data = [_whole_aac(piece.data) for piece in pieces]
            data[:1] = [_CODER_NAME.sub(lambda name: bytes(len(name[0])), first) for first in data[:1]]
        case "amr_nb" | "amr_wb":
            data = [_amr_frames(piece.data, _AMR_BYTES[codec]) for piece in pieces]
        case _:
            data = [piece.data for piece in pieces]
    return [replace(piece, data=kept) for piece, kept in zip(pieces, data, strict=True) if kept]


def set_up(codec: str, told: bytes) -> bytes:
    """What the decoder must know before the first piece, cut where its form ends. ValueError if it is far too long."""
    if codec.startswith(("pcm", "amr")):
        return b""
    if codec == "aac" and len(told) > _LONGEST_AAC_SETUP:
        raise ValueError("a remark is in the set-up of the sound")
    if codec == "opus" and len(told) >= _OPUS_HEAD:
        return told[: _OPUS_HEAD + (2 + told[_OPUS_CHANNELS] if told[_OPUS_FAMILY] else 0)]
    return told[:_ALAC_SETUP] if codec == "alac" else told


def plain_wave(content: bytes) -> bytes:
    """Format and samples alone. KeyError if either is missing, ValueError if there are fewer samples than it says."""
    kept, place = {}, _WAVE_HEAD
    while place + _CHUNK_HEAD <= len(content) and b"data" not in kept:
        name, size = content[place : place + 4], int.from_bytes(content[place + 4 : place + _CHUNK_HEAD], "little")
        place += _CHUNK_HEAD
        if name == b"data" and size in _UNKNOWN_SIZES:
            size = len(content) - place
        if place + size > len(content):
            raise ValueError("the recording is cut short")
        kept[name] = content[place : place + size]
        place += size + size % 2
    kind = kept[b"fmt "]
    kind = kind[: _EXTENDED_FORMAT if kind.startswith(_EXTENDED) else _PLAIN_FORMAT]
    body = _chunk(b"fmt ", kind) + _chunk(b"data", kept[b"data"])
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WAVE" + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)


def _whole_aac(data: bytes) -> bytes:
    """Nothing of a frame that carries its own head (ADTS) and says another length; others say none."""
    if len(data) < _ADTS_HEAD or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:  # noqa: PLR2004
        return data
    return data if (int.from_bytes(data[3:6]) >> 5) & 0x1FFF == len(data) else b""


def _amr_frames(data: bytes, sizes: tuple[int, ...]) -> bytes:
    """The frames up to the first byte that starts none."""
    place = 0
    while place < len(data):
        size = sizes[data[place] >> 3 & 0xF]
        if data[place] & _AMR_UNUSED_BITS or not size or place + size > len(data):
            break
        place += size
    return data[:place]
