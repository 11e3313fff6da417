"""What rows hold, in every engine: codes, days and random ids, and nothing else of a resident."""

import asyncio
import re
from typing import Any

from bot.casework.desk import Desk, Guided, Outcome
from bot.casework.polls import KIND, NO_LANGUAGE, Polls
from bot.casework.report import PARTS, SEVERAL
from bot.casework.vocabulary import (
    AREAS,
    CONSENTS,
    COVERAGE,
    DISTRICTS,
    JOURNAL,
    MET,
    POLLS,
    REASONS,
    RELATIONS,
    ROLES,
    STEPS,
    UNMET,
    YES_NO,
)
from bot.directory.check import EFFORTS
from bot.directory.services import read_questions
from bot.language.dates import today
from bot.settings import Settings
from bot.store.case_verbs import HandoverKeyRow, HandoverRow, NoteRow, Sought, Standing
from bot.store.report_verbs import CoverageRow
from bot.store.tables.store import TableStore
from tests.keys import make_keys
from tests.reports import a_telling, filed
from tests.store.kept import Kept
from tests.store.rows import a_referral, a_report
from tests.store.test_migrations import OF_STAFF, TABLES
from tests.store.test_store import files, logs

QUESTIONS = read_questions(Settings().content / "questions.yml")
HEX = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = re.compile(r"\d{4}-\d\d")
CODE = re.compile(r"[a-z][a-z_-]*[a-z]|[a-z]{2}")


def IS_SEALED(value: Any) -> bool:  # noqa: N802 - stands among the constants of FORMS
    return isinstance(value, bytes)


FORMS: dict[str, Any] = {
    "id": HEX.fullmatch, "report_id": HEX.fullmatch, "mark": HEX.fullmatch, "receipt_hash": HEX.fullmatch,
    "made_on": DAY.fullmatch, "received_on": DAY.fullmatch, "incident_when": MONTH.fullmatch,
    "language": {"ar", NO_LANGUAGE}.__contains__, "effort": EFFORTS.__contains__,
    "residence": QUESTIONS["residence"].__contains__, "cpr": QUESTIONS["cpr"].__contains__,
    "district": DISTRICTS.__contains__, "area": AREAS.__contains__,
    "reporter_role": ROLES.__contains__, "question": SEVERAL.__contains__, "answer": CODE.fullmatch,
    "relation": RELATIONS.__contains__, "worse": YES_NO.__contains__, "reason": REASONS.__contains__,
    "fair": {None}.__contains__, "hold": {None}.__contains__, "keep_until": DAY.fullmatch, "on_day": DAY.fullmatch,
    "read_on": {None}.__contains__, "sealed": IS_SEALED, "public": IS_SEALED,
    "kind": {*PARTS, UNMET, KIND.format(POLLS[0])}.__contains__, "sender": {"reporter"}.__contains__,
    "number": range(1, 10).__contains__, "media_type": {None}.__contains__, "size": {None}.__contains__,
    "cleaned": {1}.__contains__,
    "holder": {"team", "recovery", "receipt"}.__contains__, "by_whom": {"amina"}.__contains__,
    "key_id": re.compile(r"[0-9a-f]{16}|recovery|").fullmatch, "consent": CONSENTS.__contains__,
    "version": re.compile(r"[0-9a-f]{12}").fullmatch, "result": COVERAGE.__contains__,
    "schema_version": {2}.__contains__, "entered_on": DAY.fullmatch, "said_on": DAY.fullmatch, "n": {1, 2}.__contains__,
    "counted_on": DAY.fullmatch, "visit": HEX.fullmatch, "code": re.compile(rf"{CODE.pattern}|[1-5]").fullmatch,
    "code_hash": HEX.fullmatch, "step": STEPS.__contains__, "met": MET.__contains__,
    "assigned_to": {None, "amina"}.__contains__, "clock_from": DAY.fullmatch, "clock_due": DAY.fullmatch,
    "translator": {0}.__contains__, "journal": JOURNAL.__contains__, "outcome": {None}.__contains__,
    "closed_on": {None}.__contains__, "label": CODE.fullmatch, "changed_on": DAY.fullmatch,
    "attempts": {0}.__contains__, "next_try": {None}.__contains__, "error": {None}.__contains__,
    "handover_id": HEX.fullmatch, **dict.fromkeys(("sorted_as", "sorted_by", "sorted_on"), {None}.__contains__),
    **dict.fromkeys(("body", "way", "state"), CODE.fullmatch),
    **dict.fromkeys(("service", "need", "mode", "channel", "consent_level", "status", "triage"), CODE.fullmatch),
}  # fmt: skip
"""For each column, the only values that a row may hold there."""


