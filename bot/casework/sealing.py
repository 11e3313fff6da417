"""Seals what a person tells: one key a report, and the key itself sealed for those who may read it."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Self

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead

from bot.errors import SealBrokenError

KEY_BYTES = 32
BLOCK = 256
"""Texts are filled up to whole blocks of so many bytes, so that their length tells little."""


@dataclass(frozen=True, repr=False)
class ReportKey:
    """The key of one report; with the report's id bound into everything, so that rows cannot be exchanged."""

    report_id: str
    key: bytes

    @classmethod
    def new(cls, report_id: str) -> Self:
        return cls(report_id, secrets.token_bytes(KEY_BYTES))

    # What is told

    def seal(self, place: str, text: str) -> bytes:
        """XChaCha20-Poly1305; `place` is the part of the report, such as `narrative/1`, and is bound in too."""
        return self.seal_bytes(place, sodium_pad(text.encode("utf-8", "surrogatepass"), BLOCK))

    def open(self, place: str, sealed: bytes) -> str:
        """Raises SealBrokenError for another key or place, or a changed bit."""
        return sodium_unpad(self.open_bytes(place, sealed), BLOCK).decode("utf-8", "surrogatepass")

    def seal_bytes(self, place: str, content: bytes) -> bytes:
        return bytes(Aead(self.key).encrypt(content, aad=self._bound(place)))

    def open_bytes(self, place: str, sealed: bytes) -> bytes:
        try:
            return bytes(Aead(self.key).decrypt(sealed, aad=self._bound(place)))
        except (CryptoError, ValueError):  # nacl raises ValueError where less than its own tag is left
            raise SealBrokenError("a part of a report does not open") from None

    def place_id(self, said: str) -> str:
        """A name for a piece, the same for the same message of the same report, and telling nothing of it."""
        return hashlib.blake2b(said.encode(), key=self.key, person=b"report-piece", digest_size=16).hexdigest()

    def poll_mark(self, poll: str) -> str:
        """Tells that a statement about the report was answered; without the report's key none leads to the report."""
        return hashlib.blake2b(poll.encode(), key=self.key, person=b"report-poll", digest_size=32).hexdigest()

    def _bound(self, place: str) -> bytes:
        return f"{self.report_id}/{place}".encode()

    # The key itself

    def sealed_to(self, public: bytes) -> bytes:
        """For the holder of the private half; who seals it cannot open it again."""
        return bytes(SealedBox(PublicKey(public)).encrypt(self.report_id.encode() + self.key))

    @classmethod
    def opened_by(cls, private: PrivateKey, report_id: str, sealed: bytes) -> Self:
        """Raises SealBrokenError for another key, a changed bit, or the key of another report."""
        try:
            plain = SealedBox(private).decrypt(sealed)
        except (CryptoError, ValueError):
            raise SealBrokenError("the key of a report does not open") from None
        if plain[:-KEY_BYTES] != report_id.encode():
            raise SealBrokenError("this is the key of another report")
        return cls(report_id, plain[-KEY_BYTES:])

    def wrapped(self, secret: bytes) -> bytes:
        """For the receipt's holder."""
        return bytes(Aead(self._wrapping(secret, self.report_id)).encrypt(self.key, aad=self.report_id.encode()))

    @classmethod
    def unwrapped(cls, secret: bytes, report_id: str, wrapped: bytes) -> Self:
        """Raises SealBrokenError for another receipt or report, or a changed bit."""
        try:
            key = Aead(cls._wrapping(secret, report_id)).decrypt(wrapped, aad=report_id.encode())
        except (CryptoError, ValueError):
            raise SealBrokenError("the key of a report does not open with this receipt") from None
        return cls(report_id, bytes(key))

    @staticmethod
    def _wrapping(secret: bytes, report_id: str) -> bytes:
        """A key of its own for each report, with its id as the salt."""
        return hashlib.blake2b(report_id.encode(), key=secret, person=b"report-wrap", digest_size=KEY_BYTES).digest()
