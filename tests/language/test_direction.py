"""Runs of Latin letters and digits keep their order inside text that runs from right to left."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.direction import END, FIRST_STRONG, LEFT_TO_RIGHT, isolate, isolate_latin

ISOLATES = dict.fromkeys(map(ord, LEFT_TO_RIGHT + FIRST_STRONG + END))
MIXED = st.text("abzæøåÉ019 +-/.,:@_%'’&()?!«»\n" + "ابتةىگ۱٢،؟ـ", max_size=60)


def shown(text: str) -> str:
    """Isolates to be read: [ left to right, < as the first letter says, and ] where either ends."""
    return isolate_latin(text).replace(LEFT_TO_RIGHT, "[").replace(FIRST_STRONG, "<").replace(END, "]")


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("اتصل على 70 201 201 الآن", "اتصل على [70 201 201] الآن"),
        ("اتصل على +45 33 66 33 66.", "اتصل على [+45 33 66 33 66]."),
        ("المبلغ 2,000 كرونة", "المبلغ [2,000] كرونة"),
        ("خصم 50%، تقريبًا", "خصم [50%]، تقريبًا"),
        ("البلدية (kommune) هنا", "البلدية ([kommune]) هنا"),
        ("البلدية (Københavns Kommune)", "البلدية ([Københavns Kommune])"),
        ("في Digital Post, MitID أو", "في [Digital Post, MitID] أو"),
        ("اكتب إلى info@kk.dk اليوم", "اكتب إلى [info@kk.dk] اليوم"),
        ("على kk.dk/dansk-kursus.", "على [kk.dk/dansk-kursus]."),
        ("مفتوح 24/7!", "مفتوح [24/7]!"),
        ("الاثنين 9.00-15.30، الثلاثاء", "الاثنين [9.00-15.30]، الثلاثاء"),
        ("رقم CPR أو A-kasse", "رقم [CPR] أو [A-kasse]"),
        ("منظمة LGBT+ هنا", "منظمة [LGBT+] هنا"),
        ("مرحبا", "مرحبا"),
        ("الطابق ٣", "الطابق ٣"),
        ("", ""),
    ],
)
def test_numbers_addresses_and_danish_words_are_runs_of_their_own(text: str, isolated: str) -> None:
    assert shown(text) == isolated


def test_a_value_that_was_isolated_when_it_was_filled_in_stays_one_run() -> None:
    text = f"اتصل على {isolate('Jobcenter (København) 82 56')} أو 112"
    assert shown(text) == "اتصل على <Jobcenter (København) 82 56] أو [112]"


def test_a_value_that_is_a_sentence_of_its_own_keeps_what_is_isolated_in_it() -> None:
    topic = isolate_latin("CPR نمبر اور پتہ")
    assert shown(f"مجھے {isolate(topic)} میں مدد، 112") == "مجھے <[CPR] نمبر اور پتہ] میں مدد، [112]"


def test_a_date_in_words_is_left_to_its_own_first_letter() -> None:
    """Forced from left to right, its day would stand where its year belongs."""
    assert shown(f"في {isolate('29 نوفمبر 2026')}.") == "في <29 نوفمبر 2026]."


@settings(deadline=None)
@given(MIXED)
def test_taking_the_isolates_away_gives_the_text_back(text: str) -> None:
    assert isolate_latin(text).translate(ISOLATES) == text


@settings(deadline=None)
@given(st.lists(st.tuples(MIXED, MIXED), max_size=4))
def test_isolates_always_close_and_what_a_value_holds_is_left_alone(parts: list[tuple[str, str]]) -> None:
    isolated = isolate_latin("".join(plain + isolate(value) for plain, value in parts))
    marks = re.findall(f"[{LEFT_TO_RIGHT}{FIRST_STRONG}{END}]", isolated)
    assert all(mark != END for mark in marks[::2])
    assert all(mark == END for mark in marks[1::2])
    assert all(isolate(value) in isolated for _, value in parts)


@settings(deadline=None)
@given(MIXED)
def test_every_latin_letter_and_digit_is_isolated(text: str) -> None:
    outside = re.sub(f"{LEFT_TO_RIGHT}[^{END}]*{END}", "", isolate_latin(text))
    assert not re.search("[a-zA-Z0-9æøåÉ]", outside)


@settings(deadline=None)
@given(MIXED)
def test_a_run_begins_and_ends_with_what_belongs_to_it(text: str) -> None:
    for run in re.findall(f"{LEFT_TO_RIGHT}([^{END}]*){END}", isolate_latin(text)):
        assert re.fullmatch(r"[+a-zA-Z0-9æøåÉ](.*[a-zA-Z0-9æøåÉ/%+])?", run)
        assert not re.search("[()«»?!\n\u0600-\u06ff]", run)


@settings(deadline=None)
@given(MIXED)
def test_isolating_again_changes_nothing(text: str) -> None:
    assert isolate_latin(isolate_latin(text)) == isolate_latin(text)
