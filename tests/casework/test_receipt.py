"""The receipt: twenty digits, the same for the same attempt, and nothing without the keys."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.receipt import (
    DIGITS,
    digits_of,
    in_groups,
    receipt_for,
    referral_mark,
    stretched,
)
from tests.keys import REAL_RECEIPTS

KEY, OTHER_KEY = bytes(32), bytes(31) + b"\1"
SECRET, OTHER_SECRET = b"s" * 32, b"t" * 32


@settings(deadline=None)
@given(
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
    st.text("0123456789abcdef", min_size=1, max_size=16),
)
def test_a_receipt_is_twenty_digits_and_the_same_whenever_the_attempt_is_filed_again(
    key: bytes, secret: bytes, attempt: str
) -> None:
    receipt = receipt_for(key, secret, attempt)
    assert re.fullmatch("[0-9]{20}", receipt)
    assert receipt_for(key, secret, attempt) == receipt


def test_another_attempt_conversation_or_server_has_another_receipt() -> None:
    receipts = {
        receipt_for(KEY, SECRET, "a"),
        receipt_for(KEY, SECRET, "b"),
        receipt_for(KEY, OTHER_SECRET, "a"),
        receipt_for(OTHER_KEY, SECRET, "a"),
    }
    assert len(receipts) == 4


def test_ten_thousand_receipts_are_all_different_and_use_every_digit_everywhere() -> None:
    receipts = [receipt_for(KEY, SECRET, str(number)) for number in range(10_000)]
    assert len(set(receipts)) == len(receipts)
    for place in range(20):
        digits = Counter(receipt[place] for receipt in receipts)
        assert set(digits) == set("0123456789")
        assert max(digits.values()) < 1_200


def test_what_is_stored_of_a_receipt_depends_on_the_server_key_and_shows_nothing_of_it() -> None:
    receipt = receipt_for(KEY, SECRET, "a")
    keys = stretched(KEY, receipt)
    assert re.fullmatch("[0-9a-f]{64}", keys.lookup)
    assert stretched(KEY, receipt) == keys
    assert len({keys.lookup, stretched(OTHER_KEY, receipt).lookup, stretched(KEY, receipt[::-1]).lookup}) == 3
    assert len({keys.secret, stretched(OTHER_KEY, receipt).secret, bytes.fromhex(keys.lookup)}) == 3
    assert receipt not in keys.lookup
    assert f"{int(receipt):x}" not in keys.lookup


def test_a_guess_costs_argon2id_with_at_least_what_its_makers_call_interactive() -> None:
    operations, memory = REAL_RECEIPTS
    assert operations >= 2
    assert memory >= 64 * 1024 * 1024


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"])
@pytest.mark.parametrize("between", ["", " ", "-", " – ", "\u00a0", ".", "\n"])
def test_a_receipt_is_read_in_any_digits_and_groups(digits: str, between: str) -> None:
    written = between.join("12345678901234567890"[start : start + 4] for start in range(0, 20, 4))
    assert digits_of(written.translate({48 + value: digit for value, digit in enumerate(digits)}), DIGITS) == (
        "12345678901234567890"
    )


@pytest.mark.parametrize("written", ["", "1234", "1" * 19, "1" * 21, "1234 5678 9012 3456 789x", "²" * 20, "½" * 20])
def test_what_is_no_receipt_is_none(written: str) -> None:
    assert digits_of(written, DIGITS) == ""


def test_a_referral_has_its_own_mark_by_conversation_need_and_service() -> None:
    marks = {
        referral_mark(KEY, SECRET, "find_job", "jobnet"),
        referral_mark(KEY, SECRET, "find_job", "igu"),
        referral_mark(KEY, SECRET, "internship", "jobnet"),
        referral_mark(KEY, OTHER_SECRET, "find_job", "jobnet"),
        referral_mark(OTHER_KEY, SECRET, "find_job", "jobnet"),
    }
    assert len(marks) == 5
    assert referral_mark(KEY, SECRET, "find_job", "jobnet") in marks


def test_a_mark_and_a_receipt_of_the_same_words_have_nothing_in_common() -> None:
    mark = referral_mark(KEY, SECRET, "find_job", "jobnet")
    assert f"{int(mark, 16) % 10**20:020}" != receipt_for(KEY, SECRET, "find_job/jobnet")


def test_a_receipt_is_read_aloud_in_groups_of_four() -> None:
    assert in_groups("00012345678901234567") == "0001 2345 6789 0123 4567"
