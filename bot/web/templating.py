"""What the templates need beyond words: numbers to press, short addresses, and that nothing is missing unseen."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from bot.engine.buttons import CHOSEN
from bot.settings import ROOT
from bot.web.served import address_of

_TELEPHONE = re.compile(r"(\+?\d(?:[ \u00a0]?\d){2,})")
"""Three digits or more; single spaces go on. `02 / 03` after a number is left as text: it cannot be dialled."""
_DANISH_DIGITS = 8
MAP = "https://www.openstreetmap.org/search?query="
_NUMBER = re.compile(
    r"(\b\d{4}(?: \d{4}){4}\b|\b\d{4}(?: \d{4}){2}\b|(?:\+45 ?|\b)(?:\d\d ?){3}\d\d\b|\b\d\d \d{3} \d{3}\b"
    r"|\b11[24]\b|\b116 ?\d{3}\b|\b18\d\d\b)",
    re.ASCII,
)
"""In a sentence: a receipt, the code of a slip, or a Danish telephone number; not a year, a price or a postcode."""
_RECEIPT = re.compile(r"\d{4}(?: \d{4}){2}(?:(?: \d{4}){2})?", re.ASCII)


def telephones(text: str) -> Iterator[tuple[str, str | None]]:
    """The parts of `text`, each with the number to dial or None.

    Eight digits get +45 in front, because many newcomers still call from a foreign SIM card.
    """
    for place, part in enumerate(_TELEPHONE.split(text)):
        yield part, _dialled(part) if place % 2 else None


def _dialled(number: str) -> str:
    digits = re.sub(r"[^\d+]", "", number)
    return f"+45{digits}" if len(digits) == _DANISH_DIGITS and digits[0] != "+" else digits


def pieces(text: str) -> Iterator[tuple[str, str, str | None]]:
    """The parts of a sentence: each with `text`, `phone` or `receipt`, and the number to dial or None."""
    for place, part in enumerate(_NUMBER.split(text)):
        if place % 2 == 0:
            yield part, "text", None
        elif _RECEIPT.fullmatch(part):
            yield part, "receipt", None
        else:
            yield part, "phone", _dialled(part)


def short_url(url: str) -> str:
    """Site and path without scheme, to be read on a narrow screen; the link keeps the whole."""
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")


def map_url(place: str) -> str:
    """Where a map shows an address: a link that the resident may follow, nothing that is fetched from there."""
    return MAP + quote(place, safe="")


def _templates() -> Jinja2Templates:
    """A word that is missing raises here, not on a resident's screen as an empty space."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "bot" / "web" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(telephones=telephones, pieces=pieces, short_url=short_url, map_url=map_url)
    environment.globals.update(CHOSEN=CHOSEN, file=address_of)
    return Jinja2Templates(env=environment)


TEMPLATES = _templates()
