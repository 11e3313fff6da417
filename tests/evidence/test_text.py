"""Plain text: what somebody wrote stays, in any script; what nobody sees goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.cleaner import Cleaned, RefusedError
from tests.evidence.here import cleaned

WORDS = "De sagde nej på trappen. قالوا لا 123. Вони сказали «ні». ਨਹੀਂ। می‌خواهم 👩‍👩‍👧 €"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_words_of_every_script_stay_as_they_are(encoding: str) -> None:
    assert cleaned(WORDS.encode(encoding), "a.txt") == Cleaned("text/plain", WORDS.encode())


def test_words_from_an_old_computer_are_read() -> None:
    assert cleaned("Værelset er optaget – sagde hun.".encode("cp1252"), "a.txt").content.decode() == (
        "Værelset er optaget – sagde hun."
    )


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.md", "a", "_chat", "a.srt", "A.TXT"])
def test_a_text_may_have_any_name_that_says_nothing_else(name: str) -> None:
    assert cleaned(b"They said no.", name).extension == "txt"


def test_lines_end_in_one_way() -> None:
    assert cleaned(b"one\r\ntwo\rthree\n", "a.txt").content == b"one\ntwo\nthree\n"


@pytest.mark.parametrize("unseen", list("\x07\x1b\x7f\x9f\u200b\u2060\ufeff\u00ad\u202d\u202e\U000e0041\ufff9"))
def test_what_is_not_seen_goes(unseen: str) -> None:
    assert cleaned(f"They{unseen} said no.".encode(), "a.txt").content == b"They said no."


@pytest.mark.parametrize("seen", list("\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2067\u2069"))
def test_what_other_scripts_cannot_be_written_without_stays(seen: str) -> None:
    assert cleaned(f"They{seen} said no.".encode(), "a.txt").content.decode() == f"They{seen} said no."


def test_a_mark_of_who_copied_a_text_goes() -> None:
    """A name in letters that no font shows."""
    marked = "They said" + "".join(chr(0xE0000 + ord(letter)) for letter in "Kanariefugl") + " no."
    assert cleaned(marked.encode(), "a.txt").content == b"They said no."


@pytest.mark.parametrize("words", ["MZ said no.", "#AMR", "5 < 6 & 7 > 2", "%PDF is a format", "PK and I", "BM 12"])
def test_words_that_start_as_other_files_do_are_words(words: str) -> None:
    assert cleaned(words.encode(), "a.txt").content == words.encode()


@given(st.text())
def test_any_text_is_refused_or_comes_out_as_text_that_changes_no_more(words: str) -> None:
    try:
        once = cleaned(words.encode(), "a.txt").content
    except RefusedError:
        return
    assert cleaned(once, "a.txt").content == once
    assert not set(once.decode()) & set("\0\x07\r\u200b\u202e\ufeff")
