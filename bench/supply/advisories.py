"""What is known against the packages of the lock, and what somebody judged of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

from bench.supply.lock import Package

HERE = Path(__file__).parent
CARRIED, JUDGED = HERE / "advisories.yml", HERE / "judged.yml"


@dataclass(frozen=True)
class Finding:
    """An advisory that names the version of the lock."""

    package: str
    version: str
    names: frozenset[str]
    """Its id and aliases."""
    fixed: tuple[str, ...] = ()

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed)}" if self.fixed else "no release is free of it"
        return f"{self.package} {self.version}: {', '.join(sorted(self.names))} ({fixed})"


@dataclass(frozen=True)
class Judgement:
    id: str
    package: str
    reaches_us: bool
    why: str
    until: dt.date
    """The last day on which it stands."""


def judgements(path: Path = JUDGED) -> list[Judgement]:
    return [Judgement(**each) for each in yaml.safe_load(path.read_text(encoding="utf-8"))["judged"]]


def carried(packages: Mapping[str, Package], path: Path = CARRIED) -> list[Finding]:
    """What the file that is carried in says of `packages`; needs no network."""
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["advisories"]
    return [
        Finding(
            it["package"],
            packages[it["package"]].version,
            frozenset({it["id"], *it["aliases"]}),
            tuple(str(each["fixed"]) for each in it["affected"] if "fixed" in each),
        )
        for it in told
        if it["package"] in packages and _is_affected(packages[it["package"]].version, it["affected"])
    ]


def _is_affected(version: str, ranges: Iterable[Mapping[str, Any]]) -> bool:
    here = Version(version)
    return any(
        Version(str(each["introduced"])) <= here and ("fixed" not in each or here < Version(str(each["fixed"])))
        for each in ranges
    )


def faults(findings: Iterable[Finding], judged: Iterable[Judgement], today: dt.date) -> list[str]:
    """A line for each finding without a judgement, and for each whose judgement has run out."""
    found = []
    known = list(judged)
    for finding in findings:
        of_it = [it for it in known if it.id in finding.names and it.package == finding.package]
        if not of_it:
            found.append(f"{finding}: new; mend it or judge it in judged.yml")
        elif all(it.until < today for it in of_it):
            found.append(f"{finding}: judged until {max(it.until for it in of_it)}; look again")
    return found
