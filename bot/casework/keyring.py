"""The team's keys: public halves seal what the chat takes in; private halves open under a passphrase only.

Every holder (a member of staff, or the recovery) has a pair of keys whose private half lies sealed under a passphrase
of their own. The team key's private half is sealed to each holder, so that a new team key needs nobody's passphrase.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead

from bot.casework.handover_seal import resealed
from bot.casework.sealing import ReportKey
from bot.errors import NoTeamKeyError, NotSavedError, WeakPassphraseError, WrongPassphraseError
from bot.language.dates import today
from bot.store.key_verbs import HolderRow, Rotation, ShareRow, TeamKeyRow
from bot.store.report_verbs import KeyRow, QuestionRow
from bot.store.verbs import Store

FIRST, RECOVERY = "team", "recovery"
"""The holders of the first start."""
SHORTEST = 15
"""Letters of a passphrase that somebody chooses."""
OPERATIONS, MEMORY = argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE
"""Three passes over 256 MiB: people choose passphrases, and open a key once a session."""
LETTERS, GROUPS = "abcdefghjkmnpqrstuvwxyz23456789", 6
"""Of a passphrase that is made: no letter looks like another; six groups of five are 148 bits."""
TRIES = 5
_slowly = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passphrase")


@dataclass(frozen=True)
class PublicKeys:
    """All the chat needs, and all it has."""

    team_id: str
    team: bytes
    recovery: bytes


@dataclass(frozen=True, repr=False)
class TeamKey:
    """The team key, open; in the console's memory only."""

    id: str
    private: PrivateKey

    def question(self, row: QuestionRow) -> str:
        """What a kept question says."""
        return SealedBox(self.private).decrypt(row.sealed).decode()


@dataclass(frozen=True, repr=False)
class FirstPassphrases:
    """Shown once, kept nowhere."""

    team: str
    recovery: str


class Keyring:
    def __init__(self, store: Store) -> None:
        self._keys = store.keys
        self._reports = store.reports
        self._cases = store.cases

    async def public_keys(self) -> PublicKeys:
        """Raises NoTeamKeyError before the first keys are made."""
        key = await self._keys.team_key()
        recovery = next((holder for holder in await self._keys.holders() if holder.name == RECOVERY), None)
        if key is None or recovery is None:
            raise NoTeamKeyError("no team key was made yet")
        return PublicKeys(key.id, key.public, recovery.public)

    async def make_first(self) -> FirstPassphrases | None:
        """The first keys; None where there are some already, of whichever process came first."""
        if await self._keys.team_key():
            return None
        passphrases = FirstPassphrases(made_passphrase(), made_passphrase())
        holders = [await new_holder(FIRST, passphrases.team), await new_holder(RECOVERY, passphrases.recovery)]
        key, private = _team_key()
        made = await self._keys.make(key, holders, [_share(key.id, private, holder) for holder in holders])
        return passphrases if made else None

    async def names(self) -> list[str]:
        return [holder.name for holder in await self._keys.holders()]

    async def open(self, name: str, passphrase: str) -> TeamKey:
        """The team key, by a holder's passphrase; raises WrongPassphraseError, in the same time for a wrong name."""
        holder = next((holder for holder in await self._keys.holders() if holder.name == name), None)
        own = await opened_by(holder or NOBODY, passphrase)
        key = await self._keys.team_key()
        share = await self._keys.share(key.id, name) if key else None
        if holder is None or key is None or share is None:
            raise WrongPassphraseError("this passphrase opens nothing")
        return TeamKey(key.id, PrivateKey(SealedBox(own).decrypt(share.sealed)))

    async def add(self, opened: TeamKey, name: str, passphrase: str) -> None:
        """Let somebody open the team key; of a name that is known, the passphrase is replaced.

        Raises WeakPassphraseError.
        """
        check_strength(passphrase)
        holder = await new_holder(name, passphrase)
        await self._keys.add_holder(holder, _share(opened.id, opened.private, holder))

    async def change(self, name: str, old: str, new: str) -> None:
        """Another passphrase for somebody's own key. Raises WrongPassphraseError or WeakPassphraseError."""
        check_strength(new)
        await self.add(await self.open(name, old), name, new)

    async def remove(self, opened: TeamKey, name: str) -> None:
        """Take somebody's key away, and the team key with it: whoever could open the old one cannot open the new one.

        Raises WrongPassphraseError for an unknown name, or where nobody but the recovery would be left.
        """
        holders = await self._keys.holders()
        left = [holder for holder in holders if holder.name != name]
        if len(left) == len(holders) or name == RECOVERY or {holder.name for holder in left} <= {RECOVERY}:
            raise WrongPassphraseError("there is nobody of this name, or nobody else to open the key")
        for _ in range(TRIES):
            key, private = _team_key()
            rotation = Rotation(
                key=key,
                shares=tuple(_share(key.id, private, holder) for holder in left),
                report_keys=tuple(_resealed(opened, key, row) for row in await self._reports.keys_of_team()),
                handover_keys=tuple(
                    resealed(opened.private, key.public, row) for row in await self._cases.handover_keys_of_team()
                ),
                questions=tuple(_asked_anew(opened, key, row) for row in await self._reports.questions()),
                removed=(name,),
            )
            if await self._keys.rotate(rotation):
                return
        raise NotSavedError("reports came in all the time; the key was not replaced")


