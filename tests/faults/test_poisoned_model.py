"""A model file that is cut, changed or hostile: it is refused in one sentence, and nothing of it runs."""

import io
import json
import random
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.command.main import main
from bot.engine.agent import Engine
from bot.engine.guide import Guide
from bot.engine.model_file import DOMAIN, METADATA, check_model, forget_sum, is_there, note_sum
from bot.engine.nlg import CatalogueNLG
from bot.errors import ContentError
from tests.faults import hostile
from tests.keys import make_keys_in
from tests.other_model import copied

SEED = 20261130
OTHER = "tests.faults.hostile.Part"
REFUSED = "it is not used. Find out who changed it, then write it anew with `vejviser train --again`"


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    """Of the real model, with its sum."""
    return copied(model, tmp_path / "models")


def refused(path: Path) -> str:
    with pytest.raises(ContentError) as error:
        check_model(path)
    told = str(error.value)
    assert told.startswith(str(path))
    assert told.endswith(REFUSED)
    assert "\n" not in told
    return told


# Not as it was written


def test_a_model_as_training_wrote_it_is_used(copy: Path) -> None:
    check_model(copy)


def test_each_flipped_byte_is_seen(copy: Path) -> None:
    chance, size = random.Random(SEED), copy.stat().st_size  # noqa: S311 - the same bytes each time
    for place in [0, size - 1, *(chance.randrange(size) for _ in range(30))]:
        with copy.open("r+b") as file:
            file.seek(place)
            (byte,) = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ 1 << chance.randrange(8)]))
            file.flush()
            assert "is not the file that training wrote" in refused(copy), place
            file.seek(place)
            file.write(bytes([byte]))
    check_model(copy)


def test_a_model_that_was_cut_off_is_seen(copy: Path) -> None:
    for size in (21_000_000, 1_000, 1, 0):
        with copy.open("r+b") as file:
            file.truncate(size)
        assert "is not the file that training wrote" in refused(copy), size


def test_a_model_without_its_sum_was_not_trained_to_the_end(copy: Path) -> None:
    forget_sum(copy)
    assert not is_there(copy)
    refused(copy)


@pytest.mark.parametrize("sum_", [b"", b"\xff\xfe", b"\n\n", b"0" * 64])
def test_a_sum_that_is_none_fits_nothing(copy: Path, sum_: bytes) -> None:
    copy.with_name(copy.name + ".sha256").write_bytes(sum_)
    refused(copy)


# As somebody wrote it who can write the sum too


class Forged:
    """A small model file: its two files that Rasa believes, and what a test puts beside them."""

    def __init__(self, model: Path, path: Path) -> None:
        self.path = path
        with tarfile.open(model) as archive:
            metadata, domain = (archive.extractfile(name) for name in (METADATA, DOMAIN))
            assert metadata
            assert domain
            self.metadata: dict[str, Any] = json.loads(metadata.read())
            self.domain: dict[str, Any] = yaml.load(domain.read(), Loader=yaml.CSafeLoader)

    @property
    def classifier(self) -> dict[str, Any]:
        """The node of a graph that reads what people write."""
        nodes: dict[str, Any] = self.metadata["predict_schema"]["nodes"]
        return next(node for name, node in nodes.items() if "NeedClassifier" in name)

    @property
    def policy(self) -> dict[str, Any]:
        nodes: dict[str, Any] = self.metadata["predict_schema"]["nodes"]
        return next(node for name, node in nodes.items() if name.endswith("RulePolicy0"))

    def write(self, *more: tarfile.TarInfo) -> Path:
        domain = yaml.dump(self.domain, Dumper=yaml.CSafeDumper)
        with tarfile.open(self.path, "w:gz") as archive:
            for name, told in {DOMAIN: domain, METADATA: json.dumps(self.metadata)}.items():
                member = tarfile.TarInfo(name)
                member.size = len(told.encode())
                archive.addfile(member, io.BytesIO(told.encode()))
            for member in more:
                archive.addfile(member, io.BytesIO(b""))
        note_sum(self.path)
        return self.path


