"""Whether a model file is what training wrote, looked at before Rasa opens it: Rasa calls whatever one names."""

import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError

OURS = (
    "bot.engine.nlu.",
    "bot.engine.rules.",
    "rasa.core.policies.",
    "rasa.graph_components.",
    "rasa.nlu.classifiers.",
)
"""Of the classes that a model may name: Rasa imports the module, then calls it (`rasa/engine/graph.py`)."""
MAKES = ("create", "load")
SLOTS = ("text", "any", "bool", "float", "categorical", "list")
"""Another type would be imported (`rasa/shared/core/slots.py`, resolve_by_type)."""
GRAPHS = ("train_schema", "predict_schema")
METADATA, DOMAIN = "metadata.json", "components/domain_provider/domain.yml"
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def note_sum(path: Path) -> None:
    """Write the file's SHA-256 beside it, as `sha256sum --check` reads it."""
    half_done = _beside(path).with_suffix(".part")
    half_done.write_text(f"{_sum_of(path)}  {path.name}\n", encoding="ascii")
    half_done.replace(_beside(path))


def forget_sum(path: Path) -> None:
    """From here on the file counts as not there, until its sum is noted."""
    _beside(path).unlink(missing_ok=True)


def is_there(path: Path) -> bool:
    """Whether training came to its end: its sum is the last that it writes."""
    return path.exists() and _beside(path).exists()


def check_model(path: Path) -> None:
    """Raises ContentError, which says what to do, where a model is not what training wrote.

    The sum shows a file that was cut, changed or half copied. Who can write the file can write the sum too, so what
    the file names is looked at as well: nothing of it runs that is not this program's or Rasa's own.
    """
    try:
        _check_sum(path)
        _check_names(path)
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _poisoned(path, f"cannot be read ({type(error).__name__})") from error
    except (tarfile.TarError, zlib.error, yaml.YAMLError) as error:
        raise _poisoned(path, "is no model") from error


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _poisoned(path: Path, what: str) -> ContentError:
    return ContentError(
        f"{path} {what}: it is not used. Find out who changed it, then write it anew with `vejviser train --again`"
    )


def _check_sum(path: Path) -> None:
    if _beside(path).read_text(encoding="ascii").split()[0] != _sum_of(path):
        raise _poisoned(path, "is not the file that training wrote")


def _check_names(path: Path) -> None:
    read: dict[str, bytes] = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if not (member.isdir() or member.isreg()) or _climbs(member.name):
                raise _poisoned(path, "holds a link, or a file for another place")
            file = archive.extractfile(member) if member.name in {METADATA, DOMAIN} else None
            if file:
                read[member.name] = file.read()
    metadata, domain = json.loads(read[METADATA]), yaml.load(read[DOMAIN], Loader=yaml.CSafeLoader)
    foreign = next(_foreign(metadata, domain), None)
    if foreign is not None:
        raise _poisoned(path, "names code that is not part of this program")


def _climbs(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/")


def _foreign(metadata: dict[str, Any], domain: dict[str, Any]) -> Iterator[str]:
    """All that Rasa would import or call, and should not."""
    for graph in GRAPHS:
        for node in metadata[graph]["nodes"].values():
            yield from (name for name in [node["uses"], *_names(node["config"])] if not name.startswith(OURS))
            yield from (name for name in [node["constructor_name"]] if name not in MAKES)
    for slots in (metadata["domain"]["slots"], domain["slots"]):
        yield from (slot["type"] for slot in slots.values() if slot["type"] not in SLOTS)


def _names(settings: Any) -> Iterator[str]:
    """Names of modules among the settings of a part: a policy's may name a featurizer (`rasa/core/policies`)."""
    if isinstance(settings, dict):
        settings = [*settings.values()]
    if isinstance(settings, list):
        for each in settings:
            yield from _names(each)
    elif isinstance(settings, str) and _NAME.fullmatch(settings):
        yield settings
