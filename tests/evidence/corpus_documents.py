"""PDFs with the canary in every place where programs write about them."""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from tests.evidence.canary import SPELLINGS, Sample, canary
from tests.evidence.corpus_photos import SIZE, encoded, exif, in_jpeg, profile, xmp
from tests.evidence.documents import DRAWING, WORDS, document, image, saved, widget

type Plant = Callable[[Pdf, bytes], None]


def _page(pdf: Pdf) -> Object:
    return pdf.pages[0].obj


def _mark(pdf: Pdf, **entries: object) -> None:
    """Lays something on the page."""
    annotation = Dictionary(Type=Name.Annot, Rect=[10, 10, 30, 30])
    for key, value in entries.items():
        annotation[f"/{key}"] = value
    _page(pdf).Annots.append(pdf.make_indirect(annotation))


def _script(told: bytes) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(told))


def _file(pdf: Pdf, told: bytes) -> Dictionary:
    attached = pdf.make_stream(told, Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=String(told), Desc=String(told), EF=Dictionary(F=attached))


def _metadata(pdf: Pdf, told: bytes) -> Stream:
    return pdf.make_stream(xmp(told), Type=Name.Metadata, Subtype=Name.XML)


def _info(pdf: Pdf, told: bytes) -> None:
    for key in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "Company"):
        pdf.docinfo[f"/{key}"] = String(told)


def _photo(data: Callable[[bytes], bytes]) -> Plant:
    def plant(pdf: Pdf, told: bytes) -> None:
        _page(pdf).Resources.XObject.Im1 = image(pdf, data(told))

    return plant


def _folded_photo(pdf: Pdf, told: bytes) -> None:
    data = zlib.compress(in_jpeg(0xFE)(encoded("JPEG"), told))
    photo = image(pdf, b"")
    photo.write(data, filter=Array([Name.FlateDecode, Name.DCTDecode]))
    _page(pdf).Resources.XObject.Im1 = photo


def _newer_photo(pdf: Pdf, told: bytes) -> None:
    """JPEG 2000, as archives and some scanners write it."""
    plain = encoded("JPEG2000", no_jp2=True)
    place = 4 + int.from_bytes(plain[4:6])
    photo = image(pdf, plain[:place] + b"\xff\x64" + (len(told) + 4).to_bytes(2) + b"\0\1" + told + plain[place:])
    photo.Filter = Name.JPXDecode
    _page(pdf).Resources.XObject.Im1 = photo


def jbig2_segment(number: int, kind: int, data: bytes) -> bytes:
    return number.to_bytes(4) + bytes([kind, 0, 1]) + len(data).to_bytes(4) + data


def _scan(pdf: Pdf, told: bytes) -> None:
    """Black and white of a scanner: a page, a remark, and the end."""
    segments = (jbig2_segment(0, 48, bytes(19)), jbig2_segment(1, 62, told), jbig2_segment(2, 49, b""))
    scan = image(pdf, b"")
    scan.write(b"".join(segments), filter=Name.JBIG2Decode)
    scan.BitsPerComponent = 1
    _page(pdf).Resources.XObject.Im2 = scan


def _orders(pdf: Pdf, told: bytes, before: bytes = b"", after: bytes = b"") -> None:
    _page(pdf).Contents.append(pdf.make_stream(before + told + after))


def _properties(pdf: Pdf, told: bytes) -> None:
    _page(pdf).Resources.Properties = Dictionary(MC0=pdf.make_indirect(Dictionary(Secret=String(told))))
    _page(pdf).Contents.append(pdf.make_stream(b"/Note /MC0 BDC EMC"))


def _hidden_page(pdf: Pdf, told: bytes) -> None:
    """A page that was taken out, but that a link still points to."""
    gone = pdf.make_indirect(Dictionary(Type=Name.Page, Contents=pdf.make_stream(told)))
    _mark(pdf, Subtype=Name.Link, Dest=Array([gone, Name.Fit]))
    _mark(pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([gone, Name.Fit])))
    _page(pdf).Annots[0].P = gone


def _hidden_field(pdf: Pdf, told: bytes) -> None:
    field = widget(pdf, "gone")
    field.V = String(told)
    pdf.Root.AcroForm.Fields.append(field)


def _signed(pdf: Pdf, told: bytes) -> None:
    value = Dictionary(Type=Name.Sig, Name=String(told), Location=String(told), Contents=String(told))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, Rect=[0, 0, 0, 0], T=String("s"), V=value)
    _page(pdf).Annots.append(pdf.make_indirect(field))
    pdf.Root.AcroForm.Fields.append(_page(pdf).Annots[-1])


