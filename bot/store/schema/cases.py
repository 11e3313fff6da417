"""What staff do with a report: whose it is, its clock, labels, notes, likeness to others, and its way to a body."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("cases")


@migrations()
def let_a_report_be_worked_on(database: Database) -> None:
    """`clock_from`: the day from which staff's time to answer runs; what its person writes starts it again.

    `clock_due`: the last day of that time; none while nobody waits for staff.
    """
    added = {
        "assigned_to": "TEXT", "clock_from": "TEXT", "clock_due": "TEXT", "translator": "INTEGER NOT NULL DEFAULT 0",
        "journal": "TEXT NOT NULL DEFAULT 'undecided'", "outcome": "TEXT", "closed_on": "TEXT",
    }  # fmt: skip
    for column, kind in added.items():
        database.execute(f"ALTER TABLE report ADD COLUMN {column} {kind}")
    database.execute(
        "UPDATE report SET clock_from = received_on, clock_due = CASE "
        "WHEN status = 'new' THEN date(received_on, '+7 days') "
        "WHEN status IN ('acknowledged', 'in_review') THEN date(received_on, '+3 months') END"
    )
    for column in ("status", "assigned_to", "received_on", "clock_due", "keep_until"):
        database.execute(f"CREATE INDEX report_by_{column} ON report ({column})")


@migrations()
def create_label_note_and_likeness(database: Database) -> None:
    """`mark`: a keyed hash of an organisation or place; its key is the team's, and goes when that is replaced."""
    database.execute(
        """
        CREATE TABLE report_label (
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            label TEXT NOT NULL,
            PRIMARY KEY (report_id, label)
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE note (
            id TEXT PRIMARY KEY NOT NULL,
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            by_whom TEXT NOT NULL,
            on_day TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (report_id, number)
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE likeness (
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            key_id TEXT NOT NULL,
            mark TEXT NOT NULL,
            PRIMARY KEY (report_id, kind)
        ) WITHOUT ROWID
        """
    )
    database.execute("CREATE INDEX likeness_by_mark ON likeness (mark)")


@migrations()
def create_handover(database: Database) -> None:
    """A report on its way to a body: the package sealed under a key of its own, and that sealed to who may open it."""
    database.execute(
        """
        CREATE TABLE handover (
            id TEXT PRIMARY KEY NOT NULL,
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            body TEXT NOT NULL,
            mode TEXT NOT NULL,
            way TEXT NOT NULL,
            state TEXT NOT NULL,
            outcome TEXT,
            made_on TEXT NOT NULL,
            by_whom TEXT NOT NULL,
            changed_on TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_try TEXT,
            error TEXT,
            sealed BLOB NOT NULL
        ) WITHOUT ROWID
        """
    )
    database.execute("CREATE INDEX handover_by_report ON handover (report_id)")
    database.execute("CREATE INDEX handover_by_body ON handover (body)")
    database.execute(
        """
        CREATE TABLE handover_key (
            handover_id TEXT NOT NULL REFERENCES handover (id) ON DELETE CASCADE,
            holder TEXT NOT NULL,
            sealed BLOB NOT NULL,
            PRIMARY KEY (handover_id, holder)
        ) WITHOUT ROWID
        """
    )


@migrations()
def let_a_question_be_sorted(database: Database) -> None:
    """`sorted_as`: the need that a kept question asks for, or that the directory has no answer to it."""
    for column in ("sorted_as", "sorted_by", "sorted_on"):
        database.execute(f"ALTER TABLE kept_question ADD COLUMN {column} TEXT")
