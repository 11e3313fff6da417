"""What a meaning is read as, and how it counts beside the letters."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.language.linear import log_softmax
from bot.language.meaning import THRESHOLDS, MeaningClassifier, Mixture, sure_enough

CHANCE = np.random.default_rng(5)
LABELS = ["course", "fire", "job"]


def around(centre: int, count: int) -> npt.NDArray[np.float32]:
    rows = CHANCE.normal(size=(count, 384)).astype(np.float32) * 0.1
    rows[:, centre] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def classifier() -> MeaningClassifier:
    rows = np.vstack([around(place, 30) for place in range(3)])
    return MeaningClassifier.fit(rows, [label for label in LABELS for _ in range(30)])


def test_new_vectors_are_read_by_their_neighbours(classifier: MeaningClassifier) -> None:
    logs = classifier.log_probabilities(np.vstack([around(place, 20) for place in range(3)]))
    assert [classifier.labels[place] for place in logs.argmax(axis=1)] == [label for label in LABELS for _ in range(20)]
    assert np.exp(logs).sum(axis=1) == pytest.approx(np.ones(60), abs=1e-5)


def test_what_was_saved_and_loaded_says_the_same(classifier: MeaningClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path / "meaning.npz")
    loaded = MeaningClassifier.load(tmp_path / "meaning.npz")
    rows = around(1, 5)
    assert loaded.labels == classifier.labels
    assert np.array_equal(loaded.log_probabilities(rows), classifier.log_probabilities(rows))


def told(certain: float, right: list[int], wrong_every: int) -> npt.NDArray[np.float32]:
    """A reader that gives its first choice the score `certain` and errs on every `wrong_every`th text."""
    scores = np.zeros((len(right), 3), np.float32)
    for row, label in enumerate(right):
        scores[row, (label + 1) % 3 if row % wrong_every == 0 else label] = certain
    return log_softmax(scores)


def test_a_reader_that_is_too_sure_of_itself_is_held_back() -> None:
    right = [number % 3 for number in range(600)]
    boastful = told(12, right, 4)
    mixture = Mixture.fit(None, boastful, right)
    assert np.exp(mixture.of(None, boastful)).max(axis=1).mean() == pytest.approx(0.75, abs=0.03)


def test_the_reader_who_is_right_counts_more() -> None:
    right = [number % 3 for number in range(600)]
    mixture = Mixture.fit(told(4, right, 50), told(4, right, 2), right)
    assert mixture.meaning > 2 * mixture.ngrams


def test_with_hardly_a_text_to_fit_to_both_count_the_same() -> None:
    assert Mixture.fit(told(4, [0], 9), told(4, [0], 9), [0]) == Mixture(0.5, 0.5)
    assert Mixture.fit(None, told(4, [0], 9), [0]) == Mixture(0, 1)


def test_the_threshold_is_the_least_at_which_few_answers_are_wrong() -> None:
    sure = np.array([0.36] * 20 + [0.52] * 10 + [0.9] * 70, np.float32)
    right = np.array([False] * 20 + [True, False] * 5 + [True] * 70)
    assert sure_enough(sure, right) == 0.4
    assert sure_enough(sure, np.ones(100, bool)) == THRESHOLDS[0]
    assert sure_enough(sure, np.zeros(100, bool)) == THRESHOLDS[-1]
