"""First of the pipeline: settles in which language a message is read."""

from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.recognise import Guess, LanguageRecognition, Other
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT

LANGUAGE = "language"
"""Key of a message: the code of the language it is read in."""
GUESS = "language_guess"
"""Key of a message: {"language", "confidence", "words"} of the recogniser, whatever language was chosen."""
OTHERS = ROOT / "content" / "other_languages.yml"


def language_of_example(example: Message) -> str | None:
    """The language that a training example's metadata states (`metadata: {language: da}` on its intent)."""
    metadata = example.get("metadata") or {}
    stated = (metadata.get("intent") or {}).get("language")
    return str(stated) if stated else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageRecogniser(GraphComponent):
    """Reads a message in the language chosen for its conversation, and guesses one where none was chosen."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: LanguageRecognition | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        pairs = [
            (example.get(TEXT), language)
            for example in training_data.intent_examples
            if (language := language_of_example(example))
        ]
        texts, languages = [text for text, _ in pairs], [language for _, language in pairs]
        self._model = LanguageRecognition.learn(texts, languages, read_others())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
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
            return cls(model_storage, resource, LanguageRecognition.load(folder))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for example in training_data.training_examples:
            example.set(LANGUAGE, language_of_example(example))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            guess = self._model.guess(message.get(TEXT) or "") if self._model else Guess(None, 0.0)
            chosen = (message.get("metadata") or {}).get(LANGUAGE)
            message.set(LANGUAGE, chosen or guess.language, add_to_output=True)
            message.set(GUESS, vars(guess), add_to_output=True)
        return messages


def read_others() -> dict[str, Other]:
    """The languages that the guide does not speak, by code."""
    others: dict[str, dict[str, Any]] = read_yaml(OTHERS)
    return {code: Other.of(known["letters"], known["words"]) for code, known in others.items()}
