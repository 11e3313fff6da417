"""What the store can be asked about the team's keys; every private half in it is sealed under a passphrase."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol

from bot.store.case_verbs import HandoverKeyRow
from bot.store.report_verbs import KeyRow, QuestionRow


@dataclass(frozen=True)
class HolderRow:
    """Somebody with a pair of keys of their own: a member of staff, or the recovery."""

    name: str
    public: bytes
    salt: bytes = field(repr=False)
    operations: int
    memory: int
    """What opening it costs (Argon2id); kept with it, so that it can be raised for new ones."""
    sealed: bytes = field(repr=False)
    """The private half, under the passphrase."""
    made_on: dt.date


@dataclass(frozen=True)
class TeamKeyRow:
    id: str
    public: bytes
    made_on: dt.date


@dataclass(frozen=True)
class ShareRow:
    """The private half of a team key, sealed to a holder."""

    key_id: str
    holder: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Rotation:
    """A new team key in the place of the old one, for everybody but those who are removed."""

    key: TeamKeyRow
    shares: tuple[ShareRow, ...]
    report_keys: tuple[KeyRow, ...]
    handover_keys: tuple[HandoverKeyRow, ...]
    questions: tuple[QuestionRow, ...]
    removed: tuple[str, ...]


class Keys(Protocol):
    """Each verb is one transaction; it returns after the commit or raises NotSavedError."""

    async def team_key(self) -> TeamKeyRow | None:
        """The one that is in use; None before the first start."""

    async def holders(self) -> list[HolderRow]: ...

    async def share(self, key_id: str, holder: str) -> ShareRow | None: ...

    async def make(self, key: TeamKeyRow, holders: list[HolderRow], shares: list[ShareRow]) -> bool:
        """Store the first keys; False, and nothing stored, where there are some."""

    async def add_holder(self, holder: HolderRow, share: ShareRow) -> None:
        """A holder of a known name is replaced."""

    async def rotate(self, rotation: Rotation) -> bool:
        """All or nothing; False, and nothing changed, where a report came in meanwhile: then it is tried again."""
