"""A service as a validated record, and the directory that holds all of them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.directory.check import UNSAID, Fault, Questions, faults_of
from bot.directory.deadlines import Deadline, read_deadlines
from bot.directory.needs import Need, faults_of_needs, read_needs
from bot.errors import ContentError
from bot.language.dates import today
from bot.language.yaml_file import read_any, read_yaml


@dataclass(frozen=True)
class Serves:
    """One line of `serves`: for this need, and these situations, the service stands at this rank (1 first)."""

    need: str
    rank: int
    when: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """Question → answers with which the line fits; a question that is not named does not matter."""

    def fits(self, situation: Mapping[str, str | None]) -> bool:
        """Whether the situation is among the declared ones; what was not said counts as `unsaid`."""
        return all((situation.get(question) or UNSAID) in answers for question, answers in self.when.items())


@dataclass(frozen=True)
class Project:
    """What the plan's project bank knows of an entry beside its owner, effort and target group."""

    status: str
    begins: dt.date | None
    ends: dt.date | None
    pilot: bool

    def is_over(self, on: dt.date) -> bool:
        return self.status == "ended" or (self.ends is not None and self.ends < on)


@dataclass(frozen=True)
class Service:
    """A service as its file states it; None means not confirmed, and is never shown. docs/directory.md."""

    id: str
    name_da: str
    name_en: str
    category: str
    operator: str
    who_for: str
    what: str
    cost: str | None
    how_to_start: tuple[str, ...]
    languages_offered: tuple[str, ...] | None
    address: str | None
    area: str | None
    phone: str | None
    email: str | None
    opening_hours: str | None
    url: str | None
    source_urls: tuple[str, ...]
    source_period: str | None
    """The age of the source, verbatim as it was noted."""
    checked_on: dt.date | None
    review_by: dt.date | None
    """The last day on which the facts still count as checked."""
    freshness: str
    confidence: str
    contact_confirmed: bool
    notes: str | None
    effort: str | None
    project: Project
    serves: tuple[Serves, ...] = field(default=())

    def texts(self) -> Iterator[tuple[str, str]]:
        """(field, English text) of what is shown in the resident's language; steps are numbered from 1."""
        yield "name", self.name_en
        yield "what", self.what
        if self.cost:
            yield "cost", self.cost
        for number, step in enumerate(self.how_to_start, 1):
            yield f"steps.{number}", step
        if self.opening_hours:
            yield "hours", self.opening_hours

    @property
    def source_years(self) -> str | None:
        """First and last year named in `source_period`, such as `2018–2023`, free of English words."""
        years = sorted(re.findall(r"\b20\d\d\b", self.source_period or ""))
        if not years:
            return None
        return years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}"

    def is_overdue(self, on: dt.date) -> bool:
        """Whether the facts were checked once and should have been again by now."""
        return self.checked_on is not None and self.review_by is not None and self.review_by < on

    @property
    def is_safety(self) -> bool:
        """Safety numbers never carry a caution: a doubt must not keep anyone from calling."""
        return self.category == "crisis" or any(line.need in SAFETY_NEEDS for line in self.serves)


SAFETY_NEEDS = frozenset({"emergency", "crisis_violence", "crisis_suicide", "forced_labour"})


@dataclass(frozen=True)
class Directory:
    services: Mapping[str, Service]
    needs: Mapping[str, Need] = field(default_factory=dict)
    questions: Questions = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)

    def find(self, need: str, situation: Mapping[str, str | None], most: int = 3) -> list[Service]:
        """The services for a need in a situation, best first, at most `most`; of a service the first line that fits.

        A project that is over is shown to nobody.
        """
        ranked, on = [], today()
        for position, service in enumerate(self.services.values()):
            if service.project.is_over(on):
                continue
            lines = (line for line in service.serves if line.need == need and line.fits(situation))
            if line := next(lines, None):
                ranked.append((line.rank, position, service))
        return [service for _, _, service in sorted(ranked, key=lambda found: found[:2])][:most]

    def facts(self) -> dict[str, str]:
        """Facts a sentence may name, by key such as `call-112.phone`; unconfirmed ones are absent."""
        return {
            f"{service.id}.{name}": value
            for service in self.services.values()
            for name in ("phone", "address", "url")
            if (value := getattr(service, name))
        }


@lru_cache(maxsize=4)
def read_directory(content: Path) -> Directory:
    """Services, needs and questions of a folder such as content/; raises ContentError that names every fault."""
    _, faults = faults_in(content)
    if faults:
        raise ContentError("\n".join(str(fault) for fault in faults))
    services = {record["id"]: _service(record) for _, record in raw_records(content / "services")}
    return Directory(
        services,
        read_needs(content / "needs.yml"),
        read_questions(content / "questions.yml"),
        read_deadlines(content / "deadlines.yml"),
    )


def faults_in(content: Path) -> tuple[int, list[Fault]]:
    """How many services a folder such as content/ holds, and all faults of it."""
    questions = read_questions(content / "questions.yml")
    records = list(raw_records(content / "services"))
    faults = [fault for path, record in records for fault in faults_of(path, record, questions)]
    return len(records), [*faults, *_repeated(records), *faults_of_needs(content / "needs.yml", questions)]


def read_questions(path: Path) -> Questions:
    return {question: tuple(answers) for question, answers in read_yaml(path).items()}


def raw_records(folder: Path) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.yml")):
        for record in read_any(path) or []:
            yield path.name, record


def _repeated(records: list[tuple[str, Any]]) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for path, record in records:
        service = record.get("id") if isinstance(record, dict) else None
        if service in seen:
            faults.append(Fault(path, str(service), "id", f"stands in {seen[service]} too"))
        seen.setdefault(str(service), path)
    return faults


def _service(record: dict[str, Any]) -> Service:
    values = {item.name: _frozen(record.get(item.name)) for item in fields(Service)}
    project = record["project"]
    values["project"] = Project(project["status"], project["from"], project["to"], project["pilot"])
    values["serves"] = tuple(
        Serves(
            line["need"],
            line["rank"],
            {question: frozenset(answers) for question, answers in line.items() if question not in {"need", "rank"}},
        )
        for line in record["serves"]
    )
    return Service(**values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
