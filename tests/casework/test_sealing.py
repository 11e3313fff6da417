"""What a person tells opens with its report's key alone, in its own place alone, and not with a bit changed."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey

from bot.casework.sealing import BLOCK, ReportKey
from bot.errors import SealBrokenError

FLIPS = 10_000
KEY, OTHER = ReportKey.new("a" * 32), ReportKey.new("b" * 32)
TEXT = "My landlord said no when he heard my name. " * 40


def flipped(sealed: bytes, bit: int) -> bytes:
    changed = bytearray(sealed)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def is_refused(key: ReportKey, place: str, sealed: bytes) -> bool:
    try:
        key.open(place, sealed)
    except SealBrokenError:
        return True
    return False


@settings(deadline=None)
@given(st.text(st.characters()), st.binary())
def test_whatever_was_told_or_sent_comes_back(text: str, content: bytes) -> None:
    assert KEY.open("narrative/1", KEY.seal("narrative/1", text)) == text
    assert KEY.open_bytes("file/1", KEY.seal_bytes("file/1", content)) == content


def test_ten_thousand_flipped_bits_are_ten_thousand_refusals() -> None:
    sealed = KEY.seal("narrative/1", TEXT)
    bits = [bit % (8 * len(sealed)) for bit in range(FLIPS)]
    assert sum(is_refused(KEY, "narrative/1", flipped(sealed, bit)) for bit in bits) == FLIPS
    assert not is_refused(KEY, "narrative/1", sealed)


@pytest.mark.parametrize("kept", [0, 1, 23, 24, 39, 40, -1])
def test_what_was_cut_short_is_refused(kept: int) -> None:
    assert is_refused(KEY, "narrative/1", KEY.seal("narrative/1", TEXT)[:kept])


def test_a_part_opens_in_its_own_place_alone() -> None:
    sealed = KEY.seal("narrative/1", TEXT)
    for place in ("narrative/2", "organisation/1", "message/1", ""):
        assert is_refused(KEY, place, sealed)


def test_rows_that_were_swapped_between_reports_are_refused_even_under_one_key() -> None:
    same = ReportKey(OTHER.report_id, KEY.key)
    assert is_refused(same, "narrative/1", KEY.seal("narrative/1", TEXT))
    assert is_refused(OTHER, "narrative/1", KEY.seal("narrative/1", TEXT))


def test_texts_of_one_block_have_one_length() -> None:
    lengths = {len(KEY.seal("message/1", "x" * length)) for length in range(BLOCK - 1)}
    assert len(lengths) == 1
    assert len(KEY.seal("message/1", "x" * BLOCK)) > lengths.pop()


def test_the_same_words_are_never_sealed_the_same_way_twice() -> None:
    assert len({KEY.seal("narrative/1", TEXT) for _ in range(100)}) == 100


def test_what_is_sealed_to_a_holder_opens_with_the_private_half_alone() -> None:
    holder, other = PrivateKey.generate(), PrivateKey.generate()
    sealed = KEY.sealed_to(bytes(holder.public_key))
    assert ReportKey.opened_by(holder, KEY.report_id, sealed) == KEY
    with pytest.raises(SealBrokenError):
        ReportKey.opened_by(other, KEY.report_id, sealed)
    with pytest.raises(SealBrokenError):
        ReportKey.opened_by(holder, OTHER.report_id, sealed)
    for bit in range(0, 8 * len(sealed), 7):
        with pytest.raises(SealBrokenError):
            ReportKey.opened_by(holder, KEY.report_id, flipped(sealed, bit))


def test_what_is_wrapped_for_a_receipt_opens_with_it_alone() -> None:
    secret = secrets.token_bytes(32)
    wrapped = KEY.wrapped(secret)
    assert ReportKey.unwrapped(secret, KEY.report_id, wrapped) == KEY
    with pytest.raises(SealBrokenError):
        ReportKey.unwrapped(secrets.token_bytes(32), KEY.report_id, wrapped)
    with pytest.raises(SealBrokenError):
        ReportKey.unwrapped(secret, OTHER.report_id, wrapped)


def test_a_key_is_not_shown_where_it_is_printed() -> None:
    assert KEY.key.hex() not in repr(KEY)
    assert str(KEY.key) not in repr(KEY)
