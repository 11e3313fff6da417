"""`python -m bench`: train both sides, serve both, talk to both, compare.

By estimate more than half an hour on two quiet cores, nearly all of it the training of stock Rasa.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from bench import report
from bench.conversations import read_conversations
from bench.measure import STARTS, Figures, measure_serving, measure_start
from bench.sides import Stock, Vejviser
from bot.settings import ROOT

ROUNDS = 3
"""How often one client plays all conversations."""


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and folders of this run end with it
    machine, conversations = report.machine(), read_conversations()
    epochs = 1 if given.quick else given.epochs
    if given.quick:
        conversations = {code: turns[:10] for code, turns in conversations.items()}
    with tempfile.TemporaryDirectory(prefix="vejviser-bench-") as folder:
        sides = [Vejviser(Path(folder) / "vejviser"), Stock(Path(folder) / "stock", epochs)]
        figures = ours, stock = Figures(), Figures()
        for side, found in zip(sides, figures, strict=True):
            if given.trained and isinstance(side, Stock):
                side.take_trained()
                continue
            found.training_seconds = side.train()
            print(f"{side.name}: trained in {found.training_seconds:.0f} s", flush=True)
        for number in range(1, STARTS):
            for side, found in zip(sides, figures, strict=True):
                measure_start(side, found)
                print(f"{side.name}: start {number} of {STARTS}, {found.starts_seconds[-1]:.1f} s", flush=True)
        for side, found in zip(sides, figures, strict=True):
            measure_serving(side, found, conversations, 1 if given.quick else ROUNDS)
            print(f"{side.name}: start {STARTS} and conversations, {found.turns_a_second:.0f} turns/s", flush=True)
    report.write(given.json, ours, stock, machine, epochs)
    print(f"\n{report.table(ours, stock, epochs)}\n\nMachine: {machine}\nAs JSON: {given.json}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=ROOT / "bench" / "results" / "latest.json", help="where to write")
    parser.add_argument("--epochs", type=int, help="train stock Rasa for fewer than its 100: for all but training time")
    parser.add_argument("--trained", action="store_true", help="stock Rasa with the model of the run before")
    parser.add_argument(
        "--quick", action="store_true", help="one epoch, few turns: tries the benchmark, measures nothing"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
