"""Accounts of staff: a password and a code for every log-in. Neither opens a report: sealing passphrases lie apart."""

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from bot.accounts.roles import PARTNER, ROLES
from bot.errors import AccountError, SealBrokenError
from bot.language.dates import today
from bot.store.staff_verbs import AccountRow, Staff

SHORTEST_PASSWORD, LONGEST = 12, 200
"""Letters. Length is the only rule (NIST SP 800-63B, 5.1.1.2); the longest keeps hashing cheap."""
RECOVERY_CODES = 10
STEP_SECONDS, WINDOW = 30, 1
"""A code is taken half a minute early or late, for a phone whose clock is off."""
NAME = r"[a-z][a-z0-9._-]{1,39}"
KEPT_NAMES = frozenset({"team", "recovery", "receipt", "endpoint", "me", "nobody"})
"""No account is called so: of the first holders of the team's key, of the server of a body, of choices of the queue.

Whoever gave an account called `recovery` a share of the key would take the place of the paper in the safe.
"""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "Vejviser"
_slowly = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")
_hasher = PasswordHasher()
"""Argon2id at the library's defaults (RFC 9106, low memory)."""


@dataclass(frozen=True, repr=False)
class Secrets:
    """Shown once, kept nowhere."""

    password: str | None
    totp: str
    """As an otpauth:// address, which phones read from a picture."""
    recovery_codes: tuple[str, ...]