def _profile(pdf: Pdf, told: bytes) -> None:
    space = Array([Name.ICCBased, pdf.make_stream(profile(told), N=3)])
    _page(pdf).Resources.ColorSpace = Dictionary(C1=pdf.make_indirect(space), C2=Array([Name.Pattern, space]))
    _page(pdf).Resources.XObject.Im1.ColorSpace = space


def _behind_a_stream(pdf: Pdf, told: bytes) -> None:
    """After the end of what is folded, where nothing reads on."""
    _page(pdf).Contents = Stream(pdf, zlib.compress(WORDS + b"\n" + DRAWING) + told, Filter=Name.FlateDecode)


def _behind_a_scan(pdf: Pdf, told: bytes) -> None:
    scan = image(pdf, b"")
    scan.write(zlib.compress(bytes(SIZE[0] * SIZE[1])) + told, filter=Name.FlateDecode)
    scan.ColorSpace = Name.DeviceGray
    _page(pdf).Resources.XObject.Im2 = scan


def _set(path: Callable[[Pdf], Object], key: str, value: Callable[[Pdf, bytes], object]) -> Plant:
    def plant(pdf: Pdf, told: bytes) -> None:
        path(pdf)[f"/{key}"] = value(pdf, told)

    return plant


def _root(pdf: Pdf) -> Object:
    return pdf.Root


def _words(_: Pdf, told: bytes) -> Object:
    return String(told)


PLACES: dict[str, tuple[Plant, int]] = {
    "info": (_info, 8),
    "metadata": (_set(_root, "Metadata", _metadata), 1),
    "page_metadata": (_set(_page, "Metadata", _metadata), 1),
    "photo_metadata": (_set(lambda pdf: _page(pdf).Resources.XObject.Im1, "Metadata", _metadata), 1),
    "font_metadata": (_set(lambda pdf: _page(pdf).Resources.Font.F1, "Metadata", _metadata), 1),
    "photo_exif": (_photo(lambda told: in_jpeg(0xE1, b"Exif\0\0", exif)(encoded("JPEG"), told)), 1),
    "photo_xmp": (_photo(lambda told: in_jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0", xmp)(encoded("JPEG"), told)), 1),
    "photo_end": (_photo(lambda told: encoded("JPEG") + told), 1),
    "photo_folded": (_folded_photo, 1),
    "photo_newer": (_newer_photo, 1),
    "scan": (_scan, 1),
    "attached": (lambda pdf, told: pdf.attachments.__setitem__("a.txt", told), 1),
    "attached_to_page": (
        lambda pdf, told: _mark(pdf, Subtype=Name.FileAttachment, FS=_file(pdf, told), Contents=String(told)),
        4,
    ),
    "associated": (_set(_root, "AF", lambda pdf, told: Array([_file(pdf, told)])), 3),
    "script": (
        _set(
            _root,
            "Names",
            lambda _, told: Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _script(told)]))),
        ),
        1,
    ),
    "script_at_opening": (_set(_root, "OpenAction", lambda _, told: _script(told)), 1),
    "script_of_page": (_set(_page, "AA", lambda _, told: Dictionary(O=_script(told))), 1),
    "script_of_field": (_set(lambda pdf: _page(pdf).Annots[0], "AA", lambda _, told: Dictionary(K=_script(told))), 1),
    "script_of_link": (lambda pdf, told: _mark(pdf, Subtype=Name.Link, A=_script(told)), 1),
    "program": (lambda pdf, told: _mark(pdf, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String(told))), 1),
    "folder": (
        lambda pdf, told: _mark(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(b"file:///" + told))),
        1,
    ),
    "private": (_set(_root, "PieceInfo", lambda _, told: Dictionary(App=Dictionary(Private=String(told)))), 1),
    "page_private": (_set(_page, "PieceInfo", lambda _, told: Dictionary(App=Dictionary(Private=String(told)))), 1),
    "page_changed": (_set(_page, "LastModified", _words), 1),
    "page_small": (_set(_page, "Thumb", lambda pdf, told: pdf.make_stream(told, Width=1, Height=1)), 1),
    "page_unknown": (_set(_page, "Zzz", _words), 1),
    "xfa": (_set(lambda pdf: pdf.Root.AcroForm, "XFA", lambda pdf, told: pdf.make_stream(told)), 1),
    "author_of_note": (
        lambda pdf, told: _mark(
            pdf,
            Subtype=Name.Text,
            Contents=String("Note"),
            T=String(told),
            NM=String(told),
            M=String(told),
            RC=String(told),
            Subj=String(told),
            CreationDate=String(told),
        ),
        6,
    ),
    "window_of_note": (lambda pdf, told: _mark(pdf, Subtype=Name.Popup, Contents=String(told)), 1),
    "sound": (lambda pdf, told: _mark(pdf, Subtype=Name.Sound, Sound=pdf.make_stream(told, R=8000)), 1),
    "film": (lambda pdf, told: _mark(pdf, Subtype=Name.Screen, MK=Dictionary(CA=String(told))), 1),
    "outline": (_set(_root, "Outlines", lambda _, told: Dictionary(First=Dictionary(Title=String(told)))), 1),
    "structure": (_set(_root, "StructTreeRoot", lambda _, told: Dictionary(K=Dictionary(Alt=String(told)))), 1),
    "print_profile": (
        _set(_root, "OutputIntents", lambda _, told: Array([Dictionary(S=Name.GTS_PDFX, Info=String(told))])),
        1,
    ),
    "captured": (_set(_root, "SpiderInfo", lambda _, told: Dictionary(C=Array([String(told)]))), 1),
    "layer": (
        _set(
            _root,
            "OCProperties",
            lambda pdf, told: Dictionary(
                OCGs=Array(
                    [
                        pdf.make_indirect(
                            Dictionary(
                                Type=Name.OCG,
                                Name=String("Layer"),
                                Usage=Dictionary(CreatorInfo=Dictionary(Creator=String(told))),
                            )
                        )
                    ]
                ),
                D=Dictionary(Creator=String(told), Name=String(told)),
            ),
        ),
        3,
    ),
    "trailer": (lambda pdf, told: pdf.trailer.__setitem__("/DocChecksum", String(told)), 1),
    "remark": (lambda pdf, told: _orders(pdf, told, b"%"), 1),
    "marked": (lambda pdf, told: _orders(pdf, told, b"/Span <</ActualText (", b")>> BDC EMC"), 1),
    "marked_point": (lambda pdf, told: _orders(pdf, told, b"/Span <</E (", b")>> DP"), 1),
    "stray_words": (lambda pdf, told: _orders(pdf, told, b"(", b") 1 0 0 rg"), 1),
    "unknown_order": (lambda pdf, told: _orders(pdf, told, b"BX (", b") zz EX"), 1),
    "properties": (_properties, 1),
    "page_taken_out": (_hidden_page, 1),
    "field_taken_out": (_hidden_field, 1),
    "signature": (_signed, 3),
    "profile": (_profile, 1),
    "behind_a_stream": (_behind_a_stream, 1),
    "behind_a_scan": (_behind_a_scan, 1),
}


