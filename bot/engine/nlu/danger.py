"""Recognises danger in every language, whatever the classifier says, and leaves harmless idioms alone."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import Matcher

from bot.engine.nlu.entities import overlaps
from bot.engine.nlu.needs import FALLBACK
from bot.engine.nlu.patterns import (
    BEGINNING,
    ELSEWHERE,
    ENDING,
    HARMLESS,
    WHOLE,
    compile_pattern,
    forgetting,
    place_of_star,
    read_patterns,
    regex_of,
    spellings,
    words_of,
)
from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.settings import ROOT

MOST_URGENT_FIRST = ("emergency", "crisis_suicide", "crisis_violence", "forced_labour")
BY_RULE = "danger_by_rule"
"""Key of a parse: a pattern found this danger, whatever the classifier says."""
UNCLEAR = "danger_unclear"
"""Key of a parse: patterns and classifier disagree, so the person is asked, with the number on the screen."""
SURE_DANGER = 0.95
"""Probability of danger from which no pattern is needed; below it the person is asked, the number on the screen."""
SURE_OF_ANOTHER = 0.3
"""Probability of another need from which the classifier contradicts a pattern of danger: the person is asked."""
WORTH_ASKING = 0.3
"""Probability of danger below which the classifier sees none: by itself it is not heard, a pattern is asked about."""
WORTH_ASKING_IF_UNSURE, TELLING = 0.2, 4
"""The same where the classifier is sure of nothing and so many words were said: they are asked back in any case."""
LAUGHTER = re.compile(r"(?:h[aeä]){2,}|(?:[xх][аa]){2,}|ه{3,}|خ{3,}|\b(?:lol|lmao|xd+)\b|[😂🤣😅😆]", re.IGNORECASE)
"""Who laughs beside a pattern of danger is asked, as with any doubt."""
SURE_DESPITE_IDIOM = 0.9
"""Probability of danger from which an idiom's pattern does not take it back: the person is asked."""
EVERY = 4
"""One in so many messages is counted to see which words are frequent: anchors spare time, they change no answer."""


@dataclass(frozen=True)
class Pattern:
    """One pattern of danger, and the word without which it cannot match."""

    need: str
    text: str
    """In the pattern language of bot/engine/nlu/patterns.py."""
    anchor: list[str]
    """The alternatives of its word that is rarest in ordinary messages."""


def anchored(patterns: dict[str, dict[str, list[str]]], ordinary: Iterable[str]) -> list[Pattern]:
    """The patterns of all languages, each once (spellings may normalise to the same), with their anchors.

    spaCy's matcher asks every set and regex of every pattern of every word: 10 ms a message with the 1,200 patterns
    of three languages. Most messages hold no pattern's anchor, the others that of a few.
    """
    frequency = Frequency(word.text for text in ordinary for word in words_of(text))
    unique: dict[tuple[str, str], Pattern] = {}
    for needs in patterns.values():
        for need, texts in needs.items():
            for text in texts:
                anchor = min(spellings(text), key=lambda alternatives: sum(map(frequency.of, alternatives)))
                unique.setdefault((need, json.dumps(compile_pattern(text))), Pattern(need, text, anchor))
    return list(unique.values())


