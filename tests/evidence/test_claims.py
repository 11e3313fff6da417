"""A name says what a file is, and the file must agree; one kind of photo under another's name does."""

import time
from contextlib import suppress

import pytest

from bot.evidence.claims import contradiction
from bot.evidence.cleaner import LARGEST, Refusal, RefusedError, checked
from bot.evidence.formats import Form, recognise
from tests.evidence.corpus_photos import encoded
from tests.evidence.documents import document, saved
from tests.evidence.recordings import amr, recording

HONEST = [
    ("IMG_0001.JPG", Form.JPEG),
    ("photo.jpeg", Form.PNG),
    ("photo.jpg", Form.HEIF),
    ("photo", Form.WEBP),
    ("brev.pdf", Form.PDF),
    ("note.txt", Form.TEXT),
    ("note", Form.TEXT),
    ("Chat.strange", Form.TEXT),
    ("voice.opus", Form.OGG),
    ("voice.mp4", Form.MP4),
    ("voice.mp3", Form.MP4),
    ("voice.", Form.MP3),
]


@pytest.mark.parametrize(("name", "form"), HONEST)
def test_an_honest_name_is_no_contradiction(name: str, form: Form) -> None:
    assert contradiction(name, form) is None


@pytest.mark.parametrize(
    ("name", "form", "reason"),
    [
        ("a.jpg", Form.PDF, Refusal.NOT_WHAT_IT_CLAIMS),
        ("a.pdf.jpg", Form.PDF, Refusal.NOT_WHAT_IT_CLAIMS),
        ("a.js", Form.TEXT, Refusal.ACTIVE),
        ("a.eml", Form.TEXT, Refusal.OFFICE),
        ("a.zip", Form.JPEG, Refusal.NOT_WHAT_IT_CLAIMS),
        ("a.jpg", None, Refusal.NOT_WHAT_IT_CLAIMS),
        ("a.doc", None, Refusal.OFFICE),
        ("a", None, Refusal.UNKNOWN_KIND),
    ],
)
def test_a_name_that_says_something_else_is_a_reason(name: str, form: Form | None, reason: Refusal) -> None:
    assert contradiction(name, form) is reason


@pytest.mark.parametrize(
    ("content", "form"),
    [
        *((encoded(form.value.upper()), form) for form in Form if form.kind == "photo"),
        (saved(document()), Form.PDF),
        (b"They said no.", Form.TEXT),
        (recording("mp3", "libmp3lame"), Form.MP3),
        (recording("adts", "aac"), Form.AAC),
        (recording("ipod", "aac"), Form.MP4),
        (recording("3gp", "aac"), Form.MP4),
        (recording("mov", "pcm_s16le"), Form.MP4),
        (recording("ogg", "libopus", 48_000), Form.OGG),
        (recording("webm", "libopus", 48_000), Form.MATROSKA),
        (recording("wav", "pcm_s16le"), Form.WAV),
        (recording("flac", "flac"), Form.FLAC),
        (amr(), Form.AMR),
    ],
)
def test_each_form_is_known_by_its_first_bytes(content: bytes, form: Form) -> None:
    assert recognise(content) is form


PIECES = (
    b"ID3\3\0\0\0\0\0\0",
    b"\xff\xfb\x10\0",
    b"\xe6",
    "æ".encode(),
    b"\0",
    b" ",
    b"PK\3\4",
    b"\xff\xe1\0\2",
    b"MZ",
)


@pytest.mark.parametrize("piece", PIECES)
def test_what_a_file_is_shows_within_a_moment_whatever_it_repeats(piece: bytes) -> None:
    """The service waits for this; what takes longer is the child's."""
    content = piece * (LARGEST // len(piece))
    start = time.process_time()
    with suppress(RefusedError):
        checked(content, "a")
    assert time.process_time() - start < 1
