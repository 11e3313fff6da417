"""Which need a message speaks of; says `nlu_fallback` where it is not sure enough for its language."""

import json
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.language_recogniser import LANGUAGE
from bot.engine.nlu.patterns import read_thresholds
from bot.language.embedding import Embedding, Remembered, open_embedding
from bot.language.ngrams import NgramClassifier, Shape
from bot.settings import ROOT

FALLBACK = "nlu_fallback"
BY_MEANING, BY_NGRAMS = "meaning and n-grams", "n-grams"
WITH_MEANING, WITHOUT = "needs", "needs-ngrams"
UNDERSTOOD_BY = "understood_by"
"""Key of a parse: `meaning and n-grams`, or `n-grams` where the embedding cannot run."""
RANKED = 6
"""How many needs are told: enough for the offers of what is not understood."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(GraphComponent):
    """Meaning and character n-grams of all languages in one linear classifier; n-grams alone where meaning is missing.

    Configuration: `threshold`, the probability below which a language without a threshold of its own falls back;
    `known`, the share of known words that a message needs where there is no embedding.
    """

    def __init__(  # noqa: PLR0917 - what Rasa hands over, and what was trained
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        embedding: Embedding | None = None,
        model: NgramClassifier | None = None,
        thresholds: dict[str, float] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedding = embedding
        self._model = model
        self._thresholds = thresholds or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "messages": "data/nlu",
            "remembered": "models/embeddings.npz",
            "characters": [2, 5],
            "seldom": 2,
            "strength": 5.0,
            "meaning": 2.0,
            "threshold": 0.3,
            "known": 0.5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource, open_embedding())

    def train(self, training_data: TrainingData) -> Resource:
        """Train with meaning, if this machine can, and always without."""
        texts = [example.get(TEXT) for example in training_data.intent_examples]
        needs = [example.get(INTENT) for example in training_data.intent_examples]
        shape = Shape(
            tuple(self._config["characters"]), self._config["seldom"], self._config["strength"], self._config["meaning"]
        )
        thresholds = read_thresholds(ROOT / self._config["messages"])
        with self._storage.write_to(self._resource) as folder:
            NgramClassifier.fit(texts, needs, shape).save(folder, WITHOUT)
            if self._embedding:
                vectors = Remembered(self._embedding, ROOT / self._config["remembered"]).vectors(texts)
                NgramClassifier.fit(texts, needs, shape, vectors).save(folder, WITH_MEANING)
            (folder / "thresholds.json").write_text(json.dumps(thresholds), encoding="utf-8")
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
        embedding = open_embedding()
        with model_storage.read_from(resource) as folder:
            has_meaning = embedding is not None and (folder / f"{WITH_MEANING}.json").exists()
            model = NgramClassifier.load(folder, WITH_MEANING if has_meaning else WITHOUT)
            thresholds = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, embedding if has_meaning else None, model, thresholds)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = [
                {INTENT_NAME_KEY: need, PREDICTED_CONFIDENCE_KEY: confidence}
                for need, confidence in self._ranking(message.get(TEXT) or "", message.get(LANGUAGE))
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
            message.set(UNDERSTOOD_BY, BY_MEANING if self._embedding else BY_NGRAMS, add_to_output=True)
        return messages

    def _ranking(self, text: str, language: str | None) -> list[tuple[str, float]]:
        if self._model is None or not any(char.isalpha() for char in text):
            return [(FALLBACK, 1.0)]
        if self._embedding is None and self._model.known_share(text) < self._config["known"]:
            return [(FALLBACK, 1.0)]
        vector = self._embedding.vectors([text]) if self._embedding else None
        ranking = self._model.probabilities(text, vector)
        if ranking[0][1] < self._thresholds.get(language or "", self._config["threshold"]):
            return [(FALLBACK, 1.0 - ranking[0][1]), *ranking]
        return ranking
