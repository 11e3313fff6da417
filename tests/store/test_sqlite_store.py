"""The store's verbs on a real file: whole or not at all, once, and never silently lost."""

import asyncio
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

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
from bot.errors import NotSavedError
from bot.language.dates import today
from bot.settings import ROOT, Settings
from bot.store.case_verbs import HandoverKeyRow, HandoverRow, NoteRow, Standing
from bot.store.report_verbs import CoverageRow
from bot.store.sqlite_store import SqliteStore
from bot.store.verbs import OutcomeRow, SlipRow
from tests.keys import make_keys
from tests.reports import a_telling, filed
from tests.store.rows import DAY as DAY_MADE
from tests.store.rows import a_referral, a_report
from tests.store.test_migrations import OF_THE_SCHEMA, TABLES

FULL = 2
ALL_TABLES = tuple(TABLES)
QUESTIONS = read_questions(Settings().content / "questions.yml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def files(store: SqliteStore, *rows: Any) -> None:
    for row in rows:
        asyncio.run(store.reports.file(row))


def logs(store: SqliteStore, *rows: Any) -> None:
    asyncio.run(store.log_referrals(list(rows)))


def pragma(store: SqliteStore, statement: str) -> Any:
    """Ask, or tell, the store's own connection."""
    return asyncio.run(store._worker.do(lambda it: it.execute(f"PRAGMA {statement}").fetchone()))


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Read beside the store, as another process would."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - a test's own name
    connection.close()
    return found


def sizes(path: Path) -> dict[str, int]:
    return {table: len(rows(path, table)) for table in ALL_TABLES}


NOTHING = dict.fromkeys(ALL_TABLES, 0)
OF_A_REPORT = {"report": 1, "report_answer": 3, "piece": 1, "report_key": 1, "report_consent": 1}


# What the verbs promise


def test_a_commit_is_on_the_disk_when_a_verb_returns(store: SqliteStore, path: Path) -> None:
    assert pragma(store, "synchronous") == (FULL,)
    files(store, a_report("a"))
    assert [row["receipt_hash"] for row in rows(path, "report")] == ["a"]


def test_a_report_is_kept_with_all_its_grounds_and_wishes(store: SqliteStore, path: Path) -> None:
    report = a_report("a", grounds=("age", "sex", "other"), wishes=("advice", "mediation"))
    files(store, report)
    assert sizes(path) == NOTHING | OF_A_REPORT | {"report_answer": 5}
    answers = {(row["report_id"], row["question"], row["answer"]) for row in rows(path, "report_answer")}
    assert answers == {(report.row.id, question, answer) for question, answer in report.answers}


def test_a_report_with_a_known_receipt_is_stored_once(store: SqliteStore, path: Path) -> None:
    first = a_report("a", grounds=("age",))
    files(store, first, a_report("a", grounds=("sex",)), a_report("b"))
    assert asyncio.run(store.counts()) == {"referral": 0, "report": 2}
    assert {"report_id": first.row.id, "question": "ground", "answer": "age"} in rows(path, "report_answer")
    assert "sex" not in {row["answer"] for row in rows(path, "report_answer")}


def test_a_referral_with_a_known_mark_is_stored_once(store: SqliteStore) -> None:
    logs(store, a_referral("a"), a_referral("a"), a_referral("b"))
    logs(store, a_referral("b"), a_referral("c"))
    assert asyncio.run(store.counts()) == {"referral": 3, "report": 0}


def test_a_receipt_is_found_by_its_hash_alone(store: SqliteStore) -> None:
    files(store, a_report("a"))
    assert asyncio.run(store.reports.id_of("a"))
    assert not asyncio.run(store.reports.id_of("b"))


def test_rows_are_there_after_closing_and_opening(path: Path) -> None:
    store = SqliteStore(path)
    files(store, a_report("a"))
    store.close()
    again = SqliteStore(path)
    assert asyncio.run(again.reports.id_of("a"))
    again.close()


def test_many_verbs_at_once_are_all_kept(store: SqliteStore) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(store.reports.file(a_report(str(number % 50))) for number in range(100)))

    asyncio.run(all_at_once())
    assert asyncio.run(store.counts())["report"] == 50


