"""A message in parts: people ask for two things at once."""

import re
from collections.abc import Iterable

FEWEST_WORDS = 3
"""A shorter part says too little to be read by itself."""
MOST_PARTS = 3
_SENTENCES = r"[.!?;:,\n،؛؟۔]+"
_ARABIC_AND = r"\s(?=و[\u0621-\u064a]{3})"
"""Arabic writes "and" as the first letter of the next word."""


class Parts:
    """Splits at punctuation and at the words by which languages join (`data/nlu/<code>/joints.yml`)."""

    def __init__(self, joints: Iterable[str]) -> None:
        words = "|".join(sorted(map(re.escape, joints), key=len, reverse=True))
        joined = [rf"\s(?:{words})\s"] if words else []
        self._joint = re.compile("|".join([_SENTENCES, _ARABIC_AND, *joined]), re.IGNORECASE)

    def of(self, text: str) -> list[str]:
        """The parts that could be messages of their own, in order; none where there are not two.

        A short piece stays with the one before.
        """
        parts: list[str] = []
        for piece in filter(None, map(str.strip, self._joint.split(text))):
            if parts and (len(piece.split()) < FEWEST_WORDS or len(parts[-1].split()) < FEWEST_WORDS):
                parts[-1] += " " + piece
            else:
                parts.append(piece)
        return parts[:MOST_PARTS] if len(parts) > 1 else []
