"""Which label a meaning has, and how much that reading counts beside the one of the n-grams."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bot.language.linear import Floats, fit_linear, log_softmax

STRENGTH, STEPS, STRETCH = 1.0, 60, 6.0
"""Regularisation, steps of the optimiser, and the length to which centred vectors are brought (docs/decisions)."""
WRONG_AT_MOST = 1 / 16
"""Of a group's messages kept apart; of the held-out ones about half as many go wrong."""
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
"""No higher: above it "I lost my job" and "tak" are asked back in some language."""
TOO_LITTLE = 20
"""With fewer texts kept apart than this, both readings count the same."""


class MeaningClassifier:
    """Vectors of texts in (n × 384, unit length), a probability for each label out."""

    def __init__(self, labels: list[str], weights: Floats, bias: Floats, mean: Floats) -> None:
        self.labels = labels
        """In alphabetical order."""
        self._weights = weights
        self._bias = bias
        self._mean = mean

    @classmethod
    def fit(cls, vectors: Floats, labels: list[str]) -> Self:
        """Learn from vectors and their labels (at least two different ones)."""
        mean: Floats = vectors.mean(axis=0)
        return cls(*fit_linear(_stretched(vectors, mean), labels, STRENGTH, STEPS), mean)

    def log_probabilities(self, vectors: Floats) -> Floats:
        """A row a vector, a column for each of `labels`."""
        return log_softmax(_stretched(vectors, self._mean) @ self._weights + self._bias)

    def save(self, path: Path) -> None:
        np.savez(path, labels=np.array(self.labels), weights=self._weights, bias=self._bias, mean=self._mean)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote; files that do not fit raise ValueError, KeyError or OSError."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["labels"].tolist(), arrays["weights"], arrays["bias"], arrays["mean"])


@dataclass(frozen=True)
class Mixture:
    """Two readings of a text as one: p ∝ p(meaning)^meaning · p(n-grams)^ngrams.

    The exponents are fitted to texts that neither reading was fitted to, so of such texts that get a probability of 0.8
    eight in ten are read rightly: the mixture is the calibration.
    """

    meaning: float
    ngrams: float

    @classmethod
    def fit(cls, meaning: Floats | None, ngrams: Floats, right: list[int]) -> Self:
        """From log-probabilities (texts × labels) and the number of each text's right label."""
        if len(right) < TOO_LITTLE:
            return cls(0.0 if meaning is None else 0.5, 1.0 if meaning is None else 0.5)
        rows = np.arange(len(right))

        def loss(logs: Floats) -> float:
            mixed = cls(0.0 if meaning is None else float(np.exp(logs[0])), float(np.exp(logs[-1])))
            return -float(mixed.of(meaning, ngrams)[rows, right].mean())

        start = np.log([0.5] if meaning is None else [0.5, 0.5])
        found = np.exp(minimize(loss, start, method="Nelder-Mead").x)
        return cls(0.0 if meaning is None else float(found[0]), float(found[-1]))

    def of(self, meaning: Floats | None, ngrams: Floats) -> Floats:
        """Log-probabilities of the mixture."""
        scores = self.ngrams * ngrams
        return log_softmax(scores if meaning is None else scores + self.meaning * meaning)


def sure_enough(probabilities: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The probability from which a reading is acted on: the least of THRESHOLDS at which few enough answers are wrong.

    `probabilities` of the likeliest labels of texts that nothing was fitted to, and whether they were right.
    """
    wrong = ((float(np.mean((probabilities >= threshold) & ~right)), threshold) for threshold in THRESHOLDS)
    return next((threshold for share, threshold in wrong if share <= WRONG_AT_MOST), THRESHOLDS[-1])


def _stretched(vectors: Floats, mean: Floats) -> Floats:
    centred = vectors - mean
    stretched: Floats = STRETCH * centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return stretched
