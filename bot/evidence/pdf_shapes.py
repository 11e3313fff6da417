"""What of a PDF is kept: for each part the keys that draw it or hold what somebody filled in (ISO 32000-1).

What is not on these lists goes, known or unknown: who, when, with what program, scripts, attachments, earlier states.
"""

from enum import StrEnum


class Shape(StrEnum):
    """What may stand under a key, and by that how it is read on."""

    PLAIN = "plain"
    """Numbers, names and yes or no, and lists of these."""
    WORDS = "words"
    """As PLAIN, and strings."""
    ROOT = "root"
    PAGE = "page"
    RESOURCES = "resources"
    CONTENT = "content"
    """A stream of drawing orders, or a list of them."""
    DATA = "data"
    """A stream that is only unfolded and folded again."""
    CHARACTER_MAP = "character_map"
    XOBJECT = "xobject"
    IMAGE = "image"
    DRAWING = "drawing"
    STATE = "state"
    SOFT_MASK = "soft_mask"
    GROUP = "group"
    COLOUR = "colour"
    CALIBRATION = "calibration"
    PATTERN = "pattern"
    SHADING = "shading"
    FUNCTION = "function"
    FONT = "font"
    DESCRIPTOR = "descriptor"
    ENCODING = "encoding"
    COLLECTION = "collection"
    PROPERTY = "property"
    """Of marked content: a layer, or nothing."""
    LAYERS = "layers"
    LAYER_VIEW = "layer_view"
    ANNOTATIONS = "annotations"
    MARKUP = "markup"
    LINK = "link"
    ADDRESS = "address"
    WIDGET = "widget"
    """A field of a form, and the place on a page where it is filled in."""
    FORM = "form"
    LOOKS = "looks"
    LOOK = "look"
    """A drawing, or one for each state of a tick box."""
    CAPTION = "caption"
    LINE = "line"
    PARAMETERS = "parameters"
    """Of a filter."""
    GLOBALS = "globals"
    """What several images in JBIG2 share."""


def _part(plain: str, words: str = "", **deeper: Shape) -> dict[str, Shape]:
    keys = {f"/{key}": Shape.PLAIN for key in plain.split()}
    keys |= {f"/{key}": Shape.WORDS for key in words.split()}
    return keys | {f"/{key}": shape for key, shape in deeper.items()}


_ANNOTATION = "Type Subtype Rect F AS Border C CA H QuadPoints"
_FIELD = "FT Ff MaxLen I TI Q NeedAppearances"

