"""Where conversations lie: a sealed row each, a second one while a report is told; deleted when asked or when idle."""

import time

from bot.engine.clock import Clock
from bot.engine.conversation import Conversation, SessionKeys, mark_of
from bot.errors import ConversationEndedError, NotSavedError
from bot.store.database import Database, Worker

TABLES = ("conversation", "report_under_way")


def minute_now() -> int:
    """Whole minutes since 1970: all of the time that is kept, and only until the conversation is deleted."""
    return int(time.time()) // 60


class ConversationStore:
    def __init__(self, worker: Worker, idle_minutes: int) -> None:
        self._worker = worker
        self._idle_minutes = idle_minutes
        self._clock = Clock()

    async def load(self, keys: SessionKeys) -> Conversation:
        """Raises ConversationEndedError where there is none or it has been idle too long."""
        row = await self._found(keys)
        if not row and self._clock.has_jumped:
            await self._begin_anew()
            row = await self._found(keys)
        if not row:
            raise ConversationEndedError("no conversation for this token")
        sealed, apart = row
        return Conversation.open(sealed, apart, keys)

    async def _found(self, keys: SessionKeys) -> tuple[bytes, bytes | None] | None:
        found = (
            "SELECT conversation.sealed, report_under_way.sealed FROM conversation "
            "LEFT JOIN report_under_way USING (id) WHERE id = ? AND last_minute >= ?"
        )
        oldest = minute_now() - self._idle_minutes
        values = [keys.conversation_id, oldest]
        row: tuple[bytes, bytes | None] | None = await self._worker.do(
            lambda database: database.execute(found, values).fetchone()
        )
        return row

    async def _begin_anew(self) -> None:
        """After a clock that was set nobody's minutes can be counted: they all have their full time from now on."""

        def work(database: Database) -> None:
            with database.at_once():
                database.execute("UPDATE conversation SET last_minute = ?", [minute_now()])

        await self._worker.do(work)
        self._clock.believe()

    async def create(self, keys: SessionKeys, conversation: Conversation) -> None:
        sealed = conversation.seal(keys)
        row = {"id": keys.conversation_id, "last_minute": minute_now(), "sealed": sealed}

        def work(database: Database) -> None:
            with database.at_once():
                database.insert("conversation", [row])

        await self._worker.do(work)
        conversation.mark = mark_of(sealed)

    async def save(self, keys: SessionKeys, conversation: Conversation, filing: str | None = None) -> None:
        """Replace the kept conversation; one that was deleted meanwhile stays deleted (ConversationEndedError).

        One that somebody else saved since it was loaded stays as they left it (NotSavedError).
        `filing`: under this the report that is told will be found in the store, if it gets there. A report that is
        forgotten leaves nothing, in the log neither; a log that another process is reading is emptied by the next
        `delete_idle`.
        """
        sealed, apart = conversation.seal(keys), conversation.seal_apart(keys)

        def work(database: Database) -> tuple[bool, bool]:
            with database.at_once():
                if not _replace(database, keys.conversation_id, sealed, conversation.mark):
                    return False, database.count("conversation", "id = ?", [keys.conversation_id]) > 0
                gone = database.execute("DELETE FROM report_under_way WHERE id = ?", [keys.conversation_id]).rowcount
                if apart:
                    row = {"id": keys.conversation_id, "sealed": apart, "filing": filing}
                    database.insert("report_under_way", [row])
            if gone and not apart:
                database.emptied(*TABLES)
            return True, True

        saved, is_there = await self._worker.do(work)
        if not is_there:
            raise ConversationEndedError("the conversation was deleted during its turn")
        if not saved:
            raise NotSavedError("somebody else saved the conversation during its turn")
        conversation.mark = mark_of(sealed)

    async def being_filed(self) -> dict[str, str]:
        """{conversation id: receipt's look-up} of reports that are on their way to the store, or were at a crash."""
        found = "SELECT id, filing FROM report_under_way WHERE filing IS NOT NULL"
        return dict(await self._worker.do(lambda database: database.execute(found).fetchall()))

    async def settle(self, conversation_id: str, *, filed: bool) -> None:
        """Of such a one: forget what was told of it, or let it be told on; nothing where it got there meanwhile."""
        statement = "DELETE FROM report_under_way" if filed else "UPDATE report_under_way SET filing = NULL"

        def work(database: Database) -> None:
            with database.at_once():
                database.execute(f"{statement} WHERE id = ? AND filing IS NOT NULL", [conversation_id])
            database.emptied(*TABLES)

        await self._worker.do(work)

    async def delete(self, keys: SessionKeys) -> None:
        """Nothing of it stays, in the database or its log; deleting what is not there is no error.

        A log that another process is reading is emptied by the next `delete_idle`.
        """

        def work(database: Database) -> None:
            with database.at_once():
                database.execute("DELETE FROM conversation WHERE id = ?", [keys.conversation_id])
            database.emptied(*TABLES)

        await self._worker.do(work)

    async def check(self) -> None:
        """Raises NotSavedError where nothing can be written now; nothing is."""

        def work(database: Database) -> None:
            with database.at_once():
                database.execute("SELECT id FROM conversation LIMIT 1").fetchall()

        await self._worker.do(work)

    async def delete_idle(self) -> int:
        """Delete every conversation that has been idle too long; how many there were.

        Raises NotSavedError where they are deleted but may still stand in the log. One that was last heard of in the
        future, by a clock that was set back since, has its time from now on.
        """
        if self._clock.has_jumped:
            await self._begin_anew()
        now = minute_now()
        oldest = now - self._idle_minutes

        def work(database: Database) -> int:
            with database.at_once():
                later = [now, now + self._idle_minutes]
                database.execute("UPDATE conversation SET last_minute = ? WHERE last_minute > ?", later)
                deleted = database.execute("DELETE FROM conversation WHERE last_minute < ?", [oldest]).rowcount
            if not database.emptied(*TABLES):
                raise NotSavedError("another process was reading the log all the time")
            return deleted

        return await self._worker.do(work)

    def close(self) -> None:
        self._worker.close()


def _replace(database: Database, conversation_id: str, sealed: bytes, mark: bytes | None) -> int:
    """How many were replaced: none where it bears another mark than that with which it was loaded."""
    statement = "UPDATE conversation SET last_minute = ?, sealed = ? WHERE id = ?"
    values = [minute_now(), sealed, conversation_id]
    if mark:
        statement, values = f"{statement} AND substr(sealed, 1, {len(mark)}) = ?", [*values, mark]
    return database.execute(statement, values).rowcount
