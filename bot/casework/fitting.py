"""Which rules may fit one report, as sections of named texts: said in any language, and never a verdict."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date

from bot.casework.law import Fit, Law
from bot.casework.own_report import OwnReport
from bot.casework.report import DAY
from bot.casework.time_left import time_left
from bot.language.catalogue import Catalogue

WHEN = "date"
"""The value of a text that is a day."""
type Said = tuple[str, Mapping[str, str]]
"""Name of a text in content/law/words.yml, and its values; a day as `2026-11-03` under `date`."""


@dataclass(frozen=True)
class Section:
    title: Said
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class Fitting:
    sections: tuple[Section, ...]
    services: tuple[str, ...]
    """Whom to ask: records of the directory, the first of each rule."""


def fitting_of(law: Law, own: OwnReport, now: dt.datetime) -> Fitting:
    """From what its person pressed, and the day or month they named."""
    days = [words.text for words in own.told if words.kind == DAY and words.text]
    happened = days[-1] if days else own.row.incident_when
    fits = law.fits(own.answers.get("ground", ()), own.row.area, own.answers.get("form", ()))
    return fitting(law, fits, happened, now)


def fitting(law: Law, fits: list[Fit], happened: str, now: dt.datetime) -> Fitting:
    """`happened` as in `time_left`."""
    sections = [_section(law, fit, happened, now) for fit in fits]
    keep = dict.fromkeys(f"keep.{each}" for fit in fits for each in fit.keep)
    sections.append(Section(("law.proof", {}), tuple((name, {}) for name in keep)))
    asked = [law.bodies[body].service for fit in fits for body in fit.bodies[:1]]
    return Fitting(tuple(sections), tuple(dict.fromkeys(service for service in asked if service)))


def _section(law: Law, fit: Fit, happened: str, now: dt.datetime) -> Section:
    body = law.bodies[fit.bodies[0]]
    title, *texts = fit.texts
    lines: list[Said] = [(name, {"body": body.name_da}) for name in texts if name != "law.check"]
    lines += [line for limit in fit.limits for line in _limit(law, limit, happened, now)]
    lines.append((f"anonymous.{body.anonymous}", {"body": body.name_da}))
    if "law.check" in texts:
        lines.append(("law.check", {"body": body.name_da}))
    return Section((title, {"body": body.name_da}), tuple(_once(lines)))


def _limit(law: Law, name: str, happened: str, now: dt.datetime) -> Iterator[Said]:
    limit = law.limits[name]
    body = law.bodies[limit.body]
    for text, day in time_left(limit, happened, now).texts:
        if text != "law.check":  # said once, at the end
            yield text, {"body": body.name_da} | ({"date": day.isoformat()} if day else {})
    if body.service is None:
        yield f"body.{body.id}", {"body": body.name_da}


def _once(lines: list[Said]) -> Iterator[Said]:
    for place, line in enumerate(lines):
        if line not in lines[:place]:
            yield line


def with_day(values: dict[str, str], words: Catalogue) -> dict[str, str]:
    """A day in the words of the language."""
    if WHEN not in values:
        return values
    day = dt.date.fromisoformat(values[WHEN])
    return {**values, "iso": values[WHEN], WHEN: str(format_date(day, "full", locale=words.language.code))}


def said_section(words: Catalogue, law: Mapping[str, str], title: Any, lines: Any) -> dict[str, Any]:
    """A title and lines on the law in a language; each a name and its values."""
    said = [words.say(name, law[name], **with_day(dict(values), words)) for name, values in (title, *lines)]
    return {"title": said[0], "lines": said[1:]}