KEPT: dict[Shape, dict[str, Shape]] = {
    Shape.ROOT: _part("Type Version", AcroForm=Shape.FORM, OCProperties=Shape.LAYERS),
    Shape.PAGE: _part(
        "Type Rotate MediaBox CropBox BleedBox TrimBox ArtBox UserUnit",
        Resources=Shape.RESOURCES,
        Contents=Shape.CONTENT,
        Group=Shape.GROUP,
        Annots=Shape.ANNOTATIONS,
    ),
    Shape.DRAWING: _part(
        "Type Subtype FormType BBox Matrix", Resources=Shape.RESOURCES, Group=Shape.GROUP, OC=Shape.PROPERTY
    ),
    Shape.IMAGE: _part(
        "Type Subtype Width Height BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Matte",
        ColorSpace=Shape.COLOUR,
        Mask=Shape.IMAGE,
        SMask=Shape.IMAGE,
        OC=Shape.PROPERTY,
    ),
    Shape.STATE: _part(
        "Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK", Font=Shape.FONT, SMask=Shape.SOFT_MASK
    ),
    Shape.SOFT_MASK: _part("Type S BC", G=Shape.XOBJECT, TR=Shape.FUNCTION),
    Shape.GROUP: _part("Type S I K", CS=Shape.COLOUR),
    Shape.CALIBRATION: _part("WhitePoint BlackPoint Gamma Matrix Range"),
    Shape.PATTERN: _part(
        "Type PatternType PaintType TilingType BBox XStep YStep Matrix",
        Resources=Shape.RESOURCES,
        Shading=Shape.SHADING,
        ExtGState=Shape.STATE,
    ),
    Shape.SHADING: _part(
        "ShadingType Background BBox AntiAlias Coords Domain Extend Matrix BitsPerCoordinate BitsPerComponent "
        "BitsPerFlag Decode VerticesPerRow",
        ColorSpace=Shape.COLOUR,
        Function=Shape.FUNCTION,
    ),
    Shape.FUNCTION: _part(
        "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds", Functions=Shape.FUNCTION
    ),
    Shape.FONT: _part(
        "Type Subtype BaseFont FirstChar LastChar Widths Name DW W DW2 W2 FontBBox FontMatrix",
        Encoding=Shape.ENCODING,
        FontDescriptor=Shape.DESCRIPTOR,
        ToUnicode=Shape.CHARACTER_MAP,
        DescendantFonts=Shape.FONT,
        CIDSystemInfo=Shape.COLLECTION,
        CIDToGIDMap=Shape.DATA,
        Resources=Shape.RESOURCES,
    ),
    Shape.DESCRIPTOR: _part(
        "Type FontName FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight "
        "StemV StemH AvgWidth MaxWidth MissingWidth",
        words="CharSet",
        FontFile=Shape.DATA,
        FontFile2=Shape.DATA,
        FontFile3=Shape.DATA,
        CIDSet=Shape.DATA,
    ),
    Shape.ENCODING: _part("Type BaseEncoding Differences CMapName WMode UseCMap", CIDSystemInfo=Shape.COLLECTION),
    Shape.COLLECTION: _part("Supplement", words="Registry Ordering"),
    Shape.DATA: _part("Length1 Length2 Length3 Subtype"),
    Shape.CHARACTER_MAP: _part("Type CMapName WMode UseCMap", CIDSystemInfo=Shape.COLLECTION),
    Shape.CONTENT: {},
    Shape.PROPERTY: _part("Type Intent P", words="Name", OCGs=Shape.PROPERTY, VE=Shape.PROPERTY),
    Shape.LAYERS: _part("", OCGs=Shape.PROPERTY, D=Shape.LAYER_VIEW),
    Shape.LAYER_VIEW: _part("BaseState Intent", ON=Shape.PROPERTY, OFF=Shape.PROPERTY),
    Shape.MARKUP: _part(
        f"{_ANNOTATION} RD L LE IC Q InkList Vertices CL IT Name Open",
        words="Contents DA",
        BS=Shape.LINE,
        BE=Shape.LINE,
        AP=Shape.LOOKS,
        OC=Shape.PROPERTY,
    ),
    Shape.LINK: _part(_ANNOTATION, A=Shape.ADDRESS, AP=Shape.LOOKS, OC=Shape.PROPERTY),
    Shape.ADDRESS: _part("Type S", words="URI"),
    Shape.WIDGET: _part(
        f"{_ANNOTATION} {_FIELD}",
        words="T V DV Opt DA",
        BS=Shape.LINE,
        AP=Shape.LOOKS,
        MK=Shape.CAPTION,
        Kids=Shape.WIDGET,
        Parent=Shape.WIDGET,
        OC=Shape.PROPERTY,
    ),
    Shape.FORM: _part("NeedAppearances Q", words="DA", Fields=Shape.WIDGET, DR=Shape.RESOURCES),
    Shape.LOOKS: _part("", N=Shape.LOOK),
    Shape.CAPTION: _part("R BC BG TP", words="CA", I=Shape.XOBJECT),
    Shape.LINE: _part("Type W S D I"),
    Shape.PARAMETERS: _part(
        "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1 "
        "DamagedRowsBeforeError ColorTransform",
        JBIG2Globals=Shape.GLOBALS,
    ),
    Shape.GLOBALS: {},
    Shape.RESOURCES: {},
}

NAMED: dict[Shape, dict[str, Shape]] = {
    Shape.RESOURCES: {
        "/Font": Shape.FONT,
        "/XObject": Shape.XOBJECT,
        "/ExtGState": Shape.STATE,
        "/ColorSpace": Shape.COLOUR,
        "/Pattern": Shape.PATTERN,
        "/Shading": Shape.SHADING,
        "/Properties": Shape.PROPERTY,
    },
    Shape.FONT: {"/CharProcs": Shape.CONTENT},
}
"""Keys that hold a dictionary with names of the document's own, each for something of that shape."""

STREAMS = {
    Shape.CONTENT,
    Shape.DATA,
    Shape.CHARACTER_MAP,
    Shape.ENCODING,
    Shape.IMAGE,
    Shape.DRAWING,
    Shape.PATTERN,
    Shape.SHADING,
    Shape.FUNCTION,
    Shape.GLOBALS,
}
"""What may be a stream. No other dictionary may carry one."""

STREAM_KEYS = {"/Length": Shape.PLAIN, "/Filter": Shape.PLAIN, "/DecodeParms": Shape.PARAMETERS}

_MARKUPS = (
    "/Text /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline /Squiggly /StrikeOut /Stamp /Caret "
    "/Ink /Watermark /Redact"
)
BY_SUBTYPE = {
    Shape.XOBJECT: {"/Image": Shape.IMAGE, "/Form": Shape.DRAWING},
    Shape.ANNOTATIONS: {
        "/Link": Shape.LINK,
        "/Widget": Shape.WIDGET,
        **dict.fromkeys(_MARKUPS.split(), Shape.MARKUP),
    },
}
"""What may be drawn, and what may lie on a page. Attached files, sounds, films and pop-up windows go."""
