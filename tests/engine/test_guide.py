"""The guide as its callers see it: begin, say, replay, erase, each turn whole or not at all."""

import asyncio
import contextlib
import datetime as dt
import json
import re
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.engine import steps as steps_module
from bot.engine.conversation import SessionKeys, new_token
from bot.engine.guide import Guide
from bot.engine.hearing import LONGEST_ID, LONGEST_TEXT, Said
from bot.errors import ConversationEndedError, NotSavedError, Problem
from bot.settings import Settings
from tests.keys import make_keys
from tests.reports import ONLY_COUNTED, SEND, go, way
from tests.resident import Resident, everything

TO_THE_END = way(consents=ONLY_COUNTED, short=True)


def replay(resident: Resident) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = asyncio.run(resident.guide.replay(resident.token))["messages"]
    return messages


def refused(resident: Resident, **said: str) -> Problem:
    with pytest.raises(Problem) as told:
        asyncio.run(resident.guide.say(resident.token, **{"message_id": uuid.uuid4().hex, **said}))
    return told.value


# Begin


def test_the_first_message_is_the_welcome_in_the_language_asked_for(guide: Guide) -> None:
    for code, language in guide.languages.items():
        begun = Resident(guide, code)
        assert (begun.reply["lang"], begun.reply["dir"], begun.replies) == (code, language.direction, ["utter_welcome"])
        assert "112" in begun.text


@pytest.mark.parametrize(("header", "code"), [("ar-SY,en;q=0.5", "ar"), ("fr", "da"), ("", "da"), ("en", "en")])
def test_without_a_choice_the_browsers_wish_is_followed(guide: Guide, header: str, code: str) -> None:
    assert Resident(guide, None, header).reply["lang"] == code


@pytest.mark.parametrize("code", ["", "xx", "EN", "en-GB", "../en"])
def test_a_language_that_is_not_spoken_is_a_problem(guide: Guide, code: str) -> None:
    with pytest.raises(Problem) as told:
        Resident(guide, code)
    assert (told.value.status, told.value.word) == (422, "problem.unknown_language")


# Say


def test_the_same_message_again_gets_the_same_answer_and_does_nothing(resident: Resident) -> None:
    first = resident.presses("need_danish_start", message_id="one").reply
    kept = replay(resident)
    assert resident.presses("need_danish_start", message_id="one").reply == first
    assert replay(resident) == kept


def test_an_older_message_again_gets_its_own_answer(resident: Resident) -> None:
    first = resident.presses("need_danish_start", message_id="one").reply["messages"]
    resident.presses("residence_work", message_id="two")
    again = resident.presses("need_danish_start", message_id="one").reply["messages"]
    assert again == first


def test_other_words_under_a_used_id_are_a_problem(resident: Resident) -> None:
    resident.presses("need_danish_start", message_id="one")
    problem = refused(resident, message_id="one", text="something else")
    assert (problem.status, problem.word) == (409, "problem.used_again")
    assert refused(resident, message_id="one", button="need_first_steps").word == "problem.used_again"


def test_the_newest_answers_can_be_asked_for_again_and_no_more_are_kept(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps_module, "KEPT_ANSWERS", 5)
    for number in range(7):
        resident.presses("language_en", message_id=f"id-{number}")
    keys = SessionKeys.of(resident.token)
    answered = asyncio.run(resident.guide._conversations.load(keys)).main.answered
    assert list(answered) == [f"id-{number}" for number in range(2, 7)]


