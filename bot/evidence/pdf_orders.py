"""The drawing orders of a page: written anew without remarks, and without what is said about a drawing in passing."""

import pikepdf
from pikepdf import (
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Pdf,
    Stream,
    String,
)

from bot.evidence.kinds import Refusal, RefusedError
from bot.evidence.pdf_shapes import KEPT, Shape

_DRAWING = (
    "b B b* B* BMC BT BX c cm CS cs d d0 d1 Do EMC ET EX f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S SC sc "
    "SCN scn sh T* Tc Td TD Tf TL Tm Tr Ts Tw Tz v w W W* y"
)
"""All of ISO 32000-1, annex A, but those that show words, and those that only remark."""
_OF_AN_IMAGE = (
    "/BitsPerComponent /ColorSpace /Decode /DecodeParms /Filter /Height /ImageMask /Interpolate /Intent /Width /Length"
)
_ORDERS, _IMAGE_KEYS = frozenset(_DRAWING.split()), frozenset(_OF_AN_IMAGE.split())
_PARAMETER_KEYS = frozenset(KEPT[Shape.PARAMETERS])
_WITH_REMARKS = {"/DCTDecode", "/JPXDecode", "/JBIG2Decode"}
"""Codings that can hold more than an image."""
_WORDS = frozenset(("Tj", "TJ", "'", '"'))
_LAYER = Name.OC
_REMARK = ContentStreamInstruction([Name.Span], Operator("BMC"))
"""What is left of marked content: a start, for the end that follows somewhere."""

type Order = ContentStreamInstruction | ContentStreamInlineImage


def cleaned_orders(pdf: Pdf, stream: Stream) -> bytes:
    """What draws the same. An order that cannot be read would end the drawing there, so it is refused."""
    warned = len(pdf.get_warnings())
    cleaned = [_cleaned(order) for order in pikepdf.parse_content_stream(stream)]
    if len(pdf.get_warnings()) > warned:
        raise RefusedError(Refusal.BROKEN)
    return pikepdf.unparse_content_stream([order for order in cleaned if order is not None])


def _cleaned(order: Order) -> Order | None:
    if isinstance(order, ContentStreamInlineImage):
        return _plain_image(order)
    word, operands = str(order.operator), order.operands
    if word in {"BDC", "BMC"}:
        return order if word == "BDC" and _starts_layer(list(operands)) else _REMARK
    if word in _WORDS:
        return order
    if word not in _ORDERS:
        return None
    kept = [operand for operand in operands if not isinstance(operand, String | Dictionary)]
    return order if len(kept) == len(operands) else ContentStreamInstruction(kept, order.operator)


def _starts_layer(operands: list[Object]) -> bool:
    return len(operands) == 2 and operands[0] == _LAYER and isinstance(operands[1], Name)  # noqa: PLR2004 - tag and name


def _plain_image(order: ContentStreamInlineImage) -> ContentStreamInlineImage:
    """A small image within the orders is taken or refused as it is; it has no place where it could be cleaned."""
    entries = order.iimage.obj
    coding = entries.get(Name.Filter)
    codings = {str(coding)} if isinstance(coding, Name) else {str(one) for one in coding or ()}
    parameters = entries.get(Name.DecodeParms)
    told = set(parameters.keys()) if isinstance(parameters, Dictionary) else set()
    words = any(isinstance(entries[key], String) for key in entries.keys())  # noqa: SIM118 - it has no iterator
    if set(entries.keys()) - _IMAGE_KEYS or codings & _WITH_REMARKS or told - _PARAMETER_KEYS or words:
        raise RefusedError(Refusal.BROKEN)
    return order
