"""Photos: decoded, turned upright and drawn into a new picture, so that nothing but the picture is left."""

from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageCms, ImageOps

from bot.evidence.formats import Form
from bot.evidence.kinds import LARGEST, Cleaned, Refusal, RefusedError

MOST_PIXELS = 51_000_000
"""What a phone takes at its best, 8192 by 6144: four bytes each, and a few copies, is what the child's memory holds."""
_PNG_EFFORT = 4


@dataclass(frozen=True)
class Coding:
    """How finely a JPEG is coded."""

    quality: int
    colours: str
    """Of each four by two points, how many are kept; with all of them small letters stay clear, as on a screenshot."""


FINE = Coding(90, "4:4:4")
_ATTEMPTS = (FINE, Coding(85, "4:2:0"), Coding(70, "4:2:0"))
_NEW_SUBFILE, _SUB_IFDS, _DNG_VERSION = 254, 330, 50706
_PLUGINS = {form: (form.value.upper(),) for form in Form} | {Form.JPEG: ("JPEG", "MPO"), Form.HEIF: ("HEIF",)}

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
Image.init()
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # or it starts one for each processor, which the child may not
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_SRGB = ImageCms.createProfile("sRGB")


def clean(content: bytes, form: Form) -> Cleaned:
    """A PNG stays one, and so does whatever is partly transparent; the rest becomes a JPEG of the same size in pixels.

    Only what would then be larger than LARGEST is coded more coarsely, and in the end made smaller.
    """
    source = opened(content, _PLUGINS[form])
    _refuse_more_than_one_picture(source, form)
    picture = drawn_anew(source)
    del source
    return _as_png(picture) if form is Form.PNG or picture.mode == "RGBA" else _as_jpeg(picture)


def opened(content: bytes, plugins: tuple[str, ...]) -> Image.Image:
    """The picture, of which the head alone has been read so far."""
    try:
        source = Image.open(BytesIO(content), formats=plugins)
    except Image.DecompressionBombError:
        raise RefusedError(Refusal.BOMB) from None
    except ValueError as error:
        raise RefusedError(Refusal.BOMB if "too large" in str(error) else Refusal.BROKEN) from None
    if source.width * source.height > MOST_PIXELS:
        raise RefusedError(Refusal.BOMB)
    return source


def drawn_anew(source: Image.Image) -> Image.Image:
    """Upright, in sRGB, as `L`, `RGB` or `RGBA`. Where nothing shows nothing is kept."""
    source.load()
    profile = source.info.get("icc_profile")
    picture = _in_eight_bits(ImageOps.exif_transpose(source))
    transparent = picture.has_transparency_data
    mode = "RGBA" if transparent else "L" if picture.mode in {"1", "L", "I", "F"} else "RGB"
    picture = _in_srgb(picture, profile, mode)
    new = Image.new(mode, picture.size)
    new.paste(picture, mask=picture.getchannel("A").point(lambda alpha: 255 if alpha else 0) if transparent else None)
    return new


def jpeg(picture: Image.Image, coding: Coding) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=coding.quality, subsampling=coding.colours)
    return out.getvalue()


def _refuse_more_than_one_picture(source: Image.Image, form: Form) -> None:
    """To keep the first of many would lose evidence without a word."""
    if form is Form.TIFF:
        tags = getattr(source, "tag_v2", {})
        if tags.get(_NEW_SUBFILE) == 1 or _SUB_IFDS in tags or _DNG_VERSION in tags:
            raise RefusedError(Refusal.UNKNOWN_KIND)  # a camera's raw file, whose first picture is a small one
    many = form not in {Form.JPEG, Form.HEIF} and getattr(source, "n_frames", 1) > 1
    if many:
        raise RefusedError(Refusal.OFFICE if form is Form.TIFF else Refusal.VIDEO)


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Grey in sixteen bits, which Pillow would cut off at white."""
    if not picture.mode.startswith("I;16"):
        return picture
    grey = picture.convert("I").point(lambda value: value / 256).convert("L")
    grey.info.pop("transparency", None)
    return grey


def _in_srgb(picture: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """A profile that cannot be read, or is of other colours than the picture, is left out of account."""
    if profile and mode != "L":
        with_profile = picture if picture.mode in {"RGB", "RGBA", "CMYK", "LAB"} else picture.convert(mode)
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(with_profile, source, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture.convert(mode)
        return turned or picture.convert(mode)
    return picture.convert(mode)


def _as_png(picture: Image.Image) -> Cleaned:
    """As a JPEG on white if it is too large as a PNG: a photo that somebody saved as one."""
    out = BytesIO()
    picture.save(out, "PNG", compress_level=_PNG_EFFORT)
    if out.tell() <= LARGEST:
        return Cleaned("image/png", out.getvalue())
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    return _as_jpeg(picture)


def _as_jpeg(picture: Image.Image) -> Cleaned:
    for attempt in _ATTEMPTS:
        data = jpeg(picture, attempt)
        if len(data) <= LARGEST:
            return Cleaned("image/jpeg", data)
    return _as_jpeg(picture.reduce(2))
