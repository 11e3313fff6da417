"""The store's schema, step by step; each step is one transaction and is recorded.

Tables without rowid: a row's place would tell in which order the reports of a day came.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("store")


@migrations()
def create_referral(database: Database) -> None:
    database.execute(
        """
        CREATE TABLE referral (
            id TEXT PRIMARY KEY NOT NULL,
            mark TEXT NOT NULL UNIQUE,
            made_on TEXT NOT NULL,
            service TEXT NOT NULL,
            effort TEXT,
            need TEXT NOT NULL,
            language TEXT NOT NULL,
            residence TEXT,
            cpr TEXT,
            district TEXT,
            mode TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_report(database: Database) -> None:
    database.execute(
        """
        CREATE TABLE report (
            id TEXT PRIMARY KEY NOT NULL,
            receipt_hash TEXT NOT NULL UNIQUE,
            received_on TEXT NOT NULL,
            language TEXT NOT NULL,
            channel TEXT NOT NULL,
            reporter_role TEXT NOT NULL,
            incident_when TEXT NOT NULL,
            district TEXT NOT NULL,
            area TEXT NOT NULL,
            consent_level TEXT NOT NULL,
            status TEXT NOT NULL,
            triage TEXT NOT NULL,
            schema_version INTEGER NOT NULL
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_report_ground_and_wish(database: Database) -> None:
    for table, column in (("report_ground", "ground"), ("report_wish", "wish")):
        database.execute(
            f"""
            CREATE TABLE {table} (
                report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
                {column} TEXT NOT NULL,
                PRIMARY KEY (report_id, {column})
            ) WITHOUT ROWID
            """
        )


@migrations()
def create_entry(database: Database) -> None:
    """How often a conversation began from a sign, letter or film: a count a day, never a line a person."""
    database.execute(
        """
        CREATE TABLE entry (
            entered_on TEXT NOT NULL,
            code TEXT NOT NULL,
            language TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (entered_on, code, language)
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_slip(database: Database) -> None:
    """A place on a printed slip, and what its holder said of it later; nothing leads from it to a referral."""
    database.execute(
        """
        CREATE TABLE slip (
            code_hash TEXT NOT NULL,
            service TEXT NOT NULL,
            need TEXT NOT NULL,
            language TEXT NOT NULL,
            made_on TEXT NOT NULL,
            step TEXT,
            met INTEGER,
            said_on TEXT,
            PRIMARY KEY (code_hash, service)
        ) WITHOUT ROWID
        """
    )
