"""What a file is by its first bytes, whatever it is called."""

import re
from enum import StrEnum

from bot.evidence import mp3, text
from bot.evidence.kinds import Kind, Refusal


class Form(StrEnum):
    """What the cleaner can read. An animated or filmed one of them is found out later, by its reader."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIF = "heif"
    AVIF = "avif"
    BMP = "bmp"
    TIFF = "tiff"
    PDF = "pdf"
    TEXT = "text"
    MP3 = "mp3"
    AAC = "aac"
    MP4 = "mp4"
    OGG = "ogg"
    WAV = "wav"
    FLAC = "flac"
    AMR = "amr"
    MATROSKA = "matroska"

    @property
    def kind(self) -> Kind:
        return _KINDS.get(self, Kind.AUDIO)


_PHOTOS = (Form.JPEG, Form.PNG, Form.GIF, Form.WEBP, Form.HEIF, Form.AVIF, Form.BMP, Form.TIFF)
_KINDS = {**dict.fromkeys(_PHOTOS, Kind.PHOTO), Form.PDF: Kind.DOCUMENT, Form.TEXT: Kind.TEXT}

_STARTS: tuple[tuple[bytes, Form | Refusal], ...] = (
    (rb"\xff\xd8\xff", Form.JPEG),
    (rb"\x89PNG\r\n\x1a\n", Form.PNG),
    (rb"GIF8[79]a", Form.GIF),
    (rb"RIFF....WEBP", Form.WEBP),
    (rb"....ftyp(?:avif|mif1....(?:....){0,8}?avif)", Form.AVIF),
    (rb"....ftyp(?:hei[cxms]|mif1)", Form.HEIF),
    (rb"....ftyp(?:hev[cxms]|msf1|avis)", Refusal.VIDEO),
    (rb"BM....\0\0\0\0", Form.BMP),
    (rb"II\*\0|MM\0\*", Form.TIFF),
    (rb"%PDF-", Form.PDF),
    (rb"\xff[\xf0\xf1\xf8\xf9]", Form.AAC),
    (rb"....(?:ftyp|moov|mdat|wide|free|skip)", Form.MP4),
    (rb"OggS", Form.OGG),
    (rb"(?:RIFF|RF64)....WAVE", Form.WAV),
    (rb"fLaC", Form.FLAC),
    (rb"#!AMR(?:-WB)?\n", Form.AMR),
    (rb"\x1aE\xdf\xa3", Form.MATROSKA),
    (rb"RIFF....AVI |FLV\x01|\0\0\x01[\xb0-\xbf]|G.{187}G.{187}G", Refusal.VIDEO),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf", Refusal.OFFICE),
    (
        rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|\xfd7zXZ\0|BZh[1-9]",
        Refusal.ARCHIVE,
    ),
    (rb"\x28\xb5\x2f\xfd|MSCF\0|LZIP\x01|\x04\x22\x4d\x18|.{257}ustar", Refusal.ARCHIVE),
    (rb"\x7fELF|MZ(?=[^\0]{0,62}\0)|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe", Refusal.ACTIVE),
    (rb"\0asm|dex\n0|L\0\0\0\x01\x14\x02\0|[FCZ]WS[\x01-\x1f]|%!(?:PS|.{0,8}font)", Refusal.ACTIVE),
)
_SIGNATURES = tuple((re.compile(pattern, re.DOTALL), verdict) for pattern, verdict in _STARTS)
_OFFICE_ZIP = (
    b"[Content_Types].xml",
    b"mimetypeapplication/vnd.oasis",
    b"mimetypeapplication/vnd.sun",
    b"Index/Document",
)
"""Names that a zip shows of what is in it."""


def recognise(content: bytes) -> Form | Refusal | None:
    """The form, or why nothing of it can be taken, or None for bytes that say nothing."""
    start = content[mp3.tags_end(content) :]
    for signature, verdict in _SIGNATURES:
        if signature.match(start):
            is_office = verdict is Refusal.ARCHIVE and any(name in content for name in _OFFICE_ZIP)
            return Refusal.OFFICE if is_office else verdict
    if mp3.starts_frame(start):
        return Form.MP3
    words = text.decoded(content)
    if words is None:
        return None
    return Refusal.ACTIVE if text.is_active(words) else Form.TEXT
