"""JPEG by its segments: the picture stays bit for bit, and nothing else does."""

from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.evidence import jpeg
from tests.evidence.corpus_photos import JPEG, encoded

MODES = [("L", False), ("RGB", False), ("RGB", True), ("CMYK", False)]


def _pixels(data: bytes) -> object:
    return np.asarray(Image.open(BytesIO(data))).tolist()


@pytest.mark.parametrize(("mode", "progressive"), MODES)
def test_the_bare_picture_is_the_same_picture(mode: str, *, progressive: bool) -> None:
    data = encoded("JPEG", mode, progressive=progressive, restart_marker_blocks=2)
    assert _pixels(jpeg.bare(data)) == _pixels(data)


@pytest.mark.parametrize("place", JPEG)
def test_what_is_written_into_any_segment_is_gone(place: str) -> None:
    plain = encoded("JPEG")
    told = JPEG[place][0](plain, b"told by the camera")
    bare = jpeg.bare(told)
    assert b"told by" not in bare
    assert _pixels(bare) == _pixels(plain)


def test_only_what_decodes_the_picture_is_left() -> None:
    whole = encoded("JPEG", progressive=True)
    for plant, _ in JPEG.values():
        whole = plant(whole, b"told")
    markers = {segment.marker for segment in jpeg.segments(jpeg.bare(whole))}
    assert markers <= {0xE0, 0xEE, 0xDB, 0xC2, 0xC4, 0xDA, 0xD9}


def test_a_bare_picture_stays_as_it_is() -> None:
    bare = jpeg.bare(encoded("JPEG", "CMYK"))
    assert jpeg.bare(bare) == bare


def test_the_end_of_a_picture_is_where_the_next_thing_starts() -> None:
    data = encoded("JPEG")
    assert jpeg.end(data) == len(data)
    assert jpeg.end(data + b"\xff\xd8 and more") == len(data)
    assert jpeg.end(data[:-2]) == len(data) - 2


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0", b"\xff\xd8\xff\xe0\0\x10JF", b"\xff\xd8no"]
)
def test_what_breaks_off_is_no_picture(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        jpeg.bare(data)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_a_value_error(content: bytes) -> None:
    with suppress(ValueError, IndexError):
        assert jpeg.bare(jpeg.START + content).startswith(jpeg.START)
