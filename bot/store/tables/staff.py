"""Accounts of staff on their tables."""

from collections.abc import Mapping

from bot.store.database import Database, as_record, columns_of
from bot.store.key_verbs import HolderRow
from bot.store.staff_verbs import AccountRow
from bot.store.tables.part import Part

_ACCOUNT = f"SELECT {columns_of(AccountRow)} FROM account"  # noqa: S608 - constants


class StaffTables(Part):
    """`staff_verbs.Staff` on its tables."""

    async def account(self, name: str) -> AccountRow | None:
        return await self._one(f"{_ACCOUNT} WHERE name = ?", name)

    async def account_of(self, subject: str) -> AccountRow | None:
        return await self._one(f"{_ACCOUNT} WHERE subject = ?", subject)

    async def accounts(self) -> list[AccountRow]:
        return [AccountRow(**row) for row in await self._rows(f"{_ACCOUNT} ORDER BY name")]

    async def add_account(self, row: AccountRow, recovery_hashes: list[str]) -> bool:
        def work(database: Database) -> bool:
            if database.count("account", "name = ? OR subject = ?", [row.name, row.subject]):
                return False
            database.insert("account", [as_record(row)])
            _set_recovery_codes(database, row.name, recovery_hashes)
            return True

        return await self._at_once(work)

    async def change_account(
        self, name: str, values: Mapping[str, object], recovery_hashes: list[str] | None = None
    ) -> None:
        def work(database: Database) -> None:
            if values:
                columns = ", ".join(f"{column} = ?" for column in values)
                database.execute(f"UPDATE account SET {columns} WHERE name = ?", [*values.values(), name])  # noqa: S608 - our own columns
            if recovery_hashes is not None:
                _set_recovery_codes(database, name, recovery_hashes)

        await self._at_once(work)

    async def use_step(self, name: str, step: int) -> bool:
        return await self._changed("UPDATE account SET step = ? WHERE name = ? AND step < ?", step, name, step) > 0

    async def use_recovery_code(self, name: str, hashed: str) -> bool:
        return await self._changed("DELETE FROM recovery_code WHERE account = ? AND hash = ?", name, hashed) > 0

    async def recovery_codes_left(self, name: str) -> int:
        return await self._worker.do(lambda database: database.count("recovery_code", "account = ?", [name]))

    # Saved views

    async def views(self, name: str) -> dict[str, str]:
        rows = await self._rows("SELECT name, query FROM saved_view WHERE account = ? ORDER BY name", name)
        return {row["name"]: row["query"] for row in rows}

    async def save_view(self, name: str, view: str, query: str) -> None:
        row = {"account": name, "name": view, "query": query}
        await self._at_once(lambda database: database.replace("saved_view", [row], ("account", "name")))

    async def drop_view(self, name: str, view: str) -> None:
        await self._changed("DELETE FROM saved_view WHERE account = ? AND name = ?", name, view)

    # Partners' keys

    async def partner_key(self, name: str) -> HolderRow | None:
        rows = await self._rows(f"SELECT {columns_of(HolderRow)} FROM partner_key WHERE name = ?", name)  # noqa: S608 - constants
        return HolderRow(**rows[0]) if rows else None

    async def partner_keys_of(self, body: str) -> list[HolderRow]:
        columns = ", ".join(f"partner_key.{name}" for name in HolderRow.__dataclass_fields__)
        found = (
            f"SELECT {columns} FROM partner_key JOIN account ON account.name = partner_key.name "  # noqa: S608 - constants
            "WHERE body = ? AND active = 1 ORDER BY account.name"
        )
        return [HolderRow(**row) for row in await self._rows(found, body)]

    async def set_partner_key(self, row: HolderRow) -> None:
        await self._at_once(lambda database: database.replace("partner_key", [as_record(row)], ("name",)))

    async def _one(self, statement: str, value: str) -> AccountRow | None:
        rows = await self._rows(statement, value)
        return AccountRow(**rows[0]) if rows else None


def _set_recovery_codes(database: Database, name: str, hashes: list[str]) -> None:
    database.execute("DELETE FROM recovery_code WHERE account = ?", [name])
    database.insert("recovery_code", ({"account": name, "hash": each} for each in hashes))
