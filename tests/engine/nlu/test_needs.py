"""Which need a message speaks of, and `nlu_fallback` where that is not sure enough."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.language_recogniser import LANGUAGE
from bot.engine.nlu.needs import EVERYBODY, FALLBACK, RANKED, Calibrated, NeedClassifier, Reading
from bot.language.meaning import Mixture
from bot.language.ngrams import NgramClassifier, Shape

TOLD = {
    "danish_start": ["I want to learn Danish", "where is a Danish course", "teach me the language", "learn Danish"],
    "find_job": ["I want to find a job", "where are jobs", "help me find work", "looking for work"],
    "emergency": ["my house is on fire", "there is a fire", "call an ambulance", "he has a knife"],
    "greet": ["hello", "good day", "hi there", "good morning"],
    "thank": ["thank you", "thanks a lot", "many thanks", "that was kind"],
    "goodbye": ["bye", "see you", "good night", "until tomorrow"],
    "restart": ["start over", "begin again", "from the beginning", "start again"],
}
TEXTS = [text for texts in TOLD.values() for text in texts]
NEEDS = [need for need, texts in TOLD.items() for _ in texts]


@pytest.fixture
def classifier(tmp_path: Path) -> NeedClassifier:
    """By n-grams alone, as on a machine that cannot run the embedding."""
    reading = Reading(
        NgramClassifier.fit(TEXTS, NEEDS, Shape((2, 5))), None, {EVERYBODY: Calibrated(Mixture(0, 1), 0.38)}
    )
    config = NeedClassifier.get_default_config()
    return NeedClassifier(config, LocalModelStorage(tmp_path), Resource("needs"), None, reading, {"strict": 0.999})


def read(classifier: NeedClassifier, text: str | None, language: str | None = "en") -> Message:
    (message,) = classifier.process([Message({TEXT: text, LANGUAGE: language})])
    return message


@pytest.mark.parametrize(("text", "need"), zip(TEXTS, NEEDS, strict=True))
def test_what_was_learned_is_understood(classifier: NeedClassifier, text: str, need: str) -> None:
    message = read(classifier, text)
    assert message.get(INTENT)["name"] == need
    assert message.get(INTENT_RANKING_KEY)[0] == message.get(INTENT)


def test_the_most_probable_needs_are_told_in_order(classifier: NeedClassifier) -> None:
    ranking = read(classifier, "learn Danish").get(INTENT_RANKING_KEY)
    assert len(ranking) == RANKED
    confidences = [intent["confidence"] for intent in ranking]
    assert confidences == sorted(confidences, reverse=True)


def test_a_language_may_ask_for_more_certainty_than_the_others(classifier: NeedClassifier) -> None:
    message = read(classifier, "learn Danish", language="strict")
    assert message.get(INTENT)["name"] == FALLBACK
    assert message.get(INTENT_RANKING_KEY)[1]["name"] == "danish_start"
    assert read(classifier, "learn Danish", language=None).get(INTENT)["name"] == "danish_start"


@pytest.mark.parametrize("text", ["", "112", "?!", "🙂", "\0", None])
def test_what_holds_no_letter_is_not_understood(classifier: NeedClassifier, text: str | None) -> None:
    assert read(classifier, text).get(INTENT) == {"name": FALLBACK, "confidence": 1.0}


def test_without_the_embedding_unknown_words_are_not_understood(classifier: NeedClassifier) -> None:
    assert read(classifier, "qwzx wzxq xqwz learn").get(INTENT)["name"] == FALLBACK


def test_before_training_nothing_is_understood(tmp_path: Path) -> None:
    untrained = NeedClassifier(NeedClassifier.get_default_config(), LocalModelStorage(tmp_path), Resource("needs"))
    assert read(untrained, "learn Danish").get(INTENT)["name"] == FALLBACK
    assert np.isclose(read(untrained, "learn Danish").get(INTENT)["confidence"], 1)
