"""PDF: opened within limits, pruned to its pages and what was filled in, and written anew without earlier states."""

import re
import zlib
from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf

from bot.evidence.kinds import LARGEST, Cleaned, Refusal, RefusedError
from bot.evidence.pdf_fields import keep_fields_on_pages
from bot.evidence.pdf_pruning import Pruning
from bot.evidence.pdf_shapes import Shape
from bot.evidence.pdf_streams import MOST_OF_ONE, MOST_UNFOLDED, Streams

MOST_PAGES, MOST_OBJECTS = 1_000, 100_000
_DEEPEST_TREE = 50
_END = b"%%EOF"
_STREAM = re.compile(rb"stream\r?\n?(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
"""Where one starts as what zlib folds does."""
_STEP = 8 * 1024 * 1024
_INHERITED = (Name.Resources, Name.MediaBox, Name.CropBox, Name.Rotate)
_OF_THE_TRAILER = {"/Root", "/Size"}

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_OF_ONE,
    run_length_max_memory=MOST_OF_ONE,
    png_max_memory=MOST_OF_ONE,
    tiff_max_memory=MOST_OF_ONE,
    max_stream_filters=4,
)


def clean(content: bytes) -> Cleaned:
    """Pages as they look and fields as they were filled in; nothing else of the document.

    A document that opens to everybody, but forbids some of them to print it, is no locked one.
    """
    if _END not in content:
        raise RefusedError(Refusal.BROKEN)
    _refuse_bombs(content)
    try:
        opened = pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError:
        raise RefusedError(Refusal.LOCKED) from None
    with opened as pdf:
        if pdf.is_encrypted and not pdf.user_password_matched:
            raise RefusedError(Refusal.LOCKED)  # it opened as to its owner, whose password was left empty
        _refuse_what_is_no_plain_document(pdf)
        _prune(pdf)
        return Cleaned("application/pdf", _written(pdf))


def _refuse_bombs(content: bytes) -> None:
    """Before qpdf sees it: the lists of objects that it unfolds while opening may be bombs as well."""
    left = MOST_UNFOLDED
    for match in _STREAM.finditer(content):
        end = content.find(b"endstream", match.end())
        left -= _unfolded_length(content[match.end() : end if end >= 0 else len(content)])
        if left < 0:
            raise RefusedError(Refusal.BOMB)


def _unfolded_length(folded: bytes) -> int:
    unfolding, length = zlib.decompressobj(), 0
    while folded and not unfolding.eof:
        try:
            length += len(unfolding.decompress(folded, _STEP))
        except zlib.error:
            break
        if length > MOST_OF_ONE:
            raise RefusedError(Refusal.BOMB)
        folded = unfolding.unconsumed_tail
    return length


def _refuse_what_is_no_plain_document(pdf: Pdf) -> None:
    """A folder of files with a cover, and a form that only one program can draw, would come out empty."""
    if Name.Collection in pdf.Root:
        raise RefusedError(Refusal.ARCHIVE)
    if pdf.Root.get(Name.NeedsRendering):
        raise RefusedError(Refusal.OFFICE)
    if not len(pdf.pages):
        raise RefusedError(Refusal.BROKEN)
    if len(pdf.pages) > MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
        raise RefusedError(Refusal.BOMB)


def _prune(pdf: Pdf) -> None:
    pages = [page.obj for page in pdf.pages]
    streams, pruning = Streams(pdf), Pruning()
    keep_fields_on_pages(pdf, pages)
    for page in pages:
        _inherit(page)
        page.Contents = streams.joined(page.get(Name.Contents))
        pruning.prune(page, Shape.PAGE)
    for key in set(pdf.trailer.keys()) - _OF_THE_TRAILER:
        del pdf.trailer[key]
    pruning.prune(pdf.Root, Shape.ROOT)
    pdf.Root.Type, pdf.Root.Pages = Name.Catalog, _new_tree(pdf, pages)
    for stream, shape in pruning.streams:
        streams.clean(stream, shape)


def _inherit(page: Object) -> None:
    """Takes to the page what it had from the branches above it, which may hold pages that were taken out."""
    branch = page
    for _ in range(_DEEPEST_TREE):
        parent = branch.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            return
        branch = parent
        for key in _INHERITED:
            if key in branch and key not in page:
                page[key] = branch[key]


def _new_tree(pdf: Pdf, pages: Sequence[Object]) -> Object:
    tree = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(pages), Count=len(pages)))
    for page in pages:
        page.Type, page.Parent = Name.Page, tree
    return tree


def _written(pdf: Pdf) -> bytes:
    """Only what can be reached is written; the two numbers that tell one file from another are those of every file.

    Read once more: of a document that was broken before, something may be left that no reader opens.
    """
    out = BytesIO()
    pdf.save(out, object_stream_mode=ObjectStreamMode.generate, static_id=True)
    if out.tell() > LARGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    with pikepdf.open(out) as again:
        if len(again.pages) != len(pdf.Root.Pages.Kids):
            raise RefusedError(Refusal.BROKEN)
    return out.getvalue()
