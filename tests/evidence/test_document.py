"""PDF: what a page shows and what was filled in stays; what only tells, or does something, goes."""

from io import BytesIO

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image

from bot.evidence.cleaner import Refusal
from tests.evidence.corpus_photos import SIZE, encoded, picture
from tests.evidence.documents import VALUE, WORDS, document, image, saved, widget
from tests.evidence.here import cleaned, reason_for


def _cleaned(pdf: Pdf) -> Pdf:
    return pikepdf.open(BytesIO(cleaned(saved(pdf), "a.pdf").content))


def _drawn(contents: bytes) -> bytes:
    pdf = document()
    pdf.pages[0].obj.Contents = pdf.make_stream(contents)
    with _cleaned(pdf) as result:
        return result.pages[0].Contents.read_bytes()


def _laid(pdf: Pdf, **entries: object) -> None:
    annotation = Dictionary(Type=Name.Annot, Rect=[10, 10, 30, 30])
    for key, value in entries.items():
        annotation[f"/{key}"] = value
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(annotation))


def test_a_document_says_nothing_of_itself_and_is_numbered_as_every_other() -> None:
    once, other = _cleaned(document()), _cleaned(document(pages=2))
    assert set(once.trailer.keys()) <= {"/Root", "/Size", "/ID", "/Type", "/W", "/Length", "/Filter", "/DecodeParms"}
    assert set(once.Root.keys()) == {"/Type", "/Pages", "/AcroForm"}
    assert once.trailer.ID == other.trailer.ID


def test_who_may_not_print_a_document_may_still_send_it() -> None:
    restricted = saved(document(), encryption=pikepdf.Encryption(owner="owner", user=""))
    with pikepdf.open(BytesIO(cleaned(restricted, "a.pdf").content)) as pdf:
        assert not pdf.is_encrypted


def test_a_document_whose_owner_chose_no_password_is_locked_to_its_readers() -> None:
    assert (
        reason_for(saved(document(), encryption=pikepdf.Encryption(owner="", user="user")), "a.pdf") is Refusal.LOCKED
    )


@pytest.mark.parametrize("address", ["https://example.org/a", "http://example.org", "mailto:a@example.org", "tel:112"])
def test_a_link_to_the_web_stays(address: str) -> None:
    pdf = document()
    _laid(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(address), Next=Dictionary(S=Name.JavaScript)))
    result = _cleaned(pdf)
    action = result.pages[0].Annots[-1].A
    assert (str(action.URI), set(action.keys())) == (address, {"/S", "/URI"})


@pytest.mark.parametrize("address", ["file:///C:/Users/Aisha/a.pdf", "javascript:alert(1)", "a.pdf", ""])
def test_a_link_to_anything_else_goes_nowhere(address: str) -> None:
    pdf = document()
    _laid(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(address)))
    result = _cleaned(pdf)
    assert "/A" not in result.pages[0].Annots[-1]


def test_a_note_stays_without_its_author() -> None:
    pdf = document()
    _laid(pdf, Subtype=Name.Text, Contents=String("See page 2"), T=String("Aisha"), M=String("D:2026"))
    result = _cleaned(pdf)
    note = result.pages[0].Annots[-1]
    assert str(note.Contents) == "See page 2"
    assert not {"/T", "/M"} & set(note.keys())


def test_a_field_that_is_part_of_another_stays_and_its_taken_out_brother_does_not() -> None:
    pdf = document()
    child, brother = widget(pdf, "child"), widget(pdf, "brother")
    parent = pdf.make_indirect(Dictionary(T=String("parent"), Kids=Array([child, brother])))
    child.Parent = brother.Parent = parent
    pdf.pages[0].obj.Annots.append(child)
    pdf.Root.AcroForm.Fields.append(parent)
    result = _cleaned(pdf)
    form = result.Root.AcroForm
    assert [str(field.T) for field in form.Fields] == ["field0", "parent"]
    assert [(str(kid.T), str(kid.V)) for kid in form.Fields[1].Kids] == [("child", VALUE)]


