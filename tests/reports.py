"""A report as somebody tells it, for tests that file one: the buttons and words of the chat, and the telling itself."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.casework.desk import Desk
from bot.casework.own_report import OwnReports
from bot.casework.receipt import DIGITS, digits_of
from bot.casework.sealing import ReportKey
from bot.casework.telling import Telling
from bot.casework.vocabulary import CONSENTS

WORDS = "My landlord said no when he heard my name."
BEFORE_WORDS = ("need_report_discrimination", "safe_yes", "role_self")
AFTER_WORDS = ("report_done", "when_unknown", "district_norrebro", "relation_landlord", "report_skip")
CODES = (
    "ground_ethnic_origin", "ground_religion_belief", "report_done", "area_housing", "form_direct", "report_done",
    "worse_yes", "reason_none", "harm_fear", "report_done", "proof_none", "report_done", "wish_advice", "report_done",
)  # fmt: skip
ONLY_COUNTED = ("read_no",)
TO_BE_ANSWERED = ("read_yes", "reply_yes", "forward_no", "contact_receipt_only")
SEND = "report_send"
VERSIONS = dict.fromkeys(CONSENTS, "0123456789ab")


@dataclass(frozen=True)
class Step:
    button: str | None = None
    text: str | None = None


def way(words: str = WORDS, consents: tuple[str, ...] = TO_BE_ANSWERED, *, short: bool = False) -> list[Step]:
    """All the way to where the report is read back; `short` skips what can be skipped."""
    codes = ("report_done", "report_to_consents") if short else (*AFTER_WORDS, *CODES)
    return [
        *(Step(button) for button in BEFORE_WORDS),
        Step(text=words),
        *(Step(button) for button in (*codes, *consents)),
    ]


def a_telling(words: str = WORDS, *, readable: bool = True, attempt: str = "attempt", **answers: list[str]) -> Telling:
    """Told to its end; `answers` replace those it has."""
    yes = "yes" if readable else "no"
    told = {
        "safe": ["yes"], "role": ["self"], "narrative": [words], "when": ["2026-10"], "day": ["2026-10-12"],
        "district": ["valby"], "relation": ["landlord"], "organisation": ["Bolig ApS"],
        "ground": ["ethnic_origin", "language"], "area": ["housing"], "form": ["direct"], "worse": ["yes"],
        "reason": ["none"], "harm": ["fear"], "proof": ["none"], "wish": ["advice"], "read": [yes], "reply": [yes],
        "forward": ["no"], "contact": ["phone"], "value": ["22 33 44 55"], "times": ["after 16"],
    } | answers  # fmt: skip
    return Telling(attempt, told, [name for name in told if name != "day"])


def filed(desk: Desk, telling: Telling | None = None, secret: bytes = b"secret", language: str = "ar") -> str:
    """The receipt of a report that is filed as the chat files it."""
    telling = telling or a_telling()

    async def work() -> str:
        filing = await desk.begin_filing(telling, secret)
        return await desk.file(filing, telling.report(language), VERSIONS)

    return asyncio.run(work())


def opened(own: OwnReports, receipt: str) -> ReportKey:
    found = asyncio.run(own.open(receipt))
    assert isinstance(found, ReportKey)
    return found


def receipt_in(text: str) -> str:
    """The first receipt that stands in a text."""
    for start in range(len(text)):
        for end in (start + DIGITS + 4, start + DIGITS):
            if found := digits_of(text[start:end], DIGITS):
                return found
    raise AssertionError("no receipt")


def go(resident: Any, steps: list[Step]) -> Any:
    """Walk a way with somebody who `says` and `presses`."""
    for step in steps:
        if step.button:
            resident.presses(step.button)
        else:
            resident.says(step.text)
    return resident
