"""The directory on the real files: all services stand, and every situation finds its one to three."""

import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory.check import CPR, RESIDENCES
from bot.directory.services import SAFETY_NEEDS, Directory, Serves, Service, raw_records, read_directory
from bot.errors import ContentError
from bot.settings import ROOT, Settings

FACTS = ROOT.parent / "shared" / "facts" / "services.yml"
"""What the services were written from; not part of the project, so a clone may lack it."""
UNVERIFIED = FACTS.with_name("services-unverified.yml")
CONTENT = Settings().content / "services"
DIRECTORY = read_directory(CONTENT)

with_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts that content/ was written from are not here")

ALWAYS = {
    "danish_mother_tongue": "welcome-house",
    "jobcentre_find": "jobcenter-koebenhavn",
    "internship": "virksomhedspraktik",
    "report_discrimination": "institut-for-menneskerettigheder",
    "is_it_discrimination": "institut-for-menneskerettigheder",
    "complaint_where": "ligebehandlingsnaevnet",
    "emergency": "call-112",
    "crisis_violence": "call-112",
    "crisis_suicide": "call-112",
    "forced_labour": "call-112",
    "human_contact": "borgerservice",
    "out_of_scope": "borgerservice",
}
"""Need → the service that stands first whatever the situation."""
BY_RESIDENCE = {
    "danish_start": {
        "eu": "danskuddannelse", "nordic": "danskuddannelse", "work": "danskuddannelse", "study": "danskuddannelse",
        "family": "danskuddannelse", "other": "danskuddannelse", "unsaid": "danskuddannelse",
        "refugee": "danish-integration-programme", "ukraine": "danish-integration-programme",
    },
    "danish_price": {
        "eu": "danskuddannelse", "nordic": "danskuddannelse", "work": "danskuddannelse", "study": "danskuddannelse",
        "family": "danskuddannelse", "ukraine": "danskuddannelse", "other": "danskuddannelse",
        "unsaid": "danskuddannelse", "refugee": "danish-integration-programme",
    },
    "find_job": {
        "eu": "ics-job-guidance", "nordic": "ics-job-guidance", "work": "ics-job-guidance",
        "study": "ics-job-guidance", "other": "ics-job-guidance", "unsaid": "jobnet",
        "refugee": "jobcenter-koebenhavn", "family": "jobcenter-koebenhavn", "ukraine": "jobcenter-koebenhavn",
    },
    "first_steps": {
        "eu": "eu-residence-document", "nordic": "cpr-registration", "work": "cpr-registration",
        "study": "cpr-registration", "family": "cpr-registration", "ukraine": "cpr-registration",
        "other": "cpr-registration", "unsaid": "ics-east", "refugee": "integration-programme",
    },
}  # fmt: skip
BY_CPR = {
    "danish_right": {"yes": "danskuddannelse", "no": "cpr-registration", "unsaid": "danskuddannelse"},
    "cpr_address": {"yes": "change-address", "no": "cpr-registration", "unsaid": "cpr-registration"},
    "unemployed_register": {"yes": "jobnet", "no": "ics-job-guidance", "unsaid": "jobnet"},
}
NEEDS = sorted({*ALWAYS, *BY_RESIDENCE, *BY_CPR})
SITUATIONS = [{"residence": residence, "cpr": cpr} for residence, cpr in itertools.product(RESIDENCES, CPR)]


def first_for(need: str, situation: dict[str, str]) -> str:
    if need in BY_RESIDENCE:
        return BY_RESIDENCE[need][situation["residence"]]
    return BY_CPR[need][situation["cpr"]] if need in BY_CPR else ALWAYS[need]


def ids(services: list[Service]) -> list[str]:
    return [service.id for service in services]


@cache
def by_id(path: Path) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)}


# What stands in content/


@with_facts
def test_every_service_of_the_facts_stands_in_content_and_no_other() -> None:
    assert set(DIRECTORY.services) == set(by_id(FACTS))
    assert len(DIRECTORY.services) == 90


@with_facts
def test_no_unverified_lead_stands_in_content() -> None:
    assert set(by_id(UNVERIFIED)).isdisjoint(DIRECTORY.services)


@with_facts
def test_what_was_not_confirmed_did_not_become_a_value() -> None:
    ours = {record["id"]: record for _, record in raw_records(CONTENT)}
    invented = [
        (entry, field)
        for entry, facts in by_id(FACTS).items()
        for field, value in facts.items()
        if value is None and ours[entry]["source_period" if field == "seen" else field] is not None
    ]
    assert invented == []


@with_facts
def test_the_age_of_each_source_is_kept_word_for_word() -> None:
    assert {entry: service.source_period for entry, service in DIRECTORY.services.items()} == {
        entry: facts["seen"] for entry, facts in by_id(FACTS).items()
    }


@with_facts
@pytest.mark.parametrize("field", ["phone", "address", "opening_hours", "cost"])
def test_every_number_that_is_shown_stands_in_the_facts(field: str) -> None:
    """Wording may be shortened; a digit that was not read anywhere may not appear."""
    facts = by_id(FACTS)
    unread = {
        entry: numbers
        for entry, service in DIRECTORY.services.items()
        if (
            numbers := set(re.findall(r"\d+", getattr(service, field) or ""))
            - set(re.findall(r"\d+", str(facts[entry])))
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


def test_the_table_holds_every_need_that_a_service_serves() -> None:
    assert {line.need for service in DIRECTORY.services.values() for line in service.serves} == set(NEEDS)


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_in_every_situation_finds_one_to_three_and_the_right_one_first(need: str) -> None:
    assert len(SITUATIONS) == 9 * 3
    for situation in SITUATIONS:
        found = ids(DIRECTORY.find(need, situation))
        assert 1 <= len(found) <= 3, situation
        assert len(set(found)) == len(found), situation
        assert found[0] == first_for(need, situation), situation


@pytest.mark.parametrize("need", NEEDS)
def test_what_was_not_asked_counts_as_not_said(need: str) -> None:
    unsaid = ids(DIRECTORY.find(need, {"residence": "unsaid", "cpr": "unsaid"}))
    assert ids(DIRECTORY.find(need, {})) == unsaid
    assert ids(DIRECTORY.find(need, {"residence": None, "cpr": None})) == unsaid


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
    line = Serves("need", 1, frozenset({"eu", "unsaid"}), frozenset({"yes"}))
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


def test_a_folder_with_faults_is_refused_with_every_one_of_them(tmp_path: Path) -> None:
    records = [record for _, record in raw_records(CONTENT)][:3]
    records[0]["phone"] = "unknown"
    del records[1]["who_for"]
    records[2]["id"] = records[1]["id"]
    (tmp_path / "some.yml").write_text(yaml.safe_dump(records), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        read_directory(tmp_path)
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"some.yml: {records[0]['id']}: phone: must be")
    assert lines[1] == f"some.yml: {records[1]['id']}: who_for: is missing"
    assert lines[2] == f"some.yml: {records[1]['id']}: id: stands in some.yml too"


def test_a_file_that_is_no_yaml_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("- id: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"broken\.yml: not readable"):
        read_directory(tmp_path)


def test_an_empty_file_holds_no_services(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text("# nothing yet\n", encoding="utf-8")
    assert read_directory(tmp_path).services == {}
