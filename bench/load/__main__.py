"""`python -m bench.load`: so many residents at once, on each engine, in one, two and four processes.

Prints turns a second, times by kind of turn, errors, what was lost, memory, and the processor's time for a turn.
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.load.residents import KINDS, Found, Resident, for_seconds
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
    live(service, given.residents, WARM_UP, pause)
    reports, used = service.reports(), service.served.processor_seconds()
    found = live(service, given.residents, given.seconds, pause)
    used = service.served.processor_seconds() - used
    turns = [it for one in found for it in one.turns]
    errors = Counter(error for one in found for error in one.errors)
    receipts = [receipt for one in found for receipt in one.receipts]
    lost = sum(one.lost for one in found) + abs(service.reports() - reports - len(set(receipts)))
    line = (
        f" {len(turns) / given.seconds:.0f} | {spread([it.seconds for it in turns])} | {errors.total()} | {lost} |"
        f" {service.served.shared_memory_mb():.0f} | {1000 * used / len(turns):.1f} |"
    )
    kinds = {kind: [it.seconds for it in turns if it.kind == kind] for kind in KINDS}
    told = [f"    {kind} {len(some)}: {spread(some)}" for kind, some in kinds.items() if some]
    return "\n".join([line, *told, *(f"    {error} ({times})" for error, times in errors.most_common(5))])


def live(service: Service, residents: int, seconds: float, pause: float) -> Sequence[Found]:
    goes_on = for_seconds(seconds)
    with ThreadPoolExecutor(residents) as threads:
        return [*threads.map(lambda number: Resident(service.port, number, pause).live(goes_on), range(residents))]


def spread(seconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    if len(seconds) < 2:
        return "–"
    cuts = statistics.quantiles((1000 * it for it in seconds), n=100, method="inclusive")
    return " / ".join(f"{cuts[at - 1]:.0f}" for at in (50, 95, 99))


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
