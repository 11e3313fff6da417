"""In and out: a name with a password, or the city's own log-in; then a code; later the passphrase of the key."""

import secrets
import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.accounts.sign_on import Departure
from bot.errors import Problem, SignOnError, WrongPassphraseError
from bot.store.staff_verbs import AccountRow
from bot.web.console.desk import Console
from bot.web.console.frame import SEE_OTHER, Entry, Visit, check_form, code_of, own_path, render
from bot.web.console.seats import MOST_CODES, Seat, Stage, mark_of
from bot.web.forms import fields_of
from bot.web.session import check_same_origin

DEPARTED, DEPARTED_SECONDS, MOST_DEPARTED = "vejviser_departure", 600, 1_000
WRONG = 401


def console_of(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


def _door(request: Request, said: str | None = None) -> Response:
    console = console_of(request)
    return render(
        request, console, code_of(request), "sign_in.html", WRONG if said else 200, said=said,
        sign_on=console.sign_on is not None,
    )  # fmt: skip


async def door(request: Request) -> Response:
    return _door(request)


async def sign_in(request: Request) -> Response:
    """A name and a password; an unknown name is answered in the same words and time."""
    check_same_origin(request)
    console, fields = console_of(request), await fields_of(request)
    name = fields.get("name", "").strip().lower()[:40]
    await _braked(console, request, _from(request, name))
    account = await console.accounts.with_password(name, fields.get("password", ""))
    if account is None:
        _count_wrong(console, request, _from(request, name))
        known = await console.accounts.account(name)
        await console.journal.note(known.name if known else "", "", "sign_in_failed", why="password")
        return _door(request, "said.wrong")
    console.seats.leave(request)
    return _known(console, account)


def _known(console: Console, account: AccountRow) -> Response:
    """On to the code."""
    response = RedirectResponse("/code", SEE_OTHER)
    console.seats.take(response, Seat(account.name, Stage.CODE, mark=mark_of(account)))
    return response


async def ask_code(request: Request) -> Response:
    seat = console_of(request).seats.of(request)
    if seat is None or seat.stage is not Stage.CODE:
        return RedirectResponse("/sign-in", SEE_OTHER)
    return _code_page(request, seat)


def _code_page(request: Request, seat: Seat, said: str | None = None) -> Response:
    return render(
        request, console_of(request), code_of(request), "code.html", WRONG if said else 200, said=said, form=seat.form
    )


async def take_code(request: Request) -> Response:
    """The code of the phone, or one of the recovery codes; after five wrong ones the password is asked again."""
    check_same_origin(request)
    console, fields = console_of(request), await fields_of(request)
    seat = console.seats.of(request)
    if seat is None or seat.stage is not Stage.CODE:
        return RedirectResponse("/sign-in", SEE_OTHER)
    check_form(seat, fields)
    account = await console.accounts.account(seat.name)
    seat.tried += 1
    is_over = account is None or not account.active or mark_of(account) != seat.mark
    if account is None or is_over or seat.tried > MOST_CODES:
        console.seats.leave(request)
        return RedirectResponse("/sign-in", SEE_OTHER)
    await _braked(console, request, seat.name)
    how = await _factor(console, account, fields.get("code", ""))
    if how is None:
        _count_wrong(console, request, seat.name)
        await console.journal.note(account.name, account.role, "sign_in_failed", why="code")
        return _code_page(request, seat, "said.wrong_code")
    console.seats.leave(request)
    return await _admitted(console, account, how)


async def _factor(console: Console, account: AccountRow, code: str) -> str | None:
    """Which second factor a typed code is; None where it is none."""
    if await console.accounts.takes_code(account, code):
        return "code"
    return "recovery" if await console.accounts.takes_recovery_code(account, code) else None


async def _admitted(console: Console, account: AccountRow, how: str) -> Response:
    await console.journal.note(account.name, account.role, "signed_in", second_factor=how)
    response = RedirectResponse("/", SEE_OTHER)
    seat = Seat(account.name, Stage.IN, mark=mark_of(account))
    seat.confirm()
    console.seats.take(response, seat)
    return response


def _from(request: Request, name: str) -> str:
    """Whoever only knows a name slows down their own address, not the person whose name it is."""
    return f"{name} {_host(request)}"


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


async def _braked(console: Console, request: Request, name: str) -> None:
    """Slower and slower for one name or one address; nobody is locked out, and no address is kept."""
    await console.brake.wait(name)
    await console.address_brake.wait(_host(request))


def _count_wrong(console: Console, request: Request, name: str) -> None:
    console.brake.wrong(name)
    console.address_brake.wrong(_host(request))


# The city's own log-in


@dataclass
class Departures:
    """Who is on the way to the city's log-in and back: in memory, for ten minutes."""

    _left: dict[str, tuple[float, Departure]] = field(default_factory=dict)

    def note(self, departure: Departure) -> str:
        now = time.monotonic()
        self._left = {it: one for it, one in self._left.items() if now - one[0] < DEPARTED_SECONDS}
        if len(self._left) >= MOST_DEPARTED:
            del self._left[min(self._left, key=lambda it: self._left[it][0])]
        token = secrets.token_hex(16)
        self._left[token] = (now, departure)
        return token

    def take(self, token: str) -> Departure | None:
        found = self._left.pop(token, None)
        return found[1] if found and time.monotonic() - found[0] < DEPARTED_SECONDS else None


async def depart(request: Request) -> Response:
    """A POST, so that no other site can send somebody on the way."""
    check_same_origin(request)
    console = console_of(request)
    if console.sign_on is None:
        raise Problem(404, "problem.not_found")
    try:
        departure = await console.sign_on.begin()
    except SignOnError:
        return _door(request, "said.sign_on_failed")
    response = RedirectResponse(departure.url, SEE_OTHER)
    # Lax, because the way back begins on the provider's site; it opens nothing by itself.
    response.set_cookie(
        DEPARTED, request.app.state.departures.note(departure), max_age=DEPARTED_SECONDS, httponly=True,
        samesite="lax", secure=console.settings.secure_cookie, path="/sign-on",
    )  # fmt: skip
    return response


async def arrive(request: Request) -> Response:
    """Back from the city's log-in; a page in between, because a strict cookie does not travel with a redirect."""
    console = console_of(request)
    departure = request.app.state.departures.take(request.cookies.get(DEPARTED, ""))
    if console.sign_on is None or departure is None:
        return _door(request, "said.sign_on_failed")
    try:
        identity = await console.sign_on.finish(departure, dict(request.query_params))
    except SignOnError as error:
        await console.journal.note("", "", "sign_in_failed", why=f"sign-on {error}")
        return _door(request, "said.sign_on_failed")
    account = await console.accounts.account_of(f"{identity.issuer} {identity.subject}")
    if account is None or not account.active:
        await console.journal.note("", "", "sign_in_failed", why="no account")
        return _door(request, "said.no_account")
    if identity.second_factor:
        seated = await _admitted(console, account, "sign-on")
    else:
        seated = _known(console, account)
    return _between(request, console, seated)


def _between(request: Request, console: Console, seated: Response) -> Response:
    page = render(request, console, code_of(request), "arrived.html", next=seated.headers["location"])
    page.headers["set-cookie"] = seated.headers["set-cookie"]
    return page


# Somebody who is in


async def sign_out(visit: Visit) -> Response:
    await visit.note("signed_out")
    visit.console.seats.leave(visit.request)
    response = RedirectResponse("/sign-in", SEE_OTHER)
    visit.console.seats.clear_cookie(response)
    return response


async def ask_confirmation(visit: Visit) -> Response:
    visit.noted += 1  # a question, and nothing that is seen or done
    return visit.page("confirm.html", next=own_path(visit.request.query_params.get("next", "/")))


async def confirm(visit: Visit) -> Response:
    """Password and code once more, before exports, accounts and keys."""
    console, name, path = visit.console, visit.account.name, own_path(visit.fields.get("next", "/"))
    await _braked(console, visit.request, name)
    has_password = visit.account.password is None or await console.accounts.with_password(
        name, visit.fields.get("password", "")
    )
    if not has_password or await _factor(console, visit.account, visit.fields.get("code", "")) is None:
        _count_wrong(console, visit.request, name)
        await visit.note("confirm_failed")
        return visit.page("confirm.html", WRONG, next=path, said="said.wrong")
    await visit.note("confirmed")
    visit.seat.confirm()
    return visit.back(path)


async def open_key(visit: Visit) -> Response:
    """The sealing passphrase, once a session: of the team for staff, their own for a partner."""
    console, name, path = visit.console, visit.account.name, own_path(visit.fields.get("next", "/"))
    passphrase = visit.fields.get("passphrase", "")
    await _braked(console, visit.request, name)
    try:
        if visit.account.body:
            visit.seat.partner = await console.partner_keys.open(name, passphrase)
        else:
            visit.seat.team = await console.keyring.open(name, passphrase)
    except WrongPassphraseError:
        _count_wrong(console, visit.request, name)
        await visit.note("key_failed")
        return visit.page("key.html", WRONG, next=path, said="said.wrong_passphrase")
    await visit.note("key_opened")
    return visit.back(path)


OPEN = [
    Route("/sign-in", door, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/code", ask_code, methods=["GET"]),
    Route("/code", take_code, methods=["POST"]),
    Route("/sign-on", depart, methods=["POST"]),
    Route("/sign-on/back", arrive, methods=["GET"]),
]
"""For somebody who is not in yet."""
ENTRIES = [
    Entry("sign-out", "POST", "/sign-out", sign_out),
    Entry("confirm", "GET", "/confirm", ask_confirmation),
    Entry("confirm", "POST", "/confirm", confirm),
    Entry("key.open", "POST", "/key", open_key),
]
