"""Programs of others, in an environment of their own (bench/checkers), that read what was written."""

import fcntl
import json
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.settings import ROOT

ROOM = ROOT / "bench" / "checkers"
PROGRAMS = ROOM / ".venv" / "bin"


def ready() -> None:
    """Make the environment what its lock says; one process at a time, and in no time where nothing is missing."""
    with (ROOM / "pyproject.toml").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        subprocess.run([ROOT / ".tools/uv/bin/uv", "sync", "--frozen", "-q"], cwd=ROOM, check=True)


FRICTIONLESS = """
import json, os, sys
from frictionless import Package
reports = {}
for path in sys.argv[1:]:
    os.chdir(os.path.dirname(path))
    reports[path] = Package(os.path.basename(path)).validate().to_dict()
print(json.dumps(reports))
"""


def frictionless(packages: Iterable[Path]) -> dict[Path, dict[str, Any]]:
    """Its whole report on each data package."""
    asked = [PROGRAMS / "python", "-c", FRICTIONLESS, *packages]
    reports: dict[str, dict[str, Any]] = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
    return {Path(path): report for path, report in reports.items()}


CSVW = """
import sys
from csvw import CSVW
for path in sys.argv[1:]:
    one = CSVW(path, validate=True)
    if not one.is_valid:
        print(path, [str(it.message) for it in one.warnings])
"""


def csvw_faults(descriptions: Iterable[Path]) -> str:
    """Of CSV on the Web descriptions and the files they are about; empty where all are valid."""
    asked = [PROGRAMS / "python", "-c", CSVW, *map(str, descriptions)]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


PARQUET = (
    "import duckdb, json, sys; print(json.dumps(duckdb.read_parquet(sys.argv[1]).project(sys.argv[2]).fetchall()))"
)


def duckdb(path: Path, columns: str) -> list[list[Any]]:
    """Rows of a Parquet file."""
    asked = [PROGRAMS / "python", "-c", PARQUET, path, columns]
    rows: list[list[Any]] = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    return rows


@contextmanager
def datasette(*arguments: str | Path) -> Iterator[httpx.Client]:
    """A served Datasette, and a client of it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    asked = [PROGRAMS / "datasette", "serve", *arguments, "-p", str(port)]
    with subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
                _wait(client)
                yield client
        finally:
            process.terminate()


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            client.get("/-/versions.json").raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
