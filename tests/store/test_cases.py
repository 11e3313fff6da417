"""What staff ask of the store: which reports, in which order, what hangs on them; and only names of columns pass."""

import asyncio
import dataclasses
import datetime as dt
import secrets
from typing import Any

import pytest

from bot.store.case_verbs import NoteRow, Page, Sought
from bot.store.report_verbs import MESSAGE, RECEIPT, REPORTER, STAFF, TEAM, FiledReport, KeyRow
from bot.store.tables.store import TableStore
from tests.store.kept import Kept
from tests.store.rows import DAY, LATER, a_piece, a_report

HOSTILE = ["' OR '1'='1", "'; DROP TABLE report; --", 'x" OR 1=1', "%", "_", "\x00", "NULL", ""]
KEY = "key-1"


def files(store: TableStore, *, readable: bool = True, day: dt.date = DAY, **columns: Any) -> str:
    """The id of a new report with these columns; where it is readable the team holds a key to it."""
    filed = a_report(secrets.token_hex(32))
    keys = (KeyRow(filed.row.id, TEAM if readable else RECEIPT, KEY, b"key"),)
    row = dataclasses.replace(filed.row, received_on=day)
    asyncio.run(store.reports.file(FiledReport(row, filed.answers, filed.pieces, keys, filed.consents)))
    if columns:
        asyncio.run(store.cases.change(row.id, columns))
    return row.id


def page(store: TableStore, **sought: Any) -> Page:
    return asyncio.run(store.cases.seek(Sought(**sought)))


def found(store: TableStore, **sought: Any) -> list[str]:
    return [row.id for row in page(store, **sought).rows]


# Which reports


def test_an_empty_store_is_an_empty_page(store: TableStore) -> None:
    assert page(store) == Page((), 0, {}, frozenset())
    assert asyncio.run(store.cases.count_by_status()) == {}
    assert asyncio.run(store.cases.labels_in_use()) == []


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("status", "in_review"),
        ("area", "housing"),
        ("district", "valby"),
        ("triage", "genuine"),
        ("journal", "journalised"),
        ("consent_level", "may_forward"),
        ("relation", "teacher"),
        ("worse", "no"),
        ("reason", "given"),
        ("language", "so"),
        ("hold", "police_case"),
    ],
)
def test_reports_are_found_by_any_code(store: TableStore, column: str, code: str) -> None:
    files(store)
    wanted = files(store, **{column: code})
    assert found(store, columns={column: code}) == [wanted]


def test_reports_are_found_by_answers_and_all_conditions_hold_at_once(store: TableStore) -> None:
    one = files(store, area="housing")
    files(store, area="education")
    assert found(store, answers={"ground": "language", "wish": "advice"}, columns={"area": "housing"}) == [one]
    assert found(store, answers={"ground": "age"}) == []
    assert found(store, answers={"wish": "language"}) == []


def test_closed_reports_are_left_out_unless_they_are_asked_for(store: TableStore) -> None:
    is_open, closed = files(store), files(store, status="closed")
    assert found(store) == [is_open]
    assert set(found(store, is_open=False)) == {is_open, closed}
    assert found(store, columns={"status": "closed"}) == [closed]
    assert asyncio.run(store.cases.count_by_status()) == {"new": 1, "closed": 1}


def test_reports_are_found_by_whose_they_are(store: TableStore) -> None:
    theirs, nobodys = files(store, assigned_to="kim"), files(store)
    assert found(store, assigned_to="kim") == [theirs]
    assert found(store, assigned_to="") == [nobodys]
    assert found(store, assigned_to="sam") == []
    assert set(found(store)) == {theirs, nobodys}


def test_overdue_is_what_has_no_day_left(store: TableStore) -> None:
    late = files(store, clock_due=DAY - dt.timedelta(days=1))
    files(store, clock_due=DAY)
    files(store, clock_due=None)
    assert found(store, overdue_on=DAY) == [late]


