"""LibreOffice without a screen, which opens what we write for Excel."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

SOFFICE = shutil.which("soffice")

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,UTF8,1,,0,false,true,false,false,false,-1"
"""Commas, quotes, a file for each."""


def converted(path: Path, to: str, folder: Path) -> list[Path]:
    """The file in another form; of a CSV one file for each sheet. Its own settings stand in the folder, too."""
    settings = f"-env:UserInstallation=file://{folder}/settings"
    asked = [SOFFICE or "", settings, "--headless", "--convert-to", to, "--outdir", folder / "out", path]
    surroundings = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    subprocess.run(asked, env=surroundings, capture_output=True, check=True, timeout=180)
    return sorted((folder / "out").iterdir())


def sheets(path: Path, folder: Path) -> dict[str, list[list[str]]]:
    """{sheet: its cells as LibreOffice shows them}."""
    read = {}
    for one in converted(path, EVERY_SHEET, folder):
        with one.open(encoding="utf-8", newline="") as file:
            read[one.stem.removeprefix(f"{path.stem}-")] = list(csv.reader(file))
    return read
