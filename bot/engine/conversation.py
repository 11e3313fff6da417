"""A conversation as it is kept, and the keys that only its session token gives."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from bot.errors import SealBrokenError

TOKEN_BYTES = 16


@dataclass(frozen=True)
class SessionKeys:
    """What is derived from a session token (BLAKE2b, a purpose each); none of it leads back to the token."""

    conversation_id: str
    """Under this the conversation lies in the database."""
    seal: bytes
    """Opens and closes the conversation."""
    secret: bytes
    """For receipts and idempotence of what the conversation files."""

    @classmethod
    def of(cls, token: str) -> Self:
        return cls(_derive(token, b"id").hex(), _derive(token, b"seal"), _derive(token, b"file"))


def _derive(token: str, purpose: bytes) -> bytes:
    return hashlib.blake2b(token.encode(), person=b"vejviser-" + purpose, digest_size=32).digest()


def new_token() -> str:
    """A session token of 128 random bits, 32 hexadecimal digits."""
    return secrets.token_hex(TOKEN_BYTES)


@dataclass
class Conversation:
    """Everything that is kept of a conversation; it is sealed as a whole."""

    language: str
    language_is_chosen: bool = False
    """Chosen by the person; then every message is read in it."""
    language_is_settled: bool = False
    """Chosen, or written clearly; then no message changes it."""
    for_staff: bool = False
    """Begun at a counter: the Danish stands beside everything that is said in another language."""
    declined: list[str] = field(default_factory=list)
    """Languages that were offered once; none is offered twice."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """Rasa's tracker, shortened (tracker_store.py)."""
    transcript: list[dict[str, Any]] = field(default_factory=list)
    """Messages of both sides, as the API gives them."""
    offered: dict[str, list[str]] = field(default_factory=dict)
    """Button id → [Rasa payload, title], of the newest turn."""
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Client message id → {"mark", "from", "to"}: what was asked, and which messages answered it."""

    @property
    def was_led(self) -> bool:
        """Whether a need was answered by guidance, so that what was told about the situation can be corrected."""
        return any(event.get("name") == "last_need" and event.get("value") for event in self.events)

    def seal(self, keys: SessionKeys) -> bytes:
        """Sealed with the conversation's id bound in, so that rows cannot be exchanged."""
        plain = json.dumps(vars(self), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return bytes(Aead(keys.seal).encrypt(plain, aad=keys.conversation_id.encode()))

    @classmethod
    def open(cls, sealed: bytes, keys: SessionKeys) -> Self:
        """Raises SealBrokenError where the key does not fit or a bit was changed."""
        try:
            plain = Aead(keys.seal).decrypt(sealed, aad=keys.conversation_id.encode())
        except (CryptoError, ValueError):  # nacl raises ValueError where less than its own tag is left
            raise SealBrokenError("a conversation does not open with this key") from None
        return cls(**json.loads(plain.decode("utf-8", "surrogatepass")))
