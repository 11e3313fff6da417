"""One step back: what stood there before stands there again, and what lasts is not taken back."""

import asyncio
import random
from typing import Any

import pytest

from bot.engine.guide import Guide
from bot.engine.steps import MOST
from tests.reports import ONLY_COUNTED, SEND, go, way
from tests.resident import Resident

IRREVERSIBLE = ("language_", "erase", "delete", "report_send", "report_pause", "report_cancel")


def whole(resident: Resident) -> dict[str, Any]:
    return asyncio.run(resident.guide.replay(resident.token))


def back(resident: Resident, seen: int | None = None) -> dict[str, Any]:
    shown = len(whole(resident)["messages"]) if seen is None else seen
    resident.reply = asyncio.run(resident.guide.back.go(resident.token, shown))
    return resident.reply


def test_the_question_before_stands_there_again_and_can_be_answered_otherwise(resident: Resident) -> None:
    resident.presses("need_danish_start")
    before = whole(resident)
    resident.presses("residence_work")
    assert resident.reply["back"]
    assert back(resident) == before
    titles = {it["id"]: it["title"] for it in before["messages"][-1]["buttons"]}
    resident.presses("residence_study")
    assert [it["text"] for it in whole(resident)["messages"] if it["from"] == "resident"][-1] == titles[
        "residence_study"
    ]


def test_a_new_conversation_has_no_step_back(resident: Resident) -> None:
    before = whole(resident)
    assert not before["back"]
    assert back(resident) == before


def test_a_double_tap_is_one_step(resident: Resident) -> None:
    resident.presses("need_danish_start", "residence_work")
    shown = len(whole(resident)["messages"])
    once = back(resident, shown)
    assert back(resident, shown) == once


def test_five_steps_are_kept(resident: Resident) -> None:
    for number in range(MOST + 3):
        resident.says(f"hello {number}")
    steps = 0
    while whole(resident)["back"]:
        back(resident)
        steps += 1
    assert steps == MOST


@pytest.mark.parametrize("lasting", ["language_da", "make_slip"])
def test_what_lasts_is_not_taken_back_and_nothing_before_it(resident: Resident, lasting: str) -> None:
    resident.presses("need_danish_start", "residence_work")
    while lasting != "language_da" and lasting not in resident.buttons:
        resident.presses(resident.buttons[0])
    resident.presses(lasting)
    after = whole(resident)
    assert not after["back"]
    assert back(resident) == after


def test_what_was_taken_back_and_comes_late_is_not_said_again(resident: Resident) -> None:
    asked = resident.presses("need_danish_start").messages
    resident.presses("residence_work", message_id="late")
    before = back(resident)
    assert resident.presses("residence_work", message_id="late").messages == asked
    assert whole(resident) == before


# A report


def test_the_first_step_of_a_report_leads_out_of_it(resident: Resident) -> None:
    before = whole(resident)
    resident.presses("need_report_discrimination")
    assert resident.reply["back"]
    assert back(resident) == before
    assert not asyncio.run(resident.guide.visits.is_telling(resident.token))


def test_a_sent_report_is_not_taken_back(resident: Resident) -> None:
    before = resident.counts()["report"]
    go(resident, way(consents=ONLY_COUNTED, short=True))
    resident.presses(SEND)
    after = whole(resident)
    assert not after["back"]
    assert back(resident) == after
    assert resident.counts()["report"] == before + 1


def test_what_was_told_and_taken_back_is_not_in_the_report(resident: Resident) -> None:
    resident.presses("need_report_discrimination")
    while not resident.reply["messages"][-1]["reply"].endswith("narrative"):
        resident.presses(resident.buttons[0])
    before = whole(resident)
    resident.says("They said that people like me get no flat here.")
    assert back(resident) == before
    assert "no flat" not in str(whole(resident))


@pytest.mark.parametrize("seed", range(4))
def test_on_any_way_each_step_back_is_what_was_there(guide: Guide, seed: int) -> None:
    """Buttons pressed by lot, for guidance and reports: a step back, as long as it is offered, changes nothing else."""
    chance = random.Random(seed)  # noqa: S311 - which button
    resident = Resident(guide, chance.choice(sorted(guide.languages)))
    taken = 0
    for _ in range(16):
        before = whole(resident)
        open_ones = [it for it in resident.buttons if not it.startswith(IRREVERSIBLE)]
        if open_ones:
            resident.presses(chance.choice(open_ones))
        else:
            resident.says("hello")
        if whole(resident)["back"]:
            assert back(resident) == before
            taken += 1
            resident.presses(chance.choice(open_ones)) if open_ones else resident.says("hello")
    assert taken > 4
