"""Finds dates, receipts, postcodes, and the numbers that say who somebody is, which are never kept."""

import re
from collections.abc import Iterator
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.entities import entity, overlaps
from bot.engine.nlu.language_recogniser import LANGUAGE
from bot.language.dates import DateWords, dates_in, today
from bot.language.figures import MASK, Kind, figures_in
from bot.language.normalise import aligned, normalise
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT

DATE, POSTCODE = "date", "postcode"
MIXED_IN = "da"
"""Danish words stand in messages of every language."""
_POSTCODE = re.compile(r"(?<![\d.,])(1[0-7]\d\d|2[0-7]\d0)(?![\d]|[.,]\d|\s?(?:kr|dkk|,-|kron))", re.IGNORECASE)
"""Of the city (1000 to 1799 and 2000 to 2790); an amount of money is none."""


def read_date_words(messages: str) -> dict[str, DateWords]:
    """{language: its words for dates} of every `dates.yml`, in the spelling that messages are normalised to."""
    files = (ROOT / messages).glob("*/dates.yml")
    return {path.parent.name: DateWords(_normalised(read_yaml(path))) for path in files}


def _normalised(words: Any) -> Any:
    if isinstance(words, dict):
        return {key: _normalised(value) for key, value in words.items()}
    return [normalise(str(phrase)) for phrase in words]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FigureRecogniser(GraphComponent):
    """Adds `date` (a day, a month, or `earlier`), `receipt` (20 digits), `postcode`, `cpr_number` and `phone`.

    The last two carry dots for a value. Offsets are those of the message as it was sent.
    """

    def __init__(self, words: dict[str, DateWords]) -> None:
        self._words = words

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"messages": "data/nlu"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(read_date_words(config["messages"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = list(self._entities(message.get(TEXT) or "", message.get(LANGUAGE)))
            if found:
                message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)
        return messages

    def _entities(self, text: str, language: str | None) -> Iterator[dict[str, Any]]:
        figures = figures_in(text)
        taken = [(figure.start, figure.end) for figure in figures]
        for figure in figures:
            value = figure.digits if figure.kind is Kind.RECEIPT else MASK * len(figure.digits)
            yield entity(figure.kind, value, figure.start, figure.end)
        for match in _POSTCODE.finditer(text):
            if not overlaps(match.span(), taken):
                yield entity(POSTCODE, match[0], *match.span())
        normal, origins = aligned(text)
        words = [self._words[code] for code in dict.fromkeys((language, MIXED_IN)) if code in self._words]
        for date in dates_in(normal, words, today()):
            start, end = origins[date.start][0], origins[date.end - 1][1]
            if not overlaps((start, end), taken):
                yield entity(DATE, date.value, start, end)
