"""What staff look after: facts that a person should check, pages that broke, texts without a translation."""

import datetime as dt
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.directory.links import OK, Outcome
from bot.directory.services import Directory, Service, raw_records
from bot.errors import ContentError, SettingError
from bot.language.languages import SOURCE
from bot.language.reviews import states_of
from bot.language.sources import SourceText
from bot.language.states import State

LINKS = "links.json"
"""In the var folder: what the last check of the links found."""
FACTS = ("cost", "languages_offered", "address", "area", "phone", "email", "opening_hours", "url")
"""What a person compares with the source, where it is stated."""
DATES = ("checked_on", "review_by")
"""What they write then."""
UNDATED = "0000"


@dataclass(frozen=True)
class Due:
    """An entry that a person should check, and what to edit then."""

    id: str
    name: str
    file: str
    """Relative to the repository."""
    fields: tuple[str, ...]
    """The facts it states, and the dates to set."""
    checked_on: dt.date | None
    """None where nobody ever checked it."""
    review_by: dt.date | None
    source_years: str | None
    url: str | None


@dataclass(frozen=True)
class CheckedLink:
    url: str
    entries: tuple[str, ...]
    outcome: str
    """`ok`, or as links.Outcome.state."""
    detail: str


@dataclass(frozen=True)
class LinksCheck:
    at: dt.datetime
    """UTC, to the second."""
    links: tuple[CheckedLink, ...]


@dataclass(frozen=True)
class BrokenLink:
    entry: str
    file: str
    field: str
    """`url` or `source_urls`."""
    url: str
    outcome: str
    detail: str


def files_of(content: Path) -> dict[str, str]:
    """{entry: file in which it stands, relative to the repository} of a folder such as content/."""
    folder = content / "services"
    return {record["id"]: f"{content.name}/{folder.name}/{file}" for file, record in raw_records(folder)}


def due(known: Directory, on: dt.date, files: Mapping[str, str]) -> list[Due]:
    """Of what is shown: overdue facts first, then what nobody ever checked, the oldest source first."""
    shown = [service for service in known.services.values() if service.serves]
    overdue = sorted((it for it in shown if it.is_overdue(on)), key=lambda it: it.review_by or on)
    unchecked = sorted((it for it in shown if not it.checked_on), key=lambda it: it.source_years or UNDATED)
    return [_due(service, files) for service in (*overdue, *unchecked)]


def _due(service: Service, files: Mapping[str, str]) -> Due:
    return Due(
        id=service.id,
        name=service.name_da,
        file=files.get(service.id, ""),
        fields=(*(name for name in FACTS if getattr(service, name)), *DATES),
        checked_on=service.checked_on,
        review_by=service.review_by,
        source_years=service.source_years,
        url=service.url,
    )


def keep_check(var: Path, outcomes: Iterable[Outcome], at: dt.datetime) -> None:
    """Keep what a check of the links found in place of the last one, whole or not at all."""
    links = [
        {"url": it.link.url, "entries": list(it.link.services), "outcome": it.state, "detail": it.detail}
        for it in sorted(outcomes, key=lambda it: it.link.url)
    ]
    kept = json.dumps({"at": at.isoformat(timespec="seconds"), "links": links}, ensure_ascii=False, indent=1)
    path, beside = var / LINKS, var / f"{LINKS}.{os.getpid()}"
    try:
        var.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_text(kept, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise SettingError(f"{path} cannot be written: {error.strerror}") from error


def last_check(var: Path) -> LinksCheck | None:
    """None where the links were never checked; a file that is none of ours raises ContentError."""
    path = var / LINKS
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        links = [CheckedLink(it["url"], tuple(it["entries"]), it["outcome"], it["detail"]) for it in kept["links"]]
        return LinksCheck(dt.datetime.fromisoformat(kept["at"]), tuple(links))
    except (ValueError, KeyError, TypeError) as error:
        raise ContentError(f"{path.name}: not as `vejviser directory check --links` writes it") from error


def broken(check: LinksCheck, known: Directory, files: Mapping[str, str]) -> list[BrokenLink]:
    """Pages that did not answer where they did, by file and entry; without those that no entry names any more."""
    found = [
        BrokenLink(entry, files.get(entry, ""), field, link.url, link.outcome, link.detail)
        for link in check.links
        if link.outcome != OK
        for entry in link.entries
        if (field := _field_of(known.services.get(entry), link.url))
    ]
    return sorted(found, key=lambda it: (it.file, it.entry, it.url))


def _field_of(service: Service | None, url: str) -> str | None:
    if service is None:
        return None
    if service.url == url:
        return "url"
    return "source_urls" if url in service.source_urls else None


def untranslated(
    locales: Path, codes: Iterable[str], texts_of: Callable[[str], Collection[SourceText]]
) -> dict[str, dict[str, dict[State, int]]]:
    """{language: {kind: {state: how many texts}}}; reads every catalogue anew (0.1 s a language)."""
    return {code: states_of(code, locales, texts_of(code)) for code in codes if code != SOURCE}
