"""Recordings with the canary in every place where phones, recorders and music programs write about them."""

import base64
import struct
from collections.abc import Callable, Iterator

from tests.evidence.canary import SPELLINGS, Sample, canary
from tests.evidence.corpus_photos import encoded, in_jpeg, riff_chunk, xmp
from tests.evidence.recordings import amr, recording

type Plant = Callable[[bytes, bytes], bytes]


def id3(told: bytes) -> bytes:
    """The tag in front of an MP3, with words, a remark, a picture and data of a program."""
    cover = b"\0image/jpeg\0\3\0" + in_jpeg(0xFE)(encoded("JPEG"), told)
    frames = {b"TIT2": b"\0" + told, b"COMM": b"\0dan\0" + told, b"PRIV": b"x\0" + told, b"GEOB": told, b"APIC": cover}
    body = b"".join(kind + struct.pack(">I", len(data)) + b"\0\0" + data for kind, data in frames.items())
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + body


def _in_front(data: bytes, told: bytes) -> bytes:
    return id3(told) + data


def _old_tag(data: bytes, told: bytes) -> bytes:
    return data + b"TAG" + told[:60].ljust(125, b"\0")


def _ape(data: bytes, told: bytes) -> bytes:
    item = struct.pack("<II", len(told), 0) + b"Artist\0" + told
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0x8000_0000) + bytes(8)
    return data + foot + item + foot


def _lyrics(data: bytes, told: bytes) -> bytes:
    return data + b"LYRICSBEGIN" + told + b"000031LYRICS200"


def _in_first_frame(data: bytes, told: bytes) -> bytes:
    """LAME writes its name and settings into a frame of silence; nothing but silence is asked to be there."""
    place = data.index(b"Lavf", data.index(b"Info"))
    return data[:place] + told[:40] + data[place + len(told[:40]) :]


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _in_moov(*boxes: Callable[[bytes], bytes]) -> Plant:
    """At the end of the index, which is the end of the file."""

    def plant(data: bytes, told: bytes) -> bytes:
        place = data.rindex(b"moov") - 4
        return data[:place] + _box(b"moov", data[place + 8 :] + b"".join(box(told) for box in boxes))

    return plant


def _items(told: bytes) -> bytes:
    names = (b"\xa9nam", b"\xa9ART", b"\xa9too", b"\xa9cmt", b"\xa9xyz")
    items = b"".join(_box(name, _box(b"data", struct.pack(">II", 1, 0) + told)) for name in names)
    cover = _box(b"covr", _box(b"data", struct.pack(">II", 13, 0) + in_jpeg(0xFE)(encoded("JPEG"), told)))
    handler = _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return _box(b"udta", _box(b"meta", bytes(4) + handler + _box(b"ilst", items + cover)))


def _place(told: bytes) -> bytes:
    return _box(b"udta", _box(b"loci", bytes(6) + told + bytes(16)) + _box(b"\xa9mod", told) + _box(b"auth", told))


def _named_handler(data: bytes, told: bytes) -> bytes:
    """A track says what program it is for; the boxes around that grow with it."""
    place = data.index(b"SoundHandler")
    longer = bytearray(data.replace(b"SoundHandler", told, 1))
    for kind in (b"moov", b"trak", b"mdia", b"hdlr"):
        at = longer.rindex(kind, 0, place) - 4
        size = struct.unpack(">I", longer[at : at + 4])[0] + len(told) - len(b"SoundHandler")
        longer[at : at + 4] = struct.pack(">I", size)
    return bytes(longer)


def _at_end(*boxes: bytes) -> Plant:
    return lambda data, told: data + b"".join(_box(kind, told) for kind in boxes)


def _wave(*chunks: Callable[[bytes], bytes]) -> Plant:
    def plant(data: bytes, told: bytes) -> bytes:
        body = data[12:] + b"".join(chunk(told) for chunk in chunks)
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body

    return plant


