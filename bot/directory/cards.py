"""A service as a resident sees it: in their language, without what is not known, with what is doubtful."""

import re
from typing import Any

from babel.dates import format_date

from bot.directory.services import Service
from bot.language.catalogue import Catalogue
from bot.language.dates import today
from bot.language.sources import page_word

_ADDRESS = re.compile(r"(?:^|[,;] ?)([^\W\d][^\d,;:]*? \d+ ?[A-Z]?)(?:, [^,;]*\bsal)?, (\d{4} [^\d,;]+?) *(?=;|$)")
"""Street and number, perhaps floors that a map does not know, postcode and town."""


def card_of(service: Service, words: Catalogue) -> dict[str, Any]:
    """Keys `id name name_da what cost steps phone address maps hours url checked_on notes`; none without a value."""
    texts = {field: words.say(f"{service.id}.{field}", text) for field, text in service.texts()}
    card = {
        "id": service.id,
        "name": texts["name"],
        "name_da": service.name_da,
        "what": texts["what"],
        "cost": texts.get("cost"),
        "steps": [texts[field] for field in texts if field.startswith("steps.")],
        "phone": service.phone,
        "address": service.address,
        "maps": on_map(service.address or ""),
        "hours": texts.get("hours"),
        "url": service.url,
        "checked_on": _date(service, words),
        "notes": _caution(service, words),
    }
    return {name: value for name, value in card.items() if value}


def on_map(address: str) -> list[str]:
    """What a map finds of a line of the directory: each street with number and town; nothing of a postbox."""
    return [f"{street}, {town}" for street, town in _ADDRESS.findall(address)]


def _date(service: Service, words: Catalogue) -> str | None:
    if not service.checked_on:
        return None
    date = format_date(service.checked_on, "long", locale=words.language.code)
    return page_word(words, "card.checked_on", date=date)


def _caution(service: Service, words: Catalogue) -> str | None:
    """Says that nobody has checked the facts, or not lately, and how old the source is; never on a safety number."""
    if service.is_safety:
        return None
    if service.is_overdue(today()):
        return page_word(words, "card.overdue")
    if service.checked_on:
        return None
    if service.source_years and service.url:
        return page_word(words, "card.unchecked", years=service.source_years)
    return page_word(words, "card.unchecked_undated")
