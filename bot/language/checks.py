"""What an editor should look at among the training messages: twice written, in another language, hard to tell apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.examples import Example
from bot.language.ngrams import NgramClassifier
from bot.language.normalise import normalise
from bot.language.recognise import SHAPE, USED, script_of, telling_words

ALIKE = 0.9
"""Cosine of two messages' letters in threes from which they say nearly the same."""
FEWEST_ALIKE = 4
"""Words; a shorter message may mean the opposite by one of them: "absolutely", "absolutely not"."""
FEWEST_WORDS, SURE = 5, 0.98
"""A shorter or less clear message may be of any language: a name, a Danish word, "ok"."""
OFTEN = 3
"""So many messages of one need read as one other make the two hard to tell apart."""


@dataclass(frozen=True)
class Finding:
    """What was found of which message; `other` is the message, language or need it is taken for."""

    example: Example
    other: str

    def __str__(self) -> str:
        return f"{self.example.language}/{self.example.file}: {self.example.need}: {self.example.text!r} ~ {self.other}"


def near_duplicates(examples: Iterable[Example]) -> Iterator[Finding]:
    """Messages of a language that nearly say what one of another need says, each pair once."""
    by_language: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if len(example.text.split()) >= FEWEST_ALIKE:
            by_language[example.language].append(example)
    for told in by_language.values():
        grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=False, dtype=np.float32)
        rows = grams.fit_transform([normalise(example.text) for example in told])
        alike = sparse.triu(rows @ rows.T, k=1).tocoo()
        near = alike.data >= ALIKE
        for first, second in zip(alike.row[near], alike.col[near], strict=True):
            if told[first].need != told[second].need:
                yield Finding(told[first], f"{told[second].need}: {told[second].text!r}")


def in_another_script(examples: list[Example]) -> Iterator[Finding]:
    """Messages in a script in which hardly any message of their language is written."""
    scripts: dict[str, Counter[str | None]] = defaultdict(Counter)
    for example in examples:
        scripts[example.language][script_of(example.text)] += 1
    for example in examples:
        script, seen = script_of(example.text), scripts[example.language]
        if script and seen[script] < USED * seen.total():
            yield Finding(example, script)


def in_another_language(examples: list[Example]) -> Iterator[Finding]:
    """Messages that a recogniser of languages, taught with the other half of them, surely takes for another's."""
    for half in (0, 1):
        learned = [example for place, example in enumerate(examples) if place % 2 != half]
        known = NgramClassifier.fit([item.text for item in learned], [item.language for item in learned], SHAPE)
        for example in examples[half::2]:
            if telling_words(example.text) < FEWEST_WORDS:
                continue
            language, share = known.probabilities(example.text)[0]
            if language != example.language and share >= SURE:
                yield Finding(example, language)


def hard_to_tell_apart(read: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """(need, the need it is read as, how often), most often first, from (right need, need read) of unseen messages."""
    confused = Counter((right, other) for right, other in read if right != other)
    return [(right, other, count) for (right, other), count in confused.most_common() if count >= OFTEN]
