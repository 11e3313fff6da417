"""Every fault of a service record is explained by file, entry and field."""

import datetime as dt
from typing import Any

import pytest

from bot.directory.check import EFFORTS, FIELDS, faults_of
from bot.directory.services import raw_records, read_questions
from bot.settings import Settings

QUESTIONS = read_questions(Settings().content / "questions.yml")
RECORDS = [record for _, record in raw_records(Settings().content / "services")]
SERVICE: dict[str, Any] = next(record for record in RECORDS if record["id"] == "danskuddannelse")
TOMORROW = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)

WRONG: dict[str, list[Any]] = {
    "id": ["Danish Course", "", "kurser_1", 7, None],
    "name_da": [None, "", "  ", 7, ["a"]],
    "name_en": [None, "", "  ", 7, ["a"]],
    "category": [None, "", "courses", 7],
    "operator": [None, "", 7],
    "who_for": [None, "", 7],
    "what": [None, "", 7],
    "cost": ["", "  ", 7, ["free"]],
    "how_to_start": [None, "call", [""], [7], [None]],
    "languages_offered": ["Danish", [""], [7]],
    "address": ["", 7],
    "area": ["", 7],
    "phone": ["", "unknown", 112, ["112"]],
    "email": ["", "not an address", 7],
    "opening_hours": ["", 7],
    "url": ["", "www.kk.dk", "ftp://kk.dk", "https://kk", "https://kk.dk/a b", 7],
    "source_urls": [None, "https://kk.dk", {}],
    "source_period": ["", 2023],
    "checked_on": [TOMORROW, "2026-11-22", 2026],
    "review_by": ["2026-11-22", 2026, TOMORROW.isoformat()],
    "freshness": [None, "", "old"],
    "confidence": [None, "", "low"],
    "contact_confirmed": [None, "yes"],
    "notes": ["", 7],
    "effort": ["", "courses", 7],
    "project": [
        None,
        {},
        {"status": "dead", "from": None, "to": None, "pilot": False},
        {"status": "ended", "from": "2011", "to": None, "pilot": False},
        {"status": "ended", "from": None, "to": None, "pilot": "yes"},
        {"status": "ended", "from": None, "to": None},
    ],
    "serves": [None, "danish_start", {}],
}


def faults(record: Any) -> list[str]:
    return [str(fault) for fault in faults_of("some.yml", record, QUESTIONS)]


def test_every_service_of_ours_is_without_fault() -> None:
    assert [fault for record in RECORDS for fault in faults(record)] == []


def test_every_field_has_a_wrong_value_in_this_test() -> None:
    assert set(WRONG) == set(FIELDS)


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in WRONG for value in WRONG[field]], ids=repr)
def test_a_wrong_value_is_explained_by_entry_and_field(field: str, value: Any) -> None:
    entry = value if field == "id" else "danskuddannelse"
    (told,) = faults({**SERVICE, field: value})
    assert told.startswith(f"some.yml: {entry}: {field}: must be ")


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_explained(field: str) -> None:
    record = {name: value for name, value in SERVICE.items() if name != field}
    entry = "an entry without id" if field == "id" else "danskuddannelse"
    assert faults(record) == [f"some.yml: {entry}: {field}: is missing"]


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in {"id", "effort"}])
def test_null_is_right_only_where_a_fact_may_be_unconfirmed(field: str) -> None:
    may_be_unconfirmed = {
        "cost", "languages_offered", "address", "area", "phone", "email", "opening_hours", "url", "source_period",
        "checked_on", "review_by", "notes",
    }  # fmt: skip
    assert bool(faults({**SERVICE, field: None})) == (field not in may_be_unconfirmed)


def test_an_unknown_field_is_explained() -> None:
    assert faults({**SERVICE, "seen": "2023"}) == ["some.yml: danskuddannelse: seen: is not a known field"]


def test_all_faults_of_a_record_are_told_at_once() -> None:
    told = faults({**SERVICE, "phone": "", "url": "kk", "more": 1})
    assert [fault.split(": ")[2] for fault in told] == ["phone", "url", "more"]


@pytest.mark.parametrize("record", [None, "danskuddannelse", ["a"], 7])
def test_what_is_no_record_is_explained(record: Any) -> None:
    (told,) = faults(record)
    assert told.endswith(": -: is not a record of fields")


@pytest.mark.parametrize("effort", sorted(EFFORTS, key=str))
def test_every_effort_of_the_plan_is_right(effort: str | None) -> None:
    assert faults({**SERVICE, "effort": effort}) == []


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.datetime.now(dt.UTC).date()])
def test_a_day_on_which_it_was_checked_is_right(day: dt.date) -> None:
    assert faults({**SERVICE, "checked_on": day}) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("danish_start", "each line needs a need"),
        ({"rank": 1}, "each line needs a need"),
        ({"need": "", "rank": 1}, "each line needs a need"),
        ({"need": "find_job"}, "find_job: rank must be a whole number from 1"),
        ({"need": "find_job", "rank": 0}, "find_job: rank must be a whole number from 1"),
        ({"need": "find_job", "rank": "1"}, "find_job: rank must be a whole number from 1"),
        ({"need": "find_job", "rank": 1, "residence": ["mars"]}, "find_job: residence has unknown ['mars']"),
        ({"need": "find_job", "rank": 1, "cpr": ["maybe"]}, "find_job: cpr has unknown ['maybe']"),
        ({"need": "find_job", "rank": 1, "cpr": []}, "find_job: cpr must be a list of yes, no, unsaid"),
        ({"need": "find_job", "rank": 1, "colour": ["red"]}, "find_job: colour is not a known condition"),
    ],
)
def test_a_wrong_line_of_serves_is_explained(line: Any, why: str) -> None:
    assert faults({**SERVICE, "serves": [line]}) == [f"some.yml: danskuddannelse: serves: {why}"]


def test_every_situation_may_be_a_condition() -> None:
    line = {"need": "find_job", "rank": 1, **{question: list(answers) for question, answers in QUESTIONS.items()}}
    assert faults({**SERVICE, "serves": [line]}) == []


UNREADABLE = {
    "yes and no without quotes, which YAML reads as true and false": {"cpr": [True, "maybe"]},
    "a condition that is null": {"residence": None},
    "a rank that is true": {"rank": True},
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE)
def test_a_slip_of_the_pen_in_serves_is_a_fault_and_no_crash(line: dict[str, Any]) -> None:
    told = faults({**SERVICE, "serves": [{"need": "find_job", "rank": 1, **line}]})
    assert told
    assert all(fault.startswith("some.yml: danskuddannelse: serves: find_job: ") for fault in told)


def test_a_condition_that_is_a_word_is_a_fault() -> None:
    assert faults({**SERVICE, "serves": [{"need": "find_job", "rank": 1, "residence": "work"}]})


def test_a_category_that_is_a_list_is_a_fault_and_no_crash() -> None:
    assert faults({**SERVICE, "category": ["crisis"], "effort": {}})
