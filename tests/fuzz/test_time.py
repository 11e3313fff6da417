"""No single message or form keeps the one thread that answers everybody; time of the processor, not of the clock."""

import time
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from bot.casework.receipt import DIGITS, digits_of
from bot.engine.guide import Guide
from bot.engine.hearing import LONGEST_TEXT, LONGEST_WORDS
from bot.language.runs import loosened
from bot.web.chat import LONGEST_BODY
from bot.web.forms import LONGEST_FORM
from tests.fuzz.texts import SIGNS
from tests.web.interface import Chat

MOST = 4.0
"""Seconds. What was mended took 19 to 35; what is left takes 0.1 to 1.2."""
WHOLE_SIGNS = [sign for sign in SIGNS if sign.strip() and sign.isprintable()]


def seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.parametrize("sign", WHOLE_SIGNS, ids=ascii)
def test_ten_thousand_of_a_sign_are_looked_through_for_danger(guide: Guide, sign: str) -> None:
    """What somebody tells may be so long."""
    told = (sign * LONGEST_WORDS)[:LONGEST_WORDS]
    assert seconds(lambda: guide.engine.tells_of_danger(told)) < MOST


@pytest.mark.parametrize("number", ["12345678 ", "010190-1234 ", "1234 5678 9012 3456 7890 ", "9"])
def test_a_message_full_of_numbers_is_refused_as_fast_as_any(chat: Chat, number: str) -> None:
    said = (number * LONGEST_BODY)[: LONGEST_BODY - 1_000]
    assert seconds(lambda: chat.says(said)) < MOST
    assert chat.says(said).status_code == 413


def test_a_form_full_of_numbers_is_refused_as_fast_as_any(client: TestClient, chat: Chat) -> None:
    form = {"id": "1", "text": ("12345678 " * LONGEST_FORM)[: LONGEST_FORM - 1_000]}
    client.cookies.set("vejviser_session", chat.token)
    assert seconds(lambda: client.post("/say", data=form)) < MOST


def test_a_receipt_of_a_megabyte_is_none() -> None:
    assert seconds(lambda: digits_of("1" * 1_000_000, DIGITS)) < 0.05


@pytest.mark.parametrize("sign", ["a", "?!", "漢", "\ufdfa", "a-", "12345678 "], ids=ascii)
def test_the_longest_message_is_answered(chat: Chat, sign: str) -> None:
    said = (sign * LONGEST_TEXT)[:LONGEST_TEXT].strip()
    assert seconds(lambda: chat.says(said)) < MOST


@pytest.mark.parametrize(
    "text", ["Jeg bor på Nørrebro", "https://www.kk.dk/borger/job-og-ydelser", "لا أريد", "a " * 500]
)
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert loosened(text) == text
