"""A linear classifier over character n-grams, kept as plain arrays."""

import json
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.linear import fit_linear, log_softmax
from bot.language.normalise import normalise

LONGEST = 1_000
"""Characters of a text that are looked at."""
BEGINNING = 4
"""A word counts as known when its first three letters began a word in training."""

type Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """What is counted, and how strongly the classifier is held back; measured in docs/decisions/understanding.md."""

    characters: tuple[int, int]
    """Shortest and longest character n-gram, within words."""
    seldom: float = 0.0001
    """n-grams in a smaller share of the texts than this are left out."""
    strength: float = 20.0
    """Inverse regularisation (sklearn's C)."""
    steps: int = 8
    """Times that the optimiser goes through all texts."""


class NgramClassifier:
    """Texts of any language in, a probability for each label out; the same training gives the same classifier."""

    def __init__(
        self, shape: Shape, vectoriser: TfidfVectorizer, labels: list[str], weights: Floats, bias: Floats
    ) -> None:
        self.shape = shape
        self.labels = labels
        """In alphabetical order."""
        self._vectoriser = vectoriser
        self._analyse = vectoriser.build_analyzer()
        self._known: dict[str, int] = vectoriser.vocabulary_
        self._idf: Floats = vectoriser.idf_.astype(np.float32)
        self._weights = weights
        """n-grams × labels."""
        self._bias = bias

    @classmethod
    def fit(cls, texts: list[str], labels: list[str], shape: Shape) -> Self:
        """Learn from texts and their labels (at least two different ones)."""
        vectoriser = _vectoriser(shape)
        grams = vectoriser.fit_transform([normalise(text[:LONGEST]) for text in texts])
        names, weights, bias = fit_linear(grams, labels, shape.strength, shape.steps)
        return cls(shape, vectoriser, names, weights, bias)

    def log_probabilities(self, text: str) -> Floats:
        """One for each of `labels`."""
        columns, values = self._grams(normalise(text[:LONGEST]))
        return log_softmax(values @ self._weights[columns] + self._bias)

    def probabilities(self, text: str) -> list[tuple[str, float]]:
        """(label, probability) from the most to the least probable."""
        shares = np.exp(self.log_probabilities(text))
        return [(self.labels[index], float(shares[index])) for index in np.argsort(-shares)]

    def _grams(self, text: str) -> tuple[list[int], Floats]:
        """Columns of the n-grams of a normalised text and their unit TF-IDF, as the vectoriser but faster."""
        counts = Counter(gram for gram in self._analyse(text) if gram in self._known)
        columns = [self._known[gram] for gram in counts]
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self._idf[columns]
        return columns, values / max(float(np.linalg.norm(values)), 1e-9)

    def known_share(self, text: str) -> float:
        """Which share of the text's words begins like a word of the training texts, from 0 to 1."""
        words = normalise(text[:LONGEST]).split()
        return sum(f" {word} "[:BEGINNING] in self._known for word in words) / max(1, len(words))

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.json` and `<name>.npz` into `folder`."""
        description = {
            "shape": astuple(self.shape),
            "labels": self.labels,
            "grams": sorted(self._known, key=self._known.__getitem__),
        }
        (folder / f"{name}.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / f"{name}.npz",
            weights=self._weights,
            bias=self._bias,
            idf=self._idf,
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Read what `save` wrote; files that do not fit raise ValueError, KeyError or OSError."""
        description = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        characters, *others = description["shape"]
        shape = Shape(tuple(characters), *others)
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            vectoriser = _vectoriser(shape)
            vectoriser.vocabulary_ = {gram: index for index, gram in enumerate(description["grams"])}
            vectoriser.fixed_vocabulary_ = True
            vectoriser.idf_ = arrays["idf"]
            return cls(shape, vectoriser, description["labels"], arrays["weights"], arrays["bias"])


def _vectoriser(shape: Shape) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=shape.characters,
        min_df=shape.seldom,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
    )
