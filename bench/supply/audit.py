"""Asks the package index what it knows against the served packages, with pip-audit in a folder of its own.

pip-audit ends with 0 where the index says nothing about a package, as if that were clean: what it left out is counted.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.supply.advisories import Finding
from bench.supply.lock import Package
from bot.settings import ROOT

ROOM = ROOT / "bench" / "supply"
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
PATIENCE = 300
"""Seconds for all of them; two hundred take 11 s."""
UNREACHED = "pip-audit did not run: no uv, or no network to install it or to ask with"
type Asked = tuple[list[Finding], str]
"""What was found, and why something was not asked; empty where all was."""


def findings(served: Iterable[Package]) -> Asked:
    """One package is asked about first: where the index has no list of advisories, the others need not be asked."""
    asked = [package for package in served if not package.is_local]
    _, unasked = _asked(asked[:1])
    return ([], f"{unasked}; it was asked about {asked[0].name}") if unasked else _asked(asked)


def _asked(packages: list[Package]) -> Asked:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "served.txt"
        wanted.write_text("".join(f"{it.name}=={it.version}\n" for it in packages), encoding="utf-8")
        told = _pip_audit(wanted)
    return understood(told, len(packages)) if told else ([], UNREACHED)


def _pip_audit(wanted: Path) -> str:
    """Its answer as JSON; empty where it could not give one."""
    command = [UV, "run", "--project", ROOM, "--frozen", "-q", "pip-audit", "-r", wanted, "-f", "json"]
    more = ["--disable-pip", "--no-deps", "--vulnerability-service", "pypi", "--progress-spinner", "off"]
    try:
        ran = subprocess.run([*command, *more], capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout


def understood(told: str, asked: int) -> Asked:
    """pip-audit's JSON; a package that it skipped was not checked, whatever its exit code says."""
    try:
        entries: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return [], UNREACHED
    checked = [entry for entry in entries if "skip_reason" not in entry]
    found = [
        Finding(
            entry["name"], entry["version"], frozenset({it["id"], *it.get("aliases", ())}), tuple(it["fix_versions"])
        )
        for entry in checked
        for it in entry.get("vulns", ())
    ]
    missing = asked - len(checked)
    return found, f"the index has no answer on {missing} of {asked} packages" if missing > 0 else ""
