"""The team's keys on their tables."""

from bot.store.database import Database, as_record, columns_of
from bot.store.key_verbs import HolderRow, Rotation, ShareRow, TeamKeyRow
from bot.store.report_verbs import TEAM
from bot.store.tables.part import Part


class KeyTables(Part):
    """`key_verbs.Keys` on its tables."""

    async def team_key(self) -> TeamKeyRow | None:
        rows = await self._rows(f"SELECT {columns_of(TeamKeyRow)} FROM team_key")  # noqa: S608 - constants
        return TeamKeyRow(**rows[0]) if rows else None

    async def holders(self) -> list[HolderRow]:
        rows = await self._rows(f"SELECT {columns_of(HolderRow)} FROM key_holder ORDER BY name")  # noqa: S608 - constants
        return [HolderRow(**row) for row in rows]

    async def share(self, key_id: str, holder: str) -> ShareRow | None:
        found = f"SELECT {columns_of(ShareRow)} FROM key_share WHERE key_id = ? AND holder = ?"  # noqa: S608 - constants
        rows = await self._rows(found, key_id, holder)
        return ShareRow(**rows[0]) if rows else None

    async def make(self, key: TeamKeyRow, holders: list[HolderRow], shares: list[ShareRow]) -> bool:
        def work(database: Database) -> bool:
            if database.count("team_key"):
                return False
            database.insert("team_key", [as_record(key)])
            database.insert("key_holder", map(as_record, holders))
            database.insert("key_share", map(as_record, shares))
            return True

        return await self._at_once(work)

    async def add_holder(self, holder: HolderRow, share: ShareRow) -> None:
        def work(database: Database) -> None:
            database.execute("DELETE FROM key_holder WHERE name = ?", [holder.name])
            database.insert("key_holder", [as_record(holder)])
            database.insert("key_share", [as_record(share)])

        await self._at_once(work)

    async def rotate(self, rotation: Rotation) -> bool:
        def work(database: Database) -> bool:
            with database.at_once():
                if not _is_of_now(database, rotation):
                    return False
                _replace(database, rotation)
            database.emptied("likeness", "key_share", "team_key", "key_holder", *_RESEALED)
            return True

        return await self._worker.do(work)


_RESEALED = ("report_key", "handover_key", "kept_question")
_REPORT_KEY = "UPDATE report_key SET key_id = :key_id, sealed = :sealed WHERE report_id = :report_id AND holder = :team"
_HANDOVER_KEY = "UPDATE handover_key SET sealed = :sealed WHERE handover_id = :handover_id AND holder = :team"
_QUESTION = "UPDATE kept_question SET key_id = :key_id, sealed = :sealed WHERE id = :id"


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
    database.insert("team_key", [as_record(rotation.key)])
    for name in rotation.removed:
        database.execute("DELETE FROM key_holder WHERE name = ?", [name])
    database.insert("key_share", map(as_record, rotation.shares))
    for statement, rows in (
        (_REPORT_KEY, rotation.report_keys), (_HANDOVER_KEY, rotation.handover_keys), (_QUESTION, rotation.questions)
    ):  # fmt: skip
        database.execute_each(statement, [{**as_record(row), "team": TEAM} for row in rows])
