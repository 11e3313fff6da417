"""The audit chain: what staff saw and did, each row holding the hash of the one before."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("audit")


@migrations()
def create_event(database: Database) -> None:
    database.execute(
        """
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            role TEXT NOT NULL,
            verb TEXT NOT NULL,
            object TEXT NOT NULL,
            detail TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL
        )
        """
    )
    database.execute("CREATE INDEX event_by_object ON event (object)")
