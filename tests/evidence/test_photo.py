"""Photos: upright, in the colours of screens, of the form and the size that is promised."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bot.evidence import photo
from tests.evidence.corpus_photos import SIZE, encoded, exif, picture, profile
from tests.evidence.here import cleaned


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("extension", ["jpg", "heic", "webp", "png", "tif", "avif"])
def test_a_photo_that_was_taken_sideways_stands_upright(extension: str) -> None:
    form = {"jpg": "JPEG", "heic": "HEIF", "tif": "TIFF"}.get(extension, extension.upper())
    upright = _opened(cleaned(encoded(form, exif=exif(b"told", 6)), f"a.{extension}").content)
    assert upright.size == SIZE[::-1]
    assert upright.getexif() == {}
    blue = upright.convert("RGB").getpixel((SIZE[1] - 8, 12))
    assert blue[2] > 100 > max(blue[:2])


@pytest.mark.parametrize(
    ("form", "mode", "extension"),
    [
        ("JPEG", "CMYK", "jpg"),
        ("GIF", "P", "jpg"),
        ("WEBP", "RGB", "jpg"),
        ("WEBP", "RGBA", "png"),
        ("PNG", "RGB", "png"),
        ("PNG", "P", "png"),
        ("HEIF", "RGB", "jpg"),
        ("HEIF", "RGBA", "png"),
        ("BMP", "RGB", "jpg"),
        ("TIFF", "CMYK", "jpg"),
    ],
)
def test_a_photo_comes_out_as_jpeg_and_what_is_transparent_as_png(form: str, mode: str, extension: str) -> None:
    assert cleaned(encoded(form, mode), "a").extension == extension


def test_nothing_is_told_about_a_photo_but_its_size() -> None:
    for content in (encoded("JPEG", exif=exif(b"told")), encoded("PNG", exif=exif(b"told"), dpi=(300, 300))):
        told = _opened(cleaned(content, "a").content).info
        assert set(told) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_colours_of_a_profile_become_those_of_a_screen() -> None:
    """A profile in which red and green have changed places."""
    plain = profile(b"told")
    swapped = plain.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    red = Image.new("RGB", (8, 8), (250, 10, 10))
    out = BytesIO()
    red.save(out, "PNG", icc_profile=swapped)
    seen = _opened(cleaned(out.getvalue(), "a.png").content).getpixel((4, 4))
    assert seen[1] > 200 > seen[0]


def test_a_profile_that_is_none_is_left_out_of_account() -> None:
    assert cleaned(encoded("JPEG", icc_profile=b"no profile at all"), "a.jpg").extension == "jpg"


def test_what_was_made_transparent_is_not_there_any_more() -> None:
    hidden = picture("RGB").convert("RGBA")
    hidden.putalpha(0)
    hidden.putpixel((0, 0), (9, 9, 9, 255))
    out = BytesIO()
    hidden.save(out, "PNG")
    pixels = np.asarray(_opened(cleaned(out.getvalue(), "a.png").content))
    assert pixels[0, 0].tolist() == [9, 9, 9, 255]
    assert pixels.sum() == 9 * 3 + 255


def test_sixteen_bits_of_grey_are_not_cut_off_at_white() -> None:
    grey = np.asarray(_opened(cleaned(encoded("PNG", "I;16"), "a.png").content).convert("L"), float)
    assert np.abs(grey - np.asarray(picture("L"), float)).max() <= 1


def test_what_would_be_too_large_is_coded_more_coarsely_and_then_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    Image.effect_noise(SIZE, 80).save(out, "PNG")
    noise = out.getvalue()
    monkeypatch.setattr(photo, "LARGEST", 4_600)
    coarser = cleaned(noise, "a.png")
    assert (coarser.extension, _opened(coarser.content).size) == ("jpg", SIZE)
    monkeypatch.setattr(photo, "LARGEST", 1_500)
    smaller = cleaned(noise, "a.png")
    assert len(smaller.content) <= 1_500
    assert _opened(smaller.content).size == (SIZE[0] // 2, SIZE[1] // 2)
