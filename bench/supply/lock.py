"""Reads uv.lock: which packages serve residents, and whether each is held by a hash."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import ROOT

LOCK = ROOT / "uv.lock"
PROJECT = "vejviser"
LOCAL, INDEX = {"directory", "editable", "virtual"}, "registry"
"""Sources that lie in this repository, so that git holds their content; and the one whose files the lock lists."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    is_local: bool
    files: tuple[str | None, ...]
    """Hash of each file that may be installed, None where the lock names none; there may be no file for our systems."""
    is_built_here: bool
    """Its index offers sources alone: they are built at installation."""

    @property
    def is_held(self) -> bool:
        return all((it or "").startswith("sha256:") for it in self.files)


def packages(lock: Path = LOCK) -> list[Package]:
    """Every package of the lock, in each version; raises ValueError for one of another source than an index."""
    return [_package(entry) for entry in _read(lock)]


def served(lock: Path = LOCK) -> dict[str, Package]:
    """Those that the service is installed with on any system: what the project asks for, and what that asks for."""
    entries = {entry["name"]: entry for entry in _read(lock)}
    found: set[str] = set()
    waiting = list(_asked(entries[PROJECT], ()))
    while waiting:
        name, extras = waiting.pop()
        wanted = set(_asked(entries[name], extras))
        if name not in found or extras:
            found.add(name)
            waiting += [(it, more) for it, more in wanted if it not in found or more]
    return {name: _package(entries[name]) for name in sorted(found)}


def _read(lock: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return entries


def _asked(entry: Mapping[str, Any], extras: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, extras) of what it depends on; markers are not weighed, so that no system is left out."""
    optional = entry.get("optional-dependencies", {})
    for each in (*entry.get("dependencies", ()), *(it for extra in extras for it in optional.get(extra, ()))):
        yield each["name"], tuple(each.get("extra", ()))


def _package(entry: Mapping[str, Any]) -> Package:
    wheels, source = entry.get("wheels", []), [entry["sdist"]] if "sdist" in entry else []
    is_local = bool(LOCAL & entry["source"].keys())
    if not is_local and INDEX not in entry["source"]:
        raise ValueError(f"{entry['name']} comes from {entry['source']}: nothing here says how it is held")
    return Package(
        entry["name"],
        entry.get("version", ""),
        is_local,
        tuple(it.get("hash") for it in (*wheels, *source)),
        is_built_here=not is_local and not wheels,
    )
