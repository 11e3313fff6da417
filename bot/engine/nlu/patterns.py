"""The pattern language of data/nlu/<code>/danger.yml, compiled for spaCy's Matcher.

`a|b` alternatives for one word, `stem*` any ending, `*stem` any beginning, `_` zero to three words between.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import yaml
from spacy.tokens import Doc

from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.errors import ContentError
from bot.language.normalise import normalise
from bot.language.yaml_file import read_yaml

HARMLESS = "harmless"
STAR, GAP_SIGN = "*", "_"
WHOLE, BEGINNING, ENDING, ELSEWHERE = "whole", "beginning", "ending", "elsewhere"
"""What an alternative gives of a word: all of it, or how it begins or ends."""
GAP: dict[str, Any] = {"OP": "?"}
LONGEST_GAP = 3


def read_patterns(messages: Path, file: str) -> dict[str, dict[str, list[str]]]:
    """{language: {name: [pattern, …]}} of the file `file` in every language's folder that has it."""
    found = {}
    for path in sorted(messages.glob(f"*/{file}")):
        try:
            loaded = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ContentError(f"{path.parent.name}/{path.name}: not readable as YAML: {error}") from error
        found[path.parent.name] = {name: [str(item) for item in items or []] for name, items in loaded.items()}
    return found


def read_thresholds(messages: Path) -> dict[str, float]:
    """{language: threshold} of `thresholds.yml` in the languages' folders; a language may have none."""
    return {path.parent.name: float(str(read_yaml(path)["need"])) for path in messages.glob("*/thresholds.yml")}


def words_of(text: str) -> Doc:
    """The normalised words of a text of any language, the way patterns see them.

    spaCy keeps every word it ever saw: for what people write, open `forgetting()` around this and its use.
    """
    return blank(MULTILINGUAL).make_doc(normalise(text))


def forgetting() -> AbstractContextManager[Any]:
    """Within it spaCy keeps no word of a text: a server's memory neither grows nor remembers what was written."""
    zone: AbstractContextManager[Any] = blank(MULTILINGUAL).memory_zone()
    return zone


def spellings(pattern: str) -> list[list[str]]:
    """For each word of a pattern, gaps left out, its normalised alternatives (`stem*` with its star).

    A pattern without a word, or one of whose words may be any word, raises ContentError.
    """
    words = [word for word in _pieces(pattern) if word is not None]
    if not words or any(not part.strip(STAR) for word in words for part in word):
        raise ContentError(f"the pattern {pattern!r} would match anything")
    return words


def compile_pattern(pattern: str) -> list[dict[str, Any]]:
    """A pattern as spaCy token patterns; raises ContentError as `spellings` does."""
    spellings(pattern)
    compiled = ([GAP] * LONGEST_GAP if word is None else [_token(word)] for word in _pieces(pattern))
    return [token for tokens in compiled for token in tokens]


def _pieces(pattern: str) -> Iterator[list[str] | None]:
    """The alternatives of each word of a pattern, None for a gap; a plain word may be several to spaCy."""
    for word in pattern.split():
        if word == GAP_SIGN:
            yield None
        elif STAR in word or "|" in word:
            yield [normalise(part) for part in word.split("|")]
        else:
            yield from ([normalise(token.text)] for token in words_of(word))


def _token(alternatives: list[str]) -> dict[str, Any]:
    if any(STAR in part for part in alternatives):
        return {"LOWER": {"REGEX": "^(?:" + "|".join(sorted(map(regex_of, alternatives))) + ")$"}}
    if len(alternatives) > 1:
        return {"LOWER": {"IN": sorted(set(alternatives))}}
    return {"LOWER": alternatives[0]}


def regex_of(alternative: str) -> str:
    """The regular expression of one alternative, stars as any letters."""
    return ".*".join(re.escape(piece) for piece in alternative.split(STAR))


def place_of_star(alternative: str) -> tuple[str, str]:
    """(WHOLE, BEGINNING, ENDING or ELSEWHERE, the letters that are given); ELSEWHERE keeps its stars."""
    first, last = alternative.find(STAR), alternative.rfind(STAR)
    if first < 0:
        return WHOLE, alternative
    if first == len(alternative) - 1:
        return BEGINNING, alternative[:-1]
    if last == 0:
        return ENDING, alternative[1:]
    return ELSEWHERE, alternative
