"""One spelling for what people type in several, so that training, patterns and messages meet."""

import unicodedata

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


def printable(text: str) -> str:
    """`text` with lone surrogates and control characters as spaces, of the same length."""
    return "".join(" " if unicodedata.category(char) in {"Cs", "Cc"} else char for char in text)


def normalise(text: str) -> str:
    """`text` in NFKC and lower case, without vowel marks, tatweel or direction marks, letters unified.

    Takes anything a client can send: lone surrogates and control characters become spaces.
    """
    text = unicodedata.normalize("NFKC", printable(text).translate(_SAME)).translate(_REMOVED)
    return " ".join(text.translate(_SAME).casefold().split())
