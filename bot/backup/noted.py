"""What is noted of backups on the machine itself, in `backup.json`: so that somebody hears when none is made.

A backup that is killed says nothing, so its begin is noted first: one begun and never made is told all the same.
"""

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import BackupError

FILE = "backup.json"
"""In `var`."""


@dataclass(frozen=True)
class Noted:
    """When the last one was begun; and when the last good one was, with its rows and their hash."""

    begun_at: dt.datetime | None = None
    made_at: dt.datetime | None = None
    rows: int = 0
    hash: str = ""


def noted(var: Path) -> Noted:
    """Nothing where there is no note, or one that cannot be read: that too must look as if none was made."""
    try:
        held = json.loads((var / FILE).read_bytes())
        return Noted(_time(held.get("begun_at")), _time(held.get("made_at")), int(held["rows"]), str(held["hash"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Noted()


def note_begun(var: Path) -> None:
    """Now; the last good one stays noted."""
    _write(var, replace(noted(var), begun_at=dt.datetime.now(dt.UTC)))


def note_made(var: Path, made_at: str, rows: int, hashed: str) -> None:
    """Raises BackupError where it cannot be noted, so that nobody takes for good what nobody can see."""
    _write(var, Noted(noted(var).begun_at, dt.datetime.fromisoformat(made_at), rows, hashed))


def _time(held: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(held) if held else None


def _write(var: Path, noted: Noted) -> None:
    times = {"begun_at": noted.begun_at, "made_at": noted.made_at}
    told = {name: time.isoformat(timespec="seconds") if time else None for name, time in times.items()}
    partial = var / f"{FILE}.partial"
    try:
        partial.write_text(json.dumps({**told, "rows": noted.rows, "hash": noted.hash}) + "\n", encoding="utf-8")
        partial.replace(var / FILE)
    except OSError as error:
        raise BackupError(f"{var / FILE} cannot be written: {error.strerror}") from error
