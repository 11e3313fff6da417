"""The classifier learns, and is the same after it was written down and read again."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.ngrams import LONGEST, NgramClassifier, Shape
from bot.language.normalise import normalise

TEXTS = [
    "I want to learn Danish", "where is the Danish course", "learn the language", "jeg vil lære dansk",
    "I lost my job", "I am unemployed", "jeg har mistet mit arbejde", "no job any more",
    "my house is on fire", "there is a fire", "det brænder", "fire in the kitchen",
]  # fmt: skip
LABELS = ["course"] * 4 + ["job"] * 4 + ["fire"] * 4
SHAPE = Shape(characters=(2, 4))
ASKED = ["Danish lessons", "my job is gone", "FIRE!", "brænder huset", "xyz", "", "\0\ud800", "أتعلم"]


@pytest.fixture(params=["three labels", "two labels"])
def classifier(request: pytest.FixtureRequest) -> NgramClassifier:
    count = 8 if request.param == "two labels" else len(TEXTS)
    return NgramClassifier.fit(TEXTS[:count], LABELS[:count], SHAPE)


@pytest.fixture(scope="module")
def trained() -> NgramClassifier:
    return NgramClassifier.fit(TEXTS, LABELS, SHAPE)


def test_it_learns_what_it_was_shown(trained: NgramClassifier) -> None:
    assert [trained.probabilities(text)[0][0] for text in TEXTS] == LABELS


@pytest.mark.parametrize("text", ASKED)
def test_what_was_saved_and_loaded_says_the_same(classifier: NgramClassifier, tmp_path: Path, text: str) -> None:
    classifier.save(tmp_path, "some")
    loaded = NgramClassifier.load(tmp_path, "some")
    assert dict(loaded.probabilities(text)) == pytest.approx(dict(classifier.probabilities(text)), abs=1e-6)
    assert loaded.known_share(text) == classifier.known_share(text)
    assert (loaded.labels, loaded.shape) == (classifier.labels, classifier.shape)


def test_of_two_labels_the_right_one_is_told() -> None:
    two = NgramClassifier.fit(TEXTS[:8], LABELS[:8], SHAPE)
    assert [two.probabilities(text)[0][0] for text in TEXTS[:8]] == LABELS[:8]


def test_saving_what_was_loaded_writes_the_same(classifier: NgramClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path, "first")
    NgramClassifier.load(tmp_path, "first").save(tmp_path, "second")
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()
    with np.load(tmp_path / "first.npz") as first, np.load(tmp_path / "second.npz") as second:
        assert set(first) == set(second)
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_the_same_training_gives_the_same_classifier(trained: NgramClassifier) -> None:
    again = NgramClassifier.fit(TEXTS, LABELS, SHAPE)
    assert [again.probabilities(text) for text in ASKED] == [trained.probabilities(text) for text in ASKED]


def test_the_files_hold_plain_arrays_and_json_and_no_pickle(classifier: NgramClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path, "some")
    assert {path.name for path in tmp_path.iterdir()} == {"some.json", "some.npz"}
    json.loads((tmp_path / "some.json").read_text(encoding="utf-8"))
    with np.load(tmp_path / "some.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype for name in arrays} == {np.dtype(np.float32)}
    with zipfile.ZipFile(tmp_path / "some.npz") as archive:
        assert all(archive.read(name).startswith(b"\x93NUMPY") for name in archive.namelist())


def test_a_file_with_a_pickle_in_it_is_refused(trained: NgramClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path, "some")
    with np.load(tmp_path / "some.npz") as arrays:
        np.savez(tmp_path / "some.npz", **{**arrays, "idf": np.array([{"an": "object"}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        NgramClassifier.load(tmp_path, "some")


def test_a_missing_or_broken_file_is_an_error(trained: NgramClassifier, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"some\.json"):
        NgramClassifier.load(tmp_path, "some")
    trained.save(tmp_path, "some")
    (tmp_path / "some.json").write_text("{}")
    with pytest.raises(KeyError, match="shape"):
        NgramClassifier.load(tmp_path, "some")


@settings(deadline=None)
@given(text=st.text(st.characters()))
def test_probabilities_are_ordered_and_sum_to_one_for_any_text(trained: NgramClassifier, text: str) -> None:
    told = trained.probabilities(text)
    assert {label for label, _ in told} == set(LABELS)
    values = [value for _, value in told]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1, abs=1e-5)
    assert 0 <= trained.known_share(text) <= 1


def test_spelling_that_normalises_to_the_same_is_read_the_same(trained: NgramClassifier) -> None:
    assert trained.probabilities("LEARN\u200e  danish") == trained.probabilities("learn Danish")


def test_what_stands_after_a_thousand_characters_is_not_looked_at(trained: NgramClassifier) -> None:
    long = "learn danish ".ljust(LONGEST, ".")
    assert trained.probabilities(long + "fire " * 1_000) == trained.probabilities(long)


def test_the_share_of_known_words_tells_training_from_gibberish(trained: NgramClassifier) -> None:
    assert trained.known_share("learn danish") == 1
    assert trained.known_share("learn qwzx") == pytest.approx(0.5)
    assert trained.known_share("qwzx wzxq") == 0
    assert trained.known_share("") == 0


@pytest.mark.parametrize("text", [*TEXTS, *ASKED])
def test_the_features_of_one_text_are_those_the_classifier_was_trained_on(trained: NgramClassifier, text: str) -> None:
    row = trained._vectoriser.transform([normalise(text)])
    columns, values = trained._grams(normalise(text))
    assert dict(zip(columns, values, strict=True)) == pytest.approx(
        dict(zip(row.indices, row.data, strict=True)), abs=1e-5
    )