def test_reports_are_found_by_label_and_by_who_needs_a_translator(store: TableStore) -> None:
    one, other = files(store), files(store, translator=True)
    asyncio.run(store.cases.set_labels(one, ["school", "urgent"]))
    asyncio.run(store.cases.set_labels(other, ["urgent"]))
    assert found(store, label="school") == [one]
    assert set(found(store, label="urgent")) == {one, other}
    assert found(store, label="urgent", translator=True) == [other]
    assert page(store).labels == {one: ("school", "urgent"), other: ("urgent",)}


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_sought_is_a_value_and_never_a_condition(store: TableStore, value: str) -> None:
    only = files(store)
    for sought in ({"columns": {"area": value}}, {"answers": {"ground": value}}, {"answers": {value: "language"}}):
        assert found(store, **sought) == []
    for sought in ({"assigned_to": value}, {"label": value}) if value else ():
        assert found(store, **sought) == []
    assert found(store) == [only]


@pytest.mark.parametrize("column", ["1=1 OR area", "x", "", "rowid", "area--", "(SELECT 1)"])
def test_only_a_column_of_a_report_is_asked_for(store: TableStore, column: str) -> None:
    files(store)
    with pytest.raises(ValueError, match="not a column"):
        page(store, columns={column: "x"})


def test_an_order_that_is_none_is_refused(store: TableStore) -> None:
    with pytest.raises(KeyError):
        page(store, order="id; DROP TABLE report")


# In which order, and how many


def test_whose_clock_runs_out_first_stands_first_and_no_clock_last(store: TableStore) -> None:
    days = [None, DAY + dt.timedelta(days=9), DAY - dt.timedelta(days=9), DAY]
    ids = [files(store, clock_due=day) for day in days]
    assert found(store) == [ids[2], ids[3], ids[1], ids[0]]


def test_of_one_due_day_the_report_that_came_first_stands_first(store: TableStore) -> None:
    later, earlier = (files(store, day=DAY + dt.timedelta(days=days), clock_due=LATER) for days in (1, 0))
    assert found(store) == [earlier, later]


def test_reports_stand_by_the_day_they_came_both_ways(store: TableStore) -> None:
    ids = [files(store, day=DAY + dt.timedelta(days=days)) for days in (1, 0, 2)]
    assert found(store, order="newest") == [ids[2], ids[0], ids[1]]
    assert found(store, order="oldest") == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize("order", ["clock", "newest", "oldest"])
def test_pages_hold_every_report_once_even_where_all_are_alike(store: TableStore, order: str) -> None:
    ids = {files(store) for _ in range(7)}
    pages = [page(store, order=order, first=first, most=3) for first in (0, 3, 6, 9)]
    assert [len(each.rows) for each in pages] == [3, 3, 1, 0]
    assert {row.id for each in pages for row in each.rows} == ids
    assert {each.total for each in pages} == {7}


# What hangs on them


def test_a_report_is_marked_until_what_its_person_wrote_was_opened(store: TableStore) -> None:
    told, written, answered = files(store), files(store), files(store)
    asyncio.run(store.reports.add_piece(a_piece(written, MESSAGE, REPORTER)))
    asyncio.run(store.reports.add_piece(a_piece(answered, MESSAGE, STAFF)))
    assert page(store).unread == {written}
    asyncio.run(store.reports.mark_read(written, REPORTER, DAY))
    assert page(store).unread == frozenset()
    assert told in found(store)


def test_a_change_touches_its_report_only(store: TableStore) -> None:
    one, other = files(store), files(store)
    before = asyncio.run(store.reports.report(other))
    values = {"status": "closed", "closed_on": DAY, "translator": True, "hold": "complaint", "clock_due": None}
    asyncio.run(store.cases.change(one, values))
    row = asyncio.run(store.reports.report(one))
    assert row
    assert {name: getattr(row, name) for name in values} == values
    assert asyncio.run(store.reports.report(other)) == before
    asyncio.run(store.cases.change("none", values))


def test_a_report_is_assigned_only_from_whom_it_is_meant_to_come(store: TableStore) -> None:
    report = files(store)
    assert asyncio.run(store.cases.assign(report, "kim", only_from=""))
    assert not asyncio.run(store.cases.assign(report, "sam", only_from=""))
    assert asyncio.run(store.cases.assign(report, "sam", only_from="kim"))
    assert asyncio.run(store.cases.assign(report, None))
    assert found(store, assigned_to="") == [report]
    assert not asyncio.run(store.cases.assign("none", "sam"))


