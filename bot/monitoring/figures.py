"""Figures for operators, as Prometheus takes them: how long, how many, how often it failed; nothing of a person.

A scrape has a time, and at night one turn may stand alone between two of them: so needs and languages are told in
fives, and two figures that moved together do not tell who asked what. Of reports only what is late is told, which
changes with the day: never the hour in which one came.
"""

from collections import Counter as Numbers
from collections.abc import Container, Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0)
UNDERSTAND, LEAD, SAVE = "understand", "lead", "save"
TOGETHER = 5

_turns = Histogram("vejviser_turn_seconds", "Time of a turn, by its step", ["step"], buckets=SECONDS)
_needs = Counter("vejviser_needs", "Needs that were answered, told in fives", ["need"])
_languages = Counter("vejviser_turns", "Turns by the language of the conversation, told in fives", ["language"])
_not_understood = Counter("vejviser_not_understood", "Messages for which several needs, or a person, were offered")
not_saved = Counter("vejviser_not_saved", "Times that the store or the conversations could not be read or written")
reports_late = Gauge("vejviser_reports_late", "Open reports whose clock has run out", multiprocess_mode="mostrecent")
oldest_late_days = Gauge(
    "vejviser_oldest_late_days", "Days since the first of those clocks ran out", multiprocess_mode="mostrecent"
)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """One step of a turn, also where it fails."""
    begun = perf_counter()
    try:
        yield
    finally:
        _turns.labels(step).observe(perf_counter() - begun)


class InFives:
    """A count by label that grows by five or not at all; what is left when a process ends is never told."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._waiting: Numbers[str] = Numbers()
        self._lock = Lock()

    def add(self, label: str) -> None:
        with self._lock:
            self._waiting[label] += 1
            if self._waiting[label] < TOGETHER:
                return
            del self._waiting[label]
        self._counter.labels(label).inc(TOGETHER)


_needs_in_fives, _languages_in_fives = InFives(_needs), InFives(_languages)
FALLBACK, OF_REPORTS = "nlu_fallback", "report"


def note_turn(intent: str, language: str, known: Container[str]) -> None:
    """A turn that is over; a report is no need here, whatever it is about."""
    if intent == FALLBACK:
        _not_understood.inc()
    elif intent in known and not intent.startswith(OF_REPORTS):
        _needs_in_fives.add(intent)
    _languages_in_fives.add(language)
