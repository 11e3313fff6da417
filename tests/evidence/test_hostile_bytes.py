"""Whatever bytes come: they are cleaned or refused, and no library's complaint gets out."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evidence.cleaner import Cleaned, RefusedError
from bot.evidence.kinds import LARGEST, MEDIA
from tests.evidence.corpus_documents import PLACES
from tests.evidence.corpus_photos import JPEG, PNG, encoded, exif
from tests.evidence.documents import document, saved
from tests.evidence.here import cleaned
from tests.evidence.recordings import amr, recording

NAMES = ("a.jpg", "a.png", "a.pdf", "a.txt", "a.mp3", "a.heic", "a", "a.exe", ".", "", "a.b.c\u202egpj", "\0.pdf")
PHOTOS = (b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0", b"\0\0\0\x1cftypheic")
SOUNDS = (
    b"ID3\3\0\0",
    b"\0\0\0\x1cftypM4A ",
    b"OggS\0\2",
    b"fLaC\0\0\0\x22",
    b"#!AMR\n",
    b"\x1aE\xdf\xa3",
    b"\xff\xfb\x50\xc4",
)
OTHERS = (b"%PDF-1.7\n", b"RIFF\0\0\0\0WAVEfmt ", b"BM" + bytes(8), b"\xff\xf1\x50\x40", b"\xff\xfe", b"{\\rtf")
STARTED = st.builds(bytes.__add__, st.sampled_from(PHOTOS + SOUNDS + OTHERS), st.binary(max_size=400))


@cache
def good_files() -> dict[str, bytes]:
    """One of each form, with as much in it as it can hold."""
    everywhere = encoded("JPEG"), encoded("PNG", "RGBA"), document(pages=2)
    for plant, _ in JPEG.values():
        everywhere = plant(everywhere[0], b"told"), *everywhere[1:]
    for plant, _ in PNG.values():
        everywhere = everywhere[0], plant(everywhere[1], b"told"), everywhere[2]
    for plant, _ in PLACES.values():
        plant(everywhere[2], b"told")
    return {
        "a.jpg": everywhere[0],
        "a.png": everywhere[1],
        "a.pdf": saved(everywhere[2]),
        "plain.pdf": saved(everywhere[2], compress_streams=False),
        "a.gif": encoded("GIF"),
        "a.webp": encoded("WEBP", exif=exif(b"told", 3)),
        "a.heic": encoded("HEIF", exif=exif(b"told", 6)),
        "a.avif": encoded("AVIF"),
        "a.tif": encoded("TIFF", compression="tiff_lzw"),
        "a.bmp": encoded("BMP"),
        "a.txt": "De sagde nej på trappen. لا".encode(),
        "a.mp3": recording("mp3", "libmp3lame", seconds=0.3),
        "a.m4a": recording("ipod", "aac", seconds=0.3),
        "a.aac": recording("adts", "aac", seconds=0.3),
        "a.ogg": recording("ogg", "libopus", 48_000, seconds=0.3),
        "music.ogg": recording("ogg", "vorbis", 48_000, "stereo", seconds=0.3),
        "a.webm": recording("webm", "libopus", 48_000, seconds=0.3),
        "a.wav": recording("wav", "pcm_s16le", seconds=0.1),
        "a.flac": recording("flac", "flac", seconds=0.3),
        "a.amr": amr(10),
    }


@st.composite
def mutated_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file after bits were turned, pieces cut out, doubled or swapped for noise, and its end lost."""
    name = draw(st.sampled_from(sorted(good_files())))
    content = bytearray(good_files()[name])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        if draw(st.booleans()):
            place = min(place, draw(st.integers(0, 400)))  # heads are where the decisions are
        piece = slice(place, place + draw(st.integers(1, 40)))
        match draw(st.integers(0, 4)):
            case 0:
                content[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                del content[piece]
            case 2:
                content[place:place] = content[piece]
            case 3:
                content[piece] = draw(st.binary(max_size=40))
            case _:
                del content[place:]
    return name, bytes(content)


def _is_cleaned_or_refused(content: bytes, name: str) -> None:
    try:
        result = cleaned(content, name)
    except RefusedError:
        return
    assert isinstance(result, Cleaned)
    assert result.media_type in MEDIA
    assert 0 < len(result.content) <= LARGEST


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.binary(max_size=400), STARTED), st.sampled_from(NAMES))
def test_any_bytes_are_cleaned_or_refused(content: bytes, name: str) -> None:
    _is_cleaned_or_refused(content, name)


@settings(deadline=None, max_examples=60)
@given(mutated_files())
def test_a_good_file_gone_bad_is_cleaned_or_refused(file: tuple[str, bytes]) -> None:
    _is_cleaned_or_refused(file[1], file[0])


@pytest.mark.long
@settings(deadline=None, max_examples=20_000)
@given(mutated_files())
def test_twenty_thousand_good_files_gone_bad_are_cleaned_or_refused(file: tuple[str, bytes]) -> None:
    _is_cleaned_or_refused(file[1], file[0])


@pytest.mark.parametrize("name", sorted(good_files()))
def test_a_file_cut_anywhere_is_cleaned_or_refused(name: str) -> None:
    content = good_files()[name]
    for end in range(1, len(content), max(1, len(content) // 25)):
        _is_cleaned_or_refused(content[:end], name)
