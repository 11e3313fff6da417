"""Which reports are about the same organisation, without its name in the store: a keyed hash made by the console."""

import hashlib
import re
import unicodedata

from bot.casework.keyring import TeamKey
from bot.language.figures import in_ascii_digits
from bot.language.normalise import normalise

ORGANISATION = "organisation"
_DOTTED = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")
"""Between single letters, as in A.p.S."""
_LEFT_OUT = re.compile(r"\b(a/?s|aps|i/?s|ivs|amba|k/?s|p/?s|fmba|ltd|inc|gmbh|og|and)\b")
"""Legal forms and what stands for &, which people write or leave out."""
_ACCENTS = dict.fromkeys(range(0x0300, 0x0370))
_LETTERS = (("ø", "o"), ("æ", "a"), ("aa", "a"), ("oe", "o"), ("ae", "a"))
"""Danish letters as they are typed without a Danish keyboard, in any of the ways."""


def organisation_mark(team: TeamKey, name: str) -> str | None:
    """The same for one name however it is written; None where nothing of a name is left.

    Keyed with the team's private key, so that neither the chat nor a thief of the store can try names.
    """
    plain = _plain(name)
    if not plain:
        return None
    key = hashlib.blake2b(bytes(team.private), person=b"likeness", digest_size=32).digest()
    return hashlib.blake2b(plain.encode(), key=key, digest_size=16).hexdigest()


def _plain(name: str) -> str:
    """Letters and digits of a name only: no case, accents, spaces or legal form."""
    bare = unicodedata.normalize("NFKD", normalise(in_ascii_digits(name))).translate(_ACCENTS)
    bare = re.sub(r"[\W_]+", "", _LEFT_OUT.sub(" ", _DOTTED.sub("", bare)))
    for letter, typed in _LETTERS:
        bare = bare.replace(letter, typed)
    return bare
