"""What residents leave behind: referrals, slips, reports with their keys, questions.

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


@migrations()
def let_a_report_be_told_and_answered(database: Database) -> None:
    """Sealed pieces beside the codes, keys in a table of their own, consents with the text they were given to."""
    added = {"relation": "unsure", "worse": "unsure", "reason": "unsure", "fair": None, "hold": None}
    for column, value in added.items():
        rule = f"TEXT NOT NULL DEFAULT '{value}'" if value else "TEXT"
        database.execute(f"ALTER TABLE report ADD COLUMN {column} {rule}")
    database.execute("ALTER TABLE report ADD COLUMN keep_until TEXT NOT NULL DEFAULT '9999-12-31'")
    database.execute("UPDATE report SET keep_until = date(received_on, '+24 months')")
    database.execute(
        """
        CREATE TABLE report_answer (
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            PRIMARY KEY (report_id, question, answer)
        ) WITHOUT ROWID
        """
    )
    for question in ("ground", "wish"):
        database.execute(
            f"INSERT INTO report_answer SELECT report_id, '{question}', {question} FROM report_{question}"  # noqa: S608 - constants
        )
        database.execute(f"DROP TABLE report_{question}")


@migrations()
def create_piece(database: Database) -> None:
    """Everything a person or staff wrote or sent, sealed under the report's key; numbered within its report."""
    database.execute(
        """
        CREATE TABLE piece (
            id TEXT PRIMARY KEY NOT NULL,
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            sender TEXT NOT NULL,
            language TEXT NOT NULL,
            on_day TEXT NOT NULL,
            media_type TEXT,
            size INTEGER,
            cleaned INTEGER NOT NULL,
            read_on TEXT,
            sealed BLOB NOT NULL,
            UNIQUE (report_id, number)
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_report_key(database: Database) -> None:
    """Keys stand apart, so that a backup of them may live shorter: without its key a report is noise."""
    database.execute(
        """
        CREATE TABLE report_key (
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            holder TEXT NOT NULL,
            key_id TEXT NOT NULL,
            sealed BLOB NOT NULL,
            PRIMARY KEY (report_id, holder)
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_consent_and_coverage(database: Database) -> None:
    database.execute(
        """
        CREATE TABLE report_consent (
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            consent TEXT NOT NULL,
            answer TEXT NOT NULL,
            version TEXT NOT NULL,
            language TEXT NOT NULL,
            on_day TEXT NOT NULL,
            PRIMARY KEY (report_id, number)
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE coverage_view (
            id TEXT PRIMARY KEY NOT NULL,
            report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            result TEXT NOT NULL,
            by_whom TEXT NOT NULL,
            on_day TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_paused_report_and_kept_question(database: Database) -> None:
    """A report that is not told to its end, sealed under its receipt alone; a question kept to improve the guide."""
    database.execute(
        """
        CREATE TABLE paused_report (
            receipt_hash TEXT PRIMARY KEY NOT NULL,
            keep_until TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE kept_question (
            id TEXT PRIMARY KEY NOT NULL,
            language TEXT NOT NULL,
            on_day TEXT NOT NULL,
            key_id TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_keys_of_the_team(database: Database) -> None:
    """Public halves in clear; private halves only under a passphrase, or sealed to somebody who has one."""
    columns = "id TEXT PRIMARY KEY NOT NULL, public BLOB NOT NULL, made_on TEXT NOT NULL"
    database.execute(f"CREATE TABLE team_key ({columns}) WITHOUT ROWID")
    database.execute(
        """
        CREATE TABLE key_holder (
            name TEXT PRIMARY KEY NOT NULL,
            public BLOB NOT NULL,
            salt BLOB NOT NULL,
            operations INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            sealed BLOB NOT NULL,
            made_on TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE key_share (
            key_id TEXT NOT NULL REFERENCES team_key (id) ON DELETE CASCADE,
            holder TEXT NOT NULL REFERENCES key_holder (name) ON DELETE CASCADE,
            sealed BLOB NOT NULL,
            PRIMARY KEY (key_id, holder)
        ) WITHOUT ROWID
        """
    )
