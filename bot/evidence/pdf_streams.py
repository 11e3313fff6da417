"""The streams of a PDF: unfolded within a limit, cleaned by what they are, and written back."""

import re
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, StreamDecodeLevel

from bot.evidence import jbig2, jpeg, photo
from bot.evidence.kinds import Refusal, RefusedError
from bot.evidence.pdf_orders import cleaned_orders
from bot.evidence.pdf_shapes import Shape

MOST_UNFOLDED = 1024 * 1024 * 1024
"""Bytes of all streams together: forty pages scanned in colour. They are never in memory at once."""
MOST_OF_ONE = 200 * 1024 * 1024
"""Bytes of one stream, which is: a page in A2, scanned in colour."""
MOST_POINTS = 200_000_000
"""Of one image: a plan in A0 at 400 dots an inch, in black and white."""
_TOO_MUCH = ("memory limit", "bad_alloc")
"""What qpdf says when it reaches one of its own limits, and when it reaches that of the child."""
_DRAWN = {Shape.CONTENT, Shape.DRAWING, Shape.PATTERN}
_POSTSCRIPT = {Shape.FUNCTION, Shape.CHARACTER_MAP, Shape.ENCODING}
_REMARK = re.compile(rb"%[^\r\n]*")
_JPEG_2000 = ("JPEG2000",)
_SCREEN_COLOURS = {None, Name.DeviceRGB, Name.DeviceGray}


class Streams:
    """Reads and rewrites the streams of one document, and counts what they unfold to."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._left = MOST_UNFOLDED

    def joined(self, contents: Object | None) -> Stream:
        """One stream of the pieces of a page, which may break off within an order."""
        pieces = list(contents) if isinstance(contents, Array) else [contents]
        whole = b"\n".join(self._unfolded(piece) for piece in pieces if isinstance(piece, Stream))
        return self._pdf.make_stream(whole)

    def clean(self, stream: Stream, shape: Shape) -> None:
        if shape is Shape.IMAGE:
            self._clean_image(stream)
        elif shape is Shape.GLOBALS:
            stream.write(jbig2.without_remarks(self._unfolded(stream)))
        elif shape in _DRAWN:
            stream.write(self._unfolded(stream))
            stream.write(cleaned_orders(self._pdf, stream))
        elif shape in _POSTSCRIPT and stream.get(Name.FunctionType) != 0:
            stream.write(_REMARK.sub(b"", self._unfolded(stream)))
        else:
            self._refold(stream)

    def _clean_image(self, image: Stream) -> None:
        if int(image.get(Name.Width, 0)) * int(image.get(Name.Height, 0)) > MOST_POINTS:
            raise RefusedError(Refusal.BOMB)
        filters = _listed(image.get(Name.Filter))
        match str(filters[-1]) if filters else "":
            case "/DCTDecode":
                self._keep_coded(image, jpeg.bare(self._before_last(image)))
            case "/JBIG2Decode":
                self._keep_coded(image, jbig2.without_remarks(self._before_last(image)))
            case "/CCITTFaxDecode":
                self._keep_coded(image, self._before_last(image))
            case "/JPXDecode":
                self._redraw(image, self._before_last(image))
            case _:
                self._refold(image)

    def _refold(self, stream: Stream) -> None:
        """Leaves alone what is folded once and ends where it says, so that nothing can hide behind it."""
        data = self._unfolded(stream)
        if stream.get(Name.Filter) == Name.FlateDecode:
            folded = zlib.decompressobj()
            folded.decompress(stream.read_raw_bytes())
            if folded.eof and not folded.unused_data:
                return
        stream.write(data)

    def _unfolded(self, stream: Stream) -> bytes:
        try:
            data = stream.read_bytes(decode_level=StreamDecodeLevel.specialized)
        except pikepdf.PdfError as error:
            too_much = any(word in str(error) for word in _TOO_MUCH)
            raise RefusedError(Refusal.BOMB if too_much else Refusal.BROKEN) from None
        self._left -= len(data)
        if self._left < 0:
            raise RefusedError(Refusal.BOMB)
        return data

    def _before_last(self, image: Stream) -> bytes:
        """The image as its own coding left it, before it was folded once more or turned into letters."""
        filters, parameters = _listed(image.get(Name.Filter)), _listed(image.get(Name.DecodeParms))
        if len(filters) == 1:
            return image.read_raw_bytes()
        outer = Stream(self._pdf, image.read_raw_bytes())
        outer.Filter = Array(filters[:-1])
        if parameters:
            outer.DecodeParms = Array(parameters[: len(filters) - 1])
        return self._unfolded(outer)

    def _keep_coded(self, image: Stream, data: bytes) -> None:
        filters, parameters = _listed(image.get(Name.Filter)), _listed(image.get(Name.DecodeParms))
        own = parameters[len(filters) - 1] if len(parameters) == len(filters) else None
        image.write(data, filter=Name(str(filters[-1])), decode_parms=own if isinstance(own, Dictionary) else None)

    def _redraw(self, image: Stream, data: bytes) -> None:
        """JPEG 2000 keeps remarks in many places; drawn anew it keeps none. Its own colours must be the image's."""
        if image.get(Name.ColorSpace) not in _SCREEN_COLOURS or Name.ImageMask in image:
            raise RefusedError(Refusal.BROKEN)
        picture = photo.drawn_anew(photo.opened(data, _JPEG_2000))
        if picture.mode == "RGBA":
            if int(image.get(Name.SMaskInData, 0)):
                image.SMask = self._mask(picture.getchannel("A").tobytes(), picture.size)
            picture = picture.convert("RGB")
        image.write(photo.jpeg(picture, photo.FINE), filter=Name.DCTDecode)
        image.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
        image.BitsPerComponent = 8
        for key in (Name.SMaskInData, Name.Decode):
            if key in image:
                del image[key]

    def _mask(self, data: bytes, size: tuple[int, int]) -> Stream:
        width, height = size
        return Stream(
            self._pdf,
            data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=width,
            Height=height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )


def _listed(value: Object | None) -> list[Object]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