def test_two_processes_may_file_in_one_file(store: SqliteStore, path: Path) -> None:
    other = SqliteStore(path)

    async def from_both() -> None:
        await asyncio.gather(*(it.reports.file(a_report(str(number))) for number in range(40) for it in (store, other)))

    asyncio.run(from_both())
    assert asyncio.run(store.counts()) == asyncio.run(other.counts()) == {"referral": 0, "report": 40}
    other.close()


# Whole or not at all


def test_a_report_whose_last_part_fails_leaves_nothing(store: SqliteStore, path: Path) -> None:
    with pytest.raises(NotSavedError, match="IntegrityError"):
        files(store, a_report("a", wishes=("advice", "advice")))
    assert sizes(path) == NOTHING
    files(store, a_report("a"))
    assert asyncio.run(store.reports.id_of("a"))


def test_referrals_of_one_turn_are_kept_together_or_not_at_all(store: SqliteStore, path: Path) -> None:
    with pytest.raises(NotSavedError, match="IntegrityError"):
        logs(store, a_referral("a", "same id"), a_referral("b", "same id"))
    assert sizes(path) == NOTHING


# When the disk does not take it


def test_a_full_database_is_not_saved(store: SqliteStore, path: Path) -> None:
    pages = pragma(store, "page_count")[0]
    pragma(store, f"max_page_count={pages + 8}")
    saved = 0
    with suppress(NotSavedError):
        for number in range(10_000):
            files(store, a_report(str(number)))
            saved += 1
    assert 0 < saved < 10_000
    assert sizes(path) == NOTHING | {table: saved * number for table, number in OF_A_REPORT.items()}
    pragma(store, "max_page_count=1000000")
    files(store, a_report("room again"))


def test_a_read_only_database_is_not_saved(store: SqliteStore, path: Path) -> None:
    pragma(store, "query_only=ON")
    with pytest.raises(NotSavedError, match="OperationalError"):
        files(store, a_report("a"))
    with pytest.raises(NotSavedError, match="OperationalError"):
        logs(store, a_referral("a"))
    assert sizes(path) == NOTHING


