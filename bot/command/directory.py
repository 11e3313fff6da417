"""`vejviser directory`: every fault of the services, what a resident would get, what is due, the project bank."""

import argparse
import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from tqdm import tqdm

from bot.directory import upkeep
from bot.directory.links import OK, check_links, links_of
from bot.directory.services import Directory, Serves, Service, faults_in, read_directory
from bot.errors import SettingError
from bot.language.dates import today
from bot.settings import Settings
from bot.store.opening import open_store, store_is_there


def directory(settings: Settings, given: argparse.Namespace) -> int:
    if given.what == "check":
        return check(settings, given)
    work: Callable[[Directory, Settings, argparse.Namespace], int] = {"show": show, "bank": bank, "due": due}[
        given.what
    ]
    return work(read_directory(settings.content), settings, given)


def check(settings: Settings, given: argparse.Namespace) -> int:
    """Faults by file, entry and field; with --links, also the pages that do not answer any more."""
    services, faults = faults_in(settings.content)
    for fault in faults:
        tell(str(fault))
    tell(f"{services} services, {len(faults)} faults")
    if faults or not given.links:
        return 1 if faults else 0
    links = links_of(read_directory(settings.content).services.values())
    outcomes = list(tqdm(check_links(links), total=len(links), unit="page"))
    for outcome in sorted(outcomes, key=lambda it: (it.state, it.link.url)):
        if outcome.state != OK:
            tell(f"{outcome.state}: {outcome.link.url} {outcome.detail} ({', '.join(outcome.link.services)})")
    answered = sum(outcome.state == OK for outcome in outcomes)
    tell(f"{answered} of {len(links)} pages answer where they did")
    upkeep.keep_check(settings.var, outcomes, dt.datetime.now(dt.UTC))
    return 0 if answered == len(links) else 1


def show(known: Directory, _: Settings, given: argparse.Namespace) -> int:
    """What a resident with this need in this situation would get, and why."""
    need = known.needs.get(given.need or "")
    if need is None:
        raise SettingError(f"--need: {given.need} is not one of {', '.join(known.needs)}")
    situation = read_situation(given.situation or "", known)
    open_questions = [question for question in need.asks if question not in situation]
    found = known.find(need.name, situation)
    services = [{"id": it.id, "name": it.name_en, "because": because(_line(it, need.name, situation))} for it in found]
    result = {
        "need": need.name,
        "situation": situation,
        "would_be_asked": open_questions,
        "services": services,
        "next": list(need.next or ()),
    }
    if given.json:
        tell(json.dumps(result, ensure_ascii=False, indent=1))
        return 0
    tell(f"{need.name} ({', '.join(f'{name}={value}' for name, value in situation.items()) or 'nothing told'})")
    if open_questions:
        tell(f"  would be asked first: {', '.join(open_questions)}")
    for place, service in enumerate(services, 1):
        tell(f"  {place}. {service['id']}: {service['name']}\n     because: {service['because']}")
    tell(f"  offered next: {', '.join(need.next or ()) or 'nothing'}")
    return 0


def read_situation(text: str, known: Directory) -> dict[str, str]:
    """`residence=eu,cpr=no` as a mapping; raises SettingError for what no question knows."""
    situation = {}
    for part in filter(None, text.split(",")):
        question, _, answer = part.partition("=")
        if answer not in known.questions.get(question, ()):
            answers = "; ".join(f"{name}: {', '.join(values)}" for name, values in known.questions.items())
            raise SettingError(f"--situation: {part} is not among the answers ({answers})")
        situation[question] = answer
    return situation


def because(line: Serves) -> str:
    told = [f"{question} is {' or '.join(sorted(answers))}" for question, answers in line.when.items()]
    return f"rank {line.rank}, " + (" and ".join(told) or "in every situation")


def _line(service: Service, need: str, situation: Mapping[str, str]) -> Serves:
    return next(line for line in service.serves if line.need == need and line.fits(situation))


def due(known: Directory, settings: Settings, given: argparse.Namespace) -> int:
    """What a person should check: overdue facts first, then what nobody ever checked, the oldest source first."""
    found = upkeep.due(known, today(), upkeep.files_of(settings.content))
    rows = [{"id": it.id, "why": _why(it), "url": it.url, "file": it.file} for it in found]
    shown = [service for service in known.services.values() if service.serves]
    if given.json:
        tell(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        tell(f"{row['file']}: {row['id']}: {row['why']}" + (f", {row['url']}" if row["url"] else ""))
    tell(f"{len(rows)} of {len(shown)} services that are shown")
    return 0


def _why(entry: upkeep.Due) -> str:
    if entry.checked_on:
        return f"to be checked by {entry.review_by}"
    return f"never checked, source of {entry.source_years or 'an unknown year'}"


def bank(known: Directory, settings: Settings, given: argparse.Namespace) -> int:
    """The plan's project bank: every entry, the entries never used, and the needs without an entry."""
    used = _used(settings)
    entries = [_entry(service, service.id in used) for service in known.services.values()]
    served = {line.need for service in known.services.values() for line in service.serves}
    bare = [name for name in known.needs if name not in served]
    if given.json:
        tell(json.dumps({"entries": entries, "needs_without_an_entry": bare}, ensure_ascii=False, indent=1))
        return 0
    for entry in entries:
        tell(
            f"{entry['id']}: {entry['owner']}; effort {entry['effort'] or 'none of the plan'}; {entry['status']}"
            + (f", {entry['from'] or '?'} to {entry['to'] or '?'}" if entry["from"] or entry["to"] else "")
            + ("; pilot" if entry["pilot"] else "")
            + f"; {'used' if entry['used'] else 'never used'}\n    for: {entry['target_group']}"
        )
    never = sum(not entry["used"] for entry in entries)
    tell(f"{len(entries)} entries, {never} of them never used; needs without an entry: {', '.join(bare) or 'none'}")
    return 0


def _entry(service: Service, used: bool) -> dict[str, Any]:
    project = service.project
    return {
        "id": service.id,
        "name": service.name_da,
        "owner": service.operator,
        "effort": service.effort,
        "target_group": service.who_for,
        "status": project.status,
        "from": project.begins.isoformat() if project.begins else None,
        "to": project.ends.isoformat() if project.ends else None,
        "pilot": project.pilot,
        "serves": sorted({line.need for line in service.serves}),
        "used": used,
    }


def _used(settings: Settings) -> set[str]:
    """Services that somebody was referred to; none where there is no store yet."""
    if not store_is_there(settings):
        return set()
    store = open_store(settings)
    try:
        return asyncio.run(store.services_used())
    finally:
        store.close()


def tell(line: str) -> None:
    print(line)  # noqa: T201 - the command's result
