"""Recognises danger in every language, whatever the classifier says, and leaves harmless idioms alone."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import Matcher

from bot.engine.nlu.needs import FALLBACK
from bot.engine.nlu.patterns import GAP, HARMLESS, compile_pattern, read_patterns, words_of
from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.settings import ROOT

MOST_URGENT_FIRST = ("emergency", "crisis_suicide", "crisis_violence", "forced_labour")
BY_RULE = "danger_by_rule"


type TokenPatterns = list[dict[str, Any]]


@dataclass(frozen=True)
class Compiled:
    """All patterns, ready for the matcher, and the words without which none of them can match."""

    patterns: dict[str, list[TokenPatterns]]
    anchors: list[str]
    """Words; a text that holds none of these and none of the next needs no look by the matcher."""
    anchor_regexes: list[str]


def compile_all(patterns: dict[str, dict[str, list[str]]], ordinary: Iterable[str]) -> Compiled:
    """Compile the patterns of all languages, each once: spellings may normalise to the same.

    spaCy's matcher asks every set and regex of every pattern of every word: 6 ms a message with 1,200 patterns.
    Each pattern's anchor is its word that is rarest in `ordinary` texts; most messages hold no anchor at all.
    """
    compiled: dict[str, dict[str, TokenPatterns]] = {}
    for needs in patterns.values():
        for need, texts in needs.items():
            for text in texts:
                pattern = compile_pattern(text)
                compiled.setdefault(need, {})[json.dumps(pattern, sort_keys=True)] = pattern
    common = Counter(word.text for text in ordinary for word in words_of(text))
    anchors: dict[str, None] = {}
    regexes: dict[str, None] = {}
    for unique in compiled.values():
        for pattern in unique.values():
            words, regex = min((_alternatives(token) for token in pattern if token != GAP), key=_rarity(common))
            anchors |= dict.fromkeys(words)
            regexes |= {regex: None} if regex else {}
    return Compiled({need: list(unique.values()) for need, unique in compiled.items()}, list(anchors), list(regexes))


def _alternatives(token: dict[str, Any]) -> tuple[list[str], str | None]:
    """The words one token pattern stands for, or the regex that finds them."""
    wanted = token["LOWER"]
    if isinstance(wanted, str):
        return [wanted], None
    return list(wanted.get("IN", [])), wanted.get("REGEX")


def _rarity(common: Counter[str]) -> Callable[[tuple[list[str], str | None]], int]:
    def count(alternatives: tuple[list[str], str | None]) -> int:
        words, regex = alternatives
        matches = re.compile(regex).match if regex else None
        return sum(common[word] for word in words) + (
            sum(times for word, times in common.items() if matches(word)) if matches else 0
        )

    return count


class Danger:
    """The patterns of all languages in one matcher."""

    def __init__(self, compiled: Compiled) -> None:
        self._matcher = Matcher(blank(MULTILINGUAL).vocab)
        for need, patterns in compiled.patterns.items():
            self._matcher.add(need, patterns)
        self._anchors = frozenset(compiled.anchors)
        self._anchor = re.compile("|".join(compiled.anchor_regexes) or r"(?!)")

    def need_in(self, text: str) -> str | None:
        """The most urgent safety need that `text` tells of, `harmless` for an idiom that only sounds so, or None."""
        words = words_of(text)
        if not any(word.text in self._anchors or self._anchor.match(word.text) for word in words):
            return None
        spans: dict[str, list[tuple[int, int]]] = {}
        for name, start, end in self._matcher(words):
            spans.setdefault(words.vocab.strings[name], []).append((start, end))
        harmless = spans.pop(HARMLESS, [])
        for need in MOST_URGENT_FIRST:
            if any(not _overlaps(span, harmless) for span in spans.get(need, [])):
                return need
        return HARMLESS if harmless else None


def _overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerRecogniser(GraphComponent):
    """Stands last in the pipeline: what it finds outranks every other reading of the message."""

    def __init__(self, storage: ModelStorage, resource: Resource, messages: str, danger: Danger | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._messages = ROOT / messages
        self._danger = danger or Danger(Compiled({}, [], []))

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
        """Keep the patterns in the model, so that a model is whole without the folders it came from."""
        ordinary = [
            example.get(TEXT)
            for example in training_data.intent_examples
            if example.get(INTENT) not in MOST_URGENT_FIRST
        ]
        compiled = compile_all(read_patterns(self._messages, "danger.yml"), ordinary)
        self._danger = Danger(compiled)
        with self._storage.write_to(self._resource) as folder:
            (folder / "danger.json").write_text(json.dumps(asdict(compiled), ensure_ascii=False), encoding="utf-8")
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
            compiled = Compiled(**json.loads((folder / "danger.json").read_text(encoding="utf-8")))
        return cls(model_storage, resource, config["messages"], Danger(compiled))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            need = self._danger.need_in(message.get(TEXT) or "")
            if need == HARMLESS:
                _take_back(message)
            elif need:
                intent = {INTENT_NAME_KEY: need, PREDICTED_CONFIDENCE_KEY: 1.0}
                others = [other for other in message.get(INTENT_RANKING_KEY) or [] if other[INTENT_NAME_KEY] != need]
                message.set(INTENT, intent, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
                message.set(BY_RULE, True, add_to_output=True)
        return messages


def _take_back(message: Message) -> None:
    """An idiom and no danger by the patterns: the classifier's safety needs give way to its next reading."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    others = [intent for intent in ranking if intent[INTENT_NAME_KEY] not in MOST_URGENT_FIRST]
    if ranking and ranking[0][INTENT_NAME_KEY] in MOST_URGENT_FIRST:
        fallback = {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: 1.0}
        message.set(INTENT, fallback, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [fallback, *others], add_to_output=True)
