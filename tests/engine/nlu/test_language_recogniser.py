"""A message is read in the language that was chosen; where none was, in the one it is written in."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.language_recogniser import GUESS, LANGUAGE, LanguageRecogniser, language_of_example

TOLD = {
    "da": ["jeg vil gerne lære dansk", "hvor finder jeg et kursus", "jeg har mistet mit arbejde", "hvad koster det"],
    "en": ["I would like to learn Danish", "where can I find a course", "I have lost my job", "what does it cost"],
    "ar": ["أريد أن أتعلم الدنماركية", "أين أجد دورة", "فقدت عملي", "كم يكلف ذلك"],
}


def example(text: str, language: str) -> Message:
    return Message({TEXT: text, INTENT: "some", "metadata": {"intent": {"language": language}}})


DATA = TrainingData([example(text, code) for code, texts in TOLD.items() for text in texts])
CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> LanguageRecogniser:
    storage, resource = LocalModelStorage(tmp_path_factory.mktemp("model")), Resource("language")
    LanguageRecogniser.create({}, storage, resource, CONTEXT).train(DATA)
    return LanguageRecogniser.load({}, storage, resource, CONTEXT)


def read(recogniser: LanguageRecogniser, text: str | None, chosen: str | None = None) -> Message:
    (message,) = recogniser.process([Message({TEXT: text, "metadata": {"language": chosen}})])
    return message


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in TOLD.items() for text in texts])
def test_the_language_of_a_message_is_recognised(recogniser: LanguageRecogniser, code: str, text: str) -> None:
    message = read(recogniser, text.upper())
    assert message.get(LANGUAGE) == code
    assert message.get(GUESS)["language"] == code


def test_the_chosen_language_stands_before_the_guess_which_is_still_told(recogniser: LanguageRecogniser) -> None:
    message = read(recogniser, "jeg vil gerne lære dansk", chosen="ar")
    assert message.get(LANGUAGE) == "ar"
    assert message.get(GUESS)["language"] == "da"


@pytest.mark.parametrize("text", ["", "112", "?!", "🙂", "\0", None])
def test_what_holds_no_letter_is_in_no_language(recogniser: LanguageRecogniser, text: str | None) -> None:
    assert read(recogniser, text).get(GUESS) == {"language": None, "confidence": 0.0, "words": 0}
    assert read(recogniser, text).get(LANGUAGE) is None
    assert read(recogniser, text, chosen="da").get(LANGUAGE) == "da"


def test_before_training_nothing_is_guessed(tmp_path: Path) -> None:
    untrained = LanguageRecogniser.create({}, LocalModelStorage(tmp_path), Resource("language"), CONTEXT)
    assert read(untrained, "jeg vil lære dansk").get(GUESS)["language"] is None


def test_training_messages_are_read_in_the_language_they_state(recogniser: LanguageRecogniser) -> None:
    assert [language_of_example(it) for it in DATA.intent_examples] == [code for code, it in TOLD.items() for _ in it]
    assert language_of_example(Message({TEXT: "hej"})) is None
    data = recogniser.process_training_data(TrainingData([example("hej", "da"), Message({TEXT: "x", INTENT: "y"})]))
    assert [message.get(LANGUAGE) for message in data.training_examples] == ["da", None]
