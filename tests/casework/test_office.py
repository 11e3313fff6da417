"""The sealed side: what staff read, answer and note with the team's key, and what a consent that is gone stops."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey

from bot.casework import office as office_module
from bot.casework.keyring import FIRST, TeamKey
from bot.casework.likeness import organisation_mark
from bot.casework.office import AFTER_ANSWER, contact_of
from bot.casework.sealing import ReportKey
from bot.casework.vocabulary import COVERAGE, READ, REPLY
from bot.errors import ConversationEndedError, NotAllowedError, SealBrokenError
from bot.language.dates import today
from bot.settings import ROOT
from bot.store.case_verbs import Sought
from tests.casework.room import Room
from tests.keys import keyring_of
from tests.reports import VERSIONS, WORDS, a_telling, filed, opened

NOTE = "NOTECANARY: she seems afraid."
REASON = "REASONCANARY: section 3 names it."
LABEL = "LABELCANARY"
A_TEAM = TeamKey("a", PrivateKey.generate())
OTHERS_PASSPHRASE = "correct horse battery staple"
TEXTS = [
    pytest.param("x", id="one letter"),
    pytest.param("سلام، کجا بود؟ \u202e<b>", id="right to left"),
    pytest.param("নমস্কার 你好 Привіт", id="other scripts"),
    pytest.param("<script>alert('x')</script> {{ 7*7 }} ' OR 1=1 --", id="hostile"),
    pytest.param("🦊" * 10_000, id="huge"),
    pytest.param("\ud800 half a letter", id="half a letter"),
    pytest.param("a\x00b\r\n\tc", id="control characters"),
    pytest.param("e" + "\u0301" * 5_000, id="marks"),
]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.store.close()


def alike(room: Room, key: ReportKey) -> list[str]:
    return [row.id for row in room.sees(key).alike.get("organisation", [])]


# Reading


def test_staff_read_what_was_told_in_the_order_it_was_told(room: Room) -> None:
    read = room.sees()
    assert [it.kind for it in read.words.told] == ["narrative", "organisation", "day", "contact"]
    assert read.words.told[0].text == WORDS
    assert {it.language for it in read.words.told} == {"ar"}
    assert contact_of(read.words) == {"method": "phone", "value": "22 33 44 55", "times": "after 16"}


def test_a_corrected_part_stands_beside_the_earlier_one(room: Room) -> None:
    asyncio.run(room.own.correct(room.key, "narrative", "It was the caretaker.", "en", "a"))
    told = [it.text for it in room.sees().words.told if it.kind == "narrative"]
    assert told == [WORDS, "It was the caretaker."]


def test_a_contact_that_was_taken_back_is_none(room: Room) -> None:
    asyncio.run(room.own.correct(room.key, "contact", "", "en", "a"))
    assert contact_of(room.sees().words) is None


def test_somebody_with_the_receipt_only_cannot_be_reached(room: Room) -> None:
    key = opened(room.own, filed(room.desk, a_telling(contact=["receipt_only"], value=[""], times=[""])))
    assert contact_of(room.sees(key).words) is None


def test_what_the_person_wrote_is_new_until_staff_have_opened_it(room: Room) -> None:
    asyncio.run(room.own.write(room.key, "Are you there?", "en", "a"))
    assert _unread(room) == {room.report}
    room.sees()
    assert _unread(room) == set()


def _unread(room: Room) -> set[str]:
    return set(asyncio.run(room.store.cases.seek(Sought())).unread)


def test_a_message_that_comes_while_a_report_is_opened_is_not_taken_for_read(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes just after the pieces were read from the store: it is not on the page, so it stays new."""
    real, written = room.store.reports.pieces, []

    async def pieces_and_then_a_message(report_id: str) -> Any:
        found = await real(report_id)
        if not written:
            written.append("a")
            await room.own.write(room.key, "One more thing.", "en", "a")
        return found

    monkeypatch.setattr(room.store.reports, "pieces", pieces_and_then_a_message)
    assert room.sees().words.messages == ()
    assert _unread(room) == {room.report}


