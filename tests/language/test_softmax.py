"""The classifier's own fit, against scikit-learn's on the same features."""

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.language.softmax import fit_softmax


def test_it_finds_what_scikit_learn_finds() -> None:
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, 300)
    centres = random.normal(size=(4, 12))
    features = (centres[labels] + random.normal(size=(300, 12))).astype(np.float32)
    grams, meaning = sparse.csr_matrix(features[:, :5]), features[:, 5:]

    weights, bias = fit_softmax(grams, meaning, labels, strength=1.0, steps=500)
    theirs = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000, tol=1e-8).fit(features, labels)

    ours = features @ weights + bias
    wanted = theirs.decision_function(features)
    np.testing.assert_allclose(ours - ours.mean(1, keepdims=True), wanted - wanted.mean(1, keepdims=True), atol=0.02)


def test_one_block_may_be_empty() -> None:
    grams = sparse.csr_matrix(np.eye(6, dtype=np.float32))
    weights, bias = fit_softmax(grams, np.zeros((6, 0), np.float32), np.array([0, 0, 1, 1, 2, 2]), 10.0, 100)
    assert ((grams @ weights + bias).argmax(axis=1) == [0, 0, 1, 1, 2, 2]).all()
