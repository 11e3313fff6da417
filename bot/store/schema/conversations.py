"""Conversations: a sealed row each, a second one while a report is told.

They lie apart from the store: no backup needs them, and they go when they are idle.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("conversations")


@migrations()
def create_conversation(database: Database) -> None:
    database.create_table(
        "conversation",
        {"id": str, "last_minute": int, "sealed": bytes},
        pk="id",
        not_null={"id", "last_minute", "sealed"},
    ).create_index(["last_minute"])


@migrations()
def create_report_under_way(database: Database) -> None:
    """`filing`: set while the report goes to the store, so that a start after a crash knows what to look for."""
    database.execute(
        """
        CREATE TABLE report_under_way (
            id TEXT PRIMARY KEY NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            sealed BLOB NOT NULL,
            filing TEXT
        ) WITHOUT ROWID
        """
    )
