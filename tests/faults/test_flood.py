"""A flood of scripted reports from one source does not keep an honest person from filing theirs."""

import threading
import time
from collections import Counter

import httpx
import pytest

from tests.reports import ONLY_COUNTED, SEND, way
from tests.server import Server
from tests.web.interface import Chat, replies_of

SOURCES = 4
PROMISED = 10_000 / 60
"""Reports a minute beside which the honest ones get through."""
WAY = way("flood", ONLY_COUNTED, short=True)


def gets_a_receipt(url: str) -> bool:
    """Tells a report from the first press to the last, as the page does; whether it ends in a receipt in time."""
    with httpx.Client(base_url=url, timeout=60.0) as client:
        try:
            chat = Chat(client)
            for step in WAY:
                answer = chat.presses(step.button) if step.button else chat.says(str(step.text))
                assert answer.is_success
            return "utter_report_receipt" in replies_of(chat.presses(SEND))
        except (httpx.TransportError, AssertionError):
            return False


@pytest.mark.parametrize(
    ("flood", "apart"),
    [pytest.param(20, 0.0, marks=pytest.mark.slow), pytest.param(10_000, 60.0, marks=pytest.mark.long)],
)
def test_honest_reports_get_through_a_flood(server: Server, flood: int, apart: float) -> None:
    """Every honest one (99 of a hundred were promised), though all come from one address, which nobody keeps.

    They come `apart` seconds after one another, as long as the flood lasts.
    """
    filed: Counter[bool] = Counter()

    def pour() -> None:
        for number in range(flood // SOURCES):
            filed[gets_a_receipt(server.url)] += 1
            if number % 100 == 0:
                print(f"{filed.total()} of {flood}", flush=True)  # noqa: T201 - progress for the person who waits

    sources = [threading.Thread(target=pour) for _ in range(SOURCES)]
    before = len(server.rows("report"))
    begun = time.monotonic()
    for source in sources:
        source.start()
    honestly: list[bool] = []
    while any(source.is_alive() for source in sources):
        honestly.append(gets_a_receipt(server.url))
        sources[0].join(apart)
    for source in sources:
        source.join()
    minutes = (time.monotonic() - begun) / 60
    print(f"{filed}; honest: {Counter(honestly)}; in {minutes:.1f} minutes")  # noqa: T201 - the run's figures
    assert all(honestly)
    assert filed == {True: flood}
    assert len(server.rows("report")) == before + flood + len(honestly)
    assert not apart or flood / minutes >= PROMISED