def check_strength(passphrase: str) -> None:
    """Raises WeakPassphraseError."""
    if len(passphrase.strip()) < SHORTEST:
        raise WeakPassphraseError(f"a passphrase needs at least {SHORTEST} letters")


def made_passphrase() -> str:
    """`abcde-fghjk-…`: easy to write down and to read aloud."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(GROUPS))


def sealed_question(keys: PublicKeys, text: str) -> bytes:
    return bytes(SealedBox(PublicKey(keys.team)).encrypt(text.encode()))


def _team_key() -> tuple[TeamKeyRow, PrivateKey]:
    private = PrivateKey.generate()
    return TeamKeyRow(secrets.token_hex(8), bytes(private.public_key), today()), private


def _share(key_id: str, private: PrivateKey, holder: HolderRow) -> ShareRow:
    return ShareRow(key_id, holder.name, bytes(SealedBox(PublicKey(holder.public)).encrypt(bytes(private))))


def _resealed(opened: TeamKey, key: TeamKeyRow, row: KeyRow) -> KeyRow:
    own = ReportKey.opened_by(opened.private, row.report_id, row.sealed)
    return replace(row, key_id=key.id, sealed=own.sealed_to(key.public))


def _asked_anew(opened: TeamKey, key: TeamKeyRow, row: QuestionRow) -> QuestionRow:
    text = SealedBox(opened.private).decrypt(row.sealed)
    return replace(row, key_id=key.id, sealed=bytes(SealedBox(PublicKey(key.public)).encrypt(text)))


async def new_holder(name: str, passphrase: str, private: PrivateKey | None = None) -> HolderRow:
    """A new pair of keys, or the one at hand, with the private half sealed under the passphrase."""
    private, salt = private or PrivateKey.generate(), secrets.token_bytes(argon2id.SALTBYTES)
    key = await _derived(passphrase, salt, OPERATIONS, MEMORY)
    sealed = Aead(key).encrypt(bytes(private), aad=name.encode())
    return HolderRow(name, bytes(private.public_key), salt, OPERATIONS, MEMORY, bytes(sealed), today())


async def opened_by(holder: HolderRow, passphrase: str) -> PrivateKey:
    """A holder's private key; raises WrongPassphraseError."""
    key = await _derived(passphrase, holder.salt, holder.operations, holder.memory)
    try:
        return PrivateKey(Aead(key).decrypt(holder.sealed, aad=holder.name.encode()))
    except (CryptoError, ValueError):
        raise WrongPassphraseError("this passphrase opens nothing") from None


async def _derived(passphrase: str, salt: bytes, operations: int, memory: int) -> bytes:
    said = " ".join(passphrase.split()).encode()
    return await asyncio.get_running_loop().run_in_executor(
        _slowly, lambda: argon2id.kdf(Aead.KEY_SIZE, said, salt, operations, memory)
    )


NOBODY = HolderRow("", b"", bytes(argon2id.SALTBYTES), OPERATIONS, MEMORY, b"", today())
"""In the place of an unknown name, so that it takes as long."""
