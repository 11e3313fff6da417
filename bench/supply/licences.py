"""Under which licences the served packages may be used, read from what is installed and held against a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import yaml

from bench.supply.lock import Package

HERE = Path(__file__).parent
LIST = HERE / "licences.yml"


@dataclass(frozen=True)
class Licences:
    """What licences.yml says."""

    allowed: frozenset[str]
    weighed: Mapping[str, str]
    """{SPDX id: why it may be used here all the same}."""
    words: Mapping[str, str]
    """{as packages write it: SPDX id}."""
    read: Mapping[str, str]
    """{package: expression}, read by a person where its metadata say nothing that can be read."""
    bundled: Mapping[str, str]
    """{package: what its files bring along under another licence}."""

    @classmethod
    def of(cls, path: Path = LIST) -> "Licences":
        told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(frozenset(told["allowed"]), told["weighed"], told["words"], told["read"], told["bundled"])

    def allow(self, expression: str) -> bool:
        """Of an SPDX expression without brackets: one of what is joined by OR, all of what is joined by AND."""
        return any(
            all(each.strip() in self.allowed | self.weighed.keys() for each in choice.split(" AND "))
            for choice in expression.split(" OR ")
        )

    def expression_of(self, name: str) -> str | None:
        """The licence of an installed package; "" where nothing that is known can be read, None if not installed."""
        try:
            told = metadata(name)
        except PackageNotFoundError:
            return None
        if name in self.read:
            return self.read[name]
        first = (told.get("License") or "").strip().partition("\n")[0].strip()
        classes = [it.rpartition(" :: ")[2] for it in told.get_all("Classifier") or [] if it.startswith("License ::")]
        for written in (told.get("License-Expression"), first, *classes):
            if written and (written in self.allowed | self.weighed.keys() or " AND " in written or " OR " in written):
                return str(written)
            if written in self.words:
                return self.words[written]
        return ""


def faults(served: Iterable[Package], licences: Licences) -> list[str]:
    """A line for each installed package whose licence is not on the list; what lies in this repository is our own."""
    found = []
    for name in (package.name for package in served if not package.is_local):
        expression = licences.expression_of(name)
        if expression == "":
            found.append(f"{name}: its metadata name no licence that is known; read it, and write it into licences.yml")
        elif expression and not licences.allow(expression):
            found.append(f"{name}: {expression} is not on the list of licences.yml")
    return found
