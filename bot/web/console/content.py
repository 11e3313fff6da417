"""What staff look after: facts to check, links that broke, translations to review. Reviewers see no report."""

import asyncio
from collections.abc import Callable

from starlette.responses import RedirectResponse, Response

from bot.directory.upkeep import broken, due, files_of, last_check, untranslated
from bot.errors import Problem
from bot.language.dates import today
from bot.language.kinds import Kind
from bot.language.languages import SOURCE
from bot.language.reviews import MOST, Said, entered, texts_to_review
from bot.language.sources import SourceText, texts_of
from bot.web.console.frame import NOT_FOUND, SEE_OTHER, UNREADABLE, Entry, Visit, page_number

VERDICTS = ("right", "corrected")
MARKS = ("catalogue", "context", "source", "read")
"""What names a text and the wording that was read."""


async def content(visit: Visit) -> Response:
    """All catalogues are read on a thread: that takes most of a second, in which colleagues go on working."""
    console = visit.console
    await visit.note("content_viewed", what="lists")
    files, check = files_of(console.settings.content), last_check(console.settings.var)
    states = await asyncio.to_thread(untranslated, console.settings.locales, console.languages, _texts(visit))
    return visit.page(
        "content.html", due=due(console.directory, today(), files), check=check,
        broken=broken(check, console.directory, files) if check else [],
        kinds=list(Kind), states=states,
    )  # fmt: skip


def _texts(visit: Visit) -> Callable[[str], list[SourceText]]:
    return lambda code: list(texts_of(code, visit.console.directory))


async def reviews(visit: Visit) -> Response:
    """Texts of one language that nobody who speaks it has read, those first that do most harm if they are wrong."""
    console, code = visit.console, _code(visit)
    kind, number = _kind(visit), page_number(visit.request)
    await visit.note("content_viewed", what=f"reviews {code}")
    pending = await console.store.reviews.pending(code)
    reading = texts_to_review(
        code, console.settings.locales, _texts(visit)(code), pending, kind=kind, first=(number - 1) * MOST
    )
    return visit.page(
        "reviews.html", of=code, reading=reading, kind=kind, kinds=list(Kind), pending=len(pending),
        number=number, pages=-(-reading.total // MOST), faults=(), kept=None,
    )  # fmt: skip


def _code(visit: Visit) -> str:
    code = str(visit.request.path_params["language"])
    if code not in visit.console.languages or code == SOURCE:
        raise Problem(NOT_FOUND, "problem.not_found")
    return code


def _kind(visit: Visit) -> Kind | None:
    asked = visit.request.query_params.get("kind", "")
    return Kind(asked) if asked in set(Kind) else None


async def note_review(visit: Visit) -> Response:
    """Right as it is, or corrected; a fault is shown at once, with what was written."""
    console, code, fields = visit.console, _code(visit), visit.fields
    if any(name not in fields for name in MARKS) or fields.get("verdict") not in VERDICTS:
        raise Problem(UNREADABLE, "problem.unreadable")
    corrected = fields.get("corrected", "") if fields["verdict"] == "corrected" else None
    said, texts = Said(**{name: fields[name] for name in MARKS}, corrected=corrected), _texts(visit)(code)
    name = said.context if any(it.context == said.context for it in texts) else ""  # no form's own words on record
    await visit.note("review_noted", code, language=code, text=name, corrected=corrected is not None)
    faults = await entered(
        console.store.reviews, code, console.settings.locales, texts, said, by_whom=visit.account.name
    )
    if not faults:
        return RedirectResponse(f"/reviews/{code}?said=said.saved", SEE_OTHER)
    return visit.page("review_fault.html", 422, of=code, faults=faults, kept=corrected or "", context=said.context)


ENTRIES = [
    Entry("content", "GET", "/content", content),
    Entry("reviews", "GET", "/reviews/{language}", reviews),
    Entry("reviews.note", "POST", "/reviews/{language}", note_review),
]