def _wave_format(data: bytes, told: bytes) -> bytes:
    """Behind the description of the samples, where other codings keep their settings."""
    place = data.index(b"fmt ")
    described = data[place + 8 : place + 24] + struct.pack("<H", len(told)) + told
    body = data[12:place] + riff_chunk(b"fmt ", described) + data[place + 24 :]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def _flac(kind: int, wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    """A block after the first, which describes the stream."""

    def plant(data: bytes, told: bytes) -> bytes:
        content = wrap(told)
        return data[:42] + bytes([kind]) + struct.pack(">I", len(content))[1:] + content + data[42:]

    return plant


def _comments(told: bytes) -> bytes:
    artist, cover = b"ARTIST=" + told, b"METADATA_BLOCK_PICTURE=" + base64.b64encode(_flac_picture(told))
    listed = b"".join(struct.pack("<I", len(one)) + one for one in (artist, cover))
    return struct.pack("<I", len(told)) + told + struct.pack("<I", 2) + listed


def _flac_picture(told: bytes) -> bytes:
    kind = b"image/jpeg"
    head = struct.pack(">II", 3, len(kind)) + kind + struct.pack(">I", len(told)) + told
    return head + struct.pack(">IIIII", 1, 1, 24, 0, len(told)) + told


def _opus_tags(data: bytes, told: bytes) -> bytes:
    """The second page of an Ogg."""
    return _page_replaced(data, 1, lambda _: b"OpusTags" + _comments(told) + told)


def _opus_head(data: bytes, told: bytes) -> bytes:
    return _page_replaced(data, 0, lambda head: head + told)


def _page_replaced(data: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    starts = [place for place in range(len(data)) if data.startswith(b"OggS", place)][: number + 2]
    page = data[starts[number] : starts[number + 1]]
    content = change(page[27 + page[26] :])
    lacing = bytes([255] * (len(content) // 255) + [len(content) % 255])
    new = page[:22] + bytes(4) + bytes([len(lacing)]) + lacing + content
    new = new[:22] + struct.pack("<I", _ogg_sum(new)) + new[26:]
    return data[: starts[number]] + new + data[starts[number + 1] :]


def _ogg_sum(page: bytes) -> int:
    total = 0
    for byte in page:
        total ^= byte << 24
        for _ in range(8):
            total = ((total << 1) ^ (0x04C1_1DB7 if total & 0x8000_0000 else 0)) & 0xFFFF_FFFF
    return total


MP3: dict[str, tuple[Plant, int]] = {
    "tag": (_in_front, 5),
    "old_tag": (_old_tag, 1),
    "ape": (_ape, 1),
    "lyrics": (_lyrics, 1),
    "first_frame": (_in_first_frame, 1),
}
AAC: dict[str, tuple[Plant, int]] = {"tag": (_in_front, 5), "old_tag": (_old_tag, 1), "ape": (_ape, 1)}
M4A: dict[str, tuple[Plant, int]] = {
    "items": (_in_moov(_items), 6),
    "place": (_in_moov(_place), 3),
    "xmp": (_in_moov(lambda told: _box(b"uuid", bytes(16) + xmp(told))), 1),
    "handler": (_named_handler, 1),
    "free": (_at_end(b"free", b"skip", b"uuid", b"mdat"), 4),
}
WAV: dict[str, tuple[Plant, int]] = {
    "list": (
        _wave(lambda told: riff_chunk(b"LIST", b"INFO" + riff_chunk(b"IART", told) + riff_chunk(b"ISFT", told))),
        2,
    ),
    "broadcast": (_wave(lambda told: riff_chunk(b"bext", told.ljust(602, b"\0") + told)), 2),
    "production": (_wave(lambda told: riff_chunk(b"iXML", told), lambda told: riff_chunk(b"_PMX", xmp(told))), 2),
    "tag": (_wave(lambda told: riff_chunk(b"id3 ", id3(told))), 5),
    "format": (_wave_format, 1),
    "end": (lambda data, told: data + told, 1),
}
FLAC: dict[str, tuple[Plant, int]] = {
    "comments": (_flac(4, _comments), 2),
    "program": (_flac(2, lambda told: b"Kana" + told), 1),
    "cover": (_flac(6, _flac_picture), 2),
    "padding": (_flac(1), 1),
    "tag": (_in_front, 5),
    "old_tag": (_old_tag, 1),
}
OPUS: dict[str, tuple[Plant, int]] = {"tags": (_opus_tags, 3), "head": (_opus_head, 1)}
AMR: dict[str, tuple[Plant, int]] = {"end": (lambda data, told: data + told, 1)}


def sounds() -> Iterator[Sample]:
    plain = {
        "mp3": (recording("mp3", "libmp3lame"), MP3),
        "aac": (recording("adts", "aac"), AAC),
        "m4a": (recording("ipod", "aac", layout="stereo"), M4A),
        "3gp": (recording("3gp", "aac"), M4A),
        "wav": (recording("wav", "pcm_s16le"), WAV),
        "flac": (recording("flac", "flac"), FLAC),
        "opus": (recording("ogg", "libopus", 48_000), OPUS),
        "amr": (amr(), AMR),
    }
    for extension, (data, places) in plain.items():
        for place, (plant, times) in places.items():
            for spelling in SPELLINGS:
                yield Sample(f"{place}-{spelling}.{extension}", plant(data, canary(spelling, place)), times)
        told, whole = canary("utf-8", "all"), data
        for plant, _ in places.values():
            whole = plant(whole, told)
        yield Sample(f"everywhere.{extension}", whole, len(places))
    yield from _by_their_encoder()


def _by_their_encoder() -> Iterator[Sample]:
    told = canary().decode()
    tags = dict.fromkeys(("title", "artist", "comment", "location", "creation_time", "encoder"), told)
    for name, form, codec, rate, layout in (
        ("lame.mp3", "mp3", "libmp3lame", 22_050, "stereo"),
        ("low.mp3", "mp3", "libmp3lame", 8_000, "mono"),
        ("phone.m4a", "ipod", "aac", 44_100, "mono"),
        ("lossless.m4a", "ipod", "alac", 44_100, "stereo"),
        ("voice.ogg", "ogg", "libopus", 48_000, "mono"),
        ("music.ogg", "ogg", "vorbis", 48_000, "stereo"),
        ("browser.webm", "webm", "libopus", 48_000, "mono"),
        ("matroska.mka", "matroska", "libmp3lame", 44_100, "mono"),
        ("fine.flac", "flac", "flac", 48_000, "stereo"),
        ("law.wav", "wav", "pcm_alaw", 8_000, "mono"),
        ("deep.wav", "wav", "pcm_s24le", 48_000, "stereo"),
        ("film_name.mp4", "mp4", "libopus", 48_000, "mono"),
    ):
        yield Sample(name, recording(form, codec, rate, layout, metadata=tags))
