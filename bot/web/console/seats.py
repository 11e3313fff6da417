"""Who sits at the console: sessions and open keys, in this process's memory only."""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum

from nacl.public import PrivateKey
from starlette.requests import Request
from starlette.responses import Response

from bot.casework.keyring import TeamKey
from bot.language.sources import STAFF
from bot.settings import Settings
from bot.store.staff_verbs import AccountRow

COOKIE = "vejviser_console"
IDLE, LONGEST = 30 * 60.0, 12 * 3600.0
"""Seconds after which a session ends: without a request, and in any case."""
CONFIRMED = 10 * 60.0
"""Seconds for which a password and code that were just given stand for exports, accounts and keys."""
MOST_CODES = 5
"""Codes that may be tried after one password."""


class Stage(StrEnum):
    CODE = "code"
    """The password was right, or the city's log-in said who it is; a code is still missing."""
    IN = "in"


@dataclass
class Seat:
    name: str
    stage: Stage
    code: str = STAFF
    """Of the language."""
    mark: str = ""
    """Of what opened the account (`mark_of`)."""
    form: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    """Stands in every form of this session, so that no other site can send one."""
    team: TeamKey | None = field(default=None, repr=False)
    partner: PrivateKey | None = field(default=None, repr=False)
    tried: int = 0
    begun: float = field(default_factory=time.monotonic)
    seen: float = field(default_factory=time.monotonic)
    confirmed: float = 0.0

    def is_over(self, now: float) -> bool:
        return now - self.seen >= IDLE or now - self.begun >= LONGEST

    @property
    def is_confirmed(self) -> bool:
        return bool(self.confirmed) and time.monotonic() - self.confirmed < CONFIRMED

    def confirm(self) -> None:
        self.confirmed = time.monotonic()


def mark_of(account: AccountRow) -> str:
    """Another one once the account was renewed, in another process too: sessions from before it are over then."""
    return hashlib.blake2b(f"{account.password}/{account.totp.hex()}".encode(), digest_size=16).hexdigest()


class Seats:
    def __init__(self, settings: Settings) -> None:
        self._secure = settings.secure_cookie
        self._seats: dict[str, Seat] = {}

    def take(self, response: Response, seat: Seat) -> None:
        """A session under a new token: what somebody knew before signing in is worth nothing after it."""
        token = secrets.token_hex(32)
        self._seats[token] = seat
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=self._secure, path="/")

    def of(self, request: Request) -> Seat | None:
        now = time.monotonic()
        self._seats = {token: seat for token, seat in self._seats.items() if not seat.is_over(now)}
        seat = self._seats.get(request.cookies.get(COOKIE, ""))
        if seat:
            seat.seen = now
        return seat

    def leave(self, request: Request) -> None:
        self._seats.pop(request.cookies.get(COOKIE, ""), None)

    def end_all(self, name: str, *, but: Seat | None = None) -> None:
        """Every session of an account: its password was changed, or it was locked."""
        self._seats = {token: seat for token, seat in self._seats.items() if seat.name != name or seat is but}

    def close_keys(self) -> None:
        """The team's key was replaced: everybody opens the new one."""
        for seat in self._seats.values():
            seat.team = None

    def clear_cookie(self, response: Response) -> None:
        response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self._secure, path="/")
