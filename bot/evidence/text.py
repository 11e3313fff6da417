"""Plain text: read in whichever of three encodings it is, and written in one, without what cannot be seen."""

import codecs
import re

from bot.evidence.kinds import Cleaned, Refusal, RefusedError

for _name in ("utf-16", "cp1252"):
    codecs.lookup(_name)  # is read from disk on first use, and by then the child can open nothing

LONGEST = 1024 * 1024
"""Bytes as it comes: some 700 pages."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # zero width: can mark who copied a text
    r"\u202d\u202e"  # overrides: show letters in another order than they are kept in
    r"\U000e0000-\U000e007f]"  # tags: whole words in letters that no font shows
)
"""Kept, because Arabic, Persian and emoji cannot be written without: joiners, direction marks, embeddings, isolates."""
_ACTIVE_START = re.compile(r"\s*(?:<!doctype|<\?|<%|#!|%!|<!--|@echo)", re.IGNORECASE)
_ACTIVE_SOON = re.compile(r"<(?:html|head|body|script|svg|iframe|object|embed)[\s>/]", re.IGNORECASE)
_SOON = 1024
"""Characters in which a browser looks for what a file is."""


def clean(content: bytes) -> Cleaned:
    if len(content) > LONGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    words = decoded(content)
    if words is None:
        raise RefusedError(Refusal.NOT_WHAT_IT_CLAIMS)
    seen = _UNSEEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    if not seen.strip():
        raise RefusedError(Refusal.EMPTY)
    return Cleaned("text/plain", seen.encode())


def decoded(content: bytes) -> str | None:
    """The words, or None if these bytes are no text: UTF-8, UTF-16 that says so, or Windows-1252."""
    try:
        words = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8")
    except UnicodeDecodeError:
        return _western(content)
    return None if "\0" in words else words


def is_active(words: str) -> bool:
    """Whether a browser or a shell could take these words for its own."""
    start = words[:_SOON].lstrip("\ufeff")
    return bool(_ACTIVE_START.match(start) or _ACTIVE_SOON.search(start))


def _western(content: bytes) -> str | None:
    """Nearly every byte is a letter here, so that a single control character is taken for proof of no text."""
    try:
        words = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(words) else words
