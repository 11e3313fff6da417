"""What everybody does for themselves: password, phone, recovery codes, passphrase."""

from starlette.responses import Response

from bot.accounts.picture import picture_of
from bot.accounts.roles import OPENS_REPORTS, PARTNER
from bot.casework.keyring import check_strength
from bot.errors import AccountError, WeakPassphraseError, WrongPassphraseError
from bot.web.console.frame import Entry, Visit
from bot.web.console.seats import mark_of


async def me(visit: Visit) -> Response:
    visit.noted += 1  # somebody's own settings
    console, account = visit.console, visit.account
    return visit.page(
        "me.html",
        codes_left=await console.accounts.recovery_codes_left(account.name),
        holds_key=await _holds_key(visit),
        may_hold_key=account.role in OPENS_REPORTS or account.role == PARTNER,
    )


async def _holds_key(visit: Visit) -> bool:
    """One for the present role: those of earlier roles open nothing."""
    console, account = visit.console, visit.account
    if account.role == PARTNER:
        return await console.store.staff.partner_key(account.name) is not None
    return account.name in await console.keyring.names()


async def change_password(visit: Visit) -> Response:
    """Ends every other session of the account."""
    console, account = visit.console, visit.account
    old, new = visit.fields.get("old", ""), visit.fields.get("new", "")
    await console.brake.wait(account.name)
    if await console.accounts.with_password(account.name, old) is None:
        console.brake.wrong(account.name)
        await visit.note("confirm_failed")
        return visit.back("/me", "said.wrong")
    if new == old:
        visit.noted += 1  # nothing was done
        return visit.back("/me", "said.account.same")
    try:
        await visit.note("password_changed")
        await console.accounts.change_password(account.name, new)
    except AccountError as error:
        return visit.back("/me", f"said.account.{error}")
    console.seats.end_all(account.name, but=visit.seat)
    await _stay(visit)
    return visit.back("/me", "said.password_changed")


async def _stay(visit: Visit) -> None:
    """Let the session go on with what opens the account from now on."""
    if account := await visit.console.accounts.account(visit.account.name):
        visit.seat.mark = mark_of(account)


async def new_phone(visit: Visit) -> Response:
    """Another secret for the codes; the old phone's are taken no more, and other sessions end."""
    await visit.note("totp_changed")
    address = await visit.console.accounts.new_phone(visit.account.name)
    await _stay(visit)
    return visit.page("shown_once.html", password=None, totp=address, picture=picture_of(address), codes=(), who="")


async def new_recovery_codes(visit: Visit) -> Response:
    await visit.note("recovery_codes_made")
    codes = await visit.console.accounts.new_recovery_codes(visit.account.name)
    return visit.page("shown_once.html", password=None, totp=None, picture=None, codes=codes, who="")


async def change_passphrase(visit: Visit) -> Response:
    """Of one's own key; nobody else can read it, and staff of the same team can only replace it."""
    console, name = visit.console, visit.account.name
    old, new = visit.fields.get("old", ""), visit.fields.get("new", "")
    keys = console.partner_keys if visit.account.body else console.keyring
    await console.brake.wait(name)
    try:
        check_strength(new)
        await keys.open(name, old)
    except WeakPassphraseError:
        visit.noted += 1  # nothing was done
        return visit.back("/me", "said.weak_passphrase")
    except WrongPassphraseError:
        console.brake.wrong(name)
        await visit.note("key_failed")
        return visit.back("/me", "said.wrong_passphrase")
    await visit.note("passphrase_changed")
    await keys.change(name, old, new)
    return visit.back("/me", "said.passphrase_changed")


ENTRIES = [
    Entry("me", "GET", "/me", me),
    Entry("me.password", "POST", "/me/password", change_password),
    Entry("me.phone", "POST", "/me/phone", new_phone, confirmed=True),
    Entry("me.recovery-codes", "POST", "/me/recovery-codes", new_recovery_codes, confirmed=True),
    Entry("me.passphrase", "POST", "/me/passphrase", change_passphrase),
]