def test_a_report_that_is_only_counted_has_no_key_for_staff(room: Room) -> None:
    key = room.another(readable=False)
    with pytest.raises(NotAllowedError):
        room.sees(key)


def test_another_teams_key_opens_nothing(room: Room) -> None:
    with pytest.raises(SealBrokenError):
        asyncio.run(room.office.open(room.report, A_TEAM))


# Answering


@pytest.mark.parametrize("text", TEXTS)
def test_an_answer_arrives_as_it_was_written_and_marked_with_its_language(room: Room, text: str) -> None:
    asyncio.run(room.office.answer(room.report, room.team, text, "fa"))
    (message,) = asyncio.run(room.own.read(room.key)).messages
    assert (message.text, message.language, message.sender, message.is_new) == (text, "fa", "staff", True)


@pytest.mark.parametrize("consent", [READ, REPLY])
def test_a_consent_that_is_taken_back_stops_an_answer_at_once(room: Room, consent: str) -> None:
    """Staff have the report open when its person changes their mind."""
    before = room.sees()
    room.takes_back(consent)
    with pytest.raises(NotAllowedError):
        asyncio.run(room.office.answer(room.report, room.team, "Hello", "en"))
    after = asyncio.run(room.own.look(room.key))
    assert after.messages == ()
    assert after.row.status == before.words.row.status


def test_a_consent_that_is_given_again_lets_staff_answer_again(room: Room) -> None:
    room.takes_back(READ)
    asyncio.run(room.own.consent(room.key, {READ: "yes", REPLY: "yes"}, VERSIONS, "ar"))
    asyncio.run(room.office.answer(room.report, room.team, "Hello", "en"))
    assert [it.text for it in asyncio.run(room.own.look(room.key)).messages] == ["Hello"]


@pytest.mark.parametrize("status", ["", "new", "closed", "referred", "x"])
def test_an_answer_leaves_a_report_in_no_other_state_than_it_may(room: Room, status: str) -> None:
    assert status not in AFTER_ANSWER
    with pytest.raises(ValueError, match="status"):
        asyncio.run(room.office.answer(room.report, room.team, "Hello", "en", status))
    assert asyncio.run(room.own.look(room.key)).messages == ()


def test_a_report_that_was_withdrawn_takes_no_answer_note_or_view(room: Room) -> None:
    asyncio.run(room.own.withdraw(room.key))
    with pytest.raises(ConversationEndedError):
        asyncio.run(room.office.answer(room.report, room.team, "Hello", "en"))
    for order in (
        room.office.add_note(room.report, room.team, NOTE, "kim"),
        room.office.note_coverage(room.report, room.team, "covered_likely", REASON, "kim"),
        room.office.open(room.report, room.team),
        room.office.file(room.report, room.team, "x"),
    ):
        with pytest.raises((NotAllowedError, ConversationEndedError)):
            asyncio.run(order)
    for table in ("piece", "note", "coverage_view", "likeness"):
        assert not room.count(table), table


# Notes, apart from replies


@pytest.mark.parametrize("text", TEXTS)
def test_a_note_is_kept_sealed_with_who_wrote_it_and_when(room: Room, text: str) -> None:
    asyncio.run(room.office.add_note(room.report, room.team, "first", "kim"))
    asyncio.run(room.office.add_note(room.report, room.team, text, "sam"))
    notes = room.sees().notes
    assert [(it.text, it.by_whom, it.on_day) for it in notes] == [("first", "kim", today()), (text, "sam", today())]
    if len(text) > 1:
        assert text.encode("utf-8", "surrogatepass")[:50] not in room.on_disk()


