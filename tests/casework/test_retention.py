"""How long a report is kept, day by day: there on its last day, gone on the next, held where the law wants it."""

import asyncio
import datetime as dt
import json
from dataclasses import replace

import pytest
import time_machine
from dateutil.relativedelta import relativedelta

from bot.audit.anchor import Anchor
from bot.audit.journal import Journal
from bot.casework.caseload import OPEN_STATUSES
from bot.casework.retention import delete_expired, keep_until, leaving
from bot.casework.vocabulary import HOLDS, TRIAGES
from bot.errors import HeldError
from bot.language.dates import today
from bot.store.report_verbs import ReportRow
from bot.store.sqlite import SqliteStore
from bot.store.verbs import SlipRow
from tests.casework.room import CAME, Room, goes_to
from tests.store.rows import a_referral

pytestmark = pytest.mark.usefixtures("clock")

LAST = dt.date(2028, 11, 30)
ONE_DAY = dt.timedelta(days=1)
LABEL = "LABELCANARY"


def on_record(room: Room) -> list[tuple[str, str, dict[str, object]]]:
    rows = asyncio.run(room.store.audit.since(0, 1_000))
    return [(row.verb, row.object, json.loads(row.detail)) for row in rows]


# The rules


@pytest.mark.parametrize("triage", TRIAGES)
def test_an_open_report_is_kept_for_two_years_whatever_staff_think_of_it(room: Room, triage: str) -> None:
    asyncio.run(room.caseload.set_triage(room.report, triage))
    for status in OPEN_STATUSES:
        asyncio.run(room.caseload.set_status(room.report, status))
        assert room.row.keep_until == LAST, status


@pytest.mark.parametrize(
    ("triage", "last"),
    [
        ("unseen", LAST),
        ("genuine", LAST),
        ("spam", dt.date(2027, 2, 28)),
        ("test", dt.date(2027, 2, 28)),
        ("duplicate", dt.date(2027, 7, 31)),
    ],
)
def test_a_closed_report_is_kept_by_what_it_was(
    room: Room, clock: time_machine.Traveller, triage: str, last: dt.date
) -> None:
    """Closed first and looked through after, or the other way round."""
    goes_to(clock, dt.date(2027, 1, 31))
    asyncio.run(room.caseload.set_triage(room.report, triage))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    assert room.row.keep_until == last
    asyncio.run(room.caseload.set_triage(room.report, "genuine"))
    assert room.row.keep_until == LAST
    asyncio.run(room.caseload.set_triage(room.report, triage))
    assert room.row.keep_until == last


def test_closing_late_keeps_nothing_longer_than_was_promised(room: Room, clock: time_machine.Traveller) -> None:
    goes_to(clock, dt.date(2028, 11, 20))
    asyncio.run(room.caseload.set_triage(room.report, "duplicate"))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    assert room.row.keep_until == LAST


def test_two_years_after_the_29th_of_february_end_on_the_28th(room: Room) -> None:
    row = ReportRow(**{**vars(room.row), "received_on": dt.date(2028, 2, 29)})
    assert keep_until(row) == dt.date(2030, 2, 28)


def test_what_its_person_writes_keeps_a_closed_report_as_was_promised(
    room: Room, clock: time_machine.Traveller
) -> None:
    asyncio.run(room.caseload.set_triage(room.report, "spam"))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    goes_to(clock, dt.date(2026, 12, 20))
    asyncio.run(room.own.write(room.key, "It is true, and it happened again.", "en", "a"))
    goes_to(clock, dt.date(2027, 2, 1))
    assert room.deletes() == 0
    assert room.row.keep_until == LAST


def test_an_answer_that_meets_a_report_just_closed_opens_it_and_keeps_it_as_was_promised(room: Room) -> None:
    """Of two colleagues at once, one closes and one answers."""
    asyncio.run(room.caseload.set_triage(room.report, "spam"))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    asyncio.run(room.office.answer(room.report, room.team, "Hvornår var det?", "da"))
    row = room.row
    assert (row.status, row.closed_on, row.outcome, row.keep_until) == ("awaiting_reporter", None, None, LAST)


