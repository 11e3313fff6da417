"""What style.md asks of every file, as far as a machine can see it."""

import ast
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
SOURCES = [path for folder in ("bot", "actions") for path in sorted((ROOT / folder).rglob("*.py"))]
FORBIDDEN = ("/work/main", "/work/shared", "/root/", "find_string", "ghp_", "BEGIN PRIVATE KEY")
"""Paths of a machine, names of tools that are not the project's, and secrets."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_where_it_stands(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    tree = ast.parse(text)
    assert not tree.body or ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_nothing_in_the_repository_names_this_machine_or_a_secret() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hits = []
    for name in tracked.split():
        path = ROOT / name
        if name == "tests/house/test_house_style.py" or not path.is_file() or path.suffix in {".png", ".woff2"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        hits += [(name, word) for word in FORBIDDEN if word in text]
    assert not hits


def test_each_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in Settings.__dataclass_fields__:
        assert f"`VEJVISER_{field.upper()}`" in documented, field
