"""Words are split by the rules of their language, at the places where they stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.language_recogniser import LANGUAGE
from bot.engine.nlu.tokenizer import MULTILINGUAL, SpacyLanguageTokenizer, blank


@pytest.fixture(scope="module")
def tokenizer() -> SpacyLanguageTokenizer:
    return SpacyLanguageTokenizer(SpacyLanguageTokenizer.get_default_config())


def words(tokenizer: SpacyLanguageTokenizer, text: str, language: str | None) -> list[str]:
    return [token.text for token in tokenizer.tokenize(Message({TEXT: text, LANGUAGE: language}), TEXT)]


@pytest.mark.parametrize(
    ("language", "text", "split"),
    [
        ("en", "I don't know.", ["I", "do", "n't", "know", "."]),
        ("da", "Jeg ved det ikke.", ["Jeg", "ved", "det", "ikke", "."]),
        ("ar", "مرحبا، كيف حالك؟", ["مرحبا", "،", "كيف", "حالك", "؟"]),
        ("qq", "hello, you", ["hello", ",", "you"]),
        (None, "hello, you", ["hello", ",", "you"]),
    ],
)
def test_words_are_those_of_the_language(
    tokenizer: SpacyLanguageTokenizer, language: str | None, text: str, split: list[str]
) -> None:
    assert words(tokenizer, text, language) == split


def test_a_language_without_rules_is_split_by_those_of_all() -> None:
    assert blank("qq").lang == MULTILINGUAL
    assert blank("da").lang == "da"
    assert blank("da") is blank("da")


@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), language=st.sampled_from(["da", "ar", "xx"]))
def test_every_word_stands_where_it_says(tokenizer: SpacyLanguageTokenizer, text: str, language: str) -> None:
    tokens = tokenizer.tokenize(Message({TEXT: text, LANGUAGE: language}), TEXT)
    assert tokens
    assert all(text[token.start : token.start + len(token.text)] == token.text for token in tokens)
