"""A file of words or facts that is broken: one sentence with its name and line, before anything is served."""

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.command.look_through import FEWEST, look_through
from bot.command.main import main
from bot.directory.services import read_directory
from bot.errors import ContentError
from bot.language.catalogue import CATALOGUES
from bot.settings import Settings
from tests.keys import make_keys_in

MEND = ". Nothing was started: mend it, or bring the file of the release back"
FACTS = sorted(path.relative_to(Settings().content).as_posix() for path in Settings().content.rglob("*.yml"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy with the words of staff and of one language more: each look at all of them takes longer."""
    root = tmp_path_factory.mktemp("whole")
    shutil.copytree(Settings().content, root / "content")
    for code in ("da", "pl"):
        shutil.copytree(Settings().locales / code, root / "locales" / code)
    return dataclasses.replace(Settings(), content=root / "content", locales=root / "locales")


@pytest.fixture
def broken(whole: Settings) -> Iterator["Broken"]:
    yield Broken(whole)
    read_directory.cache_clear()


class Broken:
    """One file at a time, whole again afterwards."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def po(self, name: str, code: str = "pl") -> Path:
        return self.settings.locales / code / "LC_MESSAGES" / f"{name}.po"

    def told(self, path: Path, change: Callable[[bytes], bytes] | None) -> str:
        """What is said of the changed file; `None` takes it away."""
        kept = path.read_bytes()
        path.unlink() if change is None else path.write_bytes(change(kept))
        if path.is_relative_to(self.settings.content):
            read_directory.cache_clear()
        try:
            with pytest.raises(ContentError) as error:
                look_through(self.settings)
        finally:
            path.write_bytes(kept)
        told = str(error.value)
        assert told.endswith(MEND)
        assert "\n" not in told or "is not a known condition" in told, told
        return told


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * share)]


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").splitlines().index(text) + 1


def test_the_files_of_this_release_are_whole(whole: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    look_through(whole)
    told = capsys.readouterr()
    assert "texts_missing" not in told.out + told.err


# Catalogues


@pytest.mark.parametrize("name", [name for name in CATALOGUES if name != "console"])
def test_a_catalogue_that_is_missing_or_empty_or_cut_off_is_named(broken: Broken, name: str) -> None:
    path = broken.po(name)
    for change in (None, cut(0), cut(FEWEST / 2)):
        assert broken.told(path, change).startswith(f"{name}.po (pl): ")


def test_the_words_of_staff_are_looked_at_too(broken: Broken) -> None:
    assert broken.told(broken.po("console", "da"), None).startswith("console.po (da): is missing or cut off")


def test_a_catalogue_that_is_cut_off_within_an_entry_is_named_with_its_line(broken: Broken) -> None:
    path = broken.po("replies")
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(b"msgstr ") and number > 2_000)
    told = broken.told(path, lambda _: b"".join(lines[:at]))
    assert told.startswith(f"replies.po (pl): line {at}")


@pytest.mark.parametrize("letters", [b"\xe6", b"\xff\xfe", b"\xed\xa0\x80"])
def test_a_catalogue_that_is_no_utf_8_is_named_with_its_line(broken: Broken, letters: bytes) -> None:
    path = broken.po("pages")
    lines = path.read_bytes().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith(b'msgstr "') and number > 400)
    lines[at] = b'msgstr "' + letters + lines[at].removeprefix(b'msgstr "')
    told = broken.told(path, lambda _: b"".join(lines))
    assert told.startswith(f"pages.po (pl): line {at + 1} is no entry of a catalogue")


@pytest.mark.parametrize(
    ("name", "was", "becomes"),
    [
        ("replies", "{call-112.phone}", "112"),
        ("replies", "{call-112.phone}", "{call-112.fone}"),
        ("replies", "{date}", "{"),
    ],
)
def test_a_placeholder_that_a_translation_lost_or_changed_is_named_with_its_line(
    broken: Broken, name: str, was: str, becomes: str
) -> None:
    path = broken.po(name)
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("msgstr") and was in line)
    entry = max(number for number in range(at) if lines[number].startswith("msgctxt"))
    context = lines[entry].removeprefix("msgctxt ").strip('"')
    lines[at] = lines[at].replace(was, becomes)
    told = broken.told(path, lambda _: ("\n".join(lines) + "\n").encode())
    line = int(told.removeprefix(f"{name}.po (pl): line ").split(":")[0])
    assert entry < line <= at + 1
    assert f": {context}: placeholders differ: lost ['{was.strip('{}')}']" in told


def test_a_line_that_a_translation_lost_is_named(broken: Broken) -> None:
    path = broken.po("replies")
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith('\\n"') and number > 30)
    told = broken.told(path, lambda _: ("\n".join([*lines[:at], *lines[at + 1 :]]) + "\n").encode())
    assert told.startswith("replies.po (pl): line ")
    assert " lines became " in told


def test_a_text_that_is_not_translated_yet_keeps_nobody_from_serving(
    whole: Settings, broken: Broken, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said in English until then, and the log counts them."""
    path = broken.po("replies")
    kept = path.read_bytes()
    first = kept.index(b"\nmsgctxt")
    path.write_bytes(kept[:first] + kept[kept.index(b"\nmsgctxt", first + 1) :])
    look_through(whole)
    path.write_bytes(kept)
    told = capsys.readouterr()
    (line,) = [it for it in (told.out + told.err).splitlines() if "texts_missing" in it]
    assert "replies.po (pl)" in line
    assert "count=1" in line


# Facts


@pytest.mark.parametrize("name", [name for name in FACTS if not name.startswith("law/")])
def test_a_file_of_facts_that_is_no_yaml_is_named_with_its_line(broken: Broken, name: str) -> None:
    path = broken.settings.content / name
    number = path.read_bytes().count(b"\n") + 1
    told = broken.told(path, lambda content: content + b"\t: [\n")
    assert Path(name).name in told
    assert f"line {number}" in told


@pytest.mark.parametrize("name", [name for name in FACTS if "/" not in name])
def test_a_file_of_facts_that_is_empty_or_missing_or_no_text_is_named(broken: Broken, name: str) -> None:
    path = broken.settings.content / name
    for change in (None, cut(0), lambda content: content[:40] + b"\xff" + content[40:]):
        assert name in broken.told(path, change)


def test_a_service_without_which_no_number_to_call_is_known_is_missed(broken: Broken) -> None:
    told = broken.told(broken.settings.content / "services" / "crisis.yml", cut(0))
    assert re.match(r"services lack [a-z0-9-]+\.phone, which utter_\w+ names\. ", told)


def test_a_need_that_a_service_serves_is_missed(broken: Broken) -> None:
    path = broken.settings.content / "needs.yml"
    lines = path.read_bytes().splitlines(keepends=True)
    at = max(number for number, line in enumerate(lines) if line[:1].isalpha())
    assert broken.told(path, lambda _: b"".join(lines[:at])).startswith("needs.yml lacks ")


# The command


def test_serve_says_it_in_one_sentence_and_ends(
    broken: Broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys_in(tmp_path)
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    monkeypatch.setenv("VEJVISER_LOCALES", str(broken.settings.locales))
    path = broken.po("law")
    kept = path.read_bytes()
    path.write_bytes(kept[:100])
    assert main(["serve", "--only", "chat"]) == 1
    path.write_bytes(kept)
    told = capsys.readouterr().err
    assert told.startswith("vejviser: law.po (pl): is missing or cut off: ")
    assert told.endswith(f"{MEND}\n")
    assert told.count("\n") == 1
