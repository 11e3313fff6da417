"""What partners say of slips comes in whole, or not at all."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.casework.desk import Desk
from bot.command.main import main
from bot.command.outcomes import take
from bot.errors import SettingError
from bot.store.sqlite import SqliteStore

HEAD = "code,service,step,met\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = SqliteStore(tmp_path / "store.db")
    yield Desk(store, b"k" * 32)
    store.close()


@pytest.fixture
def code(desk: Desk) -> str:
    return asyncio.run(desk.make_slip("find_job", ["jobnet", "igu"], "ar", b"secret"))


def taken(desk: Desk, tmp_path: Path, text: str, encoding: str = "utf-8") -> int:
    path = tmp_path / "told.csv"
    path.write_bytes(text.encode(encoding))
    return asyncio.run(take(desk, path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_right_file_is_taken(desk: Desk, tmp_path: Path, code: str, encoding: str) -> None:
    text = f"{HEAD}{code},jobnet,started,5\n{code.replace(' ', '')},igu,not_went,\n"
    assert taken(desk, tmp_path, text, encoding) == 0
    assert asyncio.run(desk.places_of_slip(code)) == {"jobnet": "started", "igu": "not_went"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{code},jobnet,came,", "line 3: step must be one of not_went, went, started, finished"),
        ("{code},jobnet,went,6", "line 3: met must be 1 to 5, or empty"),
        ("{code},jobnet,went,well", "line 3: met must be 1 to 5, or empty"),
        ("{code},a-kasse-dagpenge,went,", "line 3: no slip has this code and this service"),
        ("0000 0000 0000,jobnet,went,", "line 3: no slip has this code and this service"),
        (",,,", "line 3: step must be"),
        ("x", "line 3: step must be"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_taken(  # noqa: PLR0917 - what pytest hands over
    desk: Desk, tmp_path: Path, code: str, line: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken(desk, tmp_path, f"{HEAD}{code},igu,went,4\n{line.format(code=code)}\n") == 1
    told = capsys.readouterr().out
    assert fault in told
    assert code not in told
    assert set(asyncio.run(desk.places_of_slip(code)).values()) == {None}


@pytest.mark.parametrize("text", ["", "code,service\n", "\0", "a;b;c;d\n"])
def test_a_file_without_the_columns_is_refused(desk: Desk, tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError):
        taken(desk, tmp_path, text)


def test_a_file_in_another_encoding_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="UTF-8"):
        taken(desk, tmp_path, HEAD + "æøå,jobnet,went,\n", "latin-1")


def test_the_command_says_that_a_file_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VEJVISER_VAR", str(tmp_path))
    assert main(["outcomes", str(tmp_path / "nothing.csv")]) == 1
    assert "is no file" in capsys.readouterr().err
