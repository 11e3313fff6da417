"""What invented reports look like: told by the real questions, sealed as real ones are, handled as can be."""

import asyncio
from collections import defaultdict

import pytest

from bot.casework.keyring import Keyring
from bot.casework.office import Office
from bot.casework.own_report import OwnReports
from bot.casework.telling import QUESTIONS
from bot.casework.vocabulary import AREAS, CLOSINGS, FORMS, GROUNDS, STATUSES, TRIAGES, WISHES
from bot.errors import NotAllowedError
from bot.simulation.tellings import WORDS
from tests.simulation.years import REPORTS, Filled

ANSWERS = {"ground": GROUNDS, "form": FORMS, "wish": WISHES}


def answers(year: Filled, question: str) -> dict[str, list[str]]:
    found = defaultdict(list)
    for report, answer in year.rows("SELECT report_id, answer FROM report_answer WHERE question = ?", question):
        found[report].append(answer)
    return found


@pytest.mark.parametrize("question", ANSWERS)
def test_answers_are_of_the_vocabulary_one_or_several_and_what_says_nothing_stands_alone(
    year: Filled, question: str
) -> None:
    found = answers(year, question)
    assert {code for codes in found.values() for code in codes} <= set(ANSWERS[question])
    assert len(found) == REPORTS
    assert sum(len(codes) > 1 for codes in found.values()) > REPORTS / 10
    assert not [codes for codes in found.values() if len(codes) > 1 and {"unsure", "not_sure"} & set(codes)]


def test_grounds_areas_and_forms_go_together(year: Filled) -> None:
    areas, forms = year.counts("SELECT id, area FROM report"), answers(year, "form")
    assert set(areas.values()) == set(AREAS)

    def hateful(*of: str) -> float:
        those = [forms[report] for report, area in areas.items() if area in of]
        return sum(bool({"hate_speech", "hate_crime"} & set(codes)) for codes in those) / len(those)

    assert hateful("public_space", "online_media") > 3 * hateful("at_work", "public_administration")
    relations = year.counts("SELECT relation, count(*) FROM report WHERE area = 'housing' GROUP BY 1")
    assert max(relations, key=lambda code: relations[code]) == "landlord"


def test_each_state_is_one_that_a_report_can_be_in(year: Filled) -> None:
    for column, codes in {"status": STATUSES, "triage": TRIAGES, "outcome": (None, *CLOSINGS)}.items():
        assert set(year.counts(f"SELECT {column}, 1 FROM report")) <= set(codes)  # noqa: S608 - names of this test
    wrong = {
        "closed without a day or outcome": "(status = 'closed') != (closed_on IS NOT NULL AND outcome IS NOT NULL)",
        "closed before it came": "closed_on < received_on",
        "closed unseen": "triage = 'unseen' AND status != 'new'",
        "counted though it may be read": "outcome = 'counted' AND consent_level != 'count_only'",
        "a clock that runs for nobody": "(clock_due IS NULL) = (status IN ('new', 'acknowledged', 'in_review'))",
        "no report, but genuine": "(outcome = 'not_a_report') AND triage = 'genuine'",
    }
    for what, condition in wrong.items():
        assert year.number(f"SELECT count(*) FROM report WHERE {condition}") == 0, what  # noqa: S608 - written above


def test_most_are_genuine_and_spam_comes_at_once(year: Filled) -> None:
    triage = year.counts("SELECT triage, count(*) FROM report GROUP BY 1")
    assert triage["genuine"] > 0.8 * REPORTS
    assert {"duplicate", "test", "spam"} <= set(triage)
    days = year.counts("SELECT received_on, count(*) FROM report WHERE triage = 'spam' GROUP BY 1")
    assert max(days.values()) >= 3


def test_staff_write_only_to_those_who_allowed_it_and_mostly_in_time(year: Filled) -> None:
    unasked = (
        "SELECT count(*) FROM piece JOIN report ON report.id = report_id "
        "WHERE sender = 'staff' AND consent_level NOT IN ('staff_may_reply', 'may_forward')"
    )
    assert year.number(unasked) == 0
    first = "(SELECT min(on_day) FROM piece WHERE report_id = report.id AND sender = 'staff')"
    days = [row[0] for row in year.rows(f"SELECT julianday({first}) - julianday(received_on) FROM report")]  # noqa: S608 - written above
    waited = [day for day in days if day is not None]
    assert 0.5 < sum(day <= 7 for day in waited) / len(waited) < 0.95
    assert min(waited) >= 0


def test_a_report_is_handed_over_to_the_body_that_its_person_named_or_by_duty(year: Filled) -> None:
    named = (
        "SELECT count(*) FROM handover WHERE mode = 'with_consent' AND body != (SELECT answer FROM report_consent "
        "WHERE report_id = handover.report_id AND consent = 'may_forward')"
    )
    assert year.number(named) == 0
    assert year.number("SELECT count(*) FROM handover") > REPORTS / 20
    assert year.number("SELECT count(*) FROM handover WHERE outcome IS NOT NULL AND state != 'accepted'") == 0
    assert year.number("SELECT count(*) FROM handover WHERE next_try IS NOT NULL OR sealed != x''") == 0
    without = "outcome = 'handed_over' AND id NOT IN (SELECT report_id FROM handover)"
    assert year.number(f"SELECT count(*) FROM report WHERE {without}") == 0  # noqa: S608 - written above


def test_nothing_but_one_sentence_is_sealed_and_staff_open_it_where_they_may(year: Filled) -> None:
    team = asyncio.run(Keyring(year.store).open("team", year.passphrases.team))
    office = Office(year.store, OwnReports(year.store, b"key"))
    opened = 0
    for report, level in year.rows("SELECT id, consent_level FROM report LIMIT 60"):
        if level == "count_only":
            with pytest.raises(NotAllowedError):
                asyncio.run(office.open(report, team))
            continue
        words = asyncio.run(office.open(report, team)).words
        assert {it.text for it in (*words.told, *words.messages)} == {WORDS}
        opened += 1
    assert 20 < opened < 60


def test_no_name_of_anybody_stands_in_it(year: Filled) -> None:
    assert set(year.counts("SELECT assigned_to, 1 FROM report")) == {None}
    assert set(year.counts("SELECT by_whom, 1 FROM handover")) == {"simulated"}
    assert year.number("SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM event)") == 0


def test_fewer_and_fewer_reach_each_question_and_as_many_as_there_are_reports_send(year: Filled) -> None:
    steps = year.counts("SELECT code, sum(n) FROM tally WHERE kind = 'step' GROUP BY 1")
    always = ["begun", *(it.name for it in QUESTIONS if it.name in steps and it.name not in {"fair"}), "sent"]
    told = always[: always.index("read") + 1]
    reached = [steps[name] for name in told]
    assert reached == sorted(reached, reverse=True)
    assert steps["begun"] > 1.5 * steps["sent"] == 1.5 * REPORTS
    assert steps["cancelled"] + steps["paused"] < steps["begun"] - steps["sent"]


def test_who_waited_long_feels_less_taken_seriously(year: Filled) -> None:
    said = year.counts("SELECT code, sum(n) FROM tally WHERE kind = 'poll.taken_seriously' GROUP BY 1")
    assert set(said) <= {"1", "2", "3", "4", "5"}
    answered = year.number("SELECT count(DISTINCT report_id) FROM piece WHERE sender = 'staff'")
    assert 0.2 * answered < sum(said.values()) < answered
