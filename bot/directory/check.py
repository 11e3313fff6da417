"""Explains every fault of a service record by file, entry and field."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.language.dates import today

CATEGORIES = frozenset(
    {
        "danish-course", "job-centre", "discrimination", "newcomer-admin", "inclusion",
        "housing", "health", "family", "legal-aid", "crisis",
    }
)  # fmt: skip
EFFORTS = frozenset({"equal_treatment", "inclusion", "danish", "employment", "companies", None})
"""The five efforts of the integration plan 2011-2014; None where the plan has none (crisis)."""
STATUSES = ("planned", "running", "ended", "unknown")
UNSAID = "unsaid"
"""What was not asked, not answered, or rather not said."""
type Questions = Mapping[str, tuple[str, ...]]
"""What may be asked about a situation, and the answers (content/questions.yml)."""


@dataclass(frozen=True)
class Fault:
    file: str
    entry: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.field}: {self.what}"


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text_or_null(value: object) -> bool:
    return value is None or _text(value)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(_text(item) for item in value)


def _texts_or_null(value: object) -> bool:
    return value is None or _texts(value)


def _numbers(value: object) -> bool:
    return value is None or (isinstance(value, str) and bool(re.search(r"\d", value)))


def _url(value: object) -> bool:
    return value is None or (isinstance(value, str) and bool(re.fullmatch(r"https?://[^\s/]+\.[^\s]*", value)))


def _date(value: object) -> bool:
    return value is None or (isinstance(value, dt.date) and value <= today())


def _day(value: object) -> bool:
    return value is None or isinstance(value, dt.date)


def _project(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"status", "from", "to", "pilot"}
        and value["status"] in STATUSES
        and _day(value["from"])
        and _day(value["to"])
        and value["pilot"] in {True, False}
    )


def _one_of(*values: object) -> Callable[[object], bool]:
    return lambda value: value in values


FIELDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "id": (lambda v: isinstance(v, str) and bool(re.fullmatch(r"[a-z0-9-]+", v)), "small letters, digits, hyphens"),
    "name_da": (_text, "a text"),
    "name_en": (_text, "a text"),
    "category": (_one_of(*CATEGORIES), "one of " + ", ".join(sorted(CATEGORIES))),
    "operator": (_text, "a text"),
    "who_for": (_text, "a text"),
    "what": (_text, "a text"),
    "cost": (_text_or_null, "a text or null"),
    "how_to_start": (_texts, "a list of texts"),
    "languages_offered": (_texts_or_null, "a list of texts or null"),
    "address": (_text_or_null, "a text or null"),
    "area": (_text_or_null, "a text or null"),
    "phone": (_numbers, "a phone number as text, or null"),
    "email": (lambda v: v is None or (isinstance(v, str) and "@" in v), "an e-mail address or null"),
    "opening_hours": (_text_or_null, "a text or null"),
    "url": (_url, "a web address or null"),
    "source_urls": (lambda v: isinstance(v, list), "a list"),
    "source_period": (_text_or_null, "a text or null"),
    "checked_on": (_date, "a date that is not in the future, or null"),
    "review_by": (_day, "a date or null"),
    "freshness": (_one_of("current", "dated", "unknown"), "current, dated or unknown"),
    "confidence": (_one_of("high", "medium"), "high or medium"),
    "contact_confirmed": (_one_of(True, False), "true or false"),
    "notes": (_text_or_null, "a text or null"),
    "effort": (_one_of(*EFFORTS), "one of the plan's efforts or null"),
    "project": (
        _project,
        "status (" + ", ".join(STATUSES) + "), from and to (dates or null), and pilot (true or false)",
    ),
    "serves": (lambda v: isinstance(v, list), "a list"),
}


def faults_of(file: str, record: Any, questions: Questions) -> Iterator[Fault]:
    """Every fault of one record, missing and unknown fields included."""
    if not isinstance(record, dict):
        yield Fault(file, str(record)[:40], "-", "is not a record of fields")
        return
    entry = str(record.get("id", "an entry without id"))
    for name, (is_right, wanted) in FIELDS.items():
        if name not in record:
            yield Fault(file, entry, name, "is missing")
        elif not is_right(record[name]):
            yield Fault(file, entry, name, f"must be {wanted}")
    for name in record.keys() - FIELDS.keys():
        yield Fault(file, entry, str(name), "is not a known field")
    if isinstance(record.get("serves"), list):
        yield from _serves_faults(file, entry, record["serves"], questions)


def _serves_faults(file: str, entry: str, lines: list[Any], questions: Questions) -> Iterator[Fault]:
    for line in lines:
        if not isinstance(line, dict) or not _text(line.get("need")):
            yield Fault(file, entry, "serves", "each line needs a need")
            continue
        if type(line.get("rank")) is not int or line["rank"] < 1:
            yield Fault(file, entry, "serves", f"{line['need']}: rank must be a whole number from 1")
        for name in line.keys() - {"need", "rank"}:
            known, stated = questions.get(name), line[name]
            if known is None:
                yield Fault(file, entry, "serves", f"{line['need']}: {name} is not a known condition")
            elif not _texts(stated) or not stated:
                yield Fault(file, entry, "serves", f"{line['need']}: {name} must be a list of {', '.join(known)}")
            elif unknown := sorted(set(stated) - set(known)):
                yield Fault(file, entry, "serves", f"{line['need']}: {name} has unknown {unknown}")