# The daily run


def test_a_report_is_there_on_its_last_day_and_gone_on_the_next(room: Room, clock: time_machine.Traveller) -> None:
    for day in (LAST - ONE_DAY, LAST):
        goes_to(clock, day)
        assert room.deletes() == 0
        assert room.row
    assert "report_erased" not in [verb for verb, *_ in on_record(room)]
    goes_to(clock, LAST + ONE_DAY)
    assert room.deletes() == 1
    assert asyncio.run(room.store.counts())["report"] == 0


def test_the_last_day_lasts_until_midnight(room: Room, clock: time_machine.Traveller) -> None:
    clock.move_to(dt.datetime(2028, 11, 30, 23, 59, 59, tzinfo=dt.UTC))
    assert room.deletes() == 0
    clock.shift(dt.timedelta(seconds=1))
    assert room.deletes() == 1


@pytest.mark.parametrize(("triage", "last"), [("spam", dt.date(2026, 12, 30)), ("duplicate", dt.date(2027, 5, 30))])
def test_what_was_no_report_of_its_own_goes_on_the_day_after_its_last(
    room: Room, clock: time_machine.Traveller, triage: str, last: dt.date
) -> None:
    asyncio.run(room.caseload.set_triage(room.report, triage))
    asyncio.run(room.caseload.close(room.report, "not_a_report"))
    goes_to(clock, last)
    assert room.deletes() == 0
    goes_to(clock, last + ONE_DAY)
    assert room.deletes() == 1


def test_nothing_of_a_deleted_report_lies_on_the_disk(room: Room, clock: time_machine.Traveller) -> None:
    """Words, notes, views, labels, marks and keys; what stays is that it was deleted."""
    asyncio.run(room.caseload.set_labels(room.report, LABEL))
    asyncio.run(room.office.add_note(room.report, room.team, "A note.", "kim"))
    asyncio.run(room.office.note_coverage(room.report, room.team, "covered_likely", "A reason.", "kim"))
    asyncio.run(room.office.open(room.report, room.team))
    sealed = [
        *(row.sealed for row in asyncio.run(room.store.reports.pieces(room.report))),
        *(row.sealed for row in asyncio.run(room.store.cases.notes(room.report))),
        *(row.sealed for row in asyncio.run(room.store.reports.coverage(room.report))),
        *(row.sealed for row in asyncio.run(room.store.reports.keys_of_team())),
    ]
    assert len(sealed) == 7
    before = room.on_disk()
    assert LABEL.encode() in before
    assert all(it[:32] in before for it in sealed)
    goes_to(clock, LAST + ONE_DAY)
    assert room.deletes() == 1
    after = room.on_disk()
    assert LABEL.encode() not in after
    assert not [it for it in sealed if it[:32] in after or it[-32:] in after]
    for table in ("report", "piece", "report_key", "report_consent", "coverage_view", "note", "likeness"):
        assert not room.count(table), table


# A reason of law


@pytest.mark.parametrize("reason", HOLDS)
def test_a_held_report_outlives_its_time_until_the_hold_is_lifted(
    room: Room, clock: time_machine.Traveller, reason: str
) -> None:
    asyncio.run(room.caseload.hold(room.report, reason))
    goes_to(clock, dt.date(2030, 1, 1))
    assert room.deletes() == 0
    with pytest.raises(HeldError, match=f"^{reason}$"):
        asyncio.run(room.own.withdraw(room.key))
    asyncio.run(room.caseload.hold(room.report, None))
    assert room.deletes() == 1
    assert asyncio.run(room.store.counts())["report"] == 0


def test_one_report_that_is_held_keeps_no_other(room: Room, clock: time_machine.Traveller) -> None:
    other = room.another()
    asyncio.run(room.caseload.hold(room.report, "court_case"))
    goes_to(clock, LAST + ONE_DAY)
    assert room.deletes() == 1
    assert [row.id for row in asyncio.run(room.store.reports.reports())] == [room.report]
    assert on_record(room) == [
        ("report_erased", other.report_id, {"why": "retention"}),
        ("retention_run", "2028-12-01", {"deleted": 1, "held": 1}),
    ]