def staff_work_on(store: TableStore, report_id: str) -> None:
    cases = store.cases
    key = asyncio.run(store.keys.team_key())
    assert key
    asyncio.run(cases.assign(report_id, "amina"))
    asyncio.run(cases.set_labels(report_id, ["urgent"]))
    asyncio.run(cases.add_note(NoteRow("d" * 32, report_id, "amina", today(), b"s")))
    asyncio.run(cases.mark_likeness(report_id, key.id, {"organisation": "e" * 32}))
    handed = HandoverRow(
        id="f" * 32, report_id=report_id, body="borgerraadgiveren", mode="with_consent", way="download", state="made",
        outcome=None, made_on=today(), by_whom="amina", changed_on=today(), sealed=b"s",
    )  # fmt: skip
    rests_on = Standing(key.id, len(asyncio.run(store.reports.consents(report_id))))
    keys = [HandoverKeyRow(handed.id, "team", b"s")]
    assert asyncio.run(cases.hand_over(handed, keys, rests_on, {}))


def everything_is_done_in(store: TableStore) -> None:
    """So that there is a row in every table of residents."""
    desk = Desk(store, bytes(32))
    make_keys(store)
    filed(desk)
    asyncio.run(desk.pause(a_telling(attempt="paused"), b"secret"))
    asyncio.run(desk.keep_question("a question", "ar"))
    (row,) = asyncio.run(store.reports.reports())
    view = CoverageRow("c" * 32, row.id, "covered_unclear", "amina", today(), b"s")
    asyncio.run(store.reports.note_coverage(view))
    staff_work_on(store, row.id)
    guided = [Guided("jobnet", "unemployed_register", "employment", "eu", "yes", "valby")]
    asyncio.run(desk.count(guided, "ar", b"secret"))
    code = asyncio.run(desk.make_slip("unemployed_register", ["jobnet"], "ar", b"secret"))
    asyncio.run(desk.tell_outcomes([Outcome(code, "jobnet", "went", 4)]))
    for _ in range(2):
        asyncio.run(desk.enter("job", "ar"))
        asyncio.run(desk.note(UNMET, "find_job", "ar"))
        asyncio.run(Polls(store, bytes(32)).answer(code, POLLS[0], 4))


def test_what_is_written_is_codes_days_and_random_ids(kept: Kept) -> None:
    everything_is_done_in(kept.store)
    assert set(FORMS) == set().union(*TABLES.values())
    for table in TABLES:
        written = kept.rows(table)
        assert written
        wrong = [(table, name, value) for row in written for name, value in row.items() if not FORMS[name](value)]
        assert wrong == []


def test_a_store_that_a_later_release_has_widened_is_read_and_written_as_before(kept: Kept) -> None:
    """Two releases run side by side while one takes the place of the other."""
    tables = sorted({*TABLES, *OF_STAFF})
    for table in tables:
        kept.by_other_hands(f"ALTER TABLE {table} ADD COLUMN added_later INTEGER NOT NULL DEFAULT 0")
    try:
        everything_is_done_in(kept.store)
        (row,) = asyncio.run(kept.store.reports.reports())
        assert asyncio.run(kept.store.cases.seek(Sought())).rows == (row,)
        assert len(asyncio.run(kept.store.cases.handovers(row.id))) == 1
        assert len(asyncio.run(kept.store.keys.holders())) == len(kept.rows("key_holder"))
    finally:
        for table in tables:
            kept.by_other_hands(f"ALTER TABLE {table} DROP COLUMN added_later")


def test_no_time_of_day_is_written(kept: Kept) -> None:
    files(kept.store, a_report("a" * 64))
    logs(kept.store, a_referral("b" * 64))
    assert not re.search(r"\d\d?:\d\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.", str([kept.rows(table) for table in TABLES]))
