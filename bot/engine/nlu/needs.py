"""Which need a message speaks of; says `nlu_fallback` where it is not sure enough for its language."""

import json
from dataclasses import replace
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.language_recogniser import LANGUAGE
from bot.engine.nlu.parts import Parts
from bot.engine.nlu.patterns import read_patterns, read_thresholds
from bot.language.embedding import MEANING, Embedding, Remembered, open_embedding
from bot.language.ngrams import NgramClassifier, Shape
from bot.settings import ROOT

FALLBACK = "nlu_fallback"
BY_MEANING, BY_NGRAMS = "meaning and n-grams", "n-grams"
WITH_MEANING, WITHOUT = "needs", "needs-ngrams"
UNDERSTOOD_BY = "understood_by"
"""Key of a parse: `meaning and n-grams`, or `n-grams` where the embedding cannot run."""
SECOND = "second_need"
"""Key of a parse: another need that the same message asks for, or missing."""
RANKED = 6
"""How many needs are told: enough for the offers of what is not understood."""
STEPS_WITHOUT = 25
"""Of the optimiser for the n-grams alone, which stand in where the embedding cannot run."""
SURE_PART = 0.5
"""Probability from which a part of a message is taken for a need of its own."""
TALK = frozenset(
    {
        "greet", "thank", "goodbye", "affirm", "deny", "bot_capabilities", "bot_identity", "privacy", "delete_chat",
        "change_language", "restart", "rephrase", "human_contact", "feedback_bad", "insult", "out_of_scope",
        "unsafe_request",
    }
)  # fmt: skip
"""Never the second of two: "hello" before a question is no need of its own."""


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
        joints: dict[str, list[str]] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedding = embedding
        self._model = model
        self._thresholds = thresholds or {}
        self._parts = {language: Parts(words) for language, words in (joints or {}).items()}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "messages": "data/nlu",
            "remembered": "models/embeddings.npz",
            "characters": [2, 4],
            "seldom": 3,
            "strength": 5.0,
            "meaning": 1.0,
            "threshold": 0.38,
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
        messages = ROOT / self._config["messages"]
        thresholds = read_thresholds(messages)
        with self._storage.write_to(self._resource) as folder:
            NgramClassifier.fit(texts, needs, replace(shape, steps=STEPS_WITHOUT)).save(folder, WITHOUT)
            if self._embedding:
                vectors = Remembered(
                    self._embedding, ROOT / self._config["remembered"], messages.glob(f"*/{MEANING}")
                ).vectors(texts)
                NgramClassifier.fit(texts, needs, shape, vectors).save(folder, WITH_MEANING)
            joints = {code: found["joints"] for code, found in read_patterns(messages, "joints.yml").items()}
            (folder / "thresholds.json").write_text(json.dumps([thresholds, joints]), encoding="utf-8")
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
            thresholds, joints = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, embedding if has_meaning else None, model, thresholds, joints)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text, language = message.get(TEXT) or "", message.get(LANGUAGE)
            ranking = self._ranking(text, language)
            needs = self._needs_of_parts(text, language)
            if len(needs) > 1:
                if ranking[0][0] not in needs:  # neither of the two: the whole was too mixed to be read
                    ranking = [next(iter(needs.items())), *(item for item in ranking if item[0] != FALLBACK)]
                second = next(need for need in needs if need != ranking[0][0])
                message.set(SECOND, second, add_to_output=True)
            intents = [{INTENT_NAME_KEY: need, PREDICTED_CONFIDENCE_KEY: confidence} for need, confidence in ranking]
            message.set(INTENT, intents[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, intents[:RANKED], add_to_output=True)
            message.set(UNDERSTOOD_BY, BY_MEANING if self._embedding else BY_NGRAMS, add_to_output=True)
        return messages

    def _ranking(self, text: str, language: str | None) -> list[tuple[str, float]]:
        if self._model is None or not any(char.isalpha() for char in text):
            return [(FALLBACK, 1.0)]
        if self._embedding is None and self._model.known_share(text) < self._config["known"]:
            return [(FALLBACK, 1.0)]
        ranking = self._probabilities(text)
        if ranking[0][1] < self._thresholds.get(language or "", self._config["threshold"]):
            return [(FALLBACK, 1.0 - ranking[0][1]), *ranking]
        return ranking

    def _probabilities(self, text: str) -> list[tuple[str, float]]:
        assert self._model is not None  # noqa: S101 - asked only where there is one
        return self._model.probabilities(text, self._embedding.vectors([text]) if self._embedding else None)

    def _needs_of_parts(self, text: str, language: str | None) -> dict[str, float]:
        """The needs that parts of a message surely ask for, in their order; none where it has no parts."""
        parts = self._parts.get(language or "")
        if self._model is None or parts is None:
            return {}
        tops = [self._probabilities(part)[0] for part in parts.of(text)]
        return {need: share for need, share in tops if share >= SURE_PART and need not in TALK}
