"""The analysts' room: the plan's targets, and what was released of each measure; internal figures (tier internal)."""

import asyncio
from typing import Any

from starlette.responses import Response

from bot.errors import Problem
from bot.language.dates import today
from bot.statistics.release import INTERNAL, Release
from bot.web.console.frame import NOT_FOUND, UNREADABLE, Entry, Visit
from bot.web.console.referral_rows import download_rows, ended_quarters
from bot.web.figures import Figures, asked_period, rows_of, show
from bot.web.release_files import MEDIA_TYPE, headers_of, zipped
from bot.web.target_view import efforts_shown

KINDS = ("referrals", "reports")


async def statistics(visit: Visit) -> Response:
    """Every measure of the plan with its newest total; what can be chosen is in the plan, and nothing else."""
    await visit.note("statistics_viewed", what="measures")
    figures, asked = _figures(visit), visit.request.query_params
    releases, changed = await _releases(visit)
    periods, period = asked_period(releases, asked)
    kind = asked.get("kind") if asked.get("kind") in KINDS else None
    effort = asked.get("effort") if asked.get("effort") in figures.targets.efforts else None
    of_period = [it for it in releases if it.period == period]
    listed = rows_of(figures, figures.of_effort(effort, kind), of_period, figures.speech(visit.seat.code))
    quarters = list(ended_quarters(today()))
    return _page(
        visit, "statistics.html", releases=releases[::-1], changed=changed, periods=periods, period=period, kind=kind,
        kinds=KINDS, effort=effort, listed=listed, simulated=any(it.simulated for it in of_period),
        quarters=quarters, last_quarter=quarters[0],
    )  # fmt: skip


async def targets(visit: Visit) -> Response:
    await visit.note("statistics_viewed", what="targets")
    figures = _figures(visit)
    official = await visit.console.store.targets.official()
    shown = efforts_shown(figures.targets, figures.plan.measures, official, figures.speech(visit.seat.code))
    return _page(visit, "statistics_targets.html", efforts=shown, query="")


async def measure(visit: Visit) -> Response:
    """One measure in one quarter, and the quarters before it."""
    figures = _figures(visit)
    found = figures.plan.measures.get(str(visit.request.path_params["measure"]))
    if found is None:
        visit.noted += 1  # nothing is there to be seen
        raise Problem(NOT_FOUND, "problem.not_found")
    kind = figures.plan.sources[found.source].export
    releases = [it for it in (await _releases(visit))[0] if it.kind == kind]
    periods, period = asked_period(releases, visit.request.query_params)
    await visit.note("statistics_viewed", what=f"{found.name} {period}".strip())
    speech = figures.speech(visit.seat.code)
    shown = await asyncio.to_thread(show, figures.plan, found, releases, period, speech)
    release = next((it for it in releases if it.period == period), None)
    return _page(
        visit, "statistics_measure.html", measure=found, periods=periods, period=period, shown=shown, release=release
    )


async def download(visit: Visit) -> Response:
    """The files of a release, the same that `vejviser export` writes, as one archive."""
    asked = visit.fields.get("release", "")
    release = next((it for it in (await _releases(visit))[0] if it.id == asked), None)
    if release is None:
        raise Problem(UNREADABLE, "problem.unreadable")
    await visit.note("release_downloaded", release.id)
    content = await asyncio.to_thread(zipped, _figures(visit), release)
    return Response(content, media_type=MEDIA_TYPE, headers=headers_of(release))


def _figures(visit: Visit) -> Figures:
    return visit.console.figures


async def _releases(visit: Visit) -> tuple[list[Release], list[str]]:
    return await _figures(visit).releases(visit.console.store.statistics, INTERNAL)


def _page(visit: Visit, template: str, **more: Any) -> Response:
    figures = _figures(visit)
    return visit.page(
        template, speech=figures.speech(visit.seat.code), plan=figures.plan, targets=figures.targets, **more
    )


ENTRIES = [
    Entry("statistics", "GET", "/statistics", statistics),
    Entry("statistics.targets", "GET", "/statistics/targets", targets),
    Entry("statistics.measure", "GET", "/statistics/measure/{measure}", measure),
    Entry("statistics.download", "POST", "/statistics/download", download, confirmed=True),
    Entry("statistics.rows", "POST", "/statistics/rows", download_rows, confirmed=True),
]
