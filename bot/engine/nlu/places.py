"""Finds the districts of Copenhagen in a message, by their Danish names and by how each language writes them."""

import json
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from bot.engine.nlu.entities import entity
from bot.engine.nlu.patterns import forgetting, read_patterns, words_of
from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.language.normalise import aligned, normalise
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT

DISTRICT = "district"


class Places:
    """The names of the districts in all languages in one phrase matcher."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._matcher = PhraseMatcher(blank(MULTILINGUAL).vocab, attr="LOWER")
        for district, spellings in names.items():
            self._matcher.add(district, [words_of(spelling) for spelling in spellings])

    def district_in(self, text: str) -> tuple[str, int, int] | None:
        """The id of the first district named in `text` and where it stands there, or None."""
        with forgetting():
            spans = filter_spans(self._matcher(words_of(text), as_spans=True))
            if not spans:
                return None
            district, start, end = str(spans[0].label_), spans[0].start_char, spans[0].end_char
        _, origins = aligned(text)
        return district, origins[start][0], origins[end - 1][1]


def read_places(messages: str) -> dict[str, list[str]]:
    """{district id: its spellings}, the Danish name first."""
    names: dict[str, list[str]] = {}
    districts: list[dict[str, Any]] = read_yaml(ROOT / "content" / "districts.yml")["districts"]
    for district in districts:
        names[district["id"]] = [district["name_da"], *district["postcodes"]]
    for spellings in read_patterns(ROOT / messages, "places.yml").values():
        for district_id, more in spellings.items():
            names[district_id] += [name for name in more if normalise(name)]
    return names


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceRecogniser(GraphComponent):
    """Adds the entity `district` with the district's id."""

    def __init__(self, storage: ModelStorage, resource: Resource, messages: str, places: Places | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._messages = messages
        self._places = places or Places({})

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
        return cls(model_storage, resource, config["messages"])

    def train(self, training_data: TrainingData) -> Resource:
        names = read_places(self._messages)
        self._places = Places(names)
        with self._storage.write_to(self._resource) as folder:
            (folder / "places.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / "places.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, config["messages"], Places(names))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            district = self._places.district_in(message.get(TEXT) or "")
            if district:
                found = entity(DISTRICT, *district)
                message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
        return messages
