"""Recordings: the same sound in a container that tells neither when nor with what it was recorded."""

import struct

import numpy as np
import pytest

from bot.evidence.sound_bytes import Piece
from bot.evidence.sound_bytes import cleaned as cleaned_pieces
from tests.evidence.corpus_photos import riff_chunk
from tests.evidence.here import cleaned
from tests.evidence.hostile import half, moov_first
from tests.evidence.recordings import amr, decoded, recording

DAY = "2026-03-01T10:00:00Z"
EXACT = [
    ("wav", "pcm_s16le", 44_100, "mono"),
    ("wav", "pcm_s24le", 48_000, "stereo"),
    ("wav", "pcm_u8", 8_000, "mono"),
    ("wav", "pcm_mulaw", 8_000, "mono"),
    ("wav", "pcm_f32le", 44_100, "mono"),
    ("flac", "flac", 44_100, "stereo"),
    ("ipod", "alac", 44_100, "stereo"),
    ("mov", "pcm_s16le", 44_100, "mono"),
    ("adts", "aac", 44_100, "mono"),
    ("ogg", "vorbis", 48_000, "stereo"),
]


@pytest.mark.parametrize(("form", "codec", "rate", "layout"), EXACT)
def test_no_sample_changes(form: str, codec: str, rate: int, layout: str) -> None:
    content = recording(form, codec, rate, layout)
    before, after = decoded(content)[1], decoded(cleaned(content, "a").content)[1]
    assert np.array_equal(before, after)


@pytest.mark.parametrize(
    ("form", "codec", "extension"),
    [
        ("mp3", "libmp3lame", "mp3"),
        ("matroska", "libmp3lame", "mp3"),
        ("ipod", "aac", "m4a"),
        ("adts", "aac", "m4a"),
        ("3gp", "aac", "m4a"),
        ("ogg", "libopus", "ogg"),
        ("webm", "libopus", "ogg"),
        ("mp4", "libopus", "ogg"),
        ("flac", "flac", "flac"),
        ("matroska", "flac", "flac"),
        ("wav", "pcm_s16le", "wav"),
        ("mov", "pcm_s16le", "wav"),
    ],
)
def test_a_recording_keeps_its_coding_in_the_container_that_is_its_own(form: str, codec: str, extension: str) -> None:
    assert cleaned(recording(form, codec, 48_000), "a").extension == extension


def test_a_container_does_not_tell_the_hour() -> None:
    """An MP4 writes it three times, in seconds since 1904."""
    told = recording("ipod", "aac", metadata={"creation_time": DAY})
    for content, silent in ((told, False), (cleaned(told, "a.m4a").content, True)):
        for box in (b"mvhd", b"tkhd", b"mdhd"):
            place = content.index(box) + 8
            assert (struct.unpack(">II", content[place : place + 8]) == (0, 0)) is silent, box


@pytest.mark.parametrize("name", ["Lav", "LAME", "2026", "FFmpeg", "libopus"])
def test_no_encoder_signs_its_work(name: str) -> None:
    for form, codec in (("mp3", "libmp3lame"), ("ipod", "aac"), ("ogg", "libopus"), ("flac", "flac")):
        content = cleaned(recording(form, codec, 48_000, metadata={"creation_time": DAY}), "a").content
        assert content.replace(b"Lavf\0\0\0\0\0", b"").count(name.encode()) == 0  # the muxer's, the same in every MP3


def test_what_is_there_of_a_recording_that_was_cut_off_is_kept_where_each_piece_stands_alone() -> None:
    voice = recording("ogg", "libopus", 48_000, seconds=4)
    for content, whole in ((recording("mp3", "libmp3lame"), 1), (recording("adts", "aac"), 1), (amr(), 1), (voice, 4)):
        seconds = decoded(cleaned(half(content), "a").content)[0]
        assert 0.25 * whole < seconds < 0.75 * whole


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF])
def test_a_recorder_that_did_not_know_how_long_it_would_be_is_understood(size: int) -> None:
    content = recording("wav", "pcm_s16le")
    place = content.index(b"data") + 4
    unknown = content[:place] + struct.pack("<I", size) + content[place + 4 :]
    assert np.array_equal(decoded(cleaned(unknown, "a.wav").content)[1], decoded(content)[1])


def test_a_recording_as_it_is_sent_over_the_net_is_read_too() -> None:
    content = recording("ipod", "aac")
    assert np.array_equal(decoded(cleaned(moov_first(content), "a.m4a").content)[1], decoded(content)[1])


def test_a_wav_keeps_its_format_and_samples_alone() -> None:
    content = cleaned(recording("wav", "pcm_s24le", 48_000, "stereo"), "a.wav").content
    kinds, place = [], 12
    while place < len(content):
        kinds.append(content[place : place + 4])
        place += len(riff_chunk(b"    ", bytes(struct.unpack("<I", content[place + 4 : place + 8])[0])))
    assert kinds == [b"fmt ", b"data"]


@pytest.mark.parametrize("odd", [b"told", b"\x80" * 13, b"\x05" * 13, b"\x4c" * 20, b"\x3c"])
def test_a_voice_message_ends_where_no_frame_starts(odd: bytes) -> None:
    frame = b"\x04" + bytes(12)
    assert cleaned_pieces([Piece(frame * 2 + odd, 0, 320)], "amr_nb") == [Piece(frame * 2, 0, 320)]
