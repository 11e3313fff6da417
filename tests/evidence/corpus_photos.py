"""Photos with the canary in every place where cameras, phones and programs write about them."""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageCms

from tests.evidence.canary import SPELLINGS, Sample, canary

SIZE = (96, 64)
_WEBP_CANVAS = bytes([0, 0, 0, 0, SIZE[0] - 1, 0, 0, SIZE[1] - 1, 0, 0])
type Plant = Callable[[bytes, bytes], bytes]
"""Puts the second, the canary, into the first, a file."""

pillow_heif.register_heif_opener()


def picture(mode: str = "RGB") -> Image.Image:
    """Slopes of colour, with something to tell up from down."""
    slopes = [Image.linear_gradient("L").rotate(angle).resize(SIZE) for angle in (0, 90, 180)]
    whole = Image.merge("RGB", slopes)
    whole.paste("navy", (4, 4, 30, 16))
    if mode in {"RGBA", "LA"}:
        whole.putalpha(Image.radial_gradient("L").resize(SIZE))
    if mode == "I;16":
        return whole.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
    return whole.convert(mode)


def encoded(form: str, mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    if form == "JPEG" and "exif" in options:
        options["exif"] = b"Exif\0\0" + options["exif"]
    picture(mode).save(out, form, **options)
    return out.getvalue()


def exif(told: bytes, orientation: int = 1) -> bytes:
    """A TIFF with the canary in every directory, and in the small picture."""
    head = b"II*\0" + struct.pack("<I", 8)
    described = [(tag, told) for tag in (0x10E, 0x10F, 0x110, 0x131, 0x132, 0x13B, 0x8298, 0x9C9B, 0x9C9D, 0x9C9F)]
    main = [*described, (0x112, struct.pack("<H", orientation)), (0x8769, bytes(4)), (0x8825, bytes(4))]
    camera = [(tag, told) for tag in (0x927C, 0x9286, 0xA430, 0xA431, 0xA434)]
    where = [(tag, told) for tag in (0x1B, 0x1C, 0x1D)]
    small = in_jpeg(0xFE)(encoded("JPEG"), told)
    lengths = [len(_directory(entries, 0)) for entries in (main, camera, where)]
    starts = [8, 8 + lengths[0], 8 + sum(lengths[:2]), 8 + sum(lengths)]
    main[-2:] = [(0x8769, struct.pack("<I", starts[1])), (0x8825, struct.pack("<I", starts[2]))]
    thumbnail = [(0x201, struct.pack("<I", starts[3] + 30)), (0x202, struct.pack("<I", len(small)))]
    return b"".join(
        (
            head,
            _directory(main, starts[0], starts[3]),
            _directory(camera, starts[1]),
            _directory(where, starts[2]),
            _directory(thumbnail, starts[3]),
            small,
        )
    )


def _directory(entries: list[tuple[int, bytes]], start: int, following: int = 0) -> bytes:
    table, data = b"", b""
    place = start + 2 + 12 * len(entries) + 4
    for tag, value in sorted(entries):
        kind, count = {0x112: (3, 1), 0x8769: (4, 1), 0x8825: (4, 1), 0x201: (4, 1), 0x202: (4, 1)}.get(
            tag, (7, len(value))
        )
        inline = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", place + len(data))
        table += struct.pack("<HHI", tag, kind, count) + inline
        data += value if len(value) > 4 else b""
    return struct.pack("<H", len(entries)) + table + struct.pack("<I", following) + data


def xmp(told: bytes) -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:li>' + told + b"</rdf:li></rdf:RDF></x:xmpmeta>"


def profile(told: bytes) -> bytes:
    """sRGB, with a tag of text more."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = struct.unpack(">I", plain[128:132])[0]
    table, rest = plain[132 : 132 + 12 * count], plain[132 + 12 * count :]
    moved = b"".join(
        table[at : at + 4]
        + struct.pack(">I", struct.unpack(">I", table[at + 4 : at + 8])[0] + 12)
        + table[at + 8 : at + 12]
        for at in range(0, len(table), 12)
    )
    text = b"text\0\0\0\0" + told + b"\0"
    entry = b"targ" + struct.pack(">II", len(plain) + 12, len(text))
    body = plain[4:128] + struct.pack(">I", count + 1) + moved + entry + rest + text
    return struct.pack(">I", len(body) + 4) + body


def in_jpeg(marker: int, before: bytes = b"", wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    """A segment of that marker after the start."""

    def plant(data: bytes, told: bytes) -> bytes:
        content = before + wrap(told)
        return data[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content + data[2:]

    return plant


def in_png(kind: bytes, wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    """A chunk after the head."""
    return lambda data, told: data[:33] + png_chunk(kind, wrap(told)) + data[33:]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def in_webp(kind: bytes, flag: int, wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    def plant(data: bytes, told: bytes) -> bytes:
        chunks = data[12:] if data[12:16] == b"VP8X" else riff_chunk(b"VP8X", _WEBP_CANVAS) + data[12:]
        chunks = chunks[:8] + bytes([chunks[8] | flag]) + chunks[9:] + riff_chunk(kind, wrap(told))
        return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks

    return plant


def riff_chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def behind(before: bytes = b"") -> Plant:
    """After the end of the file."""
    return lambda data, told: data + before + told


def _film(told: bytes) -> bytes:
    """What a phone puts behind a photo that moves."""
    named = struct.pack(">I", 8 + len(told)) + b"udta" + told
    return struct.pack(">I", 20) + b"ftypmp42\0\0\0\0mp42" + struct.pack(">I", 8 + len(named)) + b"moov" + named


def _second_picture(told: bytes) -> bytes:
    return in_jpeg(0xFE)(encoded("JPEG"), told)


_EXIF_TIMES = 19
JPEG: dict[str, tuple[Plant, int]] = {
    "exif": (in_jpeg(0xE1, b"Exif\0\0", exif), _EXIF_TIMES),
    "xmp": (in_jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0", xmp), 1),
    "xmp_more": (in_jpeg(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + bytes(8), xmp), 1),
    "profile": (in_jpeg(0xE2, b"ICC_PROFILE\0\1\1", profile), 1),
    "pictures": (in_jpeg(0xE2, b"MPF\0"), 1),
    "small": (in_jpeg(0xE0, b"JFXX\0\x10", _second_picture), 1),
    "iptc": (in_jpeg(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x40\x1c\x02\x50"), 1),
    "ducky": (in_jpeg(0xEC, b"Ducky"), 1),
    "origin": (in_jpeg(0xEB, b"JP\0\1\0\0\0\1"), 1),
    "adobe": (in_jpeg(0xEE, b"Adobe\0\x64\0\0\0\0\1"), 1),
    "camera": (in_jpeg(0xE5, b"Samsung\0"), 1),
    "app15": (in_jpeg(0xEF), 1),
    "comment": (in_jpeg(0xFE), 1),
    "film": (lambda data, told: data + _film(told), 1),
    "notes": (behind(b"\0\0\1\0SEFH"), 1),
    "second": (lambda data, told: data + _second_picture(told), 1),
}
PNG: dict[str, tuple[Plant, int]] = {
    "words": (in_png(b"tEXt", lambda told: b"Author\0" + told), 1),
    "folded": (in_png(b"zTXt", lambda told: b"Author\0\0" + zlib.compress(told)), 1),
    "international": (in_png(b"iTXt", lambda told: b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp(told))), 1),
    "exif": (in_png(b"eXIf", exif), _EXIF_TIMES),
    "profile": (in_png(b"iCCP", lambda told: b"x\0\0" + zlib.compress(profile(told))), 1),
    "private": (in_png(b"prVt"), 1),
    "hour": (in_png(b"tIME"), 1),
    "end": (behind(), 1),
}
WEBP: dict[str, tuple[Plant, int]] = {
    "exif": (in_webp(b"EXIF", 8, exif), _EXIF_TIMES),
    "xmp": (in_webp(b"XMP ", 4, xmp), 1),
    "profile": (in_webp(b"ICCP", 32, profile), 1),
    "private": (in_webp(b"PRVT", 0), 1),
    "end": (behind(), 1),
}
GIF: dict[str, tuple[Plant, int]] = {
    "comment": (lambda data, told: data[:-1] + b"\x21\xfe" + _gif_blocks(told) + b";", 1),
    "program": (lambda data, told: data[:-1] + b"\x21\xff\x0bXMP DataXMP" + _gif_blocks(xmp(told)) + b";", 1),
    "end": (behind(), 1),
}


def _gif_blocks(content: bytes) -> bytes:
    pieces = [content[at : at + 255] for at in range(0, len(content), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def photos() -> Iterator[Sample]:
    for form, extension, places in (
        ("JPEG", "jpg", JPEG),
        ("PNG", "png", PNG),
        ("WEBP", "webp", WEBP),
        ("GIF", "gif", GIF),
    ):
        plain = encoded(form)
        for place, (plant, times) in places.items():
            for spelling in SPELLINGS:
                told = canary(spelling, place)
                yield Sample(f"{place}-{spelling}.{extension}", plant(plain, told), times)
        yield _everywhere(plain, extension, places)
    yield from _by_their_encoder()
    yield from _of_every_make()


def _everywhere(plain: bytes, extension: str, places: dict[str, tuple[Plant, int]]) -> Sample:
    told, whole, times = canary("utf-8", "all"), plain, 0
    for plant, count in places.values():
        whole, times = plant(whole, told), times + count
    return Sample(f"everywhere.{extension}", whole, times)


def _by_their_encoder() -> Iterator[Sample]:
    """Forms whose places the library fills in itself."""
    for spelling in SPELLINGS:
        told = canary(spelling, "made")
        options = {"exif": exif(told), "xmp": xmp(told), "icc_profile": profile(told)}
        yield Sample(f"phone-{spelling}.heic", encoded("HEIF", **options), 20)
        yield Sample(f"phone-{spelling}.avif", encoded("AVIF", **options), 20)
        tags = {270: told, 271: told, 305: told, 315: told, 33432: told, 700: xmp(told), 33723: told, 34377: told}
        yield Sample(f"scan-{spelling}.tiff", encoded("TIFF", tiffinfo=tags), 8)
        yield Sample(f"paint-{spelling}.bmp", behind()(encoded("BMP"), told))


def _of_every_make() -> Iterator[Sample]:
    """All ways to hold a camera, all colours, and the ways to write them down."""
    told = canary("utf-8", "make")
    for orientation in range(1, 9):
        yield Sample(f"turned{orientation}.jpg", encoded("JPEG", exif=exif(told, orientation)), _EXIF_TIMES)
        yield Sample(f"turned{orientation}.png", encoded("PNG", exif=exif(told, orientation)), _EXIF_TIMES)
    for mode in ("L", "CMYK", "RGB"):
        yield Sample(f"mode-{mode}.jpg", encoded("JPEG", mode, comment=told, progressive=mode == "RGB"))
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        plain = encoded("PNG", mode)
        yield Sample(f"mode-{mode.replace(';', '')}.png", PNG["words"][0](plain, told))
    for mode in ("RGBA", "L"):
        yield Sample(f"mode-{mode}.webp", encoded("WEBP", mode, lossless=True, exif=exif(told)), _EXIF_TIMES)
        yield Sample(f"mode-{mode}.heic", encoded("HEIF", mode, exif=exif(told)), _EXIF_TIMES)