# On record


def test_each_deletion_is_on_record_and_was_nobodys_order(room: Room, clock: time_machine.Traveller) -> None:
    goes_to(clock, LAST + ONE_DAY)
    room.deletes()
    assert on_record(room) == [
        ("report_erased", room.report, {"why": "retention"}),
        ("retention_run", "2028-12-01", {"deleted": 1, "held": 0}),
    ]
    rows = asyncio.run(room.store.audit.since(0, 10))
    assert {(row.actor, row.role) for row in rows} == {("", "program")}


def test_a_run_that_finds_nothing_is_on_record_once_a_day(room: Room, clock: time_machine.Traveller) -> None:
    """The chat's process asks every minute."""
    for day in (CAME, CAME + ONE_DAY):
        goes_to(clock, day)
        for _ in range(5):
            assert room.deletes() == 0
    assert on_record(room) == [
        ("retention_run", "2026-11-30", {"deleted": 0, "held": 0}),
        ("retention_run", "2026-12-01", {"deleted": 0, "held": 0}),
    ]


def test_a_report_that_is_held_does_not_fill_the_record(room: Room, clock: time_machine.Traveller) -> None:
    asyncio.run(room.caseload.hold(room.report, "police_case"))
    goes_to(clock, LAST + ONE_DAY)
    for _ in range(60):
        room.deletes()
    assert on_record(room) == [("retention_run", "2028-12-01", {"deleted": 0, "held": 1})]


def test_two_processes_that_run_at_once_delete_once(room: Room, clock: time_machine.Traveller) -> None:
    goes_to(clock, LAST + ONE_DAY)
    other = SqliteStore(room.folder / "store.db")

    async def both() -> list[int]:
        elsewhere = Journal(other.audit, Anchor(room.folder / "elsewhere" / "audit.anchor"))
        return await asyncio.gather(
            delete_expired(room.store, room.journal, today()), delete_expired(other, elsewhere, today())
        )  # fmt: skip

    try:
        assert sorted(asyncio.run(both())) == [0, 1]
    finally:
        other.close()


# What leaves next


def test_what_leaves_is_shown_a_week_before_and_not_earlier(room: Room, clock: time_machine.Traveller) -> None:
    shown = {}
    for days in (-9, -7, 0):
        found = asyncio.run(leaving(room.store, LAST + dt.timedelta(days=days)))
        shown[days] = [row.id for row in found.deleted]
    assert shown == {-9: [], -7: [room.report], 0: [room.report]}


def test_what_is_held_is_shown_apart(room: Room, clock: time_machine.Traveller) -> None:
    asyncio.run(room.caseload.hold(room.report, "complaint"))
    found = asyncio.run(leaving(room.store, LAST))
    assert found.deleted == ()
    assert [(row.id, row.hold) for row in found.held] == [(room.report, "complaint")]


# What was counted


def test_what_was_counted_is_forgotten_after_two_years(room: Room) -> None:
    store, before = room.store, CAME - ONE_DAY
    referral = replace(a_referral("old"), made_on=before)
    asyncio.run(store.log_referrals([referral, replace(a_referral("new"), made_on=CAME)]))
    for day in (before, CAME):
        asyncio.run(store.make_slip([SlipRow(f"slip of {day}", "jobnet", "unemployed_register", "en", day)]))
        asyncio.run(store.count_entry(day, "job", "en"))
        asyncio.run(store.statistics.tally(day, "unmet", "housing_find", "en"))
    assert counted(store, before) == [1, 1, 1, 1]
    asyncio.run(delete_expired(store, room.journal, CAME + relativedelta(months=24)))
    assert (counted(store, before), counted(store, CAME)) == ([0, 0, 0, 0], [1, 1, 1, 1])


def counted(store: SqliteStore, day: dt.date) -> list[int]:
    """Rows of a day by source."""
    return [
        asyncio.run(store.statistics.read(source, day, day, lambda rows: len(list(rows))))
        for source in ("referrals", "slips", "entries", "tallies")
    ]
