"""What is measured of a side, and how."""

import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

from bench.clients import CUT, Answered
from bench.conversations import Turn
from bench.served import Served, serving
from bench.sides import Side, Stock

STARTS = 3
"""Starts of which the median counts."""
WARM_UP = 6
"""Turns not counted: on the first ones TensorFlow still compiles its graphs."""
TOGETHER, SECONDS = 50, 120.0
"""Clients at once, where turns a second are counted; and for how long."""

type Conversations = dict[str, list[Turn]]


@dataclass
class Figures:
    """Of one side. Times in the unit of the name; turns in milliseconds."""

    training_seconds: float = 0.0
    starts_seconds: list[float] = field(default_factory=list)
    first_answer_seconds: float = 0.0
    """From the start of the process to the answer to its first typed message."""
    memory_mb: float = 0.0
    action_server_mb: float | None = None
    turns: dict[str, dict[str, float]] = field(default_factory=dict)
    """For `all`, `typed` and `pressed`: count, p50, p95."""
    turns_a_second: float = 0.0
    together: dict[str, float] = field(default_factory=dict)
    """Of all turns of the clients who talk at once: count, p50, p95."""
    failed_together: int = 0
    """Turns of theirs that were refused, or not answered within a minute."""
    presses_as_written: float = 1.0
    """Share of pressed buttons that were the ones written in conversations.yml."""

    @property
    def ready_seconds(self) -> float:
        return statistics.median(self.starts_seconds)


def measure_start(side: Side, figures: Figures) -> None:
    with serving(side.program()) as served:
        figures.starts_seconds.append(served.ready)


def measure_serving(side: Side, figures: Figures, conversations: Conversations, rounds: int) -> None:
    """The last start, then one client, then many at once, then the memory that is left of it."""
    with ExitStack() as stack:
        served = stack.enter_context(serving(side.program()))
        figures.starts_seconds.append(served.ready)
        actions = stack.enter_context(serving(side.action_server())) if isinstance(side, Stock) else None
        figures.first_answer_seconds = served.ready + _warm_up(side, served, conversations)
        _count_alone(
            figures, [answered for _ in range(rounds) for answered in _one_client(side, served, conversations)]
        )
        _count_together(figures, side, served, conversations)
        figures.memory_mb = served.memory_mb()
        figures.action_server_mb = actions.memory_mb() if actions else None


def _warm_up(side: Side, served: Served, conversations: Conversations) -> float:
    """Seconds of the very first turn, which is a typed one."""
    language, turns = next(iter(conversations.items()))
    return _session(side, served, language, turns[:WARM_UP])[0].seconds


def _one_client(side: Side, served: Served, conversations: Conversations) -> Iterable[Answered]:
    return chain.from_iterable(_session(side, served, *conversation) for conversation in conversations.items())


def _session(side: Side, served: Served, language: str, turns: list[Turn]) -> list[Answered]:
    with side.client(served.program.port, language) as client:
        return [client.take(turn) for turn in turns]


def _count_alone(figures: Figures, answered: list[Answered]) -> None:
    pressed = [turn for turn in answered if not turn.typed]
    figures.presses_as_written = sum(turn.as_written for turn in pressed) / len(pressed)
    figures.turns = {
        "all": _spread(answered),
        "typed": _spread([turn for turn in answered if turn.typed]),
        "pressed": _spread(pressed),
    }


def _spread(answered: list[Answered]) -> dict[str, float]:
    milliseconds = sorted(turn.seconds * 1000 for turn in answered)
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {"count": len(milliseconds), "p50": cuts[49], "p95": cuts[94]}


def _count_together(figures: Figures, side: Side, served: Served, conversations: Conversations) -> None:
    """Clients that play one session after the other without a pause, the languages dealt round."""
    dealt = [list(conversations.items())[number % len(conversations)] for number in range(TOGETHER)]
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(TOGETHER) as clients:
        talks = [clients.submit(_talk, side, served, *conversation, until) for conversation in dealt]
        answered = [turn for talk in talks for turn in talk.result()[0]]
    figures.turns_a_second = len(answered) / SECONDS
    figures.together = _spread(answered)
    figures.failed_together = sum(talk.result()[1] for talk in talks)


def _talk(side: Side, served: Served, language: str, turns: list[Turn], until: float) -> tuple[list[Answered], int]:
    """What was answered in time, and how many turns failed; who is not answered begins anew."""
    answered: list[Answered] = []
    failed = 0
    while time.monotonic() < until:
        try:
            with side.client(served.program.port, language) as client:
                for turn in turns:
                    told = client.take(turn)
                    if time.monotonic() > until:
                        break
                    answered.append(told)
        except CUT:
            failed += 1
    return answered, failed
