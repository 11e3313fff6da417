"""A page to print or show: what somebody needs and where to go, in their language and in Danish."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale

from bot.casework.desk import Desk, Outcome
from bot.directory.cards import card_of
from bot.directory.services import Directory
from bot.engine.conversation import Conversation
from bot.engine.reply import DANISH
from bot.language.catalogue import Catalogue
from bot.language.languages import Language
from bot.language.sources import page_word

FOLLOWING = "_next"
MADE = "utter_slip"


@dataclass(frozen=True)
class Side:
    """The page in one language."""

    code: str
    direction: str
    say: tuple[str, ...]
    """What to say at the counter."""
    texts: tuple[str, ...]
    """The answer, and what comes next."""
    cards: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Slip:
    sides: tuple[Side, ...]
    """The person's language and Danish; Danish alone where that is their language."""
    code: str | None
    """In groups of four digits; None where none was made, or not saved."""


class Slips:
    """What web pages ask about slips and deadlines; `load` gives the conversation of a session token."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[Conversation]],
        directory: Directory,
        words: Callable[[str], Catalogue],
        title_of: "TitleOf",
        desk: Desk,
    ) -> None:
        self._load = load
        self._directory = directory
        self._words = words
        self._title_of = title_of
        self._desk = desk

    async def slip(self, token: str) -> Slip | None:
        """The newest guidance as a page in two languages; None where there was none."""
        conversation = await self._load(token)
        own, danish = self._words(conversation.language), self._words(DANISH)
        return slip_of(conversation.transcript, self._directory, own, danish, self._title_of)

    async def deadline(self, token: str) -> tuple[str, dt.date, str] | None:
        """Kind, day and language of the deadline that was counted last; None where none was."""
        conversation = await self._load(token)
        counted = [message for message in conversation.transcript if message["reply"] == "utter_deadline"]
        if not counted:
            return None
        values = counted[-1]["values"]
        return values["kind"], dt.date.fromisoformat(values["iso"]), conversation.language

    async def places(self, code: str) -> dict[str, str | None]:
        """{service: what was said of it last} of a slip's code; empty for an unknown one. Raises NotSavedError."""
        return await self._desk.places_of_slip(code)

    async def tell_outcome(self, outcome: Outcome) -> bool:
        """Keep what somebody says of a place on their slip; False where it stands on none. Raises NotSavedError."""
        return outcome.is_right and await self._desk.tell_outcomes([outcome]) == 1


type TitleOf = Callable[[str, Catalogue], str]
"""What a need is called in a language."""


def slip_of(
    transcript: Sequence[Mapping[str, Any]],
    directory: Directory,
    own: Catalogue,
    danish: Catalogue,
    title_of: TitleOf,
) -> Slip | None:
    """From the newest answer that named services, and the code that was made after it."""
    places = reversed(range(len(transcript)))
    newest = next((place for place in places if _is_guidance(transcript[place], directory)), None)
    if newest is None:
        return None
    told = transcript[newest]
    after = [message for message in transcript[newest + 1 :] if message["reply"]]
    following = [message for message in after if message["reply"] == told["reply"] + FOLLOWING]
    code = next((message["values"]["code"] for message in after if message["reply"] == MADE), None)
    sides = []
    for words in [own] if own.language == danish.language else [own, danish]:
        cards = [card_of(directory.services[service["id"]], words) for service in told["services"]]
        texts = [words.say(it["reply"], it["source"], **it["values"]) for it in [told, *following[:1]]]
        say = _to_say(words, title_of(_need_of(told), words), own.language)
        sides.append(Side(words.language.code, words.language.direction, say, tuple(texts), tuple(cards)))
    return Slip(tuple(sides), code)


def _is_guidance(message: Mapping[str, Any], directory: Directory) -> bool:
    """An answer to a need that ends in services and may be counted: a cry for help is nothing to print."""
    need = directory.needs.get(_need_of(message))
    return bool(message["services"]) and need is not None and need.counted


def _need_of(message: Mapping[str, Any]) -> str:
    return str(message["reply"]).removeprefix("utter_")


def _to_say(words: Catalogue, topic: str, spoken: Language) -> tuple[str, ...]:
    name = Locale.parse(spoken.code).get_display_name(words.language.code) or spoken.name
    return (
        page_word(words, "slip.say_need", topic=topic),
        page_word(words, "slip.say_language", language=name),
        page_word(words, "slip.say_interpreter"),
    )
