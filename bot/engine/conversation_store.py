"""Where conversations lie: a sealed row each, a second one while a report is told; deleted when asked or when idle."""

import sqlite3
import time
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.engine.conversation import Conversation, SessionKeys
from bot.errors import ConversationEndedError
from bot.store.sqlite import Worker, at_once, empty_log, open_database

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


def minute_now() -> int:
    """Whole minutes since 1970: all of the time that is kept, and only until the conversation is deleted."""
    return int(time.time()) // 60


class ConversationStore:
    def __init__(self, path: Path, idle_minutes: int) -> None:
        self._idle_minutes = idle_minutes
        self._worker = Worker(open_database(path, [migrations], synchronous="NORMAL"), "conversations")

    async def load(self, keys: SessionKeys) -> Conversation:
        """Raises ConversationEndedError where there is none or it has been idle too long."""
        oldest = minute_now() - self._idle_minutes
        rows = await self._worker.do(
            lambda database: database.execute(
                "SELECT conversation.sealed, report_under_way.sealed FROM conversation "
                "LEFT JOIN report_under_way USING (id) WHERE id = ? AND last_minute >= ?",
                [keys.conversation_id, oldest],
            ).fetchall()
        )
        if not rows:
            raise ConversationEndedError("no conversation for this token")
        sealed, apart = rows[0]
        return Conversation.open(sealed, apart, keys)

    async def create(self, keys: SessionKeys, conversation: Conversation) -> None:
        sealed = conversation.seal(keys)
        await self._worker.do(
            lambda database: database.execute(
                "INSERT INTO conversation (id, last_minute, sealed) VALUES (?, ?, ?)",
                [keys.conversation_id, minute_now(), sealed],
            )
        )

    async def save(self, keys: SessionKeys, conversation: Conversation, filing: str | None = None) -> None:
        """Replace the kept conversation; one that was deleted meanwhile stays deleted (ConversationEndedError).

        `filing`: under this the report that is told will be found in the store, if it gets there. A report that is
        forgotten leaves nothing, in the log neither; a log that another process is reading is emptied by the next
        `delete_idle`.
        """
        sealed, apart = conversation.seal(keys), conversation.seal_apart(keys)

        def work(database: Database) -> int:
            with at_once(database):
                changed = database.execute(
                    "UPDATE conversation SET last_minute = ?, sealed = ? WHERE id = ?",
                    [minute_now(), sealed, keys.conversation_id],
                ).rowcount
                gone = database.execute("DELETE FROM report_under_way WHERE id = ?", [keys.conversation_id]).rowcount
                if changed and apart:
                    database.execute(
                        "INSERT INTO report_under_way (id, sealed, filing) VALUES (?, ?, ?)",
                        [keys.conversation_id, apart, filing],
                    )
            if gone and not apart:
                empty_log(database)
            return int(changed)

        if not await self._worker.do(work):
            raise ConversationEndedError("the conversation was deleted during its turn")

    async def being_filed(self) -> dict[str, str]:
        """{conversation id: receipt's look-up} of reports that were on their way to the store when a process died."""
        rows = await self._worker.do(
            lambda database: database.execute(
                "SELECT id, filing FROM report_under_way WHERE filing IS NOT NULL"
            ).fetchall()
        )
        return dict(rows)

    async def settle(self, conversation_id: str, *, filed: bool) -> None:
        """Of such a one: forget what was told of it, or let it be told on."""
        statement = "DELETE FROM report_under_way" if filed else "UPDATE report_under_way SET filing = NULL"

        def work(database: Database) -> None:
            database.execute(f"{statement} WHERE id = ?", [conversation_id])
            empty_log(database)

        await self._worker.do(work)

    async def delete(self, keys: SessionKeys) -> None:
        """Nothing of it stays, in the database or its log; deleting what is not there is no error.

        A log that another process is reading is emptied by the next `delete_idle`.
        """

        def work(database: Database) -> None:
            database.execute("DELETE FROM conversation WHERE id = ?", [keys.conversation_id])
            empty_log(database)

        await self._worker.do(work)

    async def delete_idle(self) -> int:
        """Delete every conversation that has been idle too long; how many there were.

        Raises NotSavedError where they are deleted but may still stand in the log.
        """

        def work(database: Database) -> int:
            oldest = minute_now() - self._idle_minutes
            deleted = database.execute("DELETE FROM conversation WHERE last_minute < ?", [oldest]).rowcount
            if not empty_log(database):
                raise sqlite3.OperationalError("another process was reading the log all the time")
            return int(deleted)

        return await self._worker.do(work)

    def close(self) -> None:
        self._worker.close()
