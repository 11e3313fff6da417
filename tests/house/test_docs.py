"""What the documents say of tests is true: each test they name is there."""

import re

import pytest

from bot.settings import ROOT

DOCS = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_each_test_that_a_document_names_is_there(path: object) -> None:
    text = (ROOT / str(path)).read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[a-z_/.]+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", ["privacy.md", "threats.md"])
def test_each_line_of_what_is_kept_and_threatened_names_a_test_or_says_that_it_has_none(name: str) -> None:
    rows = [line for line in (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    told = [line for line in rows if "`tests/" in line or line.rstrip().endswith("| – |")]
    headings = [line for line in rows if line.rstrip().endswith("| test |")]
    assert len(told) + len(headings) == len(rows), [line for line in rows if line not in told]
