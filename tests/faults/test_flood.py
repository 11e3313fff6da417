"""A flood of scripted reports from one source does not keep an honest person from filing theirs."""

import threading
from collections import Counter

import httpx
import pytest

from tests.reports import ONLY_COUNTED, SEND, way
from tests.server import Server
from tests.web.interface import Chat, replies_of

SOURCES = 4
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
    ("flood", "honest"),
    [pytest.param(20, 3, marks=pytest.mark.slow), pytest.param(10_000, 60, marks=pytest.mark.long)],
)
def test_honest_reports_get_through_a_flood(server: Server, flood: int, honest: int) -> None:
    """Every honest one (99 of a hundred were promised), though all come from one address, which nobody keeps."""
    filed: Counter[bool] = Counter()

    def pour() -> None:
        for _ in range(flood // SOURCES):
            filed[gets_a_receipt(server.url)] += 1

    sources = [threading.Thread(target=pour) for _ in range(SOURCES)]
    before = len(server.rows("report"))
    for source in sources:
        source.start()
    honestly = [gets_a_receipt(server.url) for _ in range(honest)]
    for source in sources:
        source.join()
    assert all(honestly)
    assert filed == {True: flood}
    assert len(server.rows("report")) == before + flood + honest
