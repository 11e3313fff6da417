"""MP3 by its frames: the sound stays sample for sample, and what stands between the sound is zero."""

from io import BytesIO

import av
import pytest

from bot.evidence import mp3
from tests.evidence.corpus_sounds import id3
from tests.evidence.recordings import decoded, recording

RATES = (44_100, 48_000, 32_000, 22_050, 11_025, 8_000)
MAKES = list(zip(RATES, ("mono", "stereo", "stereo", "mono", "stereo", "mono"), strict=True))
"""The last leaves no room between the sound."""


def _frames(rate: int, layout: str) -> list[bytes]:
    with av.open(BytesIO(recording("mp3", "libmp3lame", rate, layout))) as source:
        return [bytes(packet) for packet in source.demux(audio=0) if packet.size]


@pytest.mark.parametrize(("rate", "layout"), MAKES)
def test_each_frame_says_how_long_it_is(rate: int, layout: str) -> None:
    for frame in _frames(rate, layout):
        head = mp3.head(frame)
        assert head
        assert (head.length, head.rate) == (len(frame), rate)


@pytest.mark.parametrize(("rate", "layout"), MAKES[:-1])
def test_the_encoders_name_goes_and_no_sample_changes(rate: int, layout: str) -> None:
    frames = _frames(rate, layout)
    cleared = mp3.silent_bytes_cleared(frames)
    assert b"LAME" in b"".join(frames)
    assert b"LAME" not in b"".join(cleared)
    assert [len(frame) for frame in cleared] == [len(frame) for frame in frames]
    before, after = (decoded(b"".join(one))[1] for one in (frames, cleared))
    assert before.tolist() == after.tolist()


def test_what_is_no_whole_frame_is_left_out() -> None:
    first, second, *_ = _frames(44_100, "mono")
    other = _frames(22_050, "mono")[0]
    cleared = mp3.silent_bytes_cleared([first, second[:-1], b"TAG told", other, second])
    assert [bool(frame) for frame in cleared] == [True, False, False, False, True]


def test_tags_in_front_are_passed_over_however_many_there_are() -> None:
    sound = b"".join(_frames(44_100, "mono"))
    assert mp3.tags_end(sound) == 0
    assert mp3.tags_end(id3(b"told") + id3(b"more") + sound) == len(id3(b"told") + id3(b"more"))
    assert mp3.starts_frame(sound)


@pytest.mark.parametrize("start", [b"", b"\xff", b"\xff\xfb\x50\xc4", b"\xff\xfe\0\0", b"\xff\xfb\xff\xff" * 99])
def test_two_bytes_make_no_frame(start: bytes) -> None:
    assert not mp3.starts_frame(start)