def test_many_colleagues_of_many_processes_take_one_report(kept: Kept) -> None:
    report = files(kept.store)
    every = [kept.store, *(kept.again() for _ in range(4))]

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(
            *(each.cases.assign(report, f"{number}", only_from="") for number, each in enumerate(every * 5))
        )

    assert sum(asyncio.run(all_at_once())) == 1


def test_notes_stand_in_the_order_they_were_written_on_one_day(store: TableStore) -> None:
    report, other = files(store), files(store)
    notes = [NoteRow(secrets.token_hex(16), report, "kim", DAY, bytes([number])) for number in range(20)]
    for note in notes:
        asyncio.run(store.cases.add_note(note))
    assert asyncio.run(store.cases.notes(report)) == notes
    assert asyncio.run(store.cases.notes(other)) == []
    assert "sealed" not in repr(notes[0])


def test_reports_with_one_mark_are_alike_the_newest_first(store: TableStore) -> None:
    ids = [files(store, day=DAY + dt.timedelta(days=days)) for days in (0, 2, 1)]
    for report in ids:
        asyncio.run(store.cases.mark_likeness(report, KEY, {"organisation": "m", "place": report}))
    alike = asyncio.run(store.cases.alike(ids[0]))
    assert {kind: [row.id for row in rows] for kind, rows in alike.items()} == {"organisation": [ids[1], ids[2]]}


def test_one_mark_of_two_kinds_is_no_likeness(store: TableStore) -> None:
    one, other = files(store), files(store)
    asyncio.run(store.cases.mark_likeness(one, KEY, {"organisation": "m"}))
    asyncio.run(store.cases.mark_likeness(other, KEY, {"place": "m"}))
    assert asyncio.run(store.cases.alike(one)) == {}


def test_marks_of_an_earlier_key_are_forgotten_by_the_first_of_a_new_one(kept: Kept) -> None:
    store = kept.store
    ids = [files(store) for _ in range(3)]
    for report in ids:
        asyncio.run(store.cases.mark_likeness(report, KEY, {"organisation": "m"}))
    kept.by_other_hands("UPDATE report_key SET key_id = 'key-2'")
    asyncio.run(store.cases.mark_likeness(ids[0], "key-2", {"organisation": "n"}))
    assert [(row["key_id"], row["mark"]) for row in kept.rows("likeness")] == [("key-2", "n")]


def test_a_report_that_the_team_cannot_open_has_no_mark_and_is_shown_at_no_other(kept: Kept) -> None:
    store = kept.store
    one, other, locked = files(store), files(store), files(store, readable=False)
    for report in (one, other, locked):
        asyncio.run(store.cases.mark_likeness(report, KEY, {"organisation": "m"}))
    assert [row.id for row in asyncio.run(store.cases.alike(one))["organisation"]] == [other]
    kept.by_other_hands(f"DELETE FROM report_key WHERE report_id = '{other}'")  # noqa: S608 - a test's own id
    assert asyncio.run(store.cases.alike(one)) == {}


def test_what_leaves_stands_by_its_last_day_held_or_not(store: TableStore) -> None:
    days = [LATER, LATER - dt.timedelta(days=2), LATER + dt.timedelta(days=1)]
    ids = [files(store, keep_until=day) for day in days]
    asyncio.run(store.cases.change(ids[1], {"hold": "court_case"}))
    assert [row.id for row in asyncio.run(store.cases.leaving(LATER))] == [ids[1], ids[0]]
    assert asyncio.run(store.cases.leaving(LATER - dt.timedelta(days=3))) == []


def test_with_a_report_goes_all_that_hangs_on_it(kept: Kept) -> None:
    store = kept.store
    report, other = files(store), files(store)
    for each in (report, other):
        asyncio.run(store.cases.set_labels(each, ["school"]))
        asyncio.run(store.cases.add_note(NoteRow(secrets.token_hex(16), each, "kim", DAY, b"sealed")))
        asyncio.run(store.cases.mark_likeness(each, KEY, {"organisation": "m"}))
    asyncio.run(store.reports.erase(report))
    for table in ("report_label", "note", "likeness"):
        assert [row["report_id"] for row in kept.rows(table)] == [other], table
