"""Who works here, for administrators; and who can open reports, for coordinators. Nobody does both with one role."""

from starlette.responses import Response

from bot.accounts.accounts import Secrets, check_who
from bot.accounts.picture import picture_of
from bot.accounts.roles import OPENS_REPORTS, PARTNER, ROLES
from bot.casework.keyring import FIRST, RECOVERY, made_passphrase
from bot.casework.law import Body
from bot.errors import AccountError, Problem, WrongPassphraseError
from bot.store.staff_verbs import AccountRow
from bot.web.console.frame import UNREADABLE, Entry, Visit

# Accounts


async def accounts(visit: Visit) -> Response:
    await visit.note("accounts_viewed")
    return visit.page(
        "accounts.html", accounts=await visit.console.accounts.accounts(), roles=ROLES, takers=_takers(visit)
    )


def _takers(visit: Visit) -> list[Body]:
    """The bodies for which a partner can work."""
    return [it for it in visit.console.law.bodies.values() if it.takes_forwarded]


def _place(visit: Visit, name: str) -> tuple[str, str | None]:
    """The role of a form and, of a partner, the body. Raises AccountError before anything of it is on record."""
    role = visit.fields.get("role", "")
    body = (visit.fields.get("body") or None) if role == PARTNER else None
    check_who(name, role, body)
    if body and body not in {it.id for it in _takers(visit)}:
        raise AccountError("body")
    return role, body


async def add_account(visit: Visit) -> Response:
    """What opens the account is shown once; the member changes the password at first, and nobody needs it again."""
    name, subject = visit.fields.get("name", "").strip().lower(), visit.fields.get("subject", "").strip()[:300]
    try:
        role, body = _place(visit, name)
        await _check_free(visit, name, subject)
        await visit.note("account_added", name, who=name, role=role)
        made = await visit.console.accounts.add(name, role, body, subject or None)
    except AccountError as error:
        visit.noted += 1  # nothing was made
        return visit.back("/accounts", f"said.account.{error}")
    passphrase = await visit.console.partner_keys.make(name) if role == PARTNER else None
    return _shown_once(visit, name, made, passphrase)


async def _check_free(visit: Visit, name: str, subject: str) -> None:
    accounts = visit.console.accounts
    if await accounts.account(name) or (subject and await accounts.account_of(subject)):
        raise AccountError("taken")


def _shown_once(visit: Visit, name: str, made: Secrets, passphrase: str | None) -> Response:
    return visit.page(
        "shown_once.html", who=name, password=made.password, totp=made.totp, picture=picture_of(made.totp),
        codes=made.recovery_codes, passphrase=passphrase,
    )  # fmt: skip


async def set_role(visit: Visit) -> Response:
    """A role that opens no reports ends a key that was held: the coordinators are told on their page."""
    name = (await _other(visit)).name
    try:
        role, body = _place(visit, name)
    except AccountError as error:
        visit.noted += 1  # nothing was changed
        return visit.back("/accounts", f"said.account.{error}")
    await visit.note("account_changed", name, who=name, what=f"role {role}")
    await visit.console.accounts.set_role(name, role, body)
    visit.console.seats.end_all(name)
    return visit.back("/accounts")


async def lock(visit: Visit) -> Response:
    """Ends every session at once; locked accounts keep their name, because the record names it."""
    name, active = (await _other(visit)).name, visit.fields.get("active") == "yes"
    await visit.note("account_changed", name, who=name, what="unlocked" if active else "locked")
    await visit.console.accounts.set_active(name, active=active)
    visit.console.seats.end_all(name)
    return visit.back("/accounts")


async def renew(visit: Visit) -> Response:
    """A new password, phone and recovery codes for a colleague who lost theirs."""
    account = await _other(visit)
    name = account.name
    await visit.note("account_changed", name, who=name, what="renewed")
    made = await visit.console.accounts.renew(name)
    visit.console.seats.end_all(name)
    passphrase = await visit.console.partner_keys.make(name) if account.role == PARTNER else None
    return _shown_once(visit, name, made, passphrase)


async def _other(visit: Visit) -> AccountRow:
    """The account that is meant; never one's own, so that nobody locks the last administrator out by mistake."""
    account = await visit.console.accounts.account(visit.fields.get("name", ""))
    if account is None or account.name == visit.account.name:
        raise Problem(UNREADABLE, "problem.unreadable")
    return account


# Keys


async def keys(visit: Visit) -> Response:
    """Who holds a share of the team's key, and who should not any more."""
    await visit.note("keys_viewed")
    holders = await visit.console.keyring.names()
    entitled = {it.name for it in await visit.console.accounts.accounts() if it.role in OPENS_REPORTS and it.active}
    return visit.page(
        "keys.html", holders=holders, without=sorted(entitled - set(holders)), entitled=entitled, recovery=RECOVERY,
        first=FIRST,
    )  # fmt: skip


async def add_key(visit: Visit) -> Response:
    """Let a colleague open reports, or give them another passphrase; it is made here and shown once."""
    name, team = visit.fields.get("name", ""), visit.team
    account = await visit.console.accounts.account(name)
    if account is None or account.role not in OPENS_REPORTS or not account.active:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("key_holder_added", name, who=name)
    passphrase = made_passphrase()
    await visit.console.keyring.add(team, name, passphrase)
    return visit.page(
        "shown_once.html", who=name, password=None, totp=None, picture=None, codes=(), passphrase=passphrase
    )


async def remove_key(visit: Visit) -> Response:
    """Takes a colleague's share away and replaces the team's key, so that a copy of theirs opens nothing new."""
    name, team = visit.fields.get("name", ""), visit.team
    if name == visit.account.name:
        raise Problem(UNREADABLE, "problem.unreadable")
    if name == RECOVERY or name not in await visit.console.keyring.names():
        visit.noted += 1  # nothing was taken away
        return visit.back("/keys", "said.key_not_removed")
    await visit.note("key_holder_removed", name, who=name)
    try:
        await visit.console.keyring.remove(team, name)
    except WrongPassphraseError:
        return visit.back("/keys", "said.key_not_removed")
    visit.console.seats.close_keys()
    return visit.back("/keys", "said.key_removed")


ENTRIES = [
    Entry("accounts", "GET", "/accounts", accounts, confirmed=True),
    Entry("accounts.add", "POST", "/accounts", add_account, confirmed=True),
    Entry("accounts.role", "POST", "/accounts/role", set_role, confirmed=True),
    Entry("accounts.lock", "POST", "/accounts/lock", lock, confirmed=True),
    Entry("accounts.renew", "POST", "/accounts/renew", renew, confirmed=True),
    Entry("keys", "GET", "/keys", keys, confirmed=True),
    Entry("keys.add", "POST", "/keys", add_key, confirmed=True),
    Entry("keys.remove", "POST", "/keys/remove", remove_key, confirmed=True),
]
