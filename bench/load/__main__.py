"""`python -m bench.load`: so many residents at once, on each engine, in one, two and four processes.

Prints turns a second, times by kind of turn, errors, what was lost, memory, and the processor's time for a turn.
"""

import argparse
from collections import Counter

from bench.load.residents import KINDS, live, spread
from bench.load.service import ENGINES, Service, service

WARM_UP = 10.0
"""Seconds not counted."""


def main() -> None:
    given = _arguments()
    print(
        "| engine | processes | pause, s | turns/s | p50 / p95 / p99, ms | errors | lost | MB | processor, ms a turn |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for engine in given.engines:
        for workers in given.workers:
            with service(engine, workers) as started:
                for pause in given.pause:
                    print(f"| {engine} | {workers} | {pause:g} |", measured(started, given, pause), flush=True)


def measured(service: Service, given: argparse.Namespace, pause: float) -> str:
    """A line of the table, and a line for each kind of turn."""
    live(service.port, given.residents, WARM_UP, pause)
    reports, used = service.reports(), service.served.processor_seconds()
    found = live(service.port, given.residents, given.seconds, pause)
    used = service.served.processor_seconds() - used
    filed = service.reports() - reports
    lost = len(found.lost) + abs(filed - len(set(found.receipts)))
    line = (
        f" {len(found.turns) / given.seconds:.0f} | {spread(found.seconds())} | {len(found.errors)} | {lost} |"
        f" {service.served.shared_memory_mb():.0f} | {1000 * used / len(found.turns):.1f} |"
    )
    kinds = {kind: found.seconds(kind) for kind in KINDS}
    told = [f"    {kind} {len(some)}: {spread(some)}" for kind, some in kinds.items() if some]
    often = Counter(found.errors + found.lost).most_common(5)
    told.append(f"    {filed} reports, {len(set(found.receipts))} receipts")
    told += [f"    {error} ({times})" for error, times in often]
    return "\n".join([line, *told, *(f"    {complaint}" for complaint in service.complaints()[:5])])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("--residents", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, nargs="+", default=[0, 5], help="mean seconds between their turns")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
