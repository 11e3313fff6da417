"""What happened to a report, from its person's side and from staff's, in one line each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.audit.events import detail_of
from bot.casework.caseload import Facts
from bot.casework.office import Opened
from bot.casework.own_report import OwnReport, Words
from bot.store.audit_verbs import EventRow
from bot.store.report_verbs import REPORTER


@dataclass(frozen=True)
class Happened:
    """A line of the timeline: either on a day, or at a moment where it is on the audit chain."""

    on_day: dt.date
    at: dt.datetime | None
    what: str
    who: str
    detail: dict[str, Any]


def timeline(facts: Facts, opened: Opened | None, events: list[EventRow]) -> list[Happened]:
    """The newest first, as `events` are. What residents do is known by its day; what staff do, by the minute."""
    found = [Happened(facts.row.received_on, None, "received", "", {})]
    found += [Happened(it.on_day, None, f"consent.{it.consent}", "", {"answer": it.answer}) for it in facts.said]
    if opened:
        written = [*_corrections(opened.words), *(it for it in opened.words.messages if it.sender == REPORTER)]
        found += [Happened(it.on_day, None, "written", "", {"language": it.language}) for it in written]
        found += [Happened(it.on_day, None, "file", "", {"media_type": it.media_type}) for it in opened.words.files]
    found += [Happened(it.at.date(), it.at, it.verb, it.actor, detail_of(it)) for it in reversed(events)]
    return sorted(found, key=_when)[::-1]  # the sort is stable: what is of one day or second stays in its order


def _corrections(words: OwnReport) -> list[Words]:
    """Parts that were told anew."""
    return [it for place, it in enumerate(words.told) if it.kind in {each.kind for each in words.told[:place]}]


def _when(happened: Happened) -> tuple[dt.date, bool, dt.datetime]:
    at = happened.at
    return happened.on_day, at is not None, at or dt.datetime.min.replace(tzinfo=dt.UTC)
