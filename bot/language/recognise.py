"""In which language a short message is written: by its script, its n-grams, and its little words."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

from bot.language.ngrams import NgramClassifier, Shape
from bot.language.normalise import normalise

SHAPE = Shape(characters=(1, 4))
USED = 0.01
"""A language is written in a script if this share of its training messages is."""
LITTLE_WORDS = 150
"""So many of a language's most frequent words tell for it."""
ENOUGH = 2
"""Little words of another language that a message must hold, more than of any of ours."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True)
class Guess:
    language: str | None
    """Code; None where nothing tells."""
    confidence: float
    words: int = 0
    """Words that tell for a language: names and places are none. Three or more make a change worth offering."""


@dataclass(frozen=True)
class Other:
    """A language that the guide does not speak (content/other_languages.yml)."""

    letters: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, letters: str, words: Iterable[str]) -> Self:
        return cls(frozenset(letters), frozenset(map(normalise, words)))


@dataclass
class LanguageRecognition:
    """What was learned of our languages, and what is known of others."""

    ngrams: NgramClassifier
    scripts: dict[str, list[str]]
    """Language → scripts in which people write it, as Unicode names them: Urdu in ARABIC and in LATIN."""
    little: dict[str, list[str]]
    """Language → its most frequent words, normalised."""
    others: Mapping[str, Other] = field(default_factory=dict)

    @classmethod
    def learn(cls, texts: list[str], languages: list[str], others: Mapping[str, Other]) -> Self:
        """From training messages and their languages, at least two different ones."""
        scripts: dict[str, Counter[str | None]] = defaultdict(Counter)
        words: dict[str, Counter[str]] = defaultdict(Counter)
        for text, language in zip(texts, languages, strict=True):
            scripts[language][script_of(text)] += 1
            words[language].update(words_in(text))
        return cls(
            NgramClassifier.fit(texts, languages, SHAPE),
            {
                code: [name for name, n in seen.items() if name and n >= USED * seen.total()]
                for code, seen in scripts.items()
            },
            {code: [word for word, _ in seen.most_common(LITTLE_WORDS)] for code, seen in words.items()},
            others,
        )

    def guess(self, text: str) -> Guess:
        """The most probable language among those written in the text's script, or another that its words give away."""
        script = script_of(text)
        if script is None:
            return Guess(None, 0.0)
        telling = telling_words(text)
        other = self._other(words_in(text))
        if other:
            return Guess(other, 1.0, telling)
        possible = [code for code, scripts in self.scripts.items() if script in scripts]
        if not possible:
            return Guess(None, 0.0, telling)
        ranked = [(code, share) for code, share in self.ngrams.probabilities(text) if code in possible]
        language, share = ranked[0]
        return Guess(language, share / max(sum(share for _, share in ranked), 1e-9), telling)

    def _other(self, words: list[str]) -> str | None:
        """The other language with clearly more little words and letters in the text than any of ours has."""
        if not self.others or not words:
            return None
        ours = max(sum(word in known for word in words) for known in self.little.values())
        found = {
            code: sum(word in other.words for word in words) + sum(bool(other.letters & set(word)) for word in words)
            for code, other in self.others.items()
        }
        code = max(found, key=found.__getitem__)
        return code if found[code] >= ENOUGH and found[code] > ours else None

    def save(self, folder: Path) -> None:
        self.ngrams.save(folder, "language")
        others = {code: [sorted(other.letters), sorted(other.words)] for code, other in self.others.items()}
        known = {"scripts": self.scripts, "little": self.little, "others": others}
        (folder / "languages.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        known = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
        others = {
            code: Other(frozenset(letters), frozenset(words)) for code, (letters, words) in known["others"].items()
        }
        return cls(NgramClassifier.load(folder, "language"), known["scripts"], known["little"], others)


def words_in(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def telling_words(text: str) -> int:
    """How many words of a text are no names: a capital after the first word is taken for a name's."""
    words = _WORD.findall(text)
    return sum(
        not (number and word[0].isupper() and not text.isupper()) and len(word) > 1 for number, word in enumerate(words)
    )


def script_of(text: str) -> str | None:
    """The script of most letters of a text (LATIN, ARABIC, CYRILLIC …), or None where it has no letter."""
    seen = Counter(map(_script, filter(str.isalpha, text)))
    del seen[None]
    return seen.most_common(1)[0][0] if seen else None


@lru_cache(maxsize=4096)
def _script(char: str) -> str | None:
    return unicodedata.name(char, "").split(" ")[0] or None
