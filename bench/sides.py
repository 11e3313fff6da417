"""The two sides: how each is trained, served and talked to. Both work in a folder of this run."""

import os
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import yaml

from bench import ENVIRONMENT
from bench.clients import Client, StockClient, VejviserClient
from bench.served import HOST, Program, free_port
from bench.stock_project import write_stock_project
from bot.engine.buttons import Button, buttons_of
from bot.settings import ROOT

STOCK = ROOT / "bench" / "stock"
SOURCES = ("bot", "actions", "content", "data", "locales", "config.yml", "domain.yml")
MODEL, KEPT = "models/model.tar.gz", ROOT / "bench" / "results" / "stock-model.tar.gz"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


class Side(ABC):
    """One of the two; `folder` holds its model, its log and what it stores."""

    name: str

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.log = folder / "log.txt"

    def train(self) -> float:
        """Seconds from the start of the training command to its end."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            subprocess.run(self.training, cwd=self.place, env=self.environment, stdout=log, stderr=log, check=True)
        return time.monotonic() - begun

    @property
    @abstractmethod
    def place(self) -> Path:
        """Working folder of its commands."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]: ...

    @property
    @abstractmethod
    def training(self) -> tuple[str, ...]: ...

    @abstractmethod
    def program(self) -> Program: ...

    @abstractmethod
    def client(self, port: int, language: str) -> Client: ...


class Vejviser(Side):
    """Works on a copy of the sources: nothing remembered of earlier trainings helps, no edit disturbs."""

    name = "vejviser"
    training = (sys.executable, "-m", "bot.command.main", "train")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.place.mkdir()
        for name in SOURCES:
            path = ROOT / name
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, self.place / name)  # modification times stay, so compiled bytecode stays valid

    @property
    def place(self) -> Path:
        return self.folder / "sources"

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("VEJVISER_")}
        return {**ours, **QUIET}

    def program(self) -> Program:
        port = free_port()
        command = (*self.training[:-1], "serve", "--host", HOST, "--port", str(port))
        return Program(command, self.place, self.environment, "/health", port, self.log)

    def client(self, port: int, language: str) -> Client:
        return VejviserClient(port, language)


class Stock(Side):
    name = "stock rasa"

    def __init__(self, folder: Path, epochs: int | None) -> None:
        super().__init__(folder)
        self._rasa = str(install_stock() / "bin" / "rasa")
        package = next((STOCK / ".venv").glob("lib/python*/site-packages/rasa"))
        write_stock_project(self.place, package, epochs)

    def train(self) -> float:
        """The model is kept, so that a run that breaks off later need not train for hours again (`--trained`)."""
        seconds = super().train()
        KEPT.parent.mkdir(exist_ok=True)
        shutil.copy2(self.place / MODEL, KEPT)
        return seconds

    def take_trained(self) -> None:
        """The model of the run before, in place of a training."""
        (self.place / MODEL).parent.mkdir(exist_ok=True)
        shutil.copy2(KEPT, self.place / MODEL)

    @property
    def place(self) -> Path:
        return self.folder / "project"

    @property
    def environment(self) -> dict[str, str]:
        # rasa_sdk listens on every address unless told otherwise (`rasa_sdk/endpoint.py`, run).
        return {**ENVIRONMENT, **QUIET, "SANIC_HOST": HOST}

    @property
    def training(self) -> tuple[str, ...]:
        return (self._rasa, "train", "--fixed-model-name", "model")

    def program(self) -> Program:
        port = free_port()
        command = (self._rasa, "run", "--interface", HOST, "--port", str(port), "--model", MODEL)
        return Program(command, self.place, self.environment, "/", port, self.log)

    def action_server(self) -> Program:
        """Where a stock assistant's custom actions run; ours are plain replies here, so nothing ever calls it."""
        port = free_port()
        command = (self._rasa, "run", "actions", "--port", str(port))
        return Program(command, self.place, self.environment, "/health", port, self.log)

    def client(self, port: int, language: str) -> Client:
        return StockClient(port, self._buttons)

    @cached_property
    def _buttons(self) -> Mapping[str, Button]:
        return buttons_of(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"])


def install_stock() -> Path:
    """The environment of stock Rasa: 2.6 GB, made on first use, brought to bench/stock/uv.lock after that."""
    uv = shutil.which("uv", path=f"{ROOT}/.tools/uv/bin:{os.environ['PATH']}") or "uv"
    print("Stock Rasa: bench/stock/.venv (2.6 GB on first use)", flush=True)
    subprocess.run(
        [uv, "sync", "--frozen", "--compile-bytecode", "--no-progress", "--quiet", "--python", _python()],
        cwd=STOCK, env=_without_our_environment(), check=True,
    )  # fmt: skip
    return STOCK / ".venv"


def _python() -> str:
    """Python 3.10: the one UV_PYTHON names, pyenv's, or whichever uv finds or fetches."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    known = sorted(pyenv.glob("3.10.*/bin/python"))
    return os.environ.get("UV_PYTHON") or (str(known[-1]) if known else "3.10")


def _without_our_environment() -> dict[str, str]:
    """What uv complains of is left out: an active environment that is not the one it works on."""
    return {name: value for name, value in ENVIRONMENT.items() if name != "VIRTUAL_ENV"}
