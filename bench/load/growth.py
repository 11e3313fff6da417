"""`python -m bench.load.growth`: whether a turn takes longer late in a long chat, and in a store of a million rows.

What is compared is done in turns in one run: the new chat and the long one, the small store and the large one.
"""

import argparse
import statistics
from collections.abc import Iterable, Iterator

from bench.clients import Answered, VejviserClient
from bench.conversations import Turn
from bench.load.residents import KINDS, Found, Resident, for_seconds
from bench.load.service import ENGINES, SQLITE, Service, service
from bench.ours import TURNS

EARLY, LATE = 6, 200
"""Turns after which a chat is compared: both have asked and been answered all there is to ask."""
CHATS, COMPARED = 8, 12
SMALL, LARGE = 10_000, 1_000_000
ROUNDS, SECONDS = 12, 4.0


def main() -> None:
    given = _arguments()
    if "length" in given.what:
        with service(SQLITE, 1) as started:
            length(started)
    for engine in given.engines if "rows" in given.what else ():
        with service(engine, 1, SMALL) as small, service(engine, 1, LARGE) as large:
            print(f"{engine}: stores of {SMALL:,} and {LARGE:,} reports and referrals are there", flush=True)
            rows(engine, small, large)


# A long chat


def length(started: Service) -> None:
    early: list[Answered] = []
    late: list[Answered] = []
    for number in range(CHATS):
        with VejviserClient(started.port, "en") as long, VejviserClient(started.port, "en") as new:
            for turn in script(LATE - COMPARED):
                long.take(turn)
            for turn in script(EARLY):
                new.take(turn)
            for turn in script(COMPARED):
                late.append(long.take(turn))
                early.append(new.take(turn))
        print(f"chat {number + 1} of {CHATS}", flush=True)
    for kind in (True, False):
        compared(
            f"{'typed' if kind else 'pressed'}: turn {EARLY + 1} to {EARLY + COMPARED} and {LATE - COMPARED} to {LATE}",
            *([it.seconds for it in some if it.typed is kind] for some in (early, late)),
        )


def script(turns: int) -> Iterator[Turn]:
    for number in range(turns):
        how, said = TURNS[number % len(TURNS)]
        yield Turn(said, how == "text")


# A full store


def rows(engine: str, small: Service, large: Service) -> None:
    took = Found(), Found()
    for number in range(ROUNDS):
        for started, some in zip((small, large), took, strict=True):
            found = Resident(started.port, number, 0).live(for_seconds(SECONDS))
            if found.errors or found.lost:
                raise RuntimeError(f"{found.errors}, lost: {found.lost}")
            some.turns += found.turns if number else []  # the first round warms up
        print(f"round {number + 1} of {ROUNDS}", flush=True)
    for kind in KINDS:
        compared(f"{engine}, {kind}", *(some.seconds(kind) for some in took))


def compared(what: str, before: Iterable[float], after: Iterable[float]) -> None:
    """Medians in milliseconds, and their ratio."""
    first, then = (1000 * statistics.median(it) for it in (before, after))
    print(f"{what}: {first:.1f} and {then:.1f} ms, {then / first:.2f} times", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.load.growth", description=__doc__)
    parser.add_argument("what", nargs="*", choices=("length", "rows"), default=("length", "rows"))
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
