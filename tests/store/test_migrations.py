"""The schema: nothing in it can hold who, where from, or at what time of day."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.store.schema import STEPS
from bot.store.schema.reports import migrations
from bot.store.sqlite import open_database

TABLES = {
    "referral": {
        "id", "mark", "made_on", "service", "effort", "need", "language", "residence", "cpr", "district", "mode",
        "visit",
    },
    "report": {
        "id", "receipt_hash", "received_on", "language", "channel", "reporter_role", "incident_when", "district",
        "area", "consent_level", "status", "triage", "schema_version", "relation", "worse", "reason", "fair", "hold",
        "keep_until", "assigned_to", "clock_from", "clock_due", "translator", "journal", "outcome", "closed_on",
    },
    "report_answer": {"report_id", "question", "answer"},
    "piece": {
        "id", "report_id", "number", "kind", "sender", "language", "on_day", "media_type", "size", "cleaned", "read_on",
        "sealed",
    },
    "report_key": {"report_id", "holder", "key_id", "sealed"},
    "report_consent": {"report_id", "number", "consent", "answer", "version", "language", "on_day"},
    "coverage_view": {"id", "report_id", "number", "result", "by_whom", "on_day", "sealed"},
    "paused_report": {"receipt_hash", "keep_until", "sealed"},
    "kept_question": {"id", "language", "on_day", "key_id", "sealed", "sorted_as", "sorted_by", "sorted_on"},
    "report_label": {"report_id", "label"},
    "note": {"id", "report_id", "number", "by_whom", "on_day", "sealed"},
    "likeness": {"report_id", "kind", "key_id", "mark"},
    "handover": {
        "id", "report_id", "body", "mode", "way", "state", "outcome", "made_on", "by_whom", "changed_on", "attempts",
        "next_try", "error", "sealed",
    },
    "handover_key": {"handover_id", "holder", "sealed"},
    "team_key": {"id", "public", "made_on"},
    "key_share": {"key_id", "holder", "sealed"},
    "entry": {"entered_on", "code", "language", "n"},
    "tally": {"counted_on", "kind", "code", "language", "n"},
    "poll_mark": {"mark", "counted_on"},
    "slip": {"code_hash", "service", "need", "language", "made_on", "step", "met", "said_on"},
}  # fmt: skip
"""Every column there is. `cpr` holds whether somebody has a number: yes, no or unsaid (test_kept_rows.py)."""
HOLDER = {"name", "public", "salt", "operations", "memory", "sealed", "made_on"}
OF_STAFF = {
    "key_holder": HOLDER,
    "partner_key": HOLDER,
    "account": {
        "name", "role", "body", "subject", "password", "totp", "step", "must_change", "active", "made_on",
    },
    "recovery_code": {"account", "hash"},
    "saved_view": {"account", "name", "query"},
    "event": {"seq", "at", "actor", "role", "verb", "object", "detail", "previous", "hash"},
    "official_value": {
        "target", "year", "source", "source_url", "value", "n", "low", "high", "imported_on", "file_hash",
    },
    "release": {"kind", "period", "tier", "edition", "made_on", "by_whom", "content", "content_hash"},
    "record_set": {"kind", "period", "tier", "edition", "source", "records"},
    "simulation": {"seed", "made_on"},
    "pending_review": {"language", "catalogue", "context", "source", "read", "corrected", "by_whom", "on_day"},
}  # fmt: skip
"""Staff have names, and what they do has a time."""
OF_THE_SCHEMA = "_sqlite_migrations"
"""When a step of the schema was applied; nothing of a resident."""
TELLING = re.compile(
    r"name|cpr_?n|cpr_?no|birth|born|phone|mail|address|street|postcode|\bip\b|ip_|_ip|agent|cookie|session|token"
    r"|time|hour|minute|_at\b|narrative|text|conversation"
)
"""What a column that tells too much would be called."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "store.db", STEPS, synchronous="FULL")
    yield database
    database.conn.close()


def test_each_step_is_applied_once(tmp_path: Path, database: Database) -> None:
    again = open_database(tmp_path / "store.db", STEPS, synchronous="FULL")
    steps = [row["name"] for row in again[OF_THE_SCHEMA].rows]
    assert steps[:2] == ["create_referral", "create_report"]
    assert len({(row["migration_set"], row["name"]) for row in again[OF_THE_SCHEMA].rows}) == len(steps) == 25
    assert [it.pending(database) for it in STEPS] == [[]] * len(STEPS)
    again.conn.close()


def test_the_tables_hold_the_declared_columns_and_no_others(database: Database) -> None:
    found = {
        table: {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        for table in database.table_names()
        if table != OF_THE_SCHEMA
    }
    assert found == TABLES | OF_STAFF


@pytest.mark.parametrize("table", TABLES)
def test_no_column_is_called_like_something_that_tells_who_or_when(database: Database, table: str) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    assert [column for column in columns if TELLING.search(column)] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_row_tells_in_which_order_it_came(database: Database, table: str) -> None:
    assert "WITHOUT ROWID" in database[table].schema
    assert not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()


def test_everything_of_a_report_goes_with_it(database: Database) -> None:
    report = dict.fromkeys(TABLES["report"], "x") | {"id": "a"}
    database["report"].insert(report)
    parts = (
        "report_answer", "piece", "report_key", "report_consent", "coverage_view", "report_label", "note", "likeness",
        "handover",
    )  # fmt: skip
    for table in parts:
        database[table].insert(dict.fromkeys(TABLES[table], "x") | {"report_id": "a"})
    database["handover_key"].insert({"handover_id": "x", "holder": "team", "sealed": b"x"})
    database["report"].delete("a")
    assert [database[table].count for table in (*parts, "handover_key")] == [0] * (len(parts) + 1)


def test_reports_of_the_first_release_keep_their_answers(tmp_path: Path) -> None:
    old = Migrations("store")
    for step in migrations.pending(Database(memory=True))[:5]:
        old()(step.fn)
    database = open_database(tmp_path / "old.db", [old], synchronous="FULL")
    columns = {row[1] for row in database.execute("PRAGMA table_info(report)")}
    database["report"].insert(dict.fromkeys(columns, "x") | {"id": "a", "received_on": "2026-11-22"})
    database["report_ground"].insert({"report_id": "a", "ground": "age"})
    database["report_wish"].insert({"report_id": "a", "wish": "advice"})
    migrations.apply(database)
    answers = {(row["question"], row["answer"]) for row in database["report_answer"].rows}
    assert answers == {("ground", "age"), ("wish", "advice")}
    assert [row["keep_until"] for row in database["report"].rows] == ["2028-11-22"]
    database.conn.close()
