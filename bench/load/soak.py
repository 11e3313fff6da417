"""`python -m bench.load.soak`: an hour of residents who come, talk, report and go, and the memory of the service."""

import argparse
import statistics
import threading
from collections import Counter

from bench.load.residents import Found, live, spread
from bench.load.service import ENGINES, SQLITE, service

EVERY = 60.0
"""Seconds between two looks."""
SETTLED = 10
"""Minutes after which memory counts; compared are as many minutes then and at the end."""


def main() -> None:
    given = _arguments()
    with service(given.engine, given.workers) as started:
        lives: list[Found] = []
        running = threading.Thread(
            target=lambda: lives.append(live(started.port, given.residents, 60 * given.minutes, given.pause))
        )
        running.start()
        memory: list[float] = []
        while running.is_alive():
            running.join(EVERY)
            memory.append(started.served.shared_memory_mb())
            print(f"minute {len(memory)} of {given.minutes}: {memory[-1]:.1f} MB", flush=True)
        stored = started.reports()
    (found,) = lives
    print(f"{len(found.turns)} turns: {spread(found.seconds())} ms, {len(found.errors)} errors, {len(found.lost)} lost")
    print(f"{len(set(found.receipts))} receipts, {stored} reports; {Counter(found.errors + found.lost).most_common(5)}")
    first, last = (statistics.median(some) for some in (memory[SETTLED : 2 * SETTLED], memory[-SETTLED:]))
    print(f"memory: {first:.1f} MB in minutes {SETTLED} to {2 * SETTLED}, {last:.1f} in the last {SETTLED}: "
          f"{100 * (last / first - 1):+.1f} %")  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.load.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--residents", type=int, default=30)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default=SQLITE)
    return parser.parse_args()


if __name__ == "__main__":
    main()
