"""A report takes coded answers only, and every code of the vocabulary."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.casework.report import MONTHS_OFFERED, NotAnAnswerError, Report, is_when, months_back
from bot.casework.vocabulary import AREAS, DISTRICTS, GROUNDS, ROLES, WHEN, WISHES

ANSWERS = {
    "role": "witness",
    "grounds": ["religion_belief", "language"],
    "area": "housing",
    "district": "valby",
    "when": "2026-11",
    "wish": "advice",
    "language": "ar",
}
CODES = {"role": ROLES, "area": AREAS, "district": DISTRICTS, "when": WHEN, "wish": WISHES}
NO_CODES: list[Any] = [
    None,
    "",
    " ",
    "Ali",
    "010190-1234",
    "12:30",
    "unsure ",
    "SELF",
    "not_asked",
    1,
    True,
    ["housing"],
    {},
]


def test_coded_answers_make_a_report() -> None:
    assert Report.from_answers(ANSWERS) == Report(
        role="witness",
        grounds=("religion_belief", "language"),
        area="housing",
        district="valby",
        when="2026-11",
        wish="advice",
        language="ar",
    )


@pytest.mark.parametrize(("question", "code"), [(question, code) for question in CODES for code in CODES[question]])
def test_every_code_is_an_answer(question: str, code: str) -> None:
    assert getattr(Report.from_answers({**ANSWERS, question: code}), question) == code


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ground_is_an_answer(ground: str) -> None:
    assert Report.from_answers({**ANSWERS, "grounds": [ground]}).grounds == (ground,)


@pytest.mark.parametrize("question", CODES)
@pytest.mark.parametrize("answer", NO_CODES)
def test_what_is_no_code_is_refused_by_the_name_of_its_question(question: str, answer: Any) -> None:
    with pytest.raises(NotAnAnswerError, match=f"^{question}$"):
        Report.from_answers({**ANSWERS, question: answer})


@pytest.mark.parametrize("grounds", [[], [""], ["Ali"], ["age", "Ali"], ["age", None], "age", [1]])
def test_grounds_are_one_or_more_codes(grounds: Any) -> None:
    with pytest.raises(NotAnAnswerError, match=r"^grounds$"):
        Report.from_answers({**ANSWERS, "grounds": grounds})


def test_a_code_of_another_question_is_no_answer() -> None:
    with pytest.raises(NotAnAnswerError, match=r"^area$"):
        Report.from_answers({**ANSWERS, "area": "advice"})


def test_grounds_keep_their_order_each_once() -> None:
    report = Report.from_answers({**ANSWERS, "grounds": ["sex", "age", "sex", "language", "age"]})
    assert report.grounds == ("sex", "age", "language")


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_that_was_never_given_is_an_error_and_not_a_report(question: str) -> None:
    with pytest.raises(KeyError, match=question):
        Report.from_answers({name: answer for name, answer in ANSWERS.items() if name != question})


@pytest.mark.parametrize(
    "when", ["2026-00", "2026-13", "2026-1", "1999-12", "2026-11-22", "2026-11\n", " 2026-11", "26-11"]
)
def test_when_is_a_month_and_never_a_day(when: str) -> None:
    assert not is_when(when)


def test_a_month_is_written_in_one_way_only() -> None:
    assert not is_when("20٢٦-11")


def test_the_months_offered_go_over_the_end_of_a_year() -> None:
    assert months_back(dt.date(2027, 2, 28)) == ["2027-02", "2027-01", "2026-12", "2026-11", "2026-10", "2026-09"]


@pytest.mark.parametrize(
    ("day", "newest", "oldest"),
    [
        (dt.date(2026, 1, 1), "2026-01", "2025-08"),
        (dt.date(2026, 6, 30), "2026-06", "2026-01"),
        (dt.date(2026, 12, 31), "2026-12", "2026-07"),
        (dt.date(2100, 1, 31), "2100-01", "2099-08"),
    ],
)
def test_the_months_offered_begin_with_the_present_one(day: dt.date, newest: str, oldest: str) -> None:
    months = months_back(day)
    assert (months[0], months[-1]) == (newest, oldest)


@settings(deadline=None)
@given(st.dates(dt.date(2000, 6, 1), dt.date(2099, 12, 31)))
def test_the_months_offered_are_six_answers_without_a_gap(day: dt.date) -> None:
    months = months_back(day)
    assert len(months) == MONTHS_OFFERED
    assert all(is_when(month) for month in months)
    counted = [int(month[:4]) * 12 + int(month[5:]) for month in months]
    assert counted == list(range(counted[0], counted[0] - MONTHS_OFFERED, -1))
