"""A PDF as a letter or a form is one, built up from its parts."""

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from tests.evidence.corpus_photos import SIZE, encoded

WORDS = b"BT /F1 24 Tf 40 700 Td (They said: no 100% chance) Tj ET"
VALUE = "Værdi"
DRAWING = b"0.2 0.4 0.6 rg 40 400 120 80 re f q 96 0 0 64 40 500 cm /Im1 Do Q"


def document(pages: int = 1) -> Pdf:
    """Words, a drawing, a photo, and a form that is filled in, on every page."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    photo = image(pdf, encoded("JPEG"))
    pdf.Root.AcroForm = Dictionary(Fields=Array(), DR=Dictionary(Font=Dictionary(F1=font)), DA=String("/F1 12 Tf"))
    for number in range(pages):
        resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im1=photo))
        contents = Array([pdf.make_stream(WORDS), pdf.make_stream(DRAWING)])
        page = Dictionary(Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=resources, Contents=contents)
        pdf.pages.append(Page(pdf.make_indirect(page)))
        field = widget(pdf, f"field{number}")
        pdf.pages[-1].Annots = Array([field])
        pdf.Root.AcroForm.Fields.append(field)
    return pdf


def widget(pdf: Pdf, name: str) -> Object:
    look = pdf.make_stream(b"/Tx BMC BT /F1 12 Tf (Value) Tj ET EMC", Type=Name.XObject, Subtype=Name.Form)
    look.BBox = Array([0, 0, 200, 20])
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=[40, 300, 240, 320], T=String(name))
    field.V, field.AP = String(VALUE), Dictionary(N=look)
    return pdf.make_indirect(field)


def image(pdf: Pdf, data: bytes) -> Stream:
    stream = Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode)
    stream.Width, stream.Height, stream.BitsPerComponent, stream.ColorSpace = *SIZE, 8, Name.DeviceRGB
    return stream


def saved(pdf: Pdf, **options: object) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)
    return out.getvalue()
