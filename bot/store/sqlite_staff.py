"""Accounts of staff on SQLite."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from bot.store.key_verbs import HolderRow
from bot.store.sqlite import Worker, as_record, at_once
from bot.store.staff_verbs import AccountRow


class SqliteStaff:
    """`staff_verbs.Staff` on SQLite."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def account(self, name: str) -> AccountRow | None:
        return await self._one("SELECT * FROM account WHERE name = ?", name)

    async def account_of(self, subject: str) -> AccountRow | None:
        return await self._one("SELECT * FROM account WHERE subject = ?", subject)

    async def accounts(self) -> list[AccountRow]:
        return [_account(row) for row in await self._rows("SELECT * FROM account ORDER BY name")]

    async def add_account(self, row: AccountRow, recovery_hashes: list[str]) -> bool:
        def work(database: Database) -> bool:
            with at_once(database):
                if database.table("account").count_where("name = ? OR subject = ?", [row.name, row.subject]):
                    return False
                database.table("account").insert(as_record(row))
                _set_recovery_codes(database, row.name, recovery_hashes)
                return True

        return await self._worker.do(work)

    async def change_account(
        self, name: str, values: Mapping[str, object], recovery_hashes: list[str] | None = None
    ) -> None:
        def work(database: Database) -> None:
            with at_once(database):
                if values:
                    columns = ", ".join(f"{column} = ?" for column in values)
                    database.execute(f"UPDATE account SET {columns} WHERE name = ?", [*values.values(), name])  # noqa: S608 - our own columns
                if recovery_hashes is not None:
                    _set_recovery_codes(database, name, recovery_hashes)

        await self._worker.do(work)

    async def use_step(self, name: str, step: int) -> bool:
        return await self._changed("UPDATE account SET step = ? WHERE name = ? AND step < ?", step, name, step)

    async def use_recovery_code(self, name: str, hashed: str) -> bool:
        return await self._changed("DELETE FROM recovery_code WHERE account = ? AND hash = ?", name, hashed)

    async def recovery_codes_left(self, name: str) -> int:
        return len(await self._rows("SELECT hash FROM recovery_code WHERE account = ?", name))

    # Saved views

    async def views(self, name: str) -> dict[str, str]:
        rows = await self._rows("SELECT name, query FROM saved_view WHERE account = ? ORDER BY name", name)
        return {row["name"]: row["query"] for row in rows}

    async def save_view(self, name: str, view: str, query: str) -> None:
        await self._changed("INSERT OR REPLACE INTO saved_view VALUES (?, ?, ?)", name, view, query)

    async def drop_view(self, name: str, view: str) -> None:
        await self._changed("DELETE FROM saved_view WHERE account = ? AND name = ?", name, view)

    # Partners' keys

    async def partner_key(self, name: str) -> HolderRow | None:
        rows = await self._rows("SELECT * FROM partner_key WHERE name = ?", name)
        return _holder(rows[0]) if rows else None

    async def partner_keys_of(self, body: str) -> list[HolderRow]:
        found = (
            "SELECT partner_key.* FROM partner_key JOIN account USING (name) WHERE body = ? AND active ORDER BY name"
        )
        return [_holder(row) for row in await self._rows(found, body)]

    async def set_partner_key(self, row: HolderRow) -> None:
        await self._worker.do(lambda database: database.table("partner_key").insert(as_record(row), replace=True))

    async def _one(self, statement: str, value: str) -> AccountRow | None:
        rows = await self._rows(statement, value)
        return _account(rows[0]) if rows else None

    async def _rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        return await self._worker.do(lambda database: list(database.query(statement, list(values))))

    async def _changed(self, statement: str, *values: Any) -> bool:
        return await self._worker.do(lambda database: database.execute(statement, list(values)).rowcount > 0)


def _set_recovery_codes(database: Database, name: str, hashes: list[str]) -> None:
    database.execute("DELETE FROM recovery_code WHERE account = ?", [name])
    database.table("recovery_code").insert_all({"account": name, "hash": each} for each in hashes)


def _account(row: dict[str, Any]) -> AccountRow:
    flags = {name: bool(row[name]) for name in ("must_change", "active")}
    return AccountRow(**{**row, **flags, "made_on": dt.date.fromisoformat(row["made_on"])})


def _holder(row: dict[str, Any]) -> HolderRow:
    return HolderRow(**{**row, "made_on": dt.date.fromisoformat(row["made_on"])})
