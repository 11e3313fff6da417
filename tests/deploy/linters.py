"""Programs of others that read the files of deploy/, in an environment of their own (bench/linters)."""

import fcntl
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bot.settings import ROOT

ROOM = ROOT / "bench" / "linters"
DEPLOY = ROOT / "deploy"


def program(name: str) -> Path:
    """Made ready first: in no time where nothing is missing; one process at a time."""
    with (ROOM / "pyproject.toml").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        subprocess.run([ROOT / ".tools/uv/bin/uv", "sync", "--frozen", "-q"], cwd=ROOM, check=True)
    return ROOM / ".venv" / "bin" / name


def complaints(name: str, *options: object, environment: Mapping[str, str] | None = None) -> str:
    """What a program says against a file; empty where it ends with 0."""
    ran = subprocess.run(
        [program(name), *map(str, options)], cwd=DEPLOY, env=environment, capture_output=True, text=True, check=False
    )
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr or "failed"
