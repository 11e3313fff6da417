"""Whatever text comes: the embedding, the recognisers and the whole pipeline answer, and within bounds."""

import asyncio
import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from bot.engine.guide import Guide
from bot.engine.nlu.figures import read_date_words
from bot.engine.nlu.language_recogniser import GUESS
from bot.engine.nlu.parts import MOST_PARTS, Parts
from bot.language.dates import EARLIER, dates_in, today
from bot.language.embedding import DIMENSIONS, LONGEST, Embedding, bounded, open_embedding
from bot.language.figures import figures_in, masked
from bot.language.normalise import aligned
from bot.language.recognise import LanguageRecognition, Other
from bot.language.runs import LONGEST_RUN, loosened
from bot.language.vocabulary import Vocabulary
from tests.fuzz.texts import LONG, SHORT, Property, enormous, numbers, texts

# The embedding


@cache
def embedding() -> Embedding:
    found = open_embedding()
    assert found, "the embedding does not run on this machine"
    return found


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary.of_package()


def has_a_vector(text: str) -> None:
    (vector,) = embedding().vectors([text])
    assert vector.shape == (DIMENSIONS,)
    assert vector.dtype == np.float32
    assert math.isclose(float(np.linalg.norm(vector)), 1, abs_tol=1e-3)
    cut = embedding().vectors([text[:LONGEST], "company"])
    assert np.array_equal(cut[0], vector), "what stands behind the bound was read, or its company mattered"


def is_bounded(text: str) -> None:
    read = bounded(text)
    assert 0 < len(read) <= LONGEST
    read.encode()


def is_divided(text: str) -> None:
    numbers = vocabulary().numbers(text)
    assert numbers == vocabulary().numbers(text)
    rows = vocabulary().vectors(numbers)
    assert rows.shape[0] == len(numbers) >= 2
    assert np.isfinite(rows).all()


# The recognisers


@cache
def recognition() -> LanguageRecognition:
    """Learned from little: what is asked here is whether it answers."""
    told = {
        "da": "jeg vil gerne lære dansk og have et arbejde", "en": "I want to learn Danish and find a job",
        "ar": "أريد أن أتعلم الدنماركية وأجد عملا", "uk": "я хочу вивчити данську і знайти роботу",
    }  # fmt: skip
    others = {"de": Other.of("ß", ["ich", "und", "der"])}
    return LanguageRecognition.learn([*told.values()] * 3, [*told] * 3, others)


def has_a_language_or_none(text: str) -> None:
    guess = recognition().guess(text)
    assert guess.language in {None, "da", "en", "ar", "uk", "de"}
    assert 0 <= guess.confidence <= 1
    assert guess.words >= 0


def shows_no_number(text: str) -> None:
    """A dot in place of a digit and nothing else, and every number that was found is covered whole."""
    shown = masked(text)
    assert len(shown) == len(text)
    assert all(
        there == before or (there == "•" and before.isdecimal()) for before, there in zip(text, shown, strict=True)
    )
    for figure in figures_in(text):
        assert not any(letter.isdecimal() for letter in shown[figure.start : figure.end])
    assert all(one.end <= other.start for one, other in pairwise(figures_in(text)))


def has_days(text: str) -> None:
    normal, _ = aligned(text)
    for date in dates_in(normal, dates().values(), today()):
        assert 0 <= date.start < date.end <= len(normal)
        assert date.value == EARLIER or 4 <= len(date.value) <= 10


@cache
def dates() -> dict[str, object]:
    return read_date_words("data/nlu")  # type: ignore[return-value]


def has_few_parts(text: str) -> None:
    parts = Parts(["og", "and", "و"]).of(text)
    assert len(parts) <= MOST_PARTS
    assert all(part == part.strip() != "" for part in parts)


def keeps_its_places(text: str) -> None:
    loose = loosened(text)
    loose.encode()
    assert len(loose) == len(text)
    assert max(map(len, loose.split()), default=0) <= LONGEST_RUN
    if max(map(len, text.split()), default=0) <= LONGEST_RUN and text.isprintable():
        assert loose == text


PROPERTIES = [
    Property("a text has a vector", texts, has_a_vector),
    Property("a megabyte has a vector", enormous, has_a_vector),
    Property("a text is bounded before it is embedded", texts | enormous, is_bounded),
    Property("a text is divided into pieces", texts, is_divided),
    Property("a text has a language or none", texts, has_a_language_or_none),
    Property("a text shows no number", texts | numbers, shows_no_number),
    Property("a text has days that can be", texts | numbers, has_days),
    Property("a text has few parts", texts, has_few_parts),
    Property("a text keeps its places when it is loosened", texts, keeps_its_places),
]


@pytest.mark.parametrize("it", PROPERTIES, ids=str)
def test_of_some_texts(it: Property) -> None:
    it.check(10 if it.values is enormous else SHORT)


@pytest.mark.long
@pytest.mark.parametrize("it", PROPERTIES, ids=str)
def test_of_very_many_texts(it: Property) -> None:
    it.check(1_000 if it.values is enormous else LONG)


# The whole pipeline


def understood(guide: Guide) -> Property:

    def holds(given: tuple[str, str | None]) -> None:
        text, language = given
        parsed = asyncio.run(guide.engine.understand(text, language))
        assert isinstance(parsed["intent"]["name"], str | None)
        assert all(0 <= float(one["confidence"]) <= 1.001 for one in parsed["intent_ranking"])
        assert 0 <= parsed[GUESS]["confidence"] <= 1
        for entity in parsed["entities"]:
            assert 0 <= entity["start"] < entity["end"] <= len(text)
        assert guide.engine.tells_of_danger(text) in {True, False}

    return Property("understood", st.tuples(texts, st.sampled_from([None, *guide.languages])), holds)


def test_some_texts_are_understood_as_something(guide: Guide) -> None:
    understood(guide).check(SHORT)


@pytest.mark.long
def test_thousands_of_texts_are_understood_as_something(guide: Guide) -> None:
    understood(guide).check(5_000)
