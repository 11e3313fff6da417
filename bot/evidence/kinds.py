"""The words of the evidence room: what a file may be, what comes out of it, and why it is refused."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import VejviserError

LARGEST = 10 * 1024 * 1024
"""Bytes, of what comes in and of what goes out."""


class Refusal(StrEnum):
    """Why a file is not taken; each becomes a sentence in the languages of the page."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """In bytes, or for a recording in hours."""
    UNKNOWN_KIND = "unknown_kind"
    NOT_WHAT_IT_CLAIMS = "not_what_it_claims"
    LOCKED = "locked"
    """It opens with a password only."""
    BROKEN = "broken"
    HIDES_ANOTHER = "hides_another"
    """A second file stands before, after or inside it."""
    BOMB = "bomb"
    """It would unfold to more than an honest file of its kind."""
    OFFICE = "office"
    """A document of another program (Word, an e-mail, a scan of many pages as TIFF): saved as PDF it can come."""
    VIDEO = "video"
    """Moving pictures, animated images among them."""
    ARCHIVE = "archive"
    ACTIVE = "active"
    """A program, a script, or a page that can hold one."""
    FAILED = "failed"
    """The cleaner crashed or took too long."""


class RefusedError(VejviserError):
    """The file is not taken. Carries the reason, and nothing of the file."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Kind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    TEXT = "text"
    AUDIO = "audio"


@dataclass(frozen=True)
class Medium:
    kind: Kind
    extension: str
    """Without a dot, as a reader's computer expects it."""


MEDIA = {
    "image/jpeg": Medium(Kind.PHOTO, "jpg"),
    "image/png": Medium(Kind.PHOTO, "png"),
    "application/pdf": Medium(Kind.DOCUMENT, "pdf"),
    "text/plain": Medium(Kind.TEXT, "txt"),
    "audio/mpeg": Medium(Kind.AUDIO, "mp3"),
    "audio/mp4": Medium(Kind.AUDIO, "m4a"),
    "audio/ogg": Medium(Kind.AUDIO, "ogg"),
    "audio/flac": Medium(Kind.AUDIO, "flac"),
    "audio/wav": Medium(Kind.AUDIO, "wav"),
    "audio/amr": Medium(Kind.AUDIO, "amr"),
    "audio/amr-wb": Medium(Kind.AUDIO, "awb"),
}
"""Everything that comes out of the cleaner, by its media type. Text is UTF-8."""


@dataclass(frozen=True)
class Cleaned:
    media_type: str
    """One of MEDIA."""
    content: bytes

    @property
    def kind(self) -> Kind:
        return MEDIA[self.media_type].kind

    @property
    def extension(self) -> str:
        return MEDIA[self.media_type].extension
