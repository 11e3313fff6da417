"""The team's keys for a store of a test's own; passphrases and receipts cost little, unless a test asks for more."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nacl.pwhash import argon2id

from bot.casework import keyring, receipt
from bot.casework.keyring import FirstPassphrases, Keyring
from bot.store.sqlite import SqliteStore
from bot.store.verbs import Store

REAL_COST = (keyring.OPERATIONS, keyring.MEMORY)
"""What opening a key costs outside of tests."""
keyring.OPERATIONS, keyring.MEMORY = argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN

REAL_RECEIPTS = (receipt.OPERATIONS, receipt.MEMORY)
receipt.OPERATIONS, receipt.MEMORY = argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN


@contextmanager
def real_receipts() -> Iterator[None]:
    """Receipts as another process makes them, or as long as they really take."""
    cheap = receipt.OPERATIONS, receipt.MEMORY
    receipt.OPERATIONS, receipt.MEMORY = REAL_RECEIPTS
    yield
    receipt.OPERATIONS, receipt.MEMORY = cheap


def keyring_of(store: Store) -> Keyring:
    return Keyring(store)


def make_keys(store: Store) -> FirstPassphrases:
    made = asyncio.run(keyring_of(store).make_first())
    assert made
    return made


def make_keys_in(var: Path) -> FirstPassphrases:
    """Before a server is started on the folder, so that a test knows the passphrases."""
    store = SqliteStore(var / "store.db")
    try:
        return make_keys(store)
    finally:
        store.close()
