"""`python -m bench.load.wider`: what twice the languages or twice the needs cost: half of them and all, side by side.

A half is trained from the same sources, and both are asked in the same four languages, in turns in one run.
"""

import dataclasses
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import yaml

from bench.load.growth import ROUNDS, SECONDS, compared
from bench.load.residents import LANGUAGES, TYPED, Resident, for_seconds
from bench.load.service import Service, serving_on
from bot.engine.logs import configure_logs
from bot.engine.training import train_if_needed
from bot.settings import ROOT, Settings

HALF = LANGUAGES[: len(LANGUAGES) // 2]
"""The languages of the half, in which the whole is asked too."""


def without_half_the_languages(data: Path, locales: Path) -> None:
    for folder in (*(data / "nlu").iterdir(), *locales.iterdir()):
        if folder.is_dir() and folder.name in LANGUAGES and folder.name not in HALF:
            shutil.rmtree(folder)


def without_half_the_needs(data: Path, _: Path) -> None:
    """Every second need, by name, keeps no message."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    dropped = set(sorted(map(str, domain["intents"]))[1::2])
    for path in sorted(data.glob("nlu/*/*.yml")):
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "nlu" in written:
            written["nlu"] = [it for it in written["nlu"] if it.get("intent") not in dropped]
            path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")


def trained(folder: Path, change: Callable[[Path, Path], None] | None) -> Settings:
    """Settings of a copy of the sources; says how long its training took."""
    for name in ("data", "locales"):
        shutil.copytree(ROOT / name, folder / name)
    if change:
        change(folder / "data", folder / "locales")
    settings = dataclasses.replace(
        Settings(), data=folder / "data", locales=folder / "locales", models=folder / "models", var=folder / "var",
        default_language="en",
    )  # fmt: skip
    settings.var.mkdir()
    since = time.monotonic()
    train_if_needed(settings)
    print(f"{change.__name__ if change else 'whole'}: trained in {time.monotonic() - since:.0f} s", flush=True)
    return settings


def ask(services: tuple[Service, Service]) -> tuple[list[float], list[float]]:
    """Seconds of typed turns in the languages of the half."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for started, some in zip(services, took, strict=True):
            found = Resident(started.port, LANGUAGES.index(HALF[number % len(HALF)]), 0).live(for_seconds(SECONDS))
            some.extend(found.seconds(TYPED))
    return took


def main() -> None:
    configure_logs("ERROR")
    changes = (without_half_the_languages, without_half_the_needs)
    with tempfile.TemporaryDirectory(prefix="vejviser-wider-", dir=Path.cwd()) as folder:
        whole = trained(Path(folder) / "whole", None)
        for change in changes:
            half = trained(Path(folder) / change.__name__, change)
            with ExitStack() as stack:
                services = (stack.enter_context(serving_on(half, 1)), stack.enter_context(serving_on(whole, 1)))
                compared(f"{change.__name__} and with: a typed turn", *ask(services))
                memory = [it.served.memory_mb() for it in services]
                print(f"    memory: {memory[0]:.0f} and {memory[1]:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