def documents() -> Iterator[Sample]:
    for place, (plant, times) in PLACES.items():
        for spelling in SPELLINGS:
            pdf, told = document(), canary(spelling, place)
            plant(pdf, told)
            yield Sample(f"{place}-{spelling}.pdf", saved(pdf), times)
    yield from _everywhere()
    yield from _earlier_states()


def _everywhere() -> Iterator[Sample]:
    for mode in ObjectStreamMode.generate, ObjectStreamMode.disable:
        pdf, told = document(pages=3), canary("utf-8", "all")
        for plant, _ in PLACES.values():
            plant(pdf, told)
        yield Sample(f"everywhere-{mode.name}.pdf", saved(pdf, object_stream_mode=mode), 40)
    pdf, told = document(), canary("utf-8", "restricted")
    _info(pdf, told)
    yield Sample("restricted.pdf", saved(pdf, encryption=pikepdf.Encryption(owner="x", user="")), 8)


def _earlier_states() -> Iterator[Sample]:
    """A page that was changed by adding to the file, with what it said before still in it."""
    for spelling in SPELLINGS:
        told = canary(spelling, "before")
        pdf = document()
        _page(pdf).Contents = pdf.make_stream(b"% " + told)
        before = saved(pdf, object_stream_mode=ObjectStreamMode.disable, compress_streams=False)
        yield Sample(f"changed-{spelling}.pdf", _with_new_contents(before, WORDS + b"\n" + DRAWING))


def _with_new_contents(before: bytes, contents: bytes) -> bytes:
    with pikepdf.open(BytesIO(before)) as pdf:
        number, root, size = pdf.pages[0].obj.Contents.objgen[0], pdf.Root.objgen[0], int(pdf.trailer.Size)
    stream = b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, len(contents), contents)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(before))
    first = int(before[before.rindex(b"startxref") :].split()[1])
    trailer = b"trailer <</Size %d /Root %d 0 R /Prev %d>>\n" % (size, root, first)
    return before + stream + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(before) + len(stream))