class Frequency:
    """How often words, beginnings and endings of words occur."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = Counter(words)
        self._times: dict[str, Counter[str]] = {WHOLE: self._words, BEGINNING: Counter(), ENDING: Counter()}
        for word, times in self._words.items():
            for place in range(len(word) + 1):
                self._times[BEGINNING][word[:place]] += times
                self._times[ENDING][word[place:]] += times

    def of(self, alternative: str) -> int:
        """Of a word, or of all words that one with a star stands for."""
        place, given = place_of_star(alternative)
        if place != ELSEWHERE:
            return self._times[place][given]
        matches = re.compile(regex_of(alternative)).fullmatch
        return sum(times for word, times in self._words.items() if matches(word))


class Anchors:
    """Finds by its words which patterns a message may match."""

    def __init__(self, patterns: list[Pattern]) -> None:
        self._numbers: dict[str, dict[str, list[int]]] = {WHOLE: {}, BEGINNING: {}, ENDING: {}}
        self._others: list[tuple[re.Pattern[str], int]] = []
        for number, pattern in enumerate(patterns):
            for alternative in pattern.anchor:
                self._add(alternative, number)

    def _add(self, alternative: str, number: int) -> None:
        place, given = place_of_star(alternative)
        if place == ELSEWHERE:
            self._others.append((re.compile(regex_of(alternative)), number))
        else:
            self._numbers[place].setdefault(given, []).append(number)

    def patterns_for(self, words: Iterable[str]) -> set[int]:
        """Numbers of the patterns whose anchor is among `words`."""
        beginnings, endings = self._numbers[BEGINNING], self._numbers[ENDING]
        found: set[int] = set()
        for word in set(words):
            found.update(self._numbers[WHOLE].get(word, ()))
            for place in range(len(word) + 1):
                found.update(beginnings.get(word[:place], ()), endings.get(word[place:], ()))
            found.update(number for regex, number in self._others if regex.fullmatch(word))
        return found


class Danger:
    """The patterns of all languages; each gets its matcher when a message first holds its anchor."""

    def __init__(self, patterns: list[Pattern]) -> None:
        self._patterns = patterns
        self._anchors = Anchors(patterns)
        self._matchers: dict[int, Matcher] = {}

    def need_in(self, text: str) -> str | None:
        """The most urgent safety need that `text` tells of, `harmless` for an idiom that only sounds so, or None."""
        with forgetting():
            likely = self._anchors.patterns_for([word.text for word in words_of(text)])
        if not likely:
            return None
        for number in likely - self._matchers.keys():  # outside `forgetting`, which would take their words away
            self._matchers[number] = self._matcher(number)
        spans: dict[str, list[tuple[int, int]]] = {}
        with forgetting():
            words = words_of(text)
            for number in likely:
                for _, start, end in self._matchers[number](words):
                    spans.setdefault(self._patterns[number].need, []).append((start, end))
        harmless = spans.pop(HARMLESS, [])
        for need in MOST_URGENT_FIRST:
            if any(not overlaps(span, harmless) for span in spans.get(need, [])):
                return need
        return HARMLESS if harmless else None

    def _matcher(self, number: int) -> Matcher:
        matcher = Matcher(blank(MULTILINGUAL).vocab)
        matcher.add(self._patterns[number].need, [compile_pattern(self._patterns[number].text)])
        return matcher


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerRecogniser(GraphComponent):
    """Stands last in the pipeline: what it finds outranks every other reading of the message."""

    def __init__(self, storage: ModelStorage, resource: Resource, messages: str, danger: Danger | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._messages = ROOT / messages
        self._danger = danger or Danger([])

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
        patterns = anchored(read_patterns(self._messages, "danger.yml"), ordinary[::EVERY])
        self._danger = Danger(patterns)
        with self._storage.write_to(self._resource) as folder:
            written = json.dumps([[pattern.need, pattern.text, pattern.anchor] for pattern in patterns])
            (folder / "danger.json").write_text(written, encoding="utf-8")
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
            patterns = [Pattern(*parts) for parts in json.loads((folder / "danger.json").read_text(encoding="utf-8"))]
        return cls(model_storage, resource, config["messages"], Danger(patterns))

    def tells_of_danger(self, text: str) -> bool:
        """By the patterns alone, for words that no need is looked for in."""
        return self._danger.need_in(text) not in {None, HARMLESS}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            by_rule = self._danger.need_in(message.get(TEXT) or "")
            ranking = message.get(INTENT_RANKING_KEY) or []
            if by_rule == HARMLESS:
                _doubt(message, ranking)
            elif by_rule:
                _outrank(message, ranking, by_rule)
            else:
                _weigh(message, ranking)
        return messages


def _outrank(message: Message, ranking: list[dict[str, Any]], need: str) -> None:
    """A pattern outranks every other reading; where the classifier contradicts, or somebody laughs, they are asked."""
    danger, other = _shares(ranking)
    _give(message, need, 1.0)
    message.set(BY_RULE, True, add_to_output=True)
    contradicted = other >= max(danger, SURE_OF_ANOTHER) or danger < WORTH_ASKING
    if contradicted or LAUGHTER.search(message.get(TEXT) or ""):
        message.set(UNCLEAR, True, add_to_output=True)


def _weigh(message: Message, ranking: list[dict[str, Any]]) -> None:
    """Without a pattern: a danger that the classifier likes best, all dangers taken together, is asked about.

    So is one that is likely where nothing is sure.
    """
    danger, other = _shares(ranking)
    unsure = bool(ranking) and ranking[0][INTENT_NAME_KEY] == FALLBACK
    telling = len((message.get(TEXT) or "").split()) >= TELLING
    enough = WORTH_ASKING_IF_UNSURE if unsure and telling else WORTH_ASKING
    if danger >= enough and (danger >= other or unsure):
        _give_likeliest(message, ranking)
        if danger < SURE_DANGER:
            message.set(UNCLEAR, True, add_to_output=True)


def _doubt(message: Message, ranking: list[dict[str, Any]]) -> None:
    """An idiom and no danger by the patterns: only a very sure classifier is still heard, and asked about."""
    danger, other = _shares(ranking)
    if danger >= SURE_DESPITE_IDIOM:
        _give_likeliest(message, ranking)
        message.set(UNCLEAR, True, add_to_output=True)
    elif danger >= other:
        others = [intent for intent in ranking if intent[INTENT_NAME_KEY] not in MOST_URGENT_FIRST]
        fallback = {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: 1.0}
        message.set(INTENT, fallback, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [fallback, *others], add_to_output=True)


def _shares(ranking: list[dict[str, Any]]) -> tuple[float, float]:
    """The probability of all dangers together, and of the likeliest other need."""
    shares = {intent[INTENT_NAME_KEY]: intent[PREDICTED_CONFIDENCE_KEY] for intent in ranking}
    dangers = sum(share for need, share in shares.items() if need in MOST_URGENT_FIRST)
    return dangers, max((shares[need] for need in shares.keys() - {*MOST_URGENT_FIRST, FALLBACK}), default=0.0)


def _give_likeliest(message: Message, ranking: list[dict[str, Any]]) -> None:
    likeliest = next(intent for intent in ranking if intent[INTENT_NAME_KEY] in MOST_URGENT_FIRST)
    _give(message, likeliest[INTENT_NAME_KEY], likeliest[PREDICTED_CONFIDENCE_KEY])


def _give(message: Message, need: str, confidence: float) -> None:
    """Make a danger the first reading of a message."""
    intent = {INTENT_NAME_KEY: need, PREDICTED_CONFIDENCE_KEY: confidence}
    others = [other for other in message.get(INTENT_RANKING_KEY) or [] if other[INTENT_NAME_KEY] != need]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
