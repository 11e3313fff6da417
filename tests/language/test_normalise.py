"""One spelling for what people type in several."""

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.normalise import aligned, normalise, printable

LETTERS = string.ascii_letters + string.digits + " æøåÆØÅéüğışİIı" + "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآٱؤئءیکگچپژہھے"
MARKS = "\u064b\u064e\u0650\u0651\u0652\u0670\u0640\u200e\u200f\u2066\u2069\u200c\u200d\ufeff\u00ad’“–\t\n"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("مَرْحَبًا", "مرحبا"),
        ("مـــرحـــبا", "مرحبا"),
        ("مُدرِّسة", "مدرسه"),
        ("ٱلسَّلَٰم", "السلم"),
        ("كيف", "کیف"),
        ("کیف", "کیف"),
        ("أين إلى آخر", "این الی اخر"),
        ("على", "علی"),
        ("مسؤول شيء رئيس", "مسوول شیء رییس"),
        ("ﻻ", "لا"),
        ("می‌خواهم", "می خواهم"),
        ("ي\u200dك", "یک"),
        ("\u200fمرحبا\u200e \u2067بك\u2069", "مرحبا بک"),
    ],
)
def test_arabic_and_persian_letters_meet(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Jeg  VIL\tlære\n dansk ", "jeg vil lære dansk"),
        ("don’t ‘go’ `now`", "don't 'go' 'now'"),
        ("“ja” – „nej”", '"ja" - "nej"'),
        ("Straße", "strasse"),
        ("İstanbul Işık ISPARTA", "istanbul işik isparta"),
        ("e\u0301cole", "école"),
        ("ﬁn ①", "fin 1"),
        ("co\u00adop", "coop"),
        ("\ufeffhej\u2060", "hej"),
        ("a\u00a0b", "a b"),
    ],
)
def test_latin_letters_meet(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize("typed", ["", " ", "\0", "\ud800", "ـ", "\u200e", "َ", "\x1b\x07\r\n"])
def test_what_holds_no_letter_is_nothing(typed: str) -> None:
    assert normalise(typed) == ""


def test_what_cannot_be_printed_separates_words() -> None:
    assert normalise("hej\0du") == normalise("hej\ud83ddu") == normalise("hej\x1bdu") == "hej du"


@pytest.mark.parametrize("typed", ["٠١٢٣", "112", "۱۱۲"])
def test_digits_of_every_script_are_kept(typed: str) -> None:
    assert normalise(typed) == typed


@settings(deadline=None)
@given(st.text(st.characters()))
def test_anything_at_all_can_be_normalised(text: str) -> None:
    read = normalise(text)
    read.encode()
    assert read == read.strip()
    assert "  " not in read
    assert not {unicodedata.category(char) for char in read} & {"Cs", "Cc", "Lu"}


@settings(deadline=None)
@given(st.text(LETTERS + MARKS))
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(st.text(LETTERS), st.data())
def test_a_mark_anywhere_changes_nothing(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    for mark in "\u064e\u0651\u0670\u0640\u200e\u200f\u2066\u2069\u200d\ufeff\u00ad":
        assert normalise(text[:place] + mark + text[place:]) == normalise(text)


@settings(deadline=None)
@given(st.text(st.characters()))
def test_printable_text_keeps_every_place(text: str) -> None:
    clean = printable(text)
    clean.encode()
    assert len(clean) == len(text)
    assert "\0" not in clean
    assert all(there in {before, " "} for before, there in zip(text, clean, strict=True))


@given(st.text(max_size=80) | st.text(LETTERS + MARKS, max_size=80))
def test_an_aligned_text_is_the_normalised_one_and_knows_where_its_letters_came_from(text: str) -> None:
    normal, origins = aligned(text)
    assert normal == normalise(text)
    assert len(origins) == len(normal)
    assert all(0 <= start < end <= len(text) for start, end in origins)


def test_a_word_is_found_again_where_it_was_written() -> None:
    text = "  في   نُوريبْرو\u200f ساكن"
    normal, origins = aligned(text)
    start = normal.index("نوریبرو")
    assert text[origins[start][0] : origins[start + 6][1]] == "نُوريبْرو"
