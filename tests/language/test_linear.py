"""The linear classifiers are learned to their end, also where most features are seldom."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.language.linear import Floats, fit_linear, log_softmax
from bot.language.ngrams import Shape
from bot.language.normalise import normalise
from tests.training_messages import all_messages

STRENGTH = 20.0


@pytest.mark.parametrize("sparse", [True, False])
def test_two_labels_have_a_column_each(sparse: bool) -> None:
    features = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.2, 0.8]], np.float32)
    labels, weights, bias = fit_linear(csr_matrix(features) if sparse else features, ["b", "b", "a", "a"], 5.0, 50)
    assert labels == ["a", "b"]
    assert weights.shape == (2, 2)
    assert log_softmax(features @ weights + bias).argmax(axis=1).tolist() == [1, 1, 0, 0]


def test_seldom_features_are_learned_to_the_end() -> None:
    """Beside the same loss brought to its least. The fewer the texts, the more of it eight times through them leave."""
    danish = [(normalise(text), need) for text, need, language, _ in all_messages() if language == "da"][:1500]
    texts, needs = zip(*danish, strict=True)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32).fit_transform(texts)
    labels, weights, bias = fit_linear(grams, list(needs), STRENGTH, Shape((2, 4)).steps)
    least = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced").fit(grams, needs)

    def loss(weights: Floats, bias: Floats) -> float:
        counts = {need: needs.count(need) for need in labels}
        each = [len(needs) / (len(labels) * counts[need]) for need in needs]
        logs = log_softmax(np.asarray(grams @ weights + bias))[range(len(needs)), [labels.index(it) for it in needs]]
        return float(-logs @ each + (weights**2).sum() / (2 * STRENGTH))

    assert loss(weights, bias) <= 1.1 * loss(least.coef_.T, least.intercept_)
