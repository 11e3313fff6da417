"""Multinomial logistic regression by scikit-learn, taken apart into plain arrays."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

type Floats = npt.NDArray[np.float32]


def fit_linear(features: Any, labels: list[str], strength: float, steps: int) -> tuple[list[str], Floats, Floats]:
    """Labels in alphabetical order, weights (features × labels), bias (labels); every label counts the same.

    `features`: texts × features, sparse or dense. `strength`: inverse regularisation (C). `steps`: of the optimiser at
    most, which are enough, so its warning that it could go on is not shown. Sparse features, most of them seldom, are
    learned text by text (SAG): a step over all texts at once leaves the seldom ones behind (docs/decisions).
    """
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - a second of the start, and only to train
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    warnings.filterwarnings("ignore", category=ConvergenceWarning)  # for good: two threads may fit at once
    fitted = LogisticRegression(
        C=strength, max_iter=steps, class_weight="balanced", multi_class="multinomial", random_state=0,
        solver="sag" if issparse(features) else "lbfgs",
    ).fit(features, labels)  # fmt: skip
    weights, bias = fitted.coef_.T, fitted.intercept_
    if len(fitted.classes_) == 2:  # noqa: PLR2004 - of two labels scikit-learn keeps one row, the difference
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return [str(name) for name in fitted.classes_], weights.astype(np.float32), bias.astype(np.float32)


def log_softmax(scores: Floats) -> Floats:
    """Logarithms of probabilities from scores, one row or many."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return found
