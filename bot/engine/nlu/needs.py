"""Which need a message speaks of; says `nlu_fallback` where it is not sure enough for its language."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.directory.services import SAFETY_NEEDS
from bot.engine.nlu.language_recogniser import LANGUAGE, language_of_example
from bot.engine.nlu.parts import Parts
from bot.engine.nlu.patterns import read_patterns, read_thresholds
from bot.language.apart import is_kept_apart
from bot.language.embedding import MEANING, Embedding, Remembered, Vectors, open_embedding
from bot.language.linear import Floats
from bot.language.meaning import MeaningClassifier, Mixture, sure_enough
from bot.language.ngrams import NgramClassifier, Shape
from bot.language.recognise import script_of
from bot.settings import ROOT

SHAPE = Shape(characters=(2, 4))
FALLBACK = "nlu_fallback"
BY_MEANING, BY_NGRAMS = "meaning and n-grams", "n-grams"
NGRAMS, WITH_MEANING, WITHOUT = "ngrams", "meaning", "alone"
UNDERSTOOD_BY = "understood_by"
"""Key of a parse: `meaning and n-grams`, or `n-grams` where the embedding cannot run."""
SECOND = "second_need"
"""Key of a parse: another need that the same message asks for, or missing."""
RANKED = 6
"""How many needs are told: enough for the offers of what is not understood."""
EVERYBODY = ""
"""The group of messages that are in no other."""
ENOUGH = 50
"""Messages kept apart that a language in a script needs to be calibrated by itself."""
SURE_PART = 0.7
"""Probability from which a part of a message is taken for a need of its own."""
SURE_PART_OF_DANGER = 0.85
"""The same where that need is a danger."""
TALK = frozenset(
    {
        "greet", "thank", "goodbye", "affirm", "deny", "bot_capabilities", "bot_identity", "privacy", "delete_chat",
        "change_language", "restart", "rephrase", "human_contact", "feedback_bad", "insult", "out_of_scope",
        "unsafe_request",
    }
)  # fmt: skip
"""Never the second of two: "hello" before a question is no need of its own."""


@dataclass(frozen=True)
class Messages:
    """Texts, the need of each, and its language."""

    texts: list[str]
    needs: list[str]
    languages: list[str]

    @classmethod
    def of(cls, examples: Iterable[Message]) -> Self:
        told = list(examples)
        return cls(
            [str(example.get(TEXT)) for example in told],
            [str(example.get(INTENT)) for example in told],
            [language_of_example(example) or "" for example in told],
        )

    def of_places(self, places: Iterable[int]) -> Self:
        chosen = list(places)
        return type(self)(*([row[place] for place in chosen] for row in (self.texts, self.needs, self.languages)))


@dataclass(frozen=True)
class Calibrated:
    """How both readings count together for a group of messages, and from which probability they are acted on."""

    mixture: Mixture
    threshold: float


def group_of(text: str, language: str | None) -> str:
    """Language and script: Arabic in Latin letters is read by its letters more than by its meaning."""
    return f"{language or ''}/{script_of(text) or ''}"


@dataclass(frozen=True)
class Reading:
    """What was trained: both readings of a text, and how they count together."""

    ngrams: NgramClassifier
    meaning: MeaningClassifier | None
    groups: Mapping[str, Calibrated]

    def calibrated(self, text: str, language: str | None) -> Calibrated:
        return self.groups.get(group_of(text, language)) or self.groups[EVERYBODY]

    def ranking(self, text: str, language: str | None, vector: Vectors | None) -> list[tuple[str, float]]:
        """(need, probability) from the most to the least probable; `vector` (1 × 384) where there is meaning."""
        told = None if self.meaning is None or vector is None else self.meaning.log_probabilities(vector)[0]
        shares = np.exp(self.calibrated(text, language).mixture.of(told, self.ngrams.log_probabilities(text)))
        return [(self.ngrams.labels[place], float(shares[place])) for place in np.argsort(-shares)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(GraphComponent):
    """Meaning and character n-grams of all languages, each read by itself and then together; n-grams alone where
    meaning is missing.

    Configuration: `threshold`, the probability below which a message falls back whose language has too few messages to
    be judged by and no `thresholds.yml`;
    `known`, the share of known words that a message needs where there is no embedding.
    """

    def __init__(  # noqa: PLR0917 - what Rasa hands over, and what was trained
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        embedding: Embedding | None = None,
        reading: Reading | None = None,
        thresholds: dict[str, float] | None = None,
        joints: dict[str, list[str]] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._embedding = embedding
        self._reading = reading
        self._thresholds = thresholds or {}
        self._parts = {language: Parts(words) for language, words in (joints or {}).items()}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "messages": "data/nlu",
            "remembered": "models/embeddings.npz",
            "threshold": 0.5,
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
        """Fit both readings, if this machine can; to the messages kept apart, how they are mixed and when acted on."""
        messages = Messages.of(training_data.intent_examples)
        learned = messages.of_places(place for place, text in enumerate(messages.texts) if not is_kept_apart(text))
        apart = messages.of_places(place for place, text in enumerate(messages.texts) if is_kept_apart(text))
        taught = set(learned.needs)
        apart = apart.of_places(place for place, need in enumerate(apart.needs) if need in taught)
        folder_of_messages = ROOT / self._config["messages"]
        with ThreadPoolExecutor(1) as beside:  # both fits let Python go, so each has a core
            meant = beside.submit(self._by_meaning, self._embedding, learned, apart) if self._embedding else None
            ngrams = NgramClassifier.fit(learned.texts, learned.needs, SHAPE)
        told = np.array([ngrams.log_probabilities(text) for text in apart.texts], np.float32)
        told = told.reshape(-1, len(ngrams.labels))
        known: dict[str, Any] = {
            "declared": read_thresholds(folder_of_messages),
            WITHOUT: self._calibrated(ngrams.labels, apart, None, told),
            "joints": {
                code: found["joints"] for code, found in read_patterns(folder_of_messages, "joints.yml").items()
            },
        }
        with self._storage.write_to(self._resource) as folder:
            ngrams.save(folder, NGRAMS)
            if meant:
                meaning, of_apart = meant.result()
                meaning.save(folder / f"{WITH_MEANING}.npz")
                known[WITH_MEANING] = self._calibrated(ngrams.labels, apart, of_apart, told)
            (folder / "known.json").write_text(json.dumps(known), encoding="utf-8")
        return self._resource

    def _by_meaning(self, embedding: Embedding, learned: Messages, apart: Messages) -> tuple[MeaningClassifier, Floats]:
        """The classifier of the ones, and its log-probabilities of the others (texts × needs)."""
        shared = (ROOT / self._config["messages"]).glob(f"*/{MEANING}")
        remembered = Remembered(embedding, ROOT / self._config["remembered"], shared)
        vectors = remembered.vectors([*learned.texts, *apart.texts])
        meaning = MeaningClassifier.fit(vectors[: len(learned.texts)], learned.needs)
        return meaning, meaning.log_probabilities(vectors[len(learned.texts) :])

    def _calibrated(self, labels: list[str], apart: "Messages", meant: Floats | None, told: Floats) -> dict[str, Any]:
        """A `Calibrated` as plain values, for all messages kept apart and for each group that has enough of them."""
        numbers = np.array([labels.index(need) for need in apart.needs], int)
        groups = np.array([group_of(text, code) for text, code in zip(apart.texts, apart.languages, strict=True)])

        def fitted(chosen: npt.NDArray[np.bool_], default: float) -> list[float]:
            mine = None if meant is None else meant[chosen]
            mixture = Mixture.fit(mine, told[chosen], numbers[chosen].tolist())
            shares = np.exp(mixture.of(mine, told[chosen]))
            right = shares.argmax(axis=1) == numbers[chosen]
            return [*astuple(mixture), sure_enough(shares.max(axis=1), right) if right.size else default]

        default = float(self._config["threshold"])
        calibrated = {
            name: fitted(groups == name, default) for name, n in Counter(groups.tolist()).items() if n >= ENOUGH
        }
        return {EVERYBODY: [*fitted(np.ones(len(numbers), bool), default)[:2], default], **calibrated}

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
            known = json.loads((folder / "known.json").read_text(encoding="utf-8"))
            if WITH_MEANING not in known:
                embedding = None
            groups = {
                name: Calibrated(Mixture(meaning, ngrams), threshold)
                for name, (meaning, ngrams, threshold) in known[WITH_MEANING if embedding else WITHOUT].items()
            }
            meaning = MeaningClassifier.load(folder / f"{WITH_MEANING}.npz") if embedding else None
            reading = Reading(NgramClassifier.load(folder, NGRAMS), meaning, groups)
        return cls(config, model_storage, resource, embedding, reading, known["declared"], known["joints"])

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text, language = message.get(TEXT) or "", message.get(LANGUAGE)
            ranking = self._ranking(text, language)
            needs = self._needs_of_parts(text, language)
            mixed = ranking[0][0] == FALLBACK or ranking[0][1] < SURE_PART
            if len(needs) > 1 and (mixed or ranking[0][0] in needs):  # a whole that is surely a third need stays that
                if ranking[0][0] not in needs:  # too mixed to be read as a whole
                    first = next(iter(needs.items()))
                    ranking = [first, *(item for item in ranking if item[0] not in {FALLBACK, first[0]})]
                second = next(need for need in needs if need != ranking[0][0])
                message.set(SECOND, second, add_to_output=True)
            intents = [{INTENT_NAME_KEY: need, PREDICTED_CONFIDENCE_KEY: confidence} for need, confidence in ranking]
            message.set(INTENT, intents[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, intents[:RANKED], add_to_output=True)
            message.set(UNDERSTOOD_BY, BY_MEANING if self._embedding else BY_NGRAMS, add_to_output=True)
        return messages

    def _ranking(self, text: str, language: str | None) -> list[tuple[str, float]]:
        if self._reading is None or not any(char.isalpha() for char in text):
            return [(FALLBACK, 1.0)]
        if self._embedding is None and self._reading.ngrams.known_share(text) < self._config["known"]:
            return [(FALLBACK, 1.0)]
        ranking = self._read(text, language)
        enough = self._thresholds.get(language or "") or self._reading.calibrated(text, language).threshold
        if ranking[0][1] < enough:
            return [(FALLBACK, 1.0 - ranking[0][1]), *ranking]
        return ranking

    def _read(self, text: str, language: str | None) -> list[tuple[str, float]]:
        assert self._reading is not None  # noqa: S101 - asked only where there is one
        return self._reading.ranking(text, language, self._embedding.vectors([text]) if self._embedding else None)

    def _needs_of_parts(self, text: str, language: str | None) -> dict[str, float]:
        """The needs that parts of a message surely ask for, in their order, where there are two or more."""
        parts = self._parts.get(language or "")
        if self._reading is None or parts is None:
            return {}
        found: dict[str, float] = {}
        told = parts.of(text)
        for left, part in zip(range(len(told), 0, -1), told, strict=True):
            if len(found) + left <= 1:  # there cannot be two any more, and reading is most of a turn
                break
            need, share = self._read(part, language)[0]
            if need not in TALK and share >= (SURE_PART_OF_DANGER if need in SAFETY_NEEDS else SURE_PART):
                found[need] = share
        return found
