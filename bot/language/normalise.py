"""One spelling for what people type in several, so that training, patterns and messages meet."""

import re
import unicodedata
from collections.abc import Iterator

_SAME = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ؤ": "و", "ئ": "ی",
        "ہ": "ه", "ۂ": "ه", "ۃ": "ه", "ۀ": "ه",
        "ـ": None, "\u200c": " ", "\u200d": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
        "’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
        "İ": "i", "ı": "i",
    }
)  # fmt: skip
_HARAKAT = dict.fromkeys((*range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE)))
_DIRECTION = dict.fromkeys((*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_REMOVED = {**_HARAKAT, **_DIRECTION}
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc and Cs, whole."""


def printable(text: str) -> str:
    """`text` with lone surrogates and control characters as spaces, of the same length."""
    return _UNPRINTABLE.sub(" ", text)


def normalise(text: str) -> str:
    """`text` in NFKC and lower case, without vowel marks, tatweel or direction marks, letters unified.

    Takes anything a client can send: lone surrogates and control characters become spaces.
    """
    return " ".join(_unified(text).split())


def aligned(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`normalise(text)`, and for each of its characters the (start, end) in `text` that it came from.

    Letters that a normal form joins across (the syllables of Korean) all come from the whole text.
    """
    letters, origins = [" "], [(0, 0)]
    for start, end in _clusters(text):
        for char in _unified(text[start:end]):
            if not char.isspace():
                letters.append(char)
                origins.append((start, end))
            elif letters[-1] != " ":
                letters.append(" ")
                origins.append((start, end))
    last = len(letters) - (letters[-1] == " ")
    whole, found = normalise(text), "".join(letters[1:last])
    return (whole, origins[1:last]) if whole == found else (whole, [(0, len(text))] * len(whole))


def _unified(text: str) -> str:
    text = unicodedata.normalize("NFKC", printable(text).translate(_SAME)).translate(_REMOVED)
    return text.translate(_SAME).casefold()


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each letter with the marks that follow it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place
