"""The picture from which a phone takes the secret of its codes."""

import io

import segno


def picture_of(address: str) -> str:
    """An SVG element of black squares, to stand in a page; no style of its own, which the page's policy forbids."""
    svg: str = segno.make(address, error="m").svg_inline(
        scale=4, border=4, svgclass="picture", lineclass=None, light="#fff"
    )
    return svg


def picture_for_terminal(address: str) -> str:
    """The same in half blocks."""
    out = io.StringIO()
    segno.make(address, error="l").terminal(out, compact=True)
    return out.getvalue()