def test_nothing_that_staff_write_for_themselves_reaches_the_person(room: Room) -> None:
    """`read`, `look` and `copy` are all that the chat and the own page have of a report."""
    asyncio.run(room.office.add_note(room.report, room.team, NOTE, "the-note-writer"))
    asyncio.run(room.office.note_coverage(room.report, room.team, "outside_law_now", REASON, "the-jurist"))
    asyncio.run(room.caseload.set_labels(room.report, LABEL))
    asyncio.run(room.caseload.take(room.report, "the-caseworker"))
    room.sees()
    copy = asyncio.run(room.own.copy(room.key))
    read, looked = asyncio.run(room.own.read(room.key)), asyncio.run(room.own.look(room.key))
    whole = repr([read, looked]) + json.dumps(copy, default=str)
    assert WORDS in whole
    for canary in ("NOTECANARY", "REASONCANARY", LABEL, "the-note-writer", "the-jurist", "outside_law_now"):
        assert canary not in whole, canary
    assert "the-caseworker" not in json.dumps(copy, default=str)


def test_the_chat_and_the_own_page_have_no_way_to_a_note() -> None:
    """Only the office opens notes, and only the console has an office."""
    opens = {path for path in _sources("bot", "actions") if ".notes(" in path.read_text(encoding="utf-8")}
    assert opens == {Path(office_module.__file__)}
    has = {path for path in _sources("bot", "actions") if " = Office(" in path.read_text(encoding="utf-8")}
    assert has == {ROOT / "bot" / "web" / "console" / "desk.py"}


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_a_note_that_was_moved_to_another_report_does_not_open(room: Room) -> None:
    other = room.another("Another")
    asyncio.run(room.office.add_note(room.report, room.team, NOTE, "kim"))
    room.store._worker.database.execute("UPDATE note SET report_id = ?", [other.report_id])
    with pytest.raises(SealBrokenError):
        room.sees(other)


# The law, as staff see it


def test_a_later_view_of_the_law_stands_beside_the_earlier_one_and_changes_nothing_told(room: Room) -> None:
    before = asyncio.run(room.own.look(room.key))
    for place, result in enumerate(COVERAGE):
        asyncio.run(room.office.note_coverage(room.report, room.team, result, f"{REASON} {place}", "kim"))
    views = room.sees().views
    assert [(it.result, it.reason) for it in views] == [(it, f"{REASON} {n}") for n, it in enumerate(COVERAGE)]
    assert {(it.by_whom, it.on_day) for it in views} == {("kim", today())}
    assert [it.is_newest for it in views] == [False, False, False, True]
    assert asyncio.run(room.own.look(room.key)) == before


def test_no_view_says_that_it_did_not_happen(room: Room) -> None:
    for result in ("", "untrue", "not_discrimination", "spam"):
        with pytest.raises(ValueError, match="not a code"):
            asyncio.run(room.office.note_coverage(room.report, room.team, result, REASON, "kim"))
    assert room.sees().views == ()


@pytest.mark.parametrize("text", TEXTS)
def test_a_reason_comes_back_as_it_was_written(room: Room, text: str) -> None:
    asyncio.run(room.office.note_coverage(room.report, room.team, "covered_unclear", text, "kim"))
    assert room.sees().views[0].reason == text


def test_without_the_consent_to_read_nothing_can_be_noted(room: Room) -> None:
    room.takes_back(READ)
    for order in (
        room.office.add_note(room.report, room.team, NOTE, "kim"),
        room.office.note_coverage(room.report, room.team, "covered_likely", REASON, "kim"),
        room.office.file(room.report, room.team, "x"),
        room.office.open(room.report, room.team),
    ):
        with pytest.raises(NotAllowedError):
            asyncio.run(order)
    assert asyncio.run(room.store.cases.notes(room.report)) == []


# Which reports are alike

SAME = [
    ("Bolig ApS", "BOLIG APS", "  bolig ", "Bolig, A.p.S.", "bolig\u200b aps", "ＢＯＬＩＧ"),
    ("Bolig-Gruppen A/S", "boliggruppen", "Bolig Gruppen"),
    ("Hansen & Søn I/S", "Hansen og Son", "hansen and soen"),
    ("Århus Bolig", "Aarhus Bolig", "Arhus Bolig", "A\u030arhus bolig"),
    ("Café Nørre", "cafe norre", "Cafe Noerre"),
    ("7-Eleven", "7 eleven", "٧ Eleven"),
    ("شركة الإسكان", "شركه الاسكان", "شَرِكة الإسكان"),
    ("ТОВ Дім", "тов дім"),
]
DIFFERENT = ["Bolig ApS", "Boliger ApS", "Bolig 2", "Netto", "شركة", "Дім", "不動産", "7"]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_one_organisation_has_one_mark_however_it_is_written(names: tuple[str, ...]) -> None:
    assert len({organisation_mark(A_TEAM, name) for name in names}) == 1
    assert organisation_mark(A_TEAM, names[0])


