"""Meaning as a vector, on the real encoder where this machine can run it."""

import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.training import messages_in
from bot.language.embedding import (
    DIMENSIONS,
    ENCODER,
    LONGEST,
    MEANING,
    Embedding,
    Remembered,
    Vectors,
    bounded,
    open_embedding,
    remember,
)
from bot.settings import Settings


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    embedding = open_embedding()
    if embedding is None:
        pytest.skip("this machine cannot run the encoder")
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
    assert np.array_equal(alone, together)


def test_only_the_beginning_of_a_long_text_is_read(embedding: Embedding) -> None:
    beginning = "learn danish ".ljust(LONGEST, "a")
    assert np.array_equal(embedding.vectors([beginning]), embedding.vectors([beginning + "fire " * 500]))


def test_every_character_of_unicode_is_bounded_to_what_stays_itself() -> None:
    for number in range(sys.maxunicode + 1):
        char = bounded(chr(number))
        assert unicodedata.normalize("NFKC", char) == char, hex(number)


def test_the_characters_that_grow_most_are_read(embedding: Embedding) -> None:
    """400 times U+FDFA once overran the heap of an engine before this one and killed the service."""
    chars = map(chr, range(sys.maxunicode + 1))
    growing = sorted(chars, key=lambda char: -len(unicodedata.normalize("NFKC", char)))[:10]
    assert np.isfinite(embedding.vectors([char * LONGEST for char in growing])).all()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=500))
def test_no_text_breaks_it(embedding: Embedding, text: str) -> None:
    (row,) = embedding.vectors([text])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-3)


def test_an_encoder_that_is_missing_or_broken_is_no_embedding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (None, b"", b"no encoder", ENCODER.read_bytes()[:100_000]):
        path = tmp_path / "encoder.onnx"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr("bot.language.embedding.ENCODER", path)
        assert open_embedding() is None


class Counted:
    """The engine, and which texts it was asked for."""

    def __init__(self, engine: Embedding) -> None:
        self._engine = engine
        self.name = engine.name
        self.asked: list[str] = []

    def vectors(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return self._engine.vectors(texts)


def test_only_what_is_new_is_embedded_and_what_was_is_read_back(embedding: Embedding, tmp_path: Path) -> None:
    engine = Counted(embedding)
    first = Remembered(engine, tmp_path / "own.npz").vectors(["a", "b", "a"])
    again = Remembered(engine, tmp_path / "own.npz").vectors(["b", "c", "a"])
    assert engine.asked == ["a", "b", "c"]
    assert np.sum(first[1] * again[0]) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(first[0], first[2])


def test_vectors_that_stand_beside_the_messages_are_not_embedded(embedding: Embedding, tmp_path: Path) -> None:
    engine = Counted(embedding)
    vectors = engine.vectors(["x", "y"])
    remember(tmp_path / "shared.npz", ["x", "y"], vectors, engine.name)
    read = Remembered(engine, tmp_path / "own.npz", [tmp_path / "shared.npz"]).vectors(["y", "x"])
    assert engine.asked == ["x", "y"]
    assert np.sum(read[::-1] * vectors, axis=1) == pytest.approx([1, 1], abs=1e-3)


def test_vectors_of_another_encoder_are_not_read(embedding: Embedding, tmp_path: Path) -> None:
    engine = Counted(embedding)
    remember(tmp_path / "shared.npz", ["x"], engine.vectors(["x"]), "another")
    Remembered(engine, tmp_path / "own.npz", [tmp_path / "shared.npz"]).vectors(["x"])
    assert engine.asked == ["x", "x"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half of one"])
def test_a_damaged_file_is_nothing_remembered(embedding: Embedding, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.npz").write_bytes(content)
    assert Remembered(Counted(embedding), tmp_path / "own.npz").vectors(["a"]).shape == (1, DIMENSIONS)


@pytest.mark.parametrize("code", sorted(path.name for path in (Settings().data / "nlu").iterdir()))
def test_every_training_message_stands_with_its_vector(embedding: Embedding, code: str) -> None:
    """Also that they are the engine's: every two hundredth is embedded again."""
    texts = messages_in(Settings().data / "nlu" / code)
    engine = Counted(embedding)
    vectors = Remembered(engine, Path("/nowhere/own.npz"), [Settings().data / "nlu" / code / MEANING]).vectors(texts)
    assert engine.asked == []
    assert (np.sum(embedding.vectors(texts[::200]) * vectors[::200], axis=1) > 0.99).all()
