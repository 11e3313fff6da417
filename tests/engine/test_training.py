"""The model is trained when a source changed, and only then."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.engine.model_file import note_sum
from bot.engine.training import KEPT_MODELS, _config, _tidy, fingerprint, model_path, train_if_needed
from bot.errors import SettingError
from bot.settings import Settings


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    """A copy of the training data that may be changed."""
    shutil.copytree(Settings().data, tmp_path / "data")
    shutil.copytree(Settings().content, tmp_path / "content")
    return dataclasses.replace(
        Settings(), data=tmp_path / "data", content=tmp_path / "content", models=tmp_path / "models"
    )


def test_the_same_sources_have_the_same_fingerprint_wherever_they_lie(ours: Settings) -> None:
    assert fingerprint(ours) == fingerprint(Settings())


def add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n# changed\n")


CHANGES: dict[str, Callable[[Settings], object]] = {
    "a message": lambda it: add(it.data / "nlu" / "da" / "talk.yml"),
    "a danger": lambda it: add(it.data / "nlu" / "ar" / "danger.yml"),
    "a rule": lambda it: add(it.data / "rules" / "talk.yml"),
    "a district": lambda it: add(it.content / "districts.yml"),
    "a new file": lambda it: (it.data / "nlu" / "da" / "more.yml").write_text("a: b\n"),
    "a file less": lambda it: (it.data / "nlu" / "da" / "places.yml").unlink(),
    "a file called otherwise": lambda it: (it.data / "rules" / "talk.yml").rename(it.data / "rules" / "t.yml"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_a_source_changes_the_fingerprint(ours: Settings, change: Callable[[Settings], object]) -> None:
    before = fingerprint(ours)
    change(ours)
    assert fingerprint(ours) != before


def test_a_file_moved_to_another_language_changes_the_fingerprint(ours: Settings) -> None:
    before = fingerprint(ours)
    (ours.data / "nlu" / "ar").rename(ours.data / "nlu" / "aa")
    assert fingerprint(ours) != before


def test_what_is_no_source_changes_nothing(ours: Settings) -> None:
    before = fingerprint(ours)
    (ours.data / "nlu" / "da" / "notes.txt").write_text("notes")
    add(ours.content / "services" / "crisis.yml")
    assert fingerprint(ours) == before


def test_a_model_that_is_there_is_not_trained_again(ours: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    path = model_path(ours)
    path.parent.mkdir()
    path.write_bytes(b"trained before")
    note_sum(path)
    assert train_if_needed(ours) == path
    assert path.read_bytes() == b"trained before"
    assert capsys.readouterr().out == ""


def test_a_service_that_may_not_write_models_says_who_trains_one(ours: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingError, match="run `vejviser train`"):
        train_if_needed(dataclasses.replace(ours, models=tmp_path / "file" / "models"))


def test_old_models_go_but_the_newest_and_the_one_before_it_stay(ours: Settings) -> None:
    ours.models.mkdir()
    paths = [ours.models / f"vejviser-{number:016x}.tar.gz" for number in range(5)]
    for path in paths:
        path.write_bytes(b"")
    other = ours.models / "somebody-elses.tar.gz"
    other.write_bytes(b"")
    _tidy(ours.models, paths[-1])
    left = set(ours.models.iterdir())
    assert paths[-1] in left
    assert other in left
    assert len(left) <= KEPT_MODELS + 2


def test_components_read_the_folder_that_the_settings_name(ours: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    text = _config(ours, folder).read_text(encoding="utf-8")
    assert text.count(str(ours.data / "nlu")) == 5
    assert "messages: data/nlu" not in text
