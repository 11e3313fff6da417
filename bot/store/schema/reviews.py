"""What reviewers say of a language's texts, until `vejviser languages --import` brings it to the catalogues."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("reviews")


@migrations()
def create_pending_review(database: Database) -> None:
    """`source` and `read`: short hashes of the source text and of the translation that was read.

    `source` belongs to the key: the variations of a reply share its name.
    """
    database.execute(
        """
        CREATE TABLE pending_review (
            language TEXT NOT NULL,
            catalogue TEXT NOT NULL,
            context TEXT NOT NULL,
            source TEXT NOT NULL,
            read TEXT NOT NULL,
            corrected TEXT,
            by_whom TEXT NOT NULL,
            on_day TEXT NOT NULL,
            PRIMARY KEY (language, catalogue, context, source)
        ) WITHOUT ROWID
        """
    )
