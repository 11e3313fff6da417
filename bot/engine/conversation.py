"""A conversation as it is kept, and the keys that only its session token gives."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from bot.casework.telling import Telling
from bot.engine.pages import Transcript, of_bytes, to_bytes
from bot.errors import SealBrokenError

TOKEN_BYTES = 16
MAIN, REPORT = "", "/report"


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
class Part:
    """Some turns of a conversation that follow one another."""

    events: list[dict[str, Any]] = field(default_factory=list)
    """Rasa's tracker, shortened (tracker_store.py)."""
    transcript: Transcript = field(default_factory=Transcript)
    """Messages of both sides, as the API gives them."""
    offered: dict[str, list[str]] = field(default_factory=dict)
    """Button id → [Rasa payload, title], of the newest turn."""
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Client message id → {"mark", "from", "to"}: what was asked, and which messages of this part answered it."""
    before: list[dict[str, Any]] = field(default_factory=list)
    """What this part was before its newest turns, the last at the end (steps.py)."""

    def __post_init__(self) -> None:
        self.transcript = Transcript.of(self.transcript)

    def kept(self) -> dict[str, Any]:
        """As it is sealed."""
        return vars(self) | self.transcript.packed()

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(**_known(cls, kept | {"transcript": Transcript(kept["transcript"], kept.get("pages", ()))}))


@dataclass
class Apart(Part):
    """The turns in which a report is told or looked at. They are kept in a row of their own, which goes as a whole."""

    telling: dict[str, Any] | None = None
    """The report so far (casework/telling.py)."""
    visit: dict[str, Any] | None = None
    """A report that was opened by its receipt: its id and key, not the receipt; `writing` while a message is asked."""

    @property
    def asks_words(self) -> bool:
        """Whether what is written next is told in own words: then only buttons interrupt."""
        question = Telling.of(self.telling).open if self.telling else None
        return bool(question and question.own_words) or bool(self.visit and self.visit["writing"])


@dataclass
class Conversation:
    """Everything that is kept of a conversation; each part is sealed as a whole."""

    language: str
    language_is_chosen: bool = False
    """Chosen by the person; then every message is read in it."""
    language_is_settled: bool = False
    """Chosen, or written clearly; then no message changes it."""
    for_staff: bool = False
    """Begun at a counter: the Danish stands beside everything that is said in another language."""
    declined: list[str] = field(default_factory=list)
    """Languages that were offered once; none is offered twice."""
    said_useful: dict[str, str] = field(default_factory=dict)
    """Need → id of the message under which somebody said whether it was useful; what they said is not kept."""
    filing: dict[str, str] | None = None
    """Attempt and message id of a report that is about to be stored: a resend after a crash finds its receipt."""
    main: Part = field(default_factory=Part)
    apart: Apart | None = None
    mark: bytes | None = field(default=None, compare=False, repr=False)
    """Of what it was when it was loaded or saved last; not sealed with it. Two are never alike."""

    @property
    def now(self) -> Part:
        """The part to which what is said now belongs."""
        return self.apart or self.main

    @property
    def transcript(self) -> list[dict[str, Any]]:
        """Both parts, in order; to be read, not to be added to."""
        return [*self.main.transcript, *(self.apart.transcript if self.apart else [])]

    @property
    def length(self) -> int:
        """Of the transcript, without looking at it."""
        return len(self.main.transcript) + (len(self.apart.transcript) if self.apart else 0)

    @property
    def was_led(self) -> bool:
        """Whether a need was answered by guidance, so that what was told about the situation can be corrected."""
        return any(event.get("name") == "last_need" and event.get("value") for event in self.now.events)

    def part_that_answered(self, message_id: str) -> Part | None:
        return next((part for part in (self.apart, self.main) if part and message_id in part.answered), None)

    def set_apart(self) -> Apart:
        """From here on, what is said belongs to a report, until `forget_report`."""
        self.apart = Apart(events=self.main.events)
        return self.apart

    def forget_report(self) -> None:
        """Everything since `set_apart` is gone with the next save."""
        self.apart = None

    def seal(self, keys: SessionKeys) -> bytes:
        """The main part, sealed with the conversation's id bound in, so that rows cannot be exchanged."""
        kept = {name: value for name, value in vars(self).items() if name != "mark"}
        return _sealed({**kept, "main": self.main.kept(), "apart": None}, keys, MAIN)

    def seal_apart(self, keys: SessionKeys) -> bytes | None:
        return _sealed(self.apart.kept(), keys, REPORT) if self.apart else None

    @classmethod
    def open(cls, sealed: bytes, apart: bytes | None, keys: SessionKeys) -> Self:
        """Raises SealBrokenError where the key does not fit or a bit was changed.

        What a later release keeps beside it is let go: the two may serve side by side while one replaces the other.
        """
        kept = _known(cls, _opened(sealed, keys, MAIN))
        told = Apart.of(_opened(apart, keys, REPORT)) if apart else None
        main = Part.of(kept["main"])
        return cls(**{**kept, "main": main, "apart": told, "mark": mark_of(sealed)})


def _known(kind: type[Part | Conversation], content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name in kind.__dataclass_fields__}


def mark_of(sealed: bytes) -> bytes:
    """The nonce, drawn anew each time that something is sealed."""
    return sealed[: Aead.NONCE_SIZE]


def _sealed(content: dict[str, Any], keys: SessionKeys, part: str) -> bytes:
    return bytes(Aead(keys.seal).encrypt(to_bytes(content), aad=f"{keys.conversation_id}{part}".encode()))


def _opened(sealed: bytes, keys: SessionKeys, part: str) -> dict[str, Any]:
    try:
        plain = Aead(keys.seal).decrypt(sealed, aad=f"{keys.conversation_id}{part}".encode())
    except (CryptoError, ValueError):  # nacl raises ValueError where less than its own tag is left
        raise SealBrokenError("a conversation does not open with this key") from None
    content: dict[str, Any] = of_bytes(plain)
    return content
