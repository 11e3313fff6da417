"""Districts are found by their Danish names and by how each language writes them."""

from pathlib import Path

import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.casework.vocabulary import DISTRICTS
from bot.engine.nlu.places import PlaceRecogniser, Places, read_places
from bot.settings import ROOT

NAMES = read_places("data/nlu")
PLACES = Places(NAMES)
FILED = yaml.safe_load((ROOT / "content" / "districts.yml").read_text(encoding="utf-8"))["districts"]


def test_every_district_of_the_city_can_be_named_and_reported() -> None:
    assert len(NAMES) == len(FILED) == 10
    assert set(NAMES) <= set(DISTRICTS)


@pytest.mark.parametrize(("district", "spelling"), [(it, name) for it, names in NAMES.items() for name in names])
def test_every_spelling_is_found_in_a_sentence(district: str, spelling: str) -> None:
    found = PLACES.district_in(f"jeg bor {spelling} nu")
    assert found is not None
    assert found[0] == district


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("I live in NØRREBRO, near the park", "norrebro"),
        ("norrebro", "norrebro"),
        ("أسكن في نوريبرو", "norrebro"),
        ("2720", "vanlose"),
        ("in Valby or Vanløse", "valby"),
        ("in Vanløse or Valby", "vanlose"),
        ("Amager Vest", "amager-vest"),
        ("Copenhagen", None),
        ("27200", None),
        ("", None),
        ("\0\ud800", None),
    ],
)
def test_the_first_district_that_is_named_is_found(text: str, district: str | None) -> None:
    found = PLACES.district_in(text)
    assert (found and found[0]) == district


@pytest.mark.parametrize("text", ["I live in NØRREBRO, near the park", "  أسكن   في نُوريبرو\u200f الآن", "Noerrebro"])
def test_a_district_is_told_with_its_place_in_the_text_as_it_was_sent(text: str) -> None:
    found = PLACES.district_in(text)
    assert found is not None
    _, start, end = found
    assert PLACES.district_in(text[start:end]) == ("norrebro", 0, end - start)
    assert text[start:end].strip() == text[start:end]


def test_no_spelling_names_two_districts() -> None:
    named: dict[str, set[str]] = {}
    for district, spellings in NAMES.items():
        for spelling in spellings:
            named.setdefault(spelling.casefold(), set()).add(district)
    assert {spelling: districts for spelling, districts in named.items() if len(districts) > 1} == {}


def test_the_recogniser_adds_the_district_beside_what_was_found_before(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage(tmp_path), Resource("places")
    config, context = PlaceRecogniser.get_default_config(), ExecutionContext(GraphSchema({}))
    PlaceRecogniser.create(config, storage, resource, context).train(TrainingData([]))
    recogniser = PlaceRecogniser.load(config, storage, resource, context)
    before = {"entity": "cpr", "value": "yes", "start": 0, "end": 1}
    messages = recogniser.process([
        Message({TEXT: "in Valby", ENTITIES: [before]}), Message({TEXT: "somewhere"}), Message({TEXT: None}),
    ])  # fmt: skip
    assert messages[0].get(ENTITIES) == [before, {"entity": "district", "value": "valby", "start": 3, "end": 8}]
    assert [it.get(ENTITIES) for it in messages[1:]] == [None, None]
