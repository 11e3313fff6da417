"""Hands Rasa the training messages: one pass of libyaml; its own reader took a third of a training."""

from functools import cached_property
from typing import Any, Self

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.examples import examples_of
from bot.settings import ROOT

UNSET = object()


class TrainingMessage(Message):
    """One that Rasa's chain of importers may share: it copied, and hashed anew, 42,000 of them at each of its links.

    Whoever sets something sets it for all who hold it: in a training the languages, which are the same for all.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """What is there already leaves the fingerprint as it was worked out."""
        if add_to_output or self.data.get(prop, UNSET) != info:
            super().set(prop, info, add_to_output)


class MessageImporter(RasaFileImporter):
    """Rules and domain as Rasa reads them; `messages` is the folder of the languages' messages, in Rasa's own format.

    Entities are not marked in the messages: districts, dates and numbers are found by rule.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        messages: str = "data/nlu",
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._messages = ROOT / messages

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return self._nlu_data  # asked for twice: once for the domain

    @cached_property
    def _nlu_data(self) -> TrainingData:
        return TrainingData(
            [
                TrainingMessage.build(example.text, example.need, intent_metadata={"language": example.language})
                for example in examples_of(self._messages)
            ]
        )
