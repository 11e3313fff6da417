"""Staff's work on the coded side: whose a report is, its state, its labels; two at once, and codes that are none."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.casework.caseload import LONGEST_LABEL, MOST_LABELS, OPEN_STATUSES, Caseload
from bot.casework.clocks import CLOSED, IN_REVIEW, Clocks
from bot.casework.vocabulary import CLOSINGS, HOLDS, JOURNAL, STATUSES, TRIAGES
from bot.errors import ConversationEndedError
from bot.language.dates import today
from bot.store.case_verbs import Sought
from bot.store.sqlite import SqliteStore
from tests.casework.room import Room
from tests.reports import VERSIONS

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.store.close()


# Whose it is


def test_of_many_who_take_a_report_at_once_one_has_it(room: Room) -> None:
    report, names = room.report, [f"colleague-{number}" for number in range(20)]

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(room.caseload.take(report, name) for name in names))

    taken = asyncio.run(all_at_once())
    assert sum(taken) == 1
    assert room.row.assigned_to == names[taken.index(True)]


def test_two_processes_do_not_both_take_a_report(room: Room) -> None:
    other = SqliteStore(room.folder / "store.db")
    try:
        assert asyncio.run(Caseload(other, Clocks()).take(room.report, "amina"))
        assert not asyncio.run(room.caseload.take(room.report, "kim"))
    finally:
        other.close()
    assert room.row.assigned_to == "amina"


def test_a_report_is_given_to_somebody_else_and_to_nobody(room: Room) -> None:
    asyncio.run(room.caseload.take(room.report, "sam"))
    asyncio.run(room.caseload.assign(room.report, "kim"))
    assert room.row.assigned_to == "kim"
    asyncio.run(room.caseload.assign(room.report, None))
    assert room.row.assigned_to is None
    assert asyncio.run(room.caseload.take(room.report, "sam"))


def test_nobody_takes_a_report_that_is_gone(room: Room) -> None:
    assert not asyncio.run(room.caseload.take(secrets.token_hex(16), "sam"))


# Its state


def test_every_open_state_can_be_set(room: Room) -> None:
    for status in OPEN_STATUSES:
        asyncio.run(room.caseload.set_status(room.report, status))
        assert room.row.status == status
        assert asyncio.run(room.caseload.count_by_status()) == {status: 1}


def test_closing_is_the_only_state_with_a_way_of_its_own() -> None:
    assert {*OPEN_STATUSES, CLOSED} == set(STATUSES)


def test_a_report_is_closed_with_how_it_ended_and_opened_again(room: Room) -> None:
    for outcome in CLOSINGS:
        asyncio.run(room.caseload.close(room.report, outcome))
        row = room.row
        assert (row.status, row.outcome, row.closed_on) == (CLOSED, outcome, today())
        asyncio.run(room.caseload.reopen(room.report))
        row = room.row
        assert (row.status, row.outcome, row.closed_on) == (IN_REVIEW, None, None)


def test_a_state_that_is_set_just_after_a_colleague_closed_leaves_no_half_closed_report(room: Room) -> None:
    """Or else an open report would be deleted as early as a closed one that was spam."""
    kept = room.row.keep_until
    asyncio.run(room.caseload.set_triage(room.report, "spam"))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    asyncio.run(room.caseload.set_status(room.report, IN_REVIEW))
    row = room.row
    assert (row.outcome, row.closed_on, row.keep_until) == (None, None, kept)


def test_every_triage_state_of_the_journal_and_hold_can_be_set(room: Room) -> None:
    for triage in TRIAGES:
        asyncio.run(room.caseload.set_triage(room.report, triage))
        assert room.row.triage == triage
    for journal in JOURNAL:
        asyncio.run(room.caseload.set_journal(room.report, journal))
        assert room.row.journal == journal
    for hold in (*HOLDS, None):
        asyncio.run(room.caseload.hold(room.report, hold))
        assert room.row.hold == hold


def test_a_translator_is_asked_for_and_found(room: Room) -> None:
    for needed in (True, False):
        asyncio.run(room.caseload.set_translator(room.report, needed=needed))
        assert room.row.translator is needed
        assert asyncio.run(room.caseload.seek(Sought(translator=True))).total == int(needed)


type Order = Callable[[Caseload, str, str], Awaitable[object]]
CODED: dict[str, Order] = {
    "status": Caseload.set_status,
    "closing": Caseload.close,
    "triage": Caseload.set_triage,
    "journal": Caseload.set_journal,
    "hold": Caseload.hold,
}


@pytest.mark.parametrize("order", CODED)
def test_what_is_no_code_changes_nothing(room: Room, order: str) -> None:
    before = room.row
    for code in ("", "x", "NEW", "unseen ", "ny", "جديد", "\x00", HOSTILE, "x" * 100_000):
        with pytest.raises(ValueError, match="not a code"):
            asyncio.run(_ordered(CODED[order], room.caseload, room.report, code))
    assert room.row == before


def test_closed_is_no_state_that_can_be_set_without_a_reason(room: Room) -> None:
    with pytest.raises(ValueError, match="not a code"):
        asyncio.run(room.caseload.set_status(room.report, CLOSED))


async def _ordered(order: Order, caseload: Caseload, report: str, value: str) -> None:
    await order(caseload, report, value)


# Labels


def test_labels_are_told_apart_by_commas_and_kept_once(room: Room) -> None:
    kept = asyncio.run(room.caseload.set_labels(room.report, " housing , caf\u00e9,, housing,\n two\t words ,"))
    assert kept == ["housing", "caf\u00e9", "two words"]
    assert asyncio.run(room.caseload.facts(room.report)).labels == ("caf\u00e9", "housing", "two words")
    assert asyncio.run(room.caseload.labels_in_use()) == ["caf\u00e9", "housing", "two words"]


def test_new_labels_replace_the_old_ones_and_none_takes_them_away(room: Room) -> None:
    for typed, kept in (("a, b", ("a", "b")), ("b, c", ("b", "c")), (" , ", ())):
        asyncio.run(room.caseload.set_labels(room.report, typed))
        assert asyncio.run(room.caseload.facts(room.report)).labels == kept


@pytest.mark.parametrize("label", [HOSTILE, "'; DROP TABLE report; --", "بولیگ", "\u202eevil", "ブ", "=1+1"])
def test_a_label_is_only_text(room: Room, label: str) -> None:
    asyncio.run(room.caseload.set_labels(room.report, label))
    page = asyncio.run(room.caseload.seek(Sought(label=label)))
    assert [row.id for row in page.rows] == [room.report]
    assert page.labels == {room.report: (label,)}


@pytest.mark.parametrize(
    "typed",
    [
        ",".join(f"label {number}" for number in range(MOST_LABELS + 1)),
        "x" * (LONGEST_LABEL + 1),
        "ok, " + "x" * 1_000_000,
    ],
)
def test_too_many_or_too_long_labels_change_nothing(room: Room, typed: str) -> None:
    asyncio.run(room.caseload.set_labels(room.report, "kept"))
    with pytest.raises(ValueError, match="not a code"):
        asyncio.run(room.caseload.set_labels(room.report, typed))
    assert asyncio.run(room.caseload.facts(room.report)).labels == ("kept",)


def test_just_as_many_labels_as_there_may_be_are_kept(room: Room) -> None:
    typed = ",".join(f"{number}".ljust(LONGEST_LABEL, "x") for number in range(MOST_LABELS))
    assert len(asyncio.run(room.caseload.set_labels(room.report, typed))) == MOST_LABELS


# What is known without a key


def test_the_facts_hold_codes_and_consents_and_not_one_word(room: Room) -> None:
    facts = asyncio.run(room.caseload.facts(room.report))
    assert facts.answers["ground"] == ("ethnic_origin", "language")
    assert facts.consents == {"staff_may_read": "yes", "staff_may_reply": "yes", "may_forward": "no"}
    assert "landlord said" not in repr(facts)
    assert "Bolig ApS" not in repr(facts)
    assert "22 33 44 55" not in repr(facts)


def test_the_facts_tell_every_consent_in_the_order_it_was_said(room: Room) -> None:
    for answer in ("no", "yes", "no"):
        asyncio.run(room.own.consent(room.key, {"staff_may_reply": answer}, VERSIONS, "en"))
    facts = asyncio.run(room.caseload.facts(room.report))
    assert [it.answer for it in facts.said if it.consent == "staff_may_reply"] == ["yes", "no", "yes", "no"]
    assert facts.consents["staff_may_reply"] == "no"


@pytest.mark.parametrize(
    "order",
    [
        lambda caseload, report: caseload.facts(report),
        lambda caseload, report: caseload.set_status(report, IN_REVIEW),
        lambda caseload, report: caseload.close(report, "answered"),
        lambda caseload, report: caseload.reopen(report),
        lambda caseload, report: caseload.set_triage(report, "genuine"),
        lambda caseload, report: caseload.set_labels(report, "a"),
    ],
    ids=["facts", "status", "close", "reopen", "triage", "labels"],
)
def test_a_report_that_was_withdrawn_is_gone_for_staff(
    room: Room, order: Callable[[Caseload, str], Awaitable[object]]
) -> None:
    asyncio.run(room.caseload.set_labels(room.report, "a label"))
    asyncio.run(room.own.withdraw(room.key))
    with pytest.raises(ConversationEndedError):
        asyncio.run(_done(order, room.caseload, room.report))
    assert asyncio.run(room.caseload.row(room.report)) is None
    assert asyncio.run(room.caseload.labels_in_use()) == []


async def _done(order: Callable[[Caseload, str], Awaitable[object]], caseload: Caseload, report: str) -> None:
    await order(caseload, report)