def test_a_layer_that_is_switched_off_stays_off() -> None:
    pdf = document()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Creator=String("Aisha")))
    pdf.pages[0].obj.Resources.Properties = Dictionary(L1=layer)
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/OC /L1 BDC 0 0 9 9 re f EMC")
    result = _cleaned(pdf)
    assert result.Root.OCProperties.D.OFF[0].objgen == result.pages[0].Resources.Properties.L1.objgen
    assert b"/OC /L1 BDC" in result.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (b"% by Aisha\n0 g", b"0 g"),
        (b"/Span <</ActualText (Aisha)>> BDC 0 g EMC", b"/Span BMC\n0 g\nEMC"),
        (b"/Aisha BMC 0 g EMC", b"/Span BMC\n0 g\nEMC"),
        (b"/Aisha MP /Aisha <</A 1>> DP 0 g", b"0 g"),
        (b"(Aisha) 0 g", b"0 g"),
        (b"/Aisha 1 2 zz 0 g", b"0 g"),
        (b"BX /Aisha zz EX 0 g", b"BX\nEX\n0 g"),
        (WORDS, b"(They said: no 100% chance) Tj"),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI 0 g", b"BI"),
    ],
)
def test_of_the_orders_only_what_draws_is_left(told: bytes, kept: bytes) -> None:
    drawn = _drawn(told)
    assert kept in drawn
    assert b"Aisha" not in drawn


@pytest.mark.parametrize("entry", [b"/Author (Aisha)", b"/F /DCT", b"/DP <</Author (Aisha)>>", b"/Intent (Aisha)"])
def test_a_small_image_in_the_orders_that_tells_more_than_it_shows_is_refused(entry: bytes) -> None:
    pdf = document()
    pdf.pages[0].obj.Contents = pdf.make_stream(b"BI /W 1 /H 1 /BPC 8 /CS /G " + entry + b" ID \x80 EI")
    assert reason_for(saved(pdf), "a.pdf") is Refusal.BROKEN


def test_a_photo_is_the_same_bit_for_bit_and_a_newer_one_nearly_so() -> None:
    pdf = document()
    newer = image(pdf, encoded("JPEG2000"))
    newer.Filter = Name.JPXDecode
    pdf.pages[0].obj.Resources.XObject.Im2 = newer
    result = _cleaned(pdf)
    photos = result.pages[0].Resources.XObject
    assert _pixels(photos.Im1) == np.asarray(Image.open(BytesIO(encoded("JPEG")))).tolist()
    assert np.abs(np.array(_pixels(photos.Im2), float) - np.asarray(picture(), float)).mean() < 3


def test_a_photo_that_is_partly_transparent_stays_so() -> None:
    pdf = document()
    newer = image(pdf, encoded("JPEG2000", "RGBA"))
    newer.Filter, newer.SMaskInData = Name.JPXDecode, 1
    pdf.pages[0].obj.Resources.XObject.Im2 = newer
    result = _cleaned(pdf)
    mask = result.pages[0].Resources.XObject.Im2.SMask
    alpha = np.frombuffer(mask.read_bytes(), np.uint8).reshape(SIZE[::-1])
    assert np.abs(alpha.astype(float) - np.asarray(picture("RGBA").getchannel("A"), float)).max() <= 1


def test_a_page_keeps_what_it_had_from_the_branch_above_it() -> None:
    pdf = document()
    page = pdf.pages[0].obj
    pdf.Root.Pages.MediaBox, pdf.Root.Pages.Resources = page.MediaBox, page.Resources
    del page.MediaBox, page.Resources
    result = _cleaned(pdf)
    assert "/Im1" in result.pages[0].Resources.XObject
    assert [int(edge) for edge in result.pages[0].MediaBox] == [0, 0, 595, 842]


def test_what_draws_itself_is_met_once() -> None:
    pdf = document()
    form = pdf.make_stream(b"/F1 Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(F1=form))
    pdf.pages[0].obj.Resources.XObject.F1 = form
    result = _cleaned(pdf)
    assert result.pages[0].Resources.XObject.F1.Subtype == Name.Form


def test_what_is_nested_without_end_is_cleaned_or_refused_but_no_more() -> None:
    pdf = document()
    for key, inner in (("A", Array()), ("B", Array([Name.Indexed]))):
        own = pdf.make_indirect(inner)
        own.append(own)
        pdf.pages[0].obj.Resources.ColorSpace = Dictionary({f"/{key}": own})
        assert reason_for(saved(pdf), "a.pdf") in {None, Refusal.BROKEN}


@pytest.mark.parametrize("value", [Name.Oops, String("oops"), 7, Array([]), Dictionary()])
@pytest.mark.parametrize("key", ["Resources", "Annots", "Contents", "Group"])
def test_a_page_of_the_wrong_parts_is_cleaned_or_refused(key: str, value: Object | int) -> None:
    pdf = document()
    pdf.pages[0].obj[f"/{key}"] = value
    assert reason_for(saved(pdf), "a.pdf") in {None, Refusal.BROKEN}


def _pixels(stream: Stream) -> list[object]:
    return np.asarray(Image.open(BytesIO(stream.read_raw_bytes()))).tolist()
