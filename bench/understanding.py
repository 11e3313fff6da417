"""`python -m bench.understanding`: our understanding beside stock Rasa's (DIET), trained on the same messages.

`needs`: the city's needs, read on the held-out messages. `massive`: public messages (MASSIVE 1.0, CC BY 4.0) in seven
languages, learned from its train part and read on its dev part; nothing of it is in the product. One run, both sides.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench import ENVIRONMENT, report
from bench.sides import QUIET, STOCK, install_stock
from bench.stock_project import with_epochs
from bot.command.evaluate import macro_f1
from bot.language.examples import examples_of
from bot.language.yaml_file import read_yaml
from bot.settings import ROOT, Settings

READER = Path(__file__).with_name("read_lines.py")
HELD_OUT = ROOT / "tests" / "understanding" / "held_out"
OUR_PARTS = ("LanguageRecogniser", "SpacyLanguageTokenizer", "NeedClassifier")
"""Of config.yml: those that say what a message is about. Stock Rasa has no patterns of danger, so they stay out."""
SEED = 11


@dataclass(frozen=True)
class Example:
    language: str
    intent: str
    text: str


@dataclass
class Found:
    """Of one side: seconds of training, MB when all is read, milliseconds a message, and F1 a language."""

    training_seconds: float = 0.0
    resident_mb: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    f1: dict[str, float] = field(default_factory=dict)
    accuracy: dict[str, float] = field(default_factory=dict)


def main() -> int:
    given = _arguments()
    learned, asked = _massive(given.massive) if given.massive else _needs()
    learned, asked = _few(learned, given.shots), _few(asked, given.asked)
    print(f"{len(learned)} messages to learn, {len(asked)} to read", flush=True)
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="vejviser-bench-") as folder:
        for name in given.sides:
            found[name] = _measure(name, Path(folder) / name, learned, asked, given.epochs)
            print(f"{name}: trained in {found[name].training_seconds:.0f} s", flush=True)
    print(table(found, given))
    print("\nMachine:", report.machine())
    if given.json:
        given.json.write_text(
            json.dumps({name: vars(side) for name, side in found.items()}, indent=1), encoding="utf-8"
        )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.understanding", description=__doc__)
    parser.add_argument("--shots", type=int, default=5, help="messages an intent and language to learn from; 0: all")
    parser.add_argument("--asked", type=int, default=0, help="messages an intent and language to read; 0: all")
    parser.add_argument("--epochs", type=int, default=100, help="of stock Rasa (its own default: 100)")
    parser.add_argument("--sides", nargs="+", choices=["vejviser", "stock"], default=["vejviser", "stock"])
    parser.add_argument("--massive", type=Path, help="folder of MASSIVE's .jsonl files; the city's needs if left out")
    parser.add_argument("--json", type=Path, help="where to write the figures too")
    return parser.parse_args()


def _needs() -> tuple[list[Example], list[Example]]:
    learned = [Example(item.language, item.need, item.text) for item in examples_of(Settings().data / "nlu")]
    asked = [
        Example(path.stem, need, text)
        for path in sorted(HELD_OUT.glob("*.yml"))
        if path.stem != "others"
        for need, texts in read_yaml(path)["plain"].items()  # type: ignore[attr-defined]
        for text in texts
    ]
    return learned, asked


def _massive(folder: Path) -> tuple[list[Example], list[Example]]:
    parts: dict[str, list[Example]] = {"train": [], "dev": []}
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            parts[row["partition"]].append(Example(path.stem[:2], row["intent"], row["utt"]))
    return parts["train"], parts["dev"]


def _few(examples: list[Example], count: int) -> list[Example]:
    """At most `count` of each intent in each language, by chance; all where it is 0."""
    if not count:
        return examples
    kinds: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        kinds[example.language, example.intent].append(example)
    chance = random.Random(SEED)  # noqa: S311 - no secret
    return [one for kind in sorted(kinds) for one in chance.sample(kinds[kind], min(count, len(kinds[kind])))]


def _measure(name: str, folder: Path, learned: list[Example], asked: list[Example], epochs: int) -> Found:
    folder.mkdir()
    python = Path(sys.executable) if name == "vejviser" else install_stock() / "bin" / "python"
    config = _our_config(folder) if name == "vejviser" else _stock_config(epochs)
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    _write_messages(folder / "nlu.yml", learned)
    found = Found()
    begun = time.monotonic()
    _run(
        name, python, "-m", "rasa", "train", "nlu", "--nlu", folder / "nlu.yml", "--config", folder / "config.yml",
        "--out", folder, "--fixed-model-name", "model",
    )  # fmt: skip
    found.training_seconds = time.monotonic() - begun
    (folder / "lines.json").write_text(json.dumps([example.text for example in asked]), encoding="utf-8")
    _run(name, python, READER, folder / "model.tar.gz", folder / "lines.json", folder / "read.json")
    read = json.loads((folder / "read.json").read_text(encoding="utf-8"))
    found.resident_mb, found.milliseconds = read["resident_mb"], read["milliseconds"]
    for language in sorted({example.language for example in asked}):
        pairs = [(it.intent, told) for it, told in zip(asked, read["told"], strict=True) if it.language == language]
        found.accuracy[language] = 100 * sum(right == told for right, told in pairs) / len(pairs)
        found.f1[language] = 100 * macro_f1(pairs)
    return found


def _run(side: str, *command: object) -> None:
    environment = {**ENVIRONMENT, **QUIET}
    if side == "vejviser":
        environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        list(map(str, command)), env=environment, cwd=ROOT if side == "vejviser" else STOCK, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{side}: {done.stderr[-2000:]}")


def _our_config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    parts = [part for part in config["pipeline"] if part["name"].endswith(OUR_PARTS)]
    for part in parts:
        part.update({"remembered": str(folder / "seen.npz")} if "remembered" in part else {})
        part.update({"messages": str(folder)} if "messages" in part else {})
    return {"recipe": "default.v1", "language": "en", "assistant_id": "ours", "pipeline": parts}


def _stock_config(epochs: int) -> dict[str, Any]:
    package = next((STOCK / ".venv").glob("lib/python*/site-packages/rasa"))
    config = with_epochs(package / "engine/recipes/config_files/default_config.yml", epochs)
    return {"recipe": "default.v1", "language": "en", "assistant_id": "stock", "pipeline": config["pipeline"]}


def _write_messages(path: Path, examples: Iterable[Example]) -> None:
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in examples:
        kinds[example.intent, example.language].append(example.text)
    blocks = [
        {
            "intent": intent,
            "metadata": {"language": language},
            "examples": "".join(f"- {' '.join(text.split())}\n" for text in texts),
        }
        for (intent, language), texts in sorted(kinds.items())
    ]
    written = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(written, encoding="utf-8")


def table(found: Mapping[str, Found], given: argparse.Namespace) -> str:
    """Markdown: a row a figure, a column a side."""
    rows = [
        (f"macro-F1 / accuracy {code}", {n: f"{it.f1[code]:.1f} / {it.accuracy[code]:.1f}" for n, it in found.items()})
        for code in next(iter(found.values())).f1
    ]
    rows += [
        ("training, s", {name: f"{it.training_seconds:.0f}" for name, it in found.items()}),
        ("resident, MB", {name: f"{it.resident_mb:.0f}" for name, it in found.items()}),
        ("ms a message, p50 / p95", {name: _spread(it.milliseconds) for name, it in found.items()}),
    ]
    data = "MASSIVE" if given.massive else "needs"
    head = f"{data}, {given.shots or 'all'} messages an intent and language, stock {given.epochs} epochs"
    lines = [f"| {head} | " + " | ".join(found) + " |", "|---|" + "---:|" * len(found)]
    return "\n".join([*lines, *(f"| {name} | " + " | ".join(cells.values()) + " |" for name, cells in rows)])


def _spread(milliseconds: list[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return f"{cuts[49]:.1f} / {cuts[94]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
