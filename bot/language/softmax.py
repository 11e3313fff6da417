"""Multinomial logistic regression over a sparse and a dense block of features.

scikit-learn's takes one matrix: beside n-grams it walks the dense block entry by entry, six times as long
(docs/decisions/understanding.md). The same objective and optimiser (L-BFGS), each block multiplied in its own way.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize

type Floats = npt.NDArray[np.float32]

MEMORY = 6


def fit_softmax(
    grams: sparse.csr_matrix, meaning: Floats, labels: npt.NDArray[np.int64], strength: float, steps: int
) -> tuple[Floats, Floats]:
    """Weights ((grams + meaning columns) × labels) and bias (labels), every label counting the same.

    `grams` n × g sparse, `meaning` n × m dense (m may be 0), `labels` n numbers from 0, `strength` as sklearn's C,
    `steps` at most of the optimiser.
    """
    texts, columns = grams.shape
    count = int(labels.max()) + 1
    transposed = grams.T.tocsr()
    wanted = np.zeros((texts, count), np.float32)
    wanted[np.arange(texts), labels] = 1
    often = np.bincount(labels, minlength=count).astype(np.float32)
    weight = (texts / count / np.maximum(often, 1))[labels]

    def loss_and_slope(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.astype(np.float32).reshape(-1, count)
        scores = grams @ weights[:columns] + meaning @ weights[columns:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        loss = float((weight * (np.log(total[:, 0]) - scores[np.arange(texts), labels])).sum())
        error = (likely / total - wanted) * weight[:, None]
        slope = np.vstack([transposed @ error, meaning.T @ error, error.sum(axis=0, keepdims=True)])
        slope[:-1] += weights[:-1] / strength
        return loss + 0.5 / strength * float((weights[:-1] ** 2).sum()), slope.ravel().astype(np.float64)

    start = np.zeros((columns + meaning.shape[1] + 1) * count)
    found = minimize(
        loss_and_slope, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": MEMORY}
    ).x.astype(np.float32)
    weights = found.reshape(-1, count)
    return weights[:-1].copy(), weights[-1].copy()
