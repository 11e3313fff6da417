"""The team's keys for a store of a test's own, with passphrases that open at little cost."""

import asyncio
from pathlib import Path

from nacl.pwhash import argon2id

from bot.casework import keyring
from bot.casework.keyring import FirstPassphrases, Keyring
from bot.store.sqlite_store import SqliteStore
from bot.store.verbs import Store

REAL_COST = (keyring.OPERATIONS, keyring.MEMORY)
"""What opening a key costs outside of tests."""
keyring.OPERATIONS, keyring.MEMORY = argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN


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
