"""What the store can be asked about accounts of staff. Nothing in it opens a report."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.store.key_verbs import HolderRow


@dataclass(frozen=True)
class AccountRow:
    name: str
    role: str
    body: str | None
    """Of a partner: the body of content/law for which they work."""
    subject: str | None
    """Who they are at the city's own log-in, as `issuer subject`."""
    password: str | None = field(repr=False)
    """Argon2id's text with its salt and cost; None where they come by the city's log-in only."""
    totp: bytes = field(repr=False)
    """The secret of their codes, sealed under the server's key."""
    step: int
    """Of the last code that was taken (half minutes since 1970); it and earlier ones are taken no more."""
    must_change: bool
    """Somebody else made the password."""
    active: bool
    made_on: dt.date


class Staff(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def account(self, name: str) -> AccountRow | None: ...

    async def account_of(self, subject: str) -> AccountRow | None: ...

    async def accounts(self) -> list[AccountRow]: ...

    async def add_account(self, row: AccountRow, recovery_hashes: list[str]) -> bool:
        """False, and nothing stored, where the name or the subject is taken."""

    async def change_account(
        self, name: str, values: Mapping[str, object], recovery_hashes: list[str] | None = None
    ) -> None:
        """Set columns of an account; with hashes, replace its recovery codes too."""

    async def use_step(self, name: str, step: int) -> bool:
        """Use up a code; False where this or a later one was used, of two that come together for the second."""

    async def use_recovery_code(self, name: str, hashed: str) -> bool:
        """Use one up; False where there is none such, or it was used."""

    async def recovery_codes_left(self, name: str) -> int: ...

    # Saved views

    async def views(self, name: str) -> dict[str, str]:
        """{name of a view: query of the address}."""

    async def save_view(self, name: str, view: str, query: str) -> None: ...

    async def drop_view(self, name: str, view: str) -> None: ...

    # Partners' keys

    async def partner_key(self, name: str) -> HolderRow | None: ...

    async def partner_keys_of(self, body: str) -> list[HolderRow]:
        """Of the active accounts of a body."""

    async def set_partner_key(self, row: HolderRow) -> None:
        """Replaces an earlier one: what was sealed to that opens no more."""
