"""Codes on signs lead to needs that exist."""

from pathlib import Path

import pytest

from bot.directory.entries import read_entries
from bot.directory.services import read_directory
from bot.errors import ContentError
from bot.settings import Settings

CONTENT = Settings().content


def test_every_code_opens_a_need_that_is_led() -> None:
    entries = read_entries(CONTENT / "entries.yml")
    assert entries
    assert set(entries.values()) <= set(read_directory(CONTENT).needs)


@pytest.mark.parametrize("codes", [["job", "job"], ["a b"], ["<x>"], ["Job"], ["æ"], [""]])
def test_a_code_that_stands_twice_or_is_no_plain_word_is_refused(tmp_path: Path, codes: list[str]) -> None:
    path = tmp_path / "entries.yml"
    path.write_text("entries:\n" + "".join(f'- {{code: "{code}", need: find_job}}\n' for code in codes))
    with pytest.raises(ContentError, match=r"entries\.yml"):
        read_entries(path)