def test_a_locked_database_is_not_saved(store: SqliteStore, path: Path) -> None:
    pragma(store, "busy_timeout=50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSavedError, match="OperationalError"):
        files(store, a_report("a"))
    other.execute("ROLLBACK")
    other.close()
    files(store, a_report("a"))
    assert sizes(path)["report"] == 1


def test_a_lock_that_ends_soon_is_waited_for(store: SqliteStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    end.start()
    files(store, a_report("a"))
    end.join()
    other.close()
    assert sizes(path)["report"] == 1


ON_A_SMALL_DISK = """
mkdir -p "$1" && mount -t tmpfs -o size=1200k tmpfs "$1" && exec "$2" -m tests.store.small_disk "$1"
"""


def test_a_full_disk_loses_nothing_that_was_said_to_be_saved(tmp_path: Path) -> None:
    """A real file system of 1,200 kB in a mount namespace of its own; see small_disk.py."""
    told = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK, "-", tmp_path / "disk", sys.executable],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "permi" in told.stderr.lower() and not told.stdout:
        pytest.skip(f"this machine lets nobody mount: {told.stderr.strip()}")
    assert told.stdout.splitlines() == ["refused when full", "all kept", "saved with room again"], told.stderr


# Slips and entries


def slip(store: SqliteStore, *services: str, code_hash: str = "a") -> None:
    asyncio.run(store.make_slip([SlipRow(code_hash, service, "find_job", "ar", DAY_MADE) for service in services]))


def tells(store: SqliteStore, *told: tuple[str, str, int | None], code_hash: str = "a") -> int:
    return asyncio.run(store.tell_outcomes([OutcomeRow(code_hash, *item, DAY_MADE) for item in told]))


def test_a_slip_is_found_by_its_code_alone_and_made_again_stays_one(store: SqliteStore, path: Path) -> None:
    for _ in range(2):
        slip(store, "jobnet", "igu")
    assert asyncio.run(store.places_of_slip("a")) == {"jobnet": None, "igu": None}
    assert asyncio.run(store.places_of_slip("b")) == {}
    assert sizes(path) == NOTHING | {"slip": 2}


def test_a_later_word_replaces_an_earlier_and_keeps_how_somebody_was_met(store: SqliteStore, path: Path) -> None:
    slip(store, "jobnet")
    assert tells(store, ("jobnet", "went", 2)) == 1
    assert tells(store, ("jobnet", "finished", None)) == 1
    (row,) = rows(path, "slip")
    assert (row["step"], row["met"], row["said_on"]) == ("finished", 2, DAY_MADE.isoformat())


def test_what_is_on_no_slip_can_be_told_nothing(store: SqliteStore, path: Path) -> None:
    slip(store, "jobnet")
    assert tells(store, ("igu", "went", None)) == 0
    assert tells(store, ("jobnet", "went", None), code_hash="b") == 0
    assert rows(path, "slip")[0]["step"] is None


def test_entries_are_counted_a_day_a_code_and_a_language(store: SqliteStore, path: Path) -> None:
    for code, language in (("job", "ar"), ("job", "ar"), ("job", "da"), ("stop", "ar")):
        asyncio.run(store.count_entry(DAY_MADE, code, language))
    assert {(row["code"], row["language"]): row["n"] for row in rows(path, "entry")} == {
        ("job", "ar"): 2, ("job", "da"): 1, ("stop", "ar"): 1,
    }  # fmt: skip


def test_services_that_somebody_was_referred_to_are_known(store: SqliteStore) -> None:
    assert asyncio.run(store.services_used()) == set()
    logs(store, a_referral("a"), a_referral("b"))
    assert asyncio.run(store.services_used()) == {"danskuddannelse"}


# What rows tell

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


def staff_work_on(store: SqliteStore, report_id: str) -> None:
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


def test_what_is_written_is_codes_days_and_random_ids(store: SqliteStore, path: Path) -> None:
    desk = Desk(store, bytes(32))
    make_keys(store)
    filed(desk)
    asyncio.run(desk.pause(a_telling(attempt="paused"), b"secret"))
    asyncio.run(desk.keep_question("a question", "ar"))
    (row,) = asyncio.run(store.reports.reports())
    asyncio.run(store.reports.note_coverage(CoverageRow("c" * 32, row.id, "covered_unclear", "amina", today(), b"s")))
    staff_work_on(store, row.id)
    asyncio.run(
        desk.count([Guided("jobnet", "unemployed_register", "employment", "eu", "yes", "valby")], "ar", b"secret")
    )
    code = asyncio.run(desk.make_slip("unemployed_register", ["jobnet"], "ar", b"secret"))
    asyncio.run(desk.tell_outcomes([Outcome(code, "jobnet", "went", 4)]))
    for _ in range(2):
        asyncio.run(desk.enter("job", "ar"))
        asyncio.run(desk.note(UNMET, "find_job", "ar"))
        asyncio.run(Polls(store, bytes(32)).answer(code, POLLS[0], 4))
    assert set(FORMS) == set().union(*TABLES.values())
    for table in ALL_TABLES:
        written = rows(path, table)
        assert written
        wrong = [(table, name, value) for row in written for name, value in row.items() if not FORMS[name](value)]
        assert wrong == []


def test_no_time_of_day_is_written_but_of_the_schema_itself(store: SqliteStore, path: Path) -> None:
    files(store, a_report("a" * 64))
    logs(store, a_referral("b" * 64))
    assert re.search(r"\d\d:\d\d", str(rows(path, OF_THE_SCHEMA)))
    assert not re.search(r"\d\d?:\d\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.", str([rows(path, table) for table in ALL_TABLES]))
