"""Tables of statistics: what others published of the plan's targets, with its source and the file it came in."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("statistics")


@migrations()
def create_official_value(database: Database) -> None:
    """`value`, `low`, `high`: decimals as text, with the digits that were published; the unit is the target's."""
    database.execute(
        """
        CREATE TABLE official_value (
            target TEXT NOT NULL,
            year INTEGER NOT NULL,
            source TEXT NOT NULL,
            source_url TEXT NOT NULL,
            value TEXT NOT NULL,
            n INTEGER,
            low TEXT,
            high TEXT,
            imported_on TEXT NOT NULL,
            file_hash TEXT NOT NULL,
            PRIMARY KEY (target, year, source)
        ) WITHOUT ROWID
        """
    )


@migrations()
def let_referrals_of_one_conversation_be_counted_once(database: Database) -> None:
    """A keyed hash that several referrals of one conversation share; it leads back to none (docs/privacy.md)."""
    database.execute("ALTER TABLE referral ADD COLUMN visit TEXT")


@migrations()
def create_tally(database: Database) -> None:
    """How often something happened: a count a day, never a line a person."""
    database.execute(
        """
        CREATE TABLE tally (
            counted_on TEXT NOT NULL,
            kind TEXT NOT NULL,
            code TEXT NOT NULL,
            language TEXT NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (counted_on, kind, code, language)
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_release(database: Database) -> None:
    """The ledger: what was let out, word for word, and of which records, as hashes of their random ids."""
    database.execute(
        """
        CREATE TABLE release (
            kind TEXT NOT NULL,
            period TEXT NOT NULL,
            tier TEXT NOT NULL,
            edition INTEGER NOT NULL,
            made_on TEXT NOT NULL,
            by_whom TEXT NOT NULL,
            content TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            PRIMARY KEY (kind, period, tier, edition)
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE record_set (
            kind TEXT NOT NULL,
            period TEXT NOT NULL,
            tier TEXT NOT NULL,
            edition INTEGER NOT NULL,
            source TEXT NOT NULL,
            records BLOB NOT NULL,
            PRIMARY KEY (kind, period, tier, edition, source),
            FOREIGN KEY (kind, period, tier, edition)
                REFERENCES release (kind, period, tier, edition) ON DELETE CASCADE
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_simulation(database: Database) -> None:
    """A row here says that everything in the store is invented; it can be added to an empty store only."""
    database.execute("CREATE TABLE simulation (seed TEXT PRIMARY KEY NOT NULL, made_on TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def create_poll_mark(database: Database) -> None:
    """That a one-tap question was answered: a hash whose key lies outside, so that none leads to a slip or report.

    `counted_on`: the first day of the quarter, to be deleted by. The answer is counted in `tally`.
    """
    database.execute("CREATE TABLE poll_mark (mark TEXT PRIMARY KEY NOT NULL, counted_on TEXT NOT NULL) WITHOUT ROWID")
