"""The directory on the real files: all services stand, and every situation finds its one to three."""

import dataclasses
import datetime as dt
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory.services import SAFETY_NEEDS, Directory, Project, Serves, Service, raw_records, read_directory
from bot.errors import ContentError
from bot.settings import ROOT, Settings
from tests.directory.situations import named, situations_of

FACTS = ROOT.parent / "shared" / "facts" / "services.yml"
"""What the services were written from; not part of the project, so a clone may lack it."""
UNVERIFIED = FACTS.with_name("services-unverified.yml")
CONTENT = Settings().content
DIRECTORY = read_directory(CONTENT)
SITUATIONS = Path(__file__).with_name("situations.yml")
"""The table: who is shown, best first, in each situation of each need."""

with_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts that content/ was written from are not here")

SPLIT = "childcare-newcomers"
"""One record of the facts with five offices: five records here, so that a card shows the office of a district."""
READ_SINCE = {"local-elections", "folkeoplysende-forening"}
"""Written from pages that the project read itself; each names them."""


def ids(services: list[Service]) -> list[str]:
    return [service.id for service in services]


@cache
def by_id(path: Path) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)}


def of_ours() -> list[tuple[str, dict[str, Any]]]:
    """(id, record of the facts) of every service that stands here under the same id."""
    return [(entry, facts) for entry, facts in by_id(FACTS).items() if entry in DIRECTORY.services]


# What stands in content/


@with_facts
def test_every_service_of_the_facts_stands_in_content_and_what_else_does_was_read() -> None:
    offices = {entry for entry in DIRECTORY.services if entry.startswith("childcare-")}
    assert set(DIRECTORY.services) - offices == set(by_id(FACTS)) - {SPLIT} | READ_SINCE
    assert all(DIRECTORY.services[entry].source_urls for entry in READ_SINCE)
    written = by_id(FACTS)[SPLIT]
    for office in (DIRECTORY.services[entry] for entry in offices):
        assert office.phone in written["phone"]
        assert office.email in written["email"]
        assert list(office.source_urls) == written["source_urls"]
    assert len(offices) == 5


@with_facts
def test_no_unverified_lead_stands_in_content() -> None:
    assert set(by_id(UNVERIFIED)).isdisjoint(DIRECTORY.services)


@with_facts
def test_what_was_not_confirmed_did_not_become_a_value() -> None:
    ours = {record["id"]: record for _, record in raw_records(CONTENT / "services")}
    invented = [
        (entry, field)
        for entry, facts in of_ours()
        for field, value in facts.items()
        if value is None and ours[entry]["source_period" if field == "seen" else field] is not None
    ]
    assert invented == []


@with_facts
def test_the_age_of_each_source_is_kept_word_for_word() -> None:
    assert {entry: DIRECTORY.services[entry].source_period for entry, _ in of_ours()} == {
        entry: facts["seen"] for entry, facts in of_ours()
    }


@with_facts
@pytest.mark.parametrize("field", ["phone", "address", "opening_hours", "cost"])
def test_every_number_that_is_shown_stands_in_the_facts(field: str) -> None:
    """Wording may be shortened; a digit that was not read anywhere may not appear."""
    facts = by_id(FACTS)
    unread = {
        entry: numbers
        for entry, service in DIRECTORY.services.items()
        if entry not in READ_SINCE
        and (
            numbers := set(re.findall(r"\d+", getattr(service, field) or ""))
            - set(re.findall(r"\d+", str(facts[SPLIT if entry.startswith("childcare-") else entry])))
        )
    }
    assert unread == {}


def test_nothing_says_it_was_checked_before_a_person_has_checked_it() -> None:
    assert [service.id for service in DIRECTORY.services.values() if service.checked_on] == []


def test_every_safety_number_can_be_called() -> None:
    first = {need: DIRECTORY.find(need, {})[0] for need in SAFETY_NEEDS}
    assert {need: service.phone for need, service in first.items()} == dict.fromkeys(SAFETY_NEEDS, "112")
    silent = [it.id for need in SAFETY_NEEDS for it in DIRECTORY.find(need, {}) if not it.phone]
    assert set(silent) <= {"trade-unions"}


# What a need finds


