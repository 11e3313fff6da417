"""JBIG2 by its segments: remarks go, and the rest stays."""

import pytest

from bot.evidence.jbig2 import without_remarks
from tests.evidence.corpus_documents import jbig2_segment

PAGE, END = jbig2_segment(0, 48, bytes(19)), jbig2_segment(4, 49, b"")
REMARK = jbig2_segment(1, 62, b"told by the scanner")


def test_a_remark_goes_wherever_it_stands() -> None:
    assert without_remarks(REMARK + PAGE + REMARK + END + REMARK) == PAGE + END


def test_a_segment_that_refers_to_others_is_passed_over_as_a_whole() -> None:
    few = b"\0\0\0\2" + bytes([6, 2 << 5, 0, 1, 1]) + (3).to_bytes(4) + b"abc"
    many = (
        b"\0\0\0\3"
        + bytes([6])
        + (0xE000_0000 | 9).to_bytes(4)
        + bytes(2)
        + bytes(9)
        + b"\1"
        + (3).to_bytes(4)
        + b"abc"
    )
    wide = b"\0\0\2\0" + bytes([0x46, 1 << 5, 0, 1]) + bytes(4) + (3).to_bytes(4) + b"abc"
    assert without_remarks(few + REMARK + many + REMARK + wide) == few + many + wide


def test_a_segment_of_unknown_length_is_the_last() -> None:
    endless = b"\0\0\0\2" + bytes([38, 0, 1]) + b"\xff\xff\xff\xff" + b"scan"
    assert without_remarks(REMARK + endless) == endless


@pytest.mark.parametrize("data", [PAGE[:-1], PAGE + b"\0\0\0", b"\0"])
def test_a_segment_that_is_cut_short_is_an_error(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        without_remarks(data)
