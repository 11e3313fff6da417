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
