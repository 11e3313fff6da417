"""Where conversations lie: one sealed row each, under the hash of a token, deleted when asked or when idle."""

import sqlite3
import time
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.engine.conversation import Conversation, SessionKeys
from bot.errors import ConversationEndedError
from bot.store.sqlite import Worker, empty_log, open_database

migrations = Migrations("conversations")


@migrations()
def create_conversation(database: Database) -> None:
    database.create_table(
        "conversation",
        {"id": str, "last_minute": int, "sealed": bytes},
        pk="id",
        not_null={"id", "last_minute", "sealed"},
    ).create_index(["last_minute"])


def minute_now() -> int:
    """Whole minutes since 1970: all of the time that is kept, and only until the conversation is deleted."""
    return int(time.time()) // 60


class ConversationStore:
    def __init__(self, path: Path, idle_minutes: int) -> None:
        self._idle_minutes = idle_minutes
        self._worker = Worker(open_database(path, migrations, synchronous="NORMAL"), "conversations")

    async def load(self, keys: SessionKeys) -> Conversation:
        """Raises ConversationEndedError where there is none or it has been idle too long."""
        oldest = minute_now() - self._idle_minutes
        rows = await self._worker.do(
            lambda database: database.execute(
                "SELECT sealed FROM conversation WHERE id = ? AND last_minute >= ?", [keys.conversation_id, oldest]
            ).fetchall()
        )
        if not rows:
            raise ConversationEndedError("no conversation for this token")
        return Conversation.open(rows[0][0], keys)

    async def create(self, keys: SessionKeys, conversation: Conversation) -> None:
        sealed = conversation.seal(keys)
        await self._worker.do(
            lambda database: database.execute(
                "INSERT INTO conversation (id, last_minute, sealed) VALUES (?, ?, ?)",
                [keys.conversation_id, minute_now(), sealed],
            )
        )

    async def save(self, keys: SessionKeys, conversation: Conversation) -> None:
        """Replace the kept conversation; one that was deleted meanwhile stays deleted (ConversationEndedError)."""
        sealed = conversation.seal(keys)
        changed = await self._worker.do(
            lambda database: (
                database.execute(
                    "UPDATE conversation SET last_minute = ?, sealed = ? WHERE id = ?",
                    [minute_now(), sealed, keys.conversation_id],
                ).rowcount
            )
        )
        if not changed:
            raise ConversationEndedError("the conversation was deleted during its turn")

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
