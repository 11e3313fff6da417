"""The fields of a PDF form that lie on one of its pages; others hold what nobody sees."""

from collections.abc import Iterator, Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf

_DEEPEST = 20
type Number = tuple[int, int]
"""Of an object within its document."""


def keep_fields_on_pages(pdf: Pdf, pages: Sequence[Object]) -> None:
    """Fields whose place is on a page, with the fields they are parts of."""
    kept: dict[Number, Object] = {}
    roots: dict[Number, Object] = {}
    for widget in _widgets(pages):
        line = list(_line_of(widget))
        kept |= {field.objgen: field for field in line if field.is_indirect}
        roots |= {field.objgen: field for field in line[-1:] if field.is_indirect}
    for field in kept.values():
        kids = field.get(Name.Kids)
        if isinstance(kids, Array):
            field.Kids = Array([kid for kid in kids if isinstance(kid, Dictionary) and kid.objgen in kept])
    if isinstance(pdf.Root.get(Name.AcroForm), Dictionary):
        pdf.Root.AcroForm.Fields = Array(list(roots.values()))


def _widgets(pages: Sequence[Object]) -> Iterator[Object]:
    for page in pages:
        annotations = page.get(Name.Annots)
        for annotation in annotations if isinstance(annotations, Array) else ():
            if isinstance(annotation, Dictionary) and annotation.get(Name.Subtype) == Name.Widget:
                yield annotation


def _line_of(field: Object) -> Iterator[Object]:
    """The field, and those above it."""
    for _ in range(_DEEPEST):
        yield field
        parent = field.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            return
        field = parent
