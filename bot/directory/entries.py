"""Codes on signs, letters and films, and the need with which their readers come: content/entries.yml."""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import ContentError
from bot.language.yaml_file import read_yaml


def read_entries(path: Path) -> Mapping[str, str]:
    """{code: need}; a code that stands twice or is no short word raises ContentError."""
    entries: dict[str, str] = {}
    for line in read_yaml(path).get("entries", []):
        code = line["code"]
        if code in entries or not (code.isascii() and code.isalnum() and code.islower()):
            raise ContentError(f"{path.name}: {code}: a code is one word of small letters and digits, and stands once")
        entries[code] = line["need"]
    return entries
