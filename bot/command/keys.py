"""`vejviser keys`: who can open what is sealed; passphrases are typed or made here, and kept nowhere."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from bot.casework.keyring import FirstPassphrases, Keyring, TeamKey
from bot.command.record import record_of
from bot.errors import SettingError, WrongPassphraseError
from bot.settings import Settings
from bot.store.opening import open_store

SHOWN_ONCE = """
  The keys of Vejviser were made. These passphrases are shown once, and kept nowhere. Write them down on paper now.

    team       {team}      opens reports; for the first member of staff
    recovery   {recovery}      opens them when all else is lost; in a safe, apart from the other

  Give each member of staff a passphrase of their own:  vejviser keys add NAME
"""


def keys(settings: Settings, given: argparse.Namespace) -> int:
    store = open_store(settings)
    try:
        return asyncio.run(_do(Keyring(store), record_of(store, settings), given))
    finally:
        store.close()


async def _do(keyring: Keyring, record: Callable[..., Awaitable[None]], given: argparse.Namespace) -> int:
    if given.what == "make":
        made = await keyring.make_first()
        _say(shown(made) if made else "There are keys already.")
        return 0 if made else 1
    if given.what == "list":
        _say("\n".join(await keyring.names()))
        return 0
    if not given.name:
        raise SettingError(f"keys {given.what}: whose?")
    if given.what == "try":
        await keyring.open(given.name, _asked(f"Passphrase of {given.name}: "))
        _say("It opens the team's key.")
        return 0
    opened = await opened_by_holder(keyring, given.by)
    if given.what == "add":
        await record("key_holder_added", given.name, who=given.name)
        await keyring.add(opened, given.name, _asked(f"New passphrase for {given.name} (15 letters or more): "))
        _say(f"{given.name} can open reports.")
    else:
        await record("key_holder_removed", given.name, who=given.name)
        await keyring.remove(opened, given.name)
        _say(f"{given.name} cannot open reports any more, and the team's key is a new one.")
    return 0


async def opened_by_holder(keyring: Keyring, name: str) -> TeamKey:
    """The team's key, by a passphrase that is asked for; raises SettingError for a wrong one."""
    try:
        return await keyring.open(name, _asked(f"Passphrase of {name}: "))
    except WrongPassphraseError as error:
        raise SettingError(f"--by {name}: {error}") from error


def _asked(question: str) -> str:
    """From the terminal without an echo, or a line of standard input."""
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def shown(passphrases: FirstPassphrases) -> str:
    return SHOWN_ONCE.format(team=passphrases.team, recovery=passphrases.recovery)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's result
