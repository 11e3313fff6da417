"""Several hundred honest files: nothing of their makers is left in any, and what they show is still there."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageOps

from bot.evidence.cleaner import Kind
from tests.evidence.canary import Sample, sightings
from tests.evidence.corpus_documents import documents
from tests.evidence.corpus_photos import photos
from tests.evidence.corpus_sounds import sounds
from tests.evidence.here import clean_sample
from tests.evidence.recordings import SECONDS, decoded

CORPUS = {Kind.PHOTO: photos, Kind.DOCUMENT: documents, Kind.AUDIO: sounds}
"""Made anew for each test: a few hundred files a second."""
LOSSY = 4.0
"""Of 255, on average, that a colour may change when a photo is coded again."""


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.DOCUMENT, pytest.param(Kind.AUDIO, marks=pytest.mark.slow)])
def test_nothing_is_left_of_what_was_planted_everywhere_at_once(kind: Kind) -> None:
    samples = [sample for sample in CORPUS[kind]() if sample.name.startswith("everywhere")]
    assert samples
    assert not [sample.name for sample in samples if sightings(clean_sample(sample).content)]


@pytest.mark.slow
def test_the_corpus_holds_what_it_says() -> None:
    samples = [sample for make in CORPUS.values() for sample in make()]
    assert len(samples) >= 500
    assert len({sample.name for sample in samples}) == len(samples)
    assert sum(sample.planted for sample in samples) >= 1_000
    assert not [sample.name for sample in samples if sightings(sample.content) < sample.planted]


@pytest.mark.slow
@pytest.mark.parametrize("kind", CORPUS)
def test_nothing_that_was_planted_is_left(kind: Kind) -> None:
    left = {}
    for sample in CORPUS[kind]():
        cleaned = clean_sample(sample)
        assert cleaned.kind is kind
        if seen := sightings(cleaned.content):
            left[sample.name] = seen
    assert not left


@pytest.mark.slow
def test_a_photo_still_shows_the_same() -> None:
    changed = {sample.name: change for sample in photos() if (change := _change_of_picture(sample)) > LOSSY}
    assert not changed


@pytest.mark.slow
def test_a_document_still_shows_the_same() -> None:
    for sample in documents():
        with _opened(sample.content) as before, _opened(clean_sample(sample).content) as after:
            assert list(_shown(after)) == list(_shown(before)), sample.name


@pytest.mark.slow
def test_a_recording_still_sounds_the_same() -> None:
    for sample in sounds():
        (_, before), (seconds, after) = decoded(sample.content), decoded(clean_sample(sample).content)
        assert seconds == pytest.approx(SECONDS, abs=0.1), sample.name
        assert np.std(after) == pytest.approx(np.std(before), rel=0.1), sample.name


def _change_of_picture(sample: Sample) -> float:
    before = ImageOps.exif_transpose(Image.open(BytesIO(sample.content)))
    after = Image.open(BytesIO(clean_sample(sample).content))
    assert after.size == before.size, sample.name
    assert after.has_transparency_data == before.has_transparency_data, sample.name
    if before.mode == "I;16":
        before = before.convert("I").point(lambda value: value / 256).convert("L")
    pictures = [np.asarray(picture.convert("RGBA"), float) for picture in (before, after)]
    visible = pictures[0][..., 3:] > 0
    return float(np.abs((pictures[0] - pictures[1]) * visible).mean())


def _opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def _shown(pdf: pikepdf.Pdf) -> Iterator[object]:
    """What a reader of each page sees: its size, words and drawing, its photos, and what its fields hold."""
    for page in pdf.pages:
        yield [float(edge) for edge in page.MediaBox]
        drawing = {"Tj", "Tf", "Td", "re", "f", "cm", "Do"}
        yield [
            (str(order.operator), *map(str, order.operands))
            for order in pikepdf.parse_content_stream(page)
            if str(order.operator) in drawing
        ]
        yield [_pixels(stream) for name, stream in page.Resources.XObject.items() if name == "/Im1"]
        widgets = [one for one in page.Annots if one.get("/Subtype") == "/Widget"]
        yield [
            (str(field.T), str(field.V), b"(Value) Tj" in field.AP.N.read_bytes())
            for field in widgets
            if field.FT == "/Tx"
        ]


def _pixels(stream: pikepdf.Object) -> bytes:
    with _first_layer(stream) as picture:
        small = picture.convert("L").resize((8, 8))
        return bytes(value // 32 for value in small.tobytes())


def _first_layer(stream: pikepdf.Object) -> Image.Image:
    if isinstance(stream.Filter, pikepdf.Array) and len(stream.Filter) > 1:
        return pikepdf.PdfImage(stream).as_pil_image()
    return Image.open(BytesIO(stream.read_raw_bytes()))
