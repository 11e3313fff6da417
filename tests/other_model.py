"""Copies of the trained model: as it is, and as a second one that no training made."""

import io
import json
import shutil
import tarfile
from pathlib import Path

from bot.engine.model_file import note_sum
from bot.language.languages import find_languages
from bot.settings import Settings

NEVER = 1.01
"""A probability that no reading reaches: whatever is typed is asked back."""


def another_model(model: Path, folder: Path) -> Path:
    """The same one, but NEVER sure enough to act on what is typed; under its name in `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / model.name
    languages = find_languages(Settings().locales, Settings().data / "nlu")
    with tarfile.open(model) as old, tarfile.open(path, "w:gz", compresslevel=1) as new:
        for member in old.getmembers():
            content = old.extractfile(member) if member.isfile() else None
            if content and member.name.endswith("/known.json"):
                told = json.dumps({**json.load(content), "declared": dict.fromkeys(languages, NEVER)}).encode()
                member.size, content = len(told), io.BytesIO(told)  # type: ignore[assignment]
            new.addfile(member, content)
    note_sum(path)
    return path


def copied(model: Path, folder: Path) -> Path:
    """The model itself with its sum, in `folder`, which is made; what has its name there is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(shutil.copy(model, folder))
    note_sum(path)
    return path
