"""The pattern language of data/nlu/<code>/danger.yml, compiled for spaCy's Matcher.

`a|b` alternatives for one word, `stem*` any ending, `*stem` any beginning, `_` zero to three words between.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from spacy.tokens import Doc

from bot.engine.nlu.tokenizer import MULTILINGUAL, blank
from bot.errors import ContentError
from bot.language.normalise import normalise
from bot.language.sources import read_yaml

HARMLESS = "harmless"
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
    """The normalised words of a text of any language, the way patterns see them."""
    return blank(MULTILINGUAL).make_doc(normalise(text))


def compile_pattern(pattern: str) -> list[dict[str, Any]]:
    """A pattern as spaCy token patterns; one without a word raises ContentError."""
    compiled = [token for word in pattern.split() for token in _tokens(word)]
    words = [word for word in pattern.split() if word != "_"]
    if not words or any(not part.strip("*") for word in words for part in word.split("|")):
        raise ContentError(f"the pattern {pattern!r} would match anything")
    return compiled


def _tokens(word: str) -> Iterator[dict[str, Any]]:
    if word == "_":
        yield from [GAP] * LONGEST_GAP
    elif "*" in word:
        yield {"LOWER": {"REGEX": "^(?:" + "|".join(_regexes(word)) + ")$"}}
    elif "|" in word:
        yield {"LOWER": {"IN": sorted({normalise(part) for part in word.split("|")})}}
    else:
        yield from ({"LOWER": token.text} for token in words_of(word))


def _regexes(word: str) -> list[str]:
    return sorted({".*".join(re.escape(normalise(piece)) for piece in part.split("*")) for part in word.split("|")})