@pytest.fixture
def forged(model: Path, tmp_path: Path) -> Forged:
    return Forged(model, tmp_path / "vejviser-forged.tar.gz")


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Is there once the other code ran."""
    monkeypatch.setenv(hostile.MARK, str(tmp_path / "ran"))
    monkeypatch.delitem(sys.modules, hostile.__name__)
    return tmp_path / "ran"


def sets(node: Callable[[Forged], dict[str, Any]], name: str, value: object) -> Callable[[Forged], None]:
    return lambda forged: node(forged).update({name: value})


FORGERIES: dict[str, Callable[[Forged], None]] = {
    "a part of the graph": sets(lambda it: it.classifier, "uses", OTHER),
    "a part of the graph of training": sets(
        lambda it: it.metadata["train_schema"]["nodes"]["schema_validator"], "uses", "os.system"
    ),
    "another way to make it": sets(lambda it: it.classifier, "constructor_name", "__init_subclass__"),
    "a setting of the policy": sets(lambda it: it.policy["config"], "featurizer", [{"name": OTHER}]),
    "a slot of the domain beside the graph": sets(lambda it: it.metadata["domain"]["slots"]["near"], "type", OTHER),
    "a slot of the domain": sets(lambda it: it.domain["slots"]["near"], "type", OTHER),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_code_that_is_not_ours_is_never_loaded(
    forged: Forged, mark: Path, guide: Guide, forge: Callable[[Forged], None]
) -> None:
    check_model(forged.write())
    forge(forged)
    path = forged.write()
    assert "names code that is not part of this program" in refused(path)
    nlg = CatalogueNLG(guide.words, guide.languages, guide.directory, guide.law.words)
    with pytest.raises(ContentError):
        Engine(path, nlg)
    assert not mark.exists()


def test_without_that_look_it_would_be_loaded(forged: Forged, mark: Path) -> None:
    """Rasa imports what a model names before it knows what that is."""
    FORGERIES["a part of the graph"](forged)
    LocalModelStorage.metadata_from_archive(forged.write())
    assert mark.exists()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


@pytest.mark.parametrize(
    "strange",
    [
        member("../climbs"),
        member("components/../../climbs"),
        member("/climbs"),
        member("components/out", tarfile.SYMTYPE, "/etc"),
        member("components/in", tarfile.SYMTYPE, "domain_provider"),
        member("components/same", tarfile.LNKTYPE, "/etc/passwd"),
        member("components/device", tarfile.CHRTYPE),
        member("components/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda it: f"{it.name} {it.type.decode()}",
)
def test_what_would_be_written_elsewhere_is_refused(forged: Forged, strange: tarfile.TarInfo) -> None:
    assert "holds a link, or a file for another place" in refused(forged.write(strange))


@pytest.mark.parametrize("content", [b"", b"a text", b"\x1f\x8b" + b"\0" * 100, b"\0" * 20_000])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vejviser-none.tar.gz"
    path.write_bytes(content)
    note_sum(path)
    refused(path)


@pytest.mark.parametrize(
    "forge",
    [
        lambda it: it.metadata.pop("predict_schema"),
        lambda it: it.metadata.update(domain=[]),
        lambda it: it.metadata["train_schema"].update(nodes=None),
        lambda it: it.classifier.update(uses=7),
        lambda it: it.domain.clear(),
    ],
)
def test_a_model_with_something_else_in_its_place_is_refused(forged: Forged, forge: Callable[[Forged], object]) -> None:
    forge(forged)
    refused(forged.write())


# The command


def test_serve_says_it_in_one_sentence_and_ends(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys_in(tmp_path / "var")
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("VEJVISER_MODELS", str(copy.parent))
    with copy.open("r+b") as file:
        file.truncate(1_000_000)
    assert main(["serve", "--only", "chat"]) == 1
    told = capsys.readouterr().err
    assert told == f"vejviser: {copy} is not the file that training wrote: {REFUSED}\n"
