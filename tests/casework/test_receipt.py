"""The receipt: twenty digits, the same for the same attempt, and nothing without the keys."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.receipt import in_groups, receipt_for, receipt_hash, referral_mark

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


def test_what_is_stored_of_a_receipt_depends_on_the_server_key() -> None:
    receipt = receipt_for(KEY, SECRET, "a")
    assert re.fullmatch("[0-9a-f]{64}", receipt_hash(KEY, receipt))
    assert receipt_hash(KEY, receipt) == receipt_hash(KEY, receipt)
    assert receipt_hash(KEY, receipt) != receipt_hash(OTHER_KEY, receipt)
    assert receipt_hash(KEY, receipt) != receipt_hash(KEY, receipt_for(KEY, SECRET, "b"))


def test_what_is_stored_does_not_show_the_receipt() -> None:
    receipt = receipt_for(KEY, SECRET, "a")
    assert receipt not in receipt_hash(KEY, receipt)
    assert f"{int(receipt):x}" not in receipt_hash(KEY, receipt)


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