def table() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.load(SITUATIONS.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded


def test_the_table_holds_every_need_that_is_led_or_served() -> None:
    served = {line.need for service in DIRECTORY.services.values() for line in service.serves}
    assert set(table()) == served == set(DIRECTORY.needs)


@pytest.mark.parametrize("need", list(DIRECTORY.needs))
def test_every_need_in_every_situation_finds_who_stands_in_the_table(need: str) -> None:
    found = {
        named(situation): ids(DIRECTORY.find(need, situation))
        for situation in situations_of(DIRECTORY.needs[need], DIRECTORY)
    }
    assert found == table()[need]
    assert all(1 <= len(services) <= 3 for services in found.values())


@pytest.mark.parametrize("need", list(DIRECTORY.needs))
def test_what_was_not_asked_counts_as_not_said(need: str) -> None:
    unsaid = ids(DIRECTORY.find(need, dict.fromkeys(DIRECTORY.questions, "unsaid")))
    assert ids(DIRECTORY.find(need, {})) == unsaid
    assert ids(DIRECTORY.find(need, dict.fromkeys(DIRECTORY.questions))) == unsaid


@pytest.mark.parametrize(
    ("project", "shown"),
    [
        (Project("running", None, None, pilot=False), True),
        (Project("ended", None, None, pilot=False), False),
        (Project("running", None, dt.date(2014, 12, 31), pilot=True), False),
        (Project("unknown", dt.date(2011, 1, 1), None, pilot=False), True),
    ],
)
def test_a_project_that_is_over_is_shown_to_nobody(project: Project, shown: bool) -> None:
    service = dataclasses.replace(DIRECTORY.services["jobnet"], project=project)
    directory = Directory({service.id: service})
    assert bool(directory.find("find_job", {"residence": "unsaid"})) is shown


def test_a_need_that_nobody_serves_finds_nothing() -> None:
    assert DIRECTORY.find("no such need", {}) == []


def test_no_more_are_found_than_are_asked_for() -> None:
    assert len(DIRECTORY.find("emergency", {}, most=1)) == 1


def test_a_lower_rank_stands_first_and_equal_ranks_keep_the_order_of_the_files() -> None:
    services = list(DIRECTORY.services.values())[:3]
    ranks = dict(zip(services, (2, 1, 2), strict=True))
    directory = Directory({service.id: with_lines(service, Serves("need", rank)) for service, rank in ranks.items()})
    assert ids(directory.find("need", {})) == [services[1].id, services[0].id, services[2].id]


def with_lines(service: Service, *lines: Serves) -> Service:
    return Service(**{**vars(service), "serves": lines})


def test_a_line_fits_only_the_situations_it_declares() -> None:
    line = Serves("need", 1, {"residence": frozenset({"eu", "unsaid"}), "cpr": frozenset({"yes"})})
    assert line.fits({"residence": "eu", "cpr": "yes"})
    assert line.fits({"residence": None, "cpr": "yes"})
    assert not line.fits({"residence": "work", "cpr": "yes"})
    assert not line.fits({"residence": "eu", "cpr": "no"})
    assert not line.fits({})


# Facts that sentences name


def test_facts_are_what_is_known_and_nothing_else() -> None:
    facts = DIRECTORY.facts()
    assert facts["call-112.phone"] == "112"
    assert all(facts.values())
    unknown = next(service for service in DIRECTORY.services.values() if service.phone is None)
    assert f"{unknown.id}.phone" not in facts


@pytest.mark.parametrize(
    ("period", "years"),
    [
        (None, None), ("a leaflet", None), ("2023", "2023"), ("2020-2025 (several pages)", "2020–2025"),
        ("about 2025, and 2018", "2018–2025"), ("page of 2021-11, read 2021", "2021"), ("12020", None),
    ],
)  # fmt: skip
def test_the_years_of_a_source_are_the_first_and_the_last_it_names(period: str | None, years: str | None) -> None:
    service = Service(**{**vars(DIRECTORY.services["jobnet"]), "source_period": period})
    assert service.source_years == years


# Reading


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of content/ without services."""
    copied = tmp_path / "content"
    shutil.copytree(CONTENT, copied)
    for path in (copied / "services").iterdir():
        path.unlink()
    return copied


def test_a_folder_with_faults_is_refused_with_every_one_of_them(content: Path) -> None:
    records = [record for _, record in raw_records(CONTENT / "services")][:3]
    records[0]["phone"] = "unknown"
    del records[1]["who_for"]
    records[2]["id"] = records[1]["id"]
    (content / "services" / "some.yml").write_text(yaml.safe_dump(records), encoding="utf-8")
    (content / "needs.yml").write_text("find_job: {asks: [colour], topic: work}\n", encoding="utf-8")
    with pytest.raises(ContentError) as told:
        read_directory(content)
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(f"some.yml: {records[0]['id']}: phone: must be")
    assert lines[1] == f"some.yml: {records[1]['id']}: who_for: is missing"
    assert lines[2] == f"some.yml: {records[1]['id']}: id: stands in some.yml too"
    assert lines[3] == "needs.yml: find_job: asks: colour is no question of questions.yml"


def test_a_file_that_is_no_yaml_is_refused_by_its_name(content: Path) -> None:
    (content / "services" / "broken.yml").write_text("- id: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"broken\.yml: not readable"):
        read_directory(content)


def test_an_empty_file_holds_no_services(content: Path) -> None:
    (content / "services" / "empty.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert read_directory(content).services == {}
