"""The team's keys on SQLite."""

import datetime as dt

from sqlite_utils import Database

from bot.store.key_verbs import HolderRow, Rotation, ShareRow, TeamKeyRow
from bot.store.report_verbs import TEAM
from bot.store.sqlite import Worker, as_record, at_once, empty_log


class SqliteKeys:
    """`key_verbs.Keys` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def team_key(self) -> TeamKeyRow | None:
        rows = await self._worker.do(lambda database: list(database.query("SELECT * FROM team_key")))
        return TeamKeyRow(**{**rows[0], "made_on": dt.date.fromisoformat(rows[0]["made_on"])}) if rows else None

    async def holders(self) -> list[HolderRow]:
        rows = await self._worker.do(lambda database: list(database.query("SELECT * FROM key_holder ORDER BY name")))
        return [HolderRow(**{**row, "made_on": dt.date.fromisoformat(row["made_on"])}) for row in rows]

    async def share(self, key_id: str, holder: str) -> ShareRow | None:
        found = "SELECT * FROM key_share WHERE key_id = ? AND holder = ?"
        rows = await self._worker.do(lambda database: list(database.query(found, [key_id, holder])))
        return ShareRow(**rows[0]) if rows else None

    async def make(self, key: TeamKeyRow, holders: list[HolderRow], shares: list[ShareRow]) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                if database.table("team_key").count:
                    return False
                database.table("team_key").insert(as_record(key))
                database.table("key_holder").insert_all(as_record(holder) for holder in holders)
                database.table("key_share").insert_all(as_record(share) for share in shares)
                return True

        return await self._worker.do(work)

    async def add_holder(self, holder: HolderRow, share: ShareRow) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                database.execute("DELETE FROM key_holder WHERE name = ?", [holder.name])
                database.table("key_holder").insert(as_record(holder))
                database.table("key_share").insert(as_record(share))

        await self._worker.do(work)

    async def rotate(self, rotation: Rotation) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                if not _is_of_now(database, rotation):
                    return False
                _replace(database, rotation)
            empty_log(database)
            return True

        return await self._worker.do(work)


def _is_of_now(database: Database, rotation: Rotation) -> bool:
    """Whether the rotation was made of just what is stored: a report that came meanwhile would be lost to the team."""
    reports = {row.report_id for row in rotation.report_keys}
    questions = {row.id for row in rotation.questions}
    stored = database.query("SELECT report_id FROM report_key WHERE holder = ?", [TEAM])
    asked = database.query("SELECT id FROM kept_question")
    handed = database.query("SELECT handover_id FROM handover_key WHERE holder = ?", [TEAM])
    return (
        {row["report_id"] for row in stored} == reports
        and {row["id"] for row in asked} == questions
        and {row["handover_id"] for row in handed} == {row.handover_id for row in rotation.handover_keys}
    )


def _replace(database: Database, rotation: Rotation) -> None:
    database.execute("DELETE FROM likeness")  # its key goes
    database.execute("DELETE FROM key_share")
    database.execute("DELETE FROM team_key")
    database.table("team_key").insert(as_record(rotation.key))
    for name in rotation.removed:
        database.execute("DELETE FROM key_holder WHERE name = ?", [name])
    database.table("key_share").insert_all(as_record(share) for share in rotation.shares)
    for row in rotation.report_keys:
        database.execute(
            "UPDATE report_key SET key_id = ?, sealed = ? WHERE report_id = ? AND holder = ?",
            [row.key_id, row.sealed, row.report_id, TEAM],
        )
    for handed in rotation.handover_keys:
        database.execute(
            "UPDATE handover_key SET sealed = ? WHERE handover_id = ? AND holder = ?",
            [handed.sealed, handed.handover_id, TEAM],
        )
    for question in rotation.questions:
        database.execute(
            "UPDATE kept_question SET key_id = ?, sealed = ? WHERE id = ?",
            [question.key_id, question.sealed, question.id],
        )