def test_different_organisations_have_different_marks() -> None:
    assert len({organisation_mark(A_TEAM, name) for name in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize("name", ["", " ", "...", "A/S", "ApS", "&", "\ud800", "\u202e", "😀", "\x00"])
def test_what_is_no_name_is_like_nothing(name: str) -> None:
    assert organisation_mark(A_TEAM, name) is None


def test_a_huge_name_is_only_one_more() -> None:
    assert organisation_mark(A_TEAM, "Bolig" * 200_000) != organisation_mark(A_TEAM, "Bolig")


def test_without_the_teams_key_no_name_can_be_tried() -> None:
    another = TeamKey(A_TEAM.id, PrivateKey.generate())
    assert organisation_mark(another, "Bolig") != organisation_mark(A_TEAM, "Bolig")


def test_reports_about_one_organisation_find_each_other_once_both_were_opened(room: Room) -> None:
    first, second, third = (room.another(name) for name in ("Nørre Bolig ApS", "norre bolig", "Netto"))
    assert alike(room, first) == []
    assert alike(room, second) == [first.report_id]
    assert alike(room, first) == [second.report_id]
    assert alike(room, third) == []
    assert b"bolig" not in room.on_disk().lower()


def test_a_corrected_name_is_like_what_it_is_now(room: Room) -> None:
    first, second, third = (room.another(name) for name in ("Bolig", "Bolig ApS", "Netto A/S"))
    for key in (first, second, third):
        room.sees(key)
    asyncio.run(room.own.correct(first, "organisation", "Netto", "en", "a"))
    assert alike(room, first) == [third.report_id]
    assert alike(room, second) == []


def test_a_withdrawn_report_is_like_nothing_any_more(room: Room) -> None:
    first, second = room.another("Bolig"), room.another("Bolig ApS")
    for key in (first, second):
        room.sees(key)
    asyncio.run(room.own.withdraw(first))
    assert alike(room, second) == []


def test_a_report_that_may_not_be_read_any_more_is_like_nothing(room: Room) -> None:
    """Likeness was made of what was told: without the consent it is not shown at the other report either."""
    first, second = room.another("Bolig"), room.another("Bolig ApS")
    for key in (first, second):
        room.sees(key)
    room.takes_back(READ, first)
    assert alike(room, second) == []


def test_no_mark_is_made_of_a_report_whose_consent_was_just_taken_back(room: Room) -> None:
    room.takes_back(READ)
    asyncio.run(room.store.cases.mark_likeness(room.report, room.team.id, {"organisation": "m"}))
    assert room.count("likeness") == 0


def test_marks_are_gone_when_the_teams_key_is_replaced_and_made_anew_with_the_new_one(room: Room) -> None:
    first, second = room.another("Bolig"), room.another("Bolig ApS")
    for key in (first, second):
        room.sees(key)
    before = _marks(room)
    assert len(before) == 1
    keyring = keyring_of(room.store)
    asyncio.run(keyring.add(room.team, "amina", OTHERS_PASSPHRASE))
    asyncio.run(keyring.remove(room.team, FIRST))
    new = asyncio.run(keyring.open("amina", OTHERS_PASSPHRASE))
    room.team = new
    assert alike(room, first) == []
    assert _marks(room).isdisjoint(before)
    assert alike(room, second) == [first.report_id]
    assert len(_marks(room)) == 1


def _marks(room: Room) -> set[str]:
    return {row["mark"] for row in room.store._worker.database.query("SELECT mark FROM likeness")}
