"""Somebody of staff for tests: an account, a phone for codes and, where the role has one, a sealing passphrase."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pyotp
from argon2 import PasswordHasher

from bot.accounts import accounts as accounts_module
from bot.accounts.accounts import STEP_SECONDS, Accounts
from bot.accounts.roles import OPENS_REPORTS, PARTNER
from bot.casework.keyring import Keyring
from bot.casework.partner_keys import PartnerKeys
from bot.store.secrets import server_key
from bot.store.sqlite import SqliteStore

accounts_module._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Passwords at little cost; what one costs outside of tests is Argon2id's default."""
PASSWORD = "a password of one's own"


@dataclass
class Person:
    name: str
    role: str
    passphrase: str
    totp: str
    recovery_codes: list[str]
    _used: int = 0

    def code(self) -> str:
        """Of this half minute, or of the next where that was used; else one of the recovery codes."""
        totp = pyotp.parse_uri(self.totp)
        assert isinstance(totp, pyotp.TOTP)
        now = int(time.time()) // STEP_SECONDS
        if self._used > now:
            return self.recovery_codes.pop()
        self._used = max(now, self._used + 1)
        return totp.generate_otp(self._used)


def hired(store: SqliteStore, var: Path, passphrase: str, name: str, role: str, *, body: str | None = None) -> Person:
    """A new account; `passphrase` opens the team's key for it."""
    accounts = Accounts(store.staff, server_key(var))
    made = asyncio.run(accounts.add(name, role, body))
    asyncio.run(accounts.change_password(name, PASSWORD))
    own = ""
    if role in OPENS_REPORTS:
        own = f"the passphrase of {name}"
        keyring = Keyring(store)
        asyncio.run(keyring.add(asyncio.run(keyring.open("team", passphrase)), name, own))
    elif role == PARTNER:
        own = asyncio.run(PartnerKeys(store.staff).make(name))
    return Person(name, role, own, made.totp, list(made.recovery_codes))
