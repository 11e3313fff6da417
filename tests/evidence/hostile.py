"""Files that are refused, each with its reason: what is no evidence, and what is made to do harm."""

import io
import struct
import tarfile
import zipfile
import zlib
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Stream

from tests.evidence.corpus_photos import encoded, picture, png_chunk, riff_chunk
from tests.evidence.documents import document, saved

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\0" + bytes(60) + b"This program cannot be run in DOS mode" + bytes(100)
RAR = b"Rar!\x1a\x07\x01\0" + bytes(40)
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def animated(form: str) -> bytes:
    out = io.BytesIO()
    picture().save(out, form, save_all=True, append_images=[picture().rotate(90), picture().rotate(180)])
    return out.getvalue()


def raw_photo() -> bytes:
    """What cameras call DNG: a TIFF whose first picture is a small one."""
    return encoded("TIFF", tiffinfo={50706: b"\1\4\0\0"})


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    folded = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", folded) + png_chunk(b"IEND", b"")


def png_with_a_bomb(kind: bytes) -> bytes:
    plain = encoded("PNG")
    return plain[:33] + png_chunk(kind, b"k\0\0" + zlib.compress(bytes(100_000_000), 9)) + plain[33:]


def locked(revision: int) -> bytes:
    newer = revision >= 4
    return saved(document(), encryption=Encryption(owner="o", user="u", R=revision, aes=newer, metadata=newer))


def drawn_by(contents: bytes) -> bytes:
    pdf = document()
    pdf.pages[0].obj.Contents = pdf.make_stream(contents)
    return saved(pdf)


def folded_twice() -> bytes:
    """Half a megabyte that unfolds to two hundred, and those to as much again."""
    pdf = document()
    data = zlib.compress(zlib.compress(bytes(220_000_000), 1), 1)
    pdf.pages[0].obj.Contents = Stream(pdf, data, Filter=Array([Name.FlateDecode, Name.FlateDecode]))
    return saved(pdf)


def bomb_in_a_stream() -> bytes:
    pdf = document()
    pdf.pages[0].obj.Contents = Stream(pdf, zlib.compress(b" " * 250_000_000, 1), Filter=Name.FlateDecode)
    return saved(pdf)


def bombs_in_many_streams() -> bytes:
    """None of them is too much by itself."""
    pdf, folded = document(), zlib.compress(bytes(150_000_000), 1)
    for number in range(2, 10):
        pdf.pages[0].obj.Resources.XObject[f"/Im{number}"] = Stream(pdf, folded, Filter=Name.FlateDecode)
    return saved(pdf)


def bomb_while_opening() -> bytes:
    """The list of objects itself is the bomb."""
    pdf = document()
    pdf.Root.A = Array([pdf.make_indirect(pikepdf.String(b"a" * 2_500_000)) for _ in range(95)])
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def many_pages(count: int = 1_001) -> bytes:
    pdf = document()
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages.Kids[0]] * count)
    pdf.Root.Pages.Count = count
    return saved(pdf)


def many_objects() -> bytes:
    pdf = document()
    pdf.Root.A = Array([pdf.make_indirect(Dictionary()) for _ in range(100_001)])
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def huge_image_on_a_page() -> bytes:
    pdf = document()
    pdf.pages[0].obj.Resources.XObject.Im1.Width = 4_000_000
    return saved(pdf)


def portfolio() -> bytes:
    pdf = document()
    pdf.Root.Collection = Dictionary(Type=Name.Collection)
    return saved(pdf)


def form_of_one_program() -> bytes:
    pdf = document()
    pdf.Root.NeedsRendering = True
    return saved(pdf)


def no_pages() -> bytes:
    return saved(Pdf.new())


@cache
def slow_document() -> bytes:
    """Three hundred thousand times the same page, each of which the reader copies before it can be counted."""
    return many_pages(300_000)


def hungry_document() -> bytes:
    """A stream in a coding without a limit: codes that each stand for one byte more than the last."""
    codes = [(256, 9), (0, 9), *((code, min(12, (code + 1).bit_length())) for code in range(258, 4_093)), (256, 12)]
    bits = "".join(f"{code:0{width}b}" for code, width in codes) * 8
    data = int(bits, 2).to_bytes(len(bits) // 8) * 50
    pdf = document()
    pdf.pages[0].obj.Contents = Stream(pdf, data, Filter=Name.LZWDecode)
    return saved(pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def slow_recording() -> bytes:
    """One sample a second, for more than two hours."""
    kind = struct.pack("<HHIIHH", 1, 1, 1, 1, 1, 8)
    body = b"WAVE" + riff_chunk(b"fmt ", kind) + riff_chunk(b"data", bytes(7_300))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def huge_gif() -> bytes:
    plain = encoded("GIF")
    return plain[:6] + b"\xff\xff\xff\xff" + plain[10:]


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def moov_first(content: bytes) -> bytes:
    """As recordings are sent over the net: the index before the sound."""
    place = content.rindex(b"moov") - 4
    start = content.index(b"ftyp") - 4 + int.from_bytes(content[:4])
    moov = bytearray(content[place:])
    table = moov.index(b"stco")
    for entry in range(int.from_bytes(moov[table + 8 : table + 12])):
        at = table + 12 + 4 * entry
        moov[at : at + 4] = (int.from_bytes(moov[at : at + 4]) + len(moov)).to_bytes(4)
    return content[:start] + bytes(moov) + content[start:place]


def flat_png(width: int, height: int) -> bytes:
    """One colour, so that many pixels are few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    folded = zlib.compress(bytes((width * 3 + 1) * height), 1)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", folded) + png_chunk(b"IEND", b"")