class Accounts:
    def __init__(self, store: Staff, server_key: bytes) -> None:
        self._store = store
        self._key = server_key
        self._one_at_a_time = asyncio.Lock()
        """A row is read, changed and written back whole: a lock or a used code must not be lost between."""

    async def account(self, name: str) -> AccountRow | None:
        return await self._store.account(name)

    async def account_of(self, subject: str) -> AccountRow | None:
        return await self._store.account_of(subject)

    async def accounts(self) -> list[AccountRow]:
        return await self._store.accounts()

    async def add(self, name: str, role: str, body: str | None = None, subject: str | None = None) -> Secrets:
        """A new account with a password, a code's secret and recovery codes; they are shown once.

        Whoever comes by the city's own log-in (`subject`) has no password. Raises AccountError with a code as text.
        """
        check_who(name, role, body)
        password = None if subject else made_secret()
        totp, codes = pyotp.random_base32(), _made_codes()
        row = AccountRow(
            name, role, body, subject, await _hashed(password) if password else None, self._sealed(name, totp),
            step=0, must_change=bool(password), active=True, made_on=today(),
        )  # fmt: skip
        if not await self._store.add_account(row, [self._code_hash(name, code) for code in codes]):
            raise AccountError("taken")
        return Secrets(password, _address(name, totp), codes)

    # Signing in

    async def with_password(self, name: str, password: str) -> AccountRow | None:
        """The account, if it is active and this is its password; an unknown name takes as long."""
        row = await self._store.account(name)
        known = row.password if row and row.password else _NOBODY
        fits = await _fits(known, password[:LONGEST])
        return row if row and row.password and row.active and fits else None

    async def takes_code(self, row: AccountRow, code: str, now: float | None = None) -> bool:
        """Whether it is the code of this half minute, or of one beside it; each is taken once."""
        typed = "".join(char for char in code if char.isdecimal())
        totp = pyotp.TOTP(self._opened(row))
        step = int(time.time() if now is None else now) // STEP_SECONDS
        for each in range(step - WINDOW, step + WINDOW + 1):
            if hmac.compare_digest(totp.generate_otp(each), _ascii(typed)):
                async with self._one_at_a_time:
                    return await self._store.use_step(row.name, each)
        return False

    async def takes_recovery_code(self, row: AccountRow, code: str) -> bool:
        """Whether it is one of those that were shown once; it is used up."""
        return await self._store.use_recovery_code(row.name, self._code_hash(row.name, code))

    async def recovery_codes_left(self, name: str) -> int:
        return await self._store.recovery_codes_left(name)

    # Changing

    async def change_password(self, name: str, new: str) -> None:
        """Raises AccountError("short") or ("long")."""
        if len(new.strip()) < SHORTEST_PASSWORD:
            raise AccountError("short")
        if len(new) > LONGEST:
            raise AccountError("long")
        await self._change(name, password=await _hashed(new), must_change=False)

    async def renew(self, name: str) -> Secrets:
        """Everything new for somebody who lost phone or password; what they had is taken no more."""
        password = None if (await self._row(name)).subject else made_secret()
        hashed, totp, codes = await _hashed(password) if password else None, pyotp.random_base32(), _made_codes()
        new = {"password": hashed, "totp": self._sealed(name, totp), "must_change": bool(password)}
        await self._change(name, [self._code_hash(name, code) for code in codes], **new)
        return Secrets(password, _address(name, totp), codes)

    async def new_phone(self, name: str) -> str:
        """Another secret for the codes, as an otpauth:// address."""
        totp = pyotp.random_base32()
        await self._change(name, totp=self._sealed(name, totp))
        return _address(name, totp)

    async def new_recovery_codes(self, name: str) -> tuple[str, ...]:
        codes = _made_codes()
        await self._change(name, [self._code_hash(name, code) for code in codes])
        return codes

    async def set_role(self, name: str, role: str, body: str | None) -> None:
        check_who(name, role, body)
        await self._change(name, role=role, body=body)

    async def set_active(self, name: str, *, active: bool) -> None:
        await self._change(name, active=active)

    async def _change(self, name: str, recovery_hashes: list[str] | None = None, **columns: Any) -> None:
        """Only what is named here, so that another process that locks the account meanwhile is not undone."""
        await self._row(name)
        await self._store.change_account(name, columns, recovery_hashes)

    async def _row(self, name: str) -> AccountRow:
        row = await self._store.account(name)
        if row is None:
            raise AccountError("unknown")
        return row

    # Secrets

    def _sealed(self, name: str, totp: str) -> bytes:
        return bytes(Aead(self._derived()).encrypt(totp.encode(), aad=name.encode()))

    def _opened(self, row: AccountRow) -> str:
        try:
            return Aead(self._derived()).decrypt(row.totp, aad=row.name.encode()).decode()
        except CryptoError:
            raise SealBrokenError("an account's code does not open with this server's key") from None

    def _derived(self) -> bytes:
        return hashlib.blake2b(key=self._key, person=b"staff-totp", digest_size=Aead.KEY_SIZE).digest()

    def _code_hash(self, name: str, code: str) -> str:
        """Ten letters of thirty are 49 bits; keyed, so that a copy of the store cannot try them."""
        plain = "".join(char for char in code.lower() if char.isalnum())
        return hashlib.blake2b(f"{name}/{plain}".encode(), key=self._key, person=b"staff-recover").hexdigest()


def made_secret() -> str:
    """`abcde-fghjk-mnpqr-stuvw`: a first password, 99 bits, easy to read aloud."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _made_codes() -> tuple[str, ...]:
    pieces = ["".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2 * RECOVERY_CODES)]
    return tuple(f"{first}-{second}" for first, second in zip(pieces[::2], pieces[1::2], strict=True))


def _address(name: str, totp: str) -> str:
    return pyotp.TOTP(totp).provisioning_uri(name=name, issuer_name=ISSUER)


def check_who(name: str, role: str, body: str | None) -> None:
    """Raises AccountError with a code as text, as adding it would."""
    if not re.fullmatch(NAME, name) or name in KEPT_NAMES:
        raise AccountError("name")
    if role not in ROLES:
        raise AccountError("role")
    if (role == PARTNER) != bool(body):
        raise AccountError("body")


def _ascii(typed: str) -> str:
    """Digits as keyboards of other scripts write them."""
    return "".join(str(int(char)) for char in typed)


async def _hashed(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_slowly, _hasher.hash, password)


async def _fits(hashed: str, password: str) -> bool:
    def work() -> bool:
        try:
            return _hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    return await asyncio.get_running_loop().run_in_executor(_slowly, work)


_NOBODY = _hasher.hash(secrets.token_hex(16))
