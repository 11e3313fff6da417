"""Pages about the guide itself, in every language: how accessible it is (/was), and what is kept (/privacy).

docs/accessibility.md and docs/privacy.md hold the facts and their tests; what the operator has not set is said to be
missing, never made up.
"""

import datetime as dt

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.chat import guide_of
from bot.web.page import guarded, render, spoken_in

ASSESSED = dt.date(2026, 11, 29)
"""When the guide was last looked at as docs/accessibility.md describes; to be set anew with each such look."""
VALID = dt.timedelta(days=365)
"""A statement is brought up to date once a year (bekendtgørelse 904 of 22/08/2019)."""
AUTHORITY = "https://digst.dk/digital-inklusion/webtilgaengelighed/oplever-du-ikke-tilgaengeligt-indhold/"
"""Where Digitaliseringsstyrelsen says how to turn to it."""
DATA_AUTHORITY = "https://www.datatilsynet.dk/borger/klage"


@guarded
async def accessibility(request: Request) -> Response:
    settings, code = guide_of(request).settings, await spoken_in(request)
    return render(
        request,
        "was.html",
        code,
        None,
        official=settings.was_url,
        email=settings.accessibility_email,
        phone=settings.accessibility_phone,
        authority=AUTHORITY,
        assessed=str(format_date(ASSESSED, "long", locale=code)),
        overdue=is_overdue(dt.datetime.now(dt.UTC).date()),
    )


def is_overdue(day: dt.date) -> bool:
    """Whether the statement would have to be made anew by `day`."""
    return day - ASSESSED > VALID


@guarded
async def privacy(request: Request) -> Response:
    settings, code = guide_of(request).settings, await spoken_in(request)
    return render(request, "privacy.html", code, None, email=settings.privacy_email, authority=DATA_AUTHORITY)


routes = [Route("/was", accessibility), Route("/privacy", privacy)]
