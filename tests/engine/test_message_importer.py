"""What Rasa is handed is what its own reader would have read."""

from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.message_importer import MessageImporter
from bot.engine.nlu.language_recogniser import language_of_example

MESSAGES = """version: "3.1"
nlu:
- intent: greet
  metadata:
    language: da
  examples: |
    - hej
    - "goddag", sagde hun
- intent: danish_price
  metadata:
    language: so
    provenance: written for a test
  examples: |
    -   waa imisa?
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    language = tmp_path / "da"
    language.mkdir()
    (language / "talk.yml").write_text(MESSAGES, encoding="utf-8")
    (language / "danger.yml").write_text("danger:\n  emergency: [ild]\n", encoding="utf-8")
    return tmp_path


def test_texts_needs_and_languages_are_those_that_rasas_reader_finds(folder: Path) -> None:
    theirs = RasaFileImporter(training_data_paths=[str(folder / "da" / "talk.yml")]).get_nlu_data()
    ours = MessageImporter(messages=str(folder)).get_nlu_data()
    assert [(m.get(TEXT), m.get(INTENT), language_of_example(m)) for m in ours.intent_examples] == [
        (m.get(TEXT), m.get(INTENT), language_of_example(m)) for m in theirs.intent_examples
    ]
    assert len(ours.intent_examples) == 3


def test_files_without_messages_are_left_alone(folder: Path) -> None:
    (folder / "da" / "talk.yml").unlink()
    assert not MessageImporter(messages=str(folder)).get_nlu_data().intent_examples


def test_importers_share_the_messages_and_what_is_set_on_one_changes_what_it_is(folder: Path) -> None:
    read = MessageImporter(messages=str(folder)).get_nlu_data()
    merged = TrainingData().merge(read)
    assert all(there is same for there, same in zip(merged.training_examples, read.training_examples, strict=True))
    message = read.training_examples[0]
    before = message.fingerprint()
    assert before == Message(message.data).fingerprint()
    message.set(INTENT, message.get(INTENT))
    assert message.fingerprint() == before
    message.set(INTENT, "thank")
    assert message.fingerprint() == Message(message.data).fingerprint() != before
