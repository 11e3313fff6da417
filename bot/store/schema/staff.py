"""Accounts of staff, with nothing that opens a report: sealing passphrases lie apart (key_holder, partner_key)."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("staff")


@migrations()
def create_account(database: Database) -> None:
    """`password`: Argon2id's own text; `totp`: sealed under the server's key; `step`: of the last code, used up."""
    database.execute(
        """
        CREATE TABLE account (
            name TEXT PRIMARY KEY NOT NULL,
            role TEXT NOT NULL,
            body TEXT,
            subject TEXT UNIQUE,
            password TEXT,
            totp BLOB NOT NULL,
            step INTEGER NOT NULL,
            must_change INTEGER NOT NULL,
            active INTEGER NOT NULL,
            made_on TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE recovery_code (
            account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
            hash TEXT NOT NULL,
            PRIMARY KEY (account, hash)
        ) WITHOUT ROWID
        """
    )
    database.execute(
        """
        CREATE TABLE saved_view (
            account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
            name TEXT NOT NULL,
            query TEXT NOT NULL,
            PRIMARY KEY (account, name)
        ) WITHOUT ROWID
        """
    )


@migrations()
def create_partner_key(database: Database) -> None:
    """A partner's own pair of keys: what is handed over is sealed to it. It never holds a share of the team's key."""
    database.execute(
        """
        CREATE TABLE partner_key (
            name TEXT PRIMARY KEY NOT NULL REFERENCES account (name) ON DELETE CASCADE,
            public BLOB NOT NULL,
            salt BLOB NOT NULL,
            operations INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            sealed BLOB NOT NULL,
            made_on TEXT NOT NULL
        ) WITHOUT ROWID
        """
    )
