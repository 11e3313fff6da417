"""`vejviser staff`: accounts of the console; what opens them is shown here once, and kept nowhere."""

import argparse
import asyncio
from dataclasses import dataclass

from bot.accounts.accounts import KEPT_NAMES, Accounts, Secrets, check_who
from bot.accounts.picture import picture_for_terminal
from bot.accounts.roles import OPENS_REPORTS, PARTNER, ROLES
from bot.casework.keyring import Keyring, made_passphrase
from bot.casework.law_file import read_law
from bot.casework.partner_keys import PartnerKeys
from bot.command.keys import opened_by_holder
from bot.command.record import record_of
from bot.errors import AccountError, SettingError
from bot.settings import Settings
from bot.store.opening import open_store
from bot.store.secrets import server_key
from bot.store.verbs import Store

FAULTS = {
    "taken": "there is such an account already, or one for this subject",
    "name": "a name has 2 to 40 small letters from a to z, digits, dots or dashes, and begins with a letter; "
    f"none of {', '.join(sorted(KEPT_NAMES))}",
    "role": f"--role is one of {', '.join(ROLES)}",
    "body": "a partner needs --body, the id of one that takes reports; nobody else has one",
    "unknown": "there is no such account",
}
DONE = {"renew": "renewed", "lock": "locked", "unlock": "unlocked"}
"""As the record says it, of the console too."""


@dataclass(frozen=True)
class Office:
    store: Store
    accounts: Accounts
    settings: Settings

    @property
    def keyring(self) -> Keyring:
        return Keyring(self.store)


def staff(settings: Settings, given: argparse.Namespace) -> int:
    store = open_store(settings)
    try:
        asyncio.run(_do(Office(store, Accounts(store.staff, server_key(settings.var)), settings), given))
    except AccountError as error:
        raise SettingError(f"staff {given.what}: {FAULTS[str(error)]}") from error
    finally:
        store.close()
    return 0


async def _do(office: Office, given: argparse.Namespace) -> None:
    if given.what == "list":
        for row in await office.accounts.accounts():
            _say("  ".join(filter(None, (row.name, row.role, row.body, "" if row.active else "locked"))))
        return
    if not given.name:
        raise SettingError(f"staff {given.what}: whose?")
    if given.what == "add":
        await _add(office, given)
        return
    account = await office.accounts.account(given.name)
    if account is None:
        raise AccountError("unknown")
    record = record_of(office.store, office.settings)
    await record("account_changed", given.name, who=given.name, what=DONE[given.what])
    if given.what == "renew":
        made = await office.accounts.renew(given.name)
        _show(given.name, made, await _partner_passphrase(office, given.name, account.role))
    else:
        await office.accounts.set_active(given.name, active=given.what == "unlock")
        _say(f"{given.name} is {DONE[given.what]}.")


async def _partner_passphrase(office: Office, name: str, role: str) -> str | None:
    return await PartnerKeys(office.store.staff).make(name) if role == PARTNER else None


async def _check(office: Office, given: argparse.Namespace) -> None:
    """Raises AccountError before anybody is asked for a passphrase, and before it is on record."""
    check_who(given.name, given.role or "", given.body)
    bodies = read_law(office.settings.content / "law").bodies
    if given.body and not (given.body in bodies and bodies[given.body].takes_forwarded):
        raise AccountError("body")
    if await office.accounts.account(given.name):
        raise AccountError("taken")
    if given.subject and await office.accounts.account_of(given.subject):
        raise AccountError("taken")


async def _add(office: Office, given: argparse.Namespace) -> None:
    """Whoever may open reports gets a share of the team's key with it, apart from the log-in."""
    await _check(office, given)
    opener = await opened_by_holder(office.keyring, given.by) if given.role in OPENS_REPORTS else None
    record = record_of(office.store, office.settings)
    await record("account_added", given.name, who=given.name, role=given.role)
    made = await office.accounts.add(given.name, given.role, given.body, given.subject)
    passphrase = await _partner_passphrase(office, given.name, given.role)
    if opener:
        passphrase = made_passphrase()
        await record("key_holder_added", given.name, who=given.name)
        await office.keyring.add(opener, given.name, passphrase)
    _show(given.name, made, passphrase)


def _show(name: str, made: Secrets, passphrase: str | None) -> None:
    lines = [f"\n  For {name}. This is shown once, and kept nowhere. Give it to them in person.\n"]
    if made.password:
        lines.append(f"    first password      {made.password}   (to be changed at the first log-in)")
    if passphrase:
        lines.append(f"    sealing passphrase  {passphrase}   (opens what is sealed)")
    lines.append(f"    for the phone       {made.totp}\n")
    lines.append(picture_for_terminal(made.totp))
    lines.append("    recovery codes      " + "  ".join(made.recovery_codes[:5]))
    lines.append("                        " + "  ".join(made.recovery_codes[5:]) + "\n")
    _say("\n".join(lines))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's result