@pytest.mark.parametrize(
    ("said", "status", "word"),
    [
        ({"text": ""}, 400, "problem.empty"),
        ({"text": " \n\t"}, 400, "problem.empty"),
        ({}, 400, "problem.empty"),
        ({"text": "hello", "button": "language_en"}, 400, "problem.empty"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, 413, "problem.too_long"),
        ({"text": "hello", "message_id": ""}, 400, "problem.unreadable"),
        ({"text": "hello", "message_id": "x" * (LONGEST_ID + 1)}, 400, "problem.unreadable"),
        ({"button": ""}, 422, "problem.not_offered"),
        ({"button": "count_yes"}, 422, "problem.not_offered"),
        ({"button": "language_xx"}, 422, "problem.not_offered"),
        ({"button": "/restart"}, 422, "problem.not_offered"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_and_changes_nothing(
    resident: Resident, said: dict[str, str], status: int, word: str
) -> None:
    before = replay(resident)
    problem = refused(resident, **said)
    assert (problem.status, problem.word) == (status, word)
    assert replay(resident) == before


def test_a_text_of_the_greatest_length_is_answered(resident: Resident) -> None:
    assert resident.says("أ" * LONGEST_TEXT, message_id="x" * LONGEST_ID).messages


def test_a_button_can_be_pressed_only_while_it_is_offered(resident: Resident) -> None:
    resident.presses("need_danish_start", "residence_work")
    assert refused(resident, button="residence_work").word == "problem.not_offered"


def test_a_language_can_always_be_chosen(resident: Resident) -> None:
    resident.presses("need_danish_start", "language_ar")
    assert (resident.reply["lang"], resident.reply["dir"]) == ("ar", "rtl")


def test_one_word_never_changes_a_language_that_was_chosen(resident: Resident) -> None:
    assert resident.says("Jeg vil gerne lære dansk").reply["lang"] == "en"


def test_without_a_choice_the_guide_speaks_the_language_it_is_spoken_to(guide: Guide) -> None:
    nobody_asked = Resident(guide, None)
    assert nobody_asked.reply["lang"] == "da"
    assert nobody_asked.says("I would like to learn Danish, please").reply["lang"] == "en"


def test_a_typed_answer_presses_its_button(resident: Resident) -> None:
    resident.presses("need_danish_start")
    assert "residence_work" in resident.buttons
    resident.says("I came to work")
    assert "utter_danish_start" in resident.replies


def test_messages_that_come_together_are_answered_one_after_the_other(resident: Resident) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(
            *(resident.guide.say(resident.token, str(number), button="language_en") for number in range(5))
        )

    asyncio.run(all_at_once())
    told = replay(resident)
    assert [message["from"] for message in told] == ["guide", *["resident", "guide"] * 5]
    assert [message["id"] for message in told] == [f"m{number}" for number in range(len(told))]


# Replay and erase


def test_the_whole_conversation_can_be_read_again(resident: Resident) -> None:
    resident.presses("need_danish_start", "residence_work")
    told = replay(resident)
    assert [message["from"] for message in told[:5]] == ["guide", "resident", "guide", "resident", "guide"]
    assert told[3]["reply"] is None
    assert [it for message in told for it in message["services"]]


def test_cards_are_made_when_they_are_shown(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    resident.presses("need_danish_start", "residence_work")
    cards = [card for message in resident.messages for card in message["services"]]
    assert [card for message in replay(resident) for card in message["services"]] == cards
    assert all(len(card["what"]) > 20 for card in cards)
    kept = resident.kept()
    assert [it for message in kept.transcript for it in message["services"]] == [{"id": card["id"]} for card in cards]
    left = {name: it for name, it in resident.guide.directory.services.items() if name != cards[0]["id"]}
    monkeypatch.setattr(resident.guide._replies, "_services", left)
    assert [card for message in replay(resident) for card in message["services"]] == cards[1:]


def test_in_a_replay_only_the_newest_buttons_can_be_pressed(resident: Resident) -> None:
    assert replay(resident)[0]["buttons"]
    resident.presses("need_danish_start")
    told = replay(resident)
    assert [bool(message["buttons"]) for message in told] == [False, False, True]
    assert [button["id"] for button in told[-1]["buttons"]] == resident.buttons


def test_a_conversation_that_was_erased_has_ended_for_everything(resident: Resident) -> None:
    asyncio.run(resident.guide.erase(resident.token))
    for attempt in (
        resident.guide.say(resident.token, "one", text="hello"),
        resident.guide.replay(resident.token),
        resident.guide.language_of(resident.token),
    ):
        with pytest.raises(ConversationEndedError):
            asyncio.run(attempt)
    asyncio.run(resident.guide.erase(resident.token))


def test_asking_the_guide_to_delete_erases_after_it_was_confirmed(resident: Resident) -> None:
    resident.says("delete this chat")
    assert resident.reply["ended"] is False
    resident.presses("delete_chat_yes")
    assert resident.reply["ended"] is True
    with pytest.raises(ConversationEndedError):
        asyncio.run(resident.guide.replay(resident.token))


def test_a_token_that_was_never_given_out_opens_nothing(guide: Guide) -> None:
    with pytest.raises(ConversationEndedError):
        asyncio.run(guide.say(new_token(), "one", text="hello"))


def test_a_conversation_that_was_tampered_with_has_ended(resident: Resident) -> None:
    store = resident.guide._conversations
    asyncio.run(
        store._worker.do(
            lambda database: database.execute(
                "UPDATE conversation SET sealed = randomblob(1000) WHERE id = ?",
                [SessionKeys.of(resident.token).conversation_id],
            )
        )
    )
    with pytest.raises(ConversationEndedError):
        asyncio.run(resident.guide.replay(resident.token))


# When it cannot be written


@pytest.fixture(scope="module")
def on_own_disk(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    guide = Guide(Settings(var=tmp_path_factory.mktemp("own")), model)
    make_keys(guide.store)
    yield guide
    guide.close()


def turns_read_only(worker: Any, state: str) -> None:
    asyncio.run(worker.do(lambda database: database.execute(f"PRAGMA query_only={state}").fetchall()))


def test_a_turn_that_cannot_be_kept_is_said_not_to_be(on_own_disk: Guide) -> None:
    resident = Resident(on_own_disk, "en")
    before = replay(resident)
    turns_read_only(on_own_disk._conversations._worker, "ON")
    with pytest.raises(NotSavedError):
        resident.presses("need_danish_start")
    with pytest.raises(NotSavedError):
        Resident(on_own_disk, "en")
    turns_read_only(on_own_disk._conversations._worker, "OFF")
    assert replay(resident) == before
    assert resident.presses("need_danish_start").messages


@pytest.fixture
def unsaved(on_own_disk: Guide) -> Resident:
    """Somebody whose report could not be stored; now it could."""
    resident = go(Resident(on_own_disk, "en"), TO_THE_END)
    turns_read_only(on_own_disk.store._worker, "ON")
    resident.presses(SEND)
    turns_read_only(on_own_disk.store._worker, "OFF")
    return resident


def test_a_report_that_cannot_be_kept_is_said_not_to_be_and_has_no_receipt(unsaved: Resident) -> None:
    assert unsaved.replies == ["utter_report_not_saved"]
    assert not re.search(r"\d{4} \d{4}", unsaved.text)
    assert SEND in unsaved.buttons


def test_a_report_that_could_not_be_kept_can_be_sent_again(unsaved: Resident) -> None:
    before = unsaved.counts()["report"]
    unsaved.presses(SEND)
    assert "utter_report_receipt" in unsaved.replies
    assert unsaved.counts()["report"] == before + 1


def test_a_report_is_not_stored_where_the_conversation_could_not_say_so_afterwards(on_own_disk: Guide) -> None:
    """What comes after the report's commit, killed or not, is in tests/faults/test_forgetting.py."""
    resident = go(Resident(on_own_disk, "en"), TO_THE_END)
    turns_read_only(on_own_disk._conversations._worker, "ON")
    before = resident.counts()["report"]
    with pytest.raises(NotSavedError):
        resident.presses(SEND, message_id="last")
    assert resident.counts()["report"] == before
    turns_read_only(on_own_disk._conversations._worker, "OFF")
    for _ in range(3):
        resident.presses(SEND, message_id="last")
        assert "utter_report_receipt" in resident.replies
    assert resident.counts()["report"] == before + 1


def test_a_mark_tells_text_and_button_apart() -> None:
    assert Said("1", text="yes").mark == Said("2", text="yes").mark
    assert Said("1", text="yes").mark != Said("1", button="yes").mark


# Numbers and dates


@pytest.mark.parametrize("number", ["010290-1234", "٠١٠٢٩٠-١٢٣٤", "22 33 44 55"])
def test_a_number_that_says_who_somebody_is_is_hidden_and_kept_nowhere(resident: Resident, number: str) -> None:
    resident.says(f"I lost my job, my number is {number}, what do I do now?")
    assert "utter_number_hidden" in resident.replies
    kept = resident.kept()
    written = json.dumps([vars(kept), everything(kept.main)], ensure_ascii=False, default=str)
    assert "I lost my job, my number is" in written
    assert number not in written
    assert re.sub(r"\D", "", number) not in written


def test_a_receipt_that_is_typed_is_hidden_and_tried(resident: Resident) -> None:
    resident.says("I come back with 1234 5678 9012 3456 7890")
    assert resident.replies == ["utter_receipt_unknown"]
    kept = resident.kept()
    assert "I come back with •••• •••• •••• •••• ••••" in str(everything(kept.main))
    assert "5678" not in str(everything(kept.main))


@pytest.mark.parametrize(
    ("said", "month"), [("yesterday", "now"), ("in October 2025", "2025-10"), ("two years ago", "earlier")]
)
def test_when_it_was_may_be_typed(resident: Resident, said: str, month: str) -> None:
    expected = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)).isoformat()[:7] if month == "now" else month
    before = reported(resident, expected)
    go(resident, TO_THE_END[:4]).presses("report_done").says(said)
    assert resident.replies == ["utter_ask_report_district"]
    resident.presses("report_to_consents", *ONLY_COUNTED, SEND)
    assert reported(resident, expected) == before + 1


def reported(resident: Resident, when: str) -> int:
    with contextlib.closing(sqlite3.connect(resident.guide.settings.var / "store.db")) as stored:
        counted: tuple[int] = stored.execute("select count(*) from report where incident_when = ?", [when]).fetchone()
    return counted[0]
