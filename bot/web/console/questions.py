"""Questions that the guide did not understand and residents agreed to have kept; staff sort them for the editors."""

import io
import zipfile

from starlette.responses import Response

from bot.casework.questions import GAP, OTHER
from bot.errors import Problem
from bot.web.console.frame import UNREADABLE, Entry, Visit


async def questions(visit: Visit) -> Response:
    language = _language(visit)
    is_sorted = visit.request.query_params.get("sorted") == "yes"
    team = visit.team
    await visit.note("questions_viewed", language=language or "all")
    asked = await visit.console.questions.listed(team, language, sorted=is_sorted)
    return visit.page(
        "questions.html", asked=asked, language=language, is_sorted=is_sorted,
        needs=list(visit.console.directory.needs), gap=GAP, other=OTHER,
    )  # fmt: skip


def _language(visit: Visit) -> str | None:
    asked = visit.request.query_params.get("language") or visit.fields.get("language", "")
    return asked if asked in visit.console.languages else None


async def sort(visit: Visit) -> Response:
    question, as_what = str(visit.request.path_params["question"])[:64], visit.fields.get("as_what", "")
    if as_what not in {*visit.console.directory.needs, GAP, OTHER}:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("question_sorted", question, as_what=as_what)
    await visit.console.questions.sort(question, as_what, visit.account.name)
    return visit.back("/questions")


async def drop(visit: Visit) -> Response:
    question = str(visit.request.path_params["question"])[:64]
    await visit.note("question_dropped", question)
    await visit.console.questions.drop(question)
    return visit.back("/questions")


async def export(visit: Visit) -> Response:
    """A file a language for an editor to look at, and what the directory does not answer, as one archive."""
    team = visit.team
    made = await visit.console.questions.export(team)
    await visit.note("questions_exported", shown=len(made.candidates))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, text in made.candidates.items():
            archive.writestr(f"{code}.yml", text)
        archive.writestr("gaps.yml", made.gaps or "{}\n")
    headers = {"Content-Disposition": 'attachment; filename="vejviser-questions.zip"'}
    return Response(out.getvalue(), media_type="application/zip", headers=headers)


ENTRIES = [
    Entry("questions", "GET", "/questions", questions),
    Entry("questions.sort", "POST", "/questions/{question}/sort", sort),
    Entry("questions.drop", "POST", "/questions/{question}/drop", drop),
    Entry("questions.export", "POST", "/questions/export", export, confirmed=True),
]
