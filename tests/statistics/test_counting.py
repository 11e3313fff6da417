"""What is counted of the store's rows, and as what."""

import asyncio
import datetime as dt
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.statistics.counting import Counted, Counting
from bot.statistics.plan import TablePlan
from bot.statistics.table import Table
from bot.store.sqlite import SqliteStore
from bot.store.statistics_verbs import REFERRALS, REPORTS, TALLIES
from bot.store.verbs import OutcomeRow, SlipRow
from tests.statistics.counted import IN_PERIOD, PERIOD, file, refer, release, the_directory, the_plan

FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)


def run[Result](work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture(scope="module")
def plan() -> TablePlan:
    return the_plan()


async def counted(store: SqliteStore, table: str) -> dict[str, Counted]:
    counting = Counting(the_directory(), 7)
    return dict(await store.statistics.read(table, FIRST, LAST, lambda rows: counting.of(table, rows)))


def in_cells(counted: Counted, plan: TablePlan, name: str) -> dict[tuple[str, str], int]:
    """A measure's cells that are not empty."""
    return {at: number for at, number in table(counted, plan, name).counts.items() if number}


def table(counted: Counted, plan: TablePlan, name: str) -> Table:
    measure = plan.measures[name]
    return counted.by(measure.dimensions).table(measure, PERIOD, plan)


async def read(store: SqliteStore, name: str) -> Counted:
    return (await counted(store, name))[name]


def test_a_quarter_begins_and_ends_with_its_days(store: SqliteStore, plan: TablePlan) -> None:
    for day in (FIRST - dt.timedelta(1), FIRST, LAST, LAST + dt.timedelta(1)):
        refer(store, 1, on=day)
    assert in_cells(run(read(store, REFERRALS)), plan, "referrals.by_effort") == {("danish", ""): 2}


def test_what_a_person_did_not_say_is_a_line_of_its_own(store: SqliteStore, plan: TablePlan) -> None:
    refer(store, 2)
    refer(store, 3, district="")
    assert in_cells(run(read(store, REFERRALS)), plan, "referrals.by_district") == {
        ("valby", ""): 2,
        ("not_said", ""): 3,
    }


def test_a_service_that_is_gone_is_counted_as_other(store: SqliteStore, plan: TablePlan) -> None:
    refer(store, 2)
    refer(store, 4, service="closed-long-ago")
    made = table(run(read(store, REFERRALS)), plan, "referrals.by_service")
    assert made.counts["other", ""] == 4
    assert made.rows[-1] == "other"
    assert len(made.counts) == len(the_directory().services) + 1


def test_many_referrals_of_one_conversation_are_of_one_person(store: SqliteStore, plan: TablePlan) -> None:
    """R0: twelve of one visit and three of others are fifteen referrals of four people."""
    refer(store, 12, "one visit")
    refer(store, 3)
    count = run(read(store, REFERRALS))
    made = table(count, plan, "referrals.by_need")
    assert made.counts["danish_start", ""] == 15
    assert len(made.people["danish_start", ""]) == 4
    assert count.figures["referrals.conversations"] == (None, None), "four conversations are told to nobody"


def test_a_referral_from_before_visits_were_kept_counts_as_one_conversation(store: SqliteStore) -> None:
    for number in range(6):
        refer(store, 1, visit=f"v{number}")
    store._worker.database.execute("UPDATE referral SET visit = NULL")  # type: ignore[attr-defined]
    assert run(read(store, REFERRALS)).figures["referrals.conversations"] == (6, None)


def test_only_genuine_reports_count_and_the_others_are_a_number(store: SqliteStore, plan: TablePlan) -> None:
    file(store, 3)
    for triage in ("unseen", "duplicate", "test", "spam"):
        file(store, 2, triage=triage)
    count = run(read(store, REPORTS))
    assert in_cells(count, plan, "reports.by_ground") == {("age", ""): 3}
    assert count.figures["reports.set_aside"] == (8, None)


def test_a_report_stands_in_one_cell_whatever_was_chosen(store: SqliteStore, plan: TablePlan) -> None:
    file(store, 2, grounds=("age", "disability"))
    file(store, 3, grounds=())
    file(store, 4)
    assert in_cells(run(read(store, REPORTS)), plan, "reports.ground_by_area") == {
        ("several", "looking_for_work"): 2,
        ("not_said", "looking_for_work"): 3,
        ("age", "looking_for_work"): 4,
    }


def test_every_table_of_reports_adds_up_to_the_same(store: SqliteStore, plan: TablePlan) -> None:
    file(store, 5, grounds=("age", "disability"), status="closed", outcome="answered")
    file(store, 7, district="online", area="housing", language="so")
    count = run(read(store, REPORTS))
    names = [it.name for it in plan.of("reports") if it.source == "reports" and it.kind == "table"]
    assert len(names) >= 10
    assert {sum(table(count, plan, name).counts.values()) for name in names} == {12}


def test_an_open_report_has_no_outcome_even_where_one_was_noted_before(store: SqliteStore, plan: TablePlan) -> None:
    file(store, 1, status="closed", outcome="answered")
    file(store, 1, status="in_review", outcome="answered")
    assert in_cells(run(read(store, REPORTS)), plan, "reports.by_outcome") == {("open", ""): 1, ("answered", ""): 1}


def test_time_to_the_first_answer(store: SqliteStore) -> None:
    """Of forty that may be answered eighteen were in the seven days and ten later; the others do not count."""
    file(store, 18, answered_after=2)
    file(store, 10, answered_after=30)
    file(store, 12)
    file(store, 20, consent_level="count_only")
    figures = run(read(store, REPORTS)).figures
    assert figures["reports.answered_in_time"] == (45, 40)
    assert figures["reports.days_to_answer"] == (2, 28)


def test_few_answers_give_no_figure(store: SqliteStore) -> None:
    file(store, 9, answered_after=2)
    figures = run(read(store, REPORTS)).figures
    assert figures["reports.answered_in_time"] == figures["reports.days_to_answer"] == (None, None)


def test_a_daily_count_is_counted_as_often_as_it_says(store: SqliteStore, plan: TablePlan) -> None:
    for kind, code, number in (("unmet", "housing_find", 3), ("poll.trust", "4", 2), ("poll.taken_seriously", "5", 1)):
        for day in range(number):
            run(store.statistics.tally(IN_PERIOD + dt.timedelta(day), kind, code, "pl"))
    count = run(counted(store, TALLIES))
    assert sum(in_cells(count["unmet"], plan, "unmet.by_language").values()) == 3
    assert in_cells(count["polls"], plan, "polls.trust") == {("4", ""): 2}
    assert in_cells(count["answers"], plan, "answers.taken_seriously") == {("5", ""): 1}


def test_one_person_who_reaches_many_questions_is_one_person(store: SqliteStore, plan: TablePlan) -> None:
    for question in ("begun", "narrative", "when", "district", "ground", "area", "sent"):
        run(store.statistics.tally(IN_PERIOD, "step", question, "so"))
    made = table(run(counted(store, TALLIES))["steps"], plan, "steps.question_by_language")
    behind = frozenset().union(*(made.people[at] for at in made.people if at[1] == "so"))
    assert (sum(made.counts.values()), len(behind)) == (7, 1)


def test_who_says_yes_of_one_answer_may_say_no_of_another(store: SqliteStore, plan: TablePlan) -> None:
    for said, number in (("yes", 3), ("no", 2)):
        for _ in range(number):
            run(store.statistics.tally(IN_PERIOD, "useful", said, "so"))
    count = run(counted(store, TALLIES))["useful"]
    assert in_cells(count, plan, "useful.by_answer") == {("yes", ""): 3, ("no", ""): 2}
    made = table(count, plan, "useful.answer_by_language")
    behind = frozenset().union(*made.people.values())
    assert (made.counts["yes", "so"], made.counts["no", "so"], len(behind)) == (3, 2, 3)


def test_slips_tell_what_came_of_them(store: SqliteStore, plan: TablePlan) -> None:
    for number in range(40):
        slip = SlipRow(f"hash {number}", "danskuddannelse", "danish_start", "en", IN_PERIOD)
        run(store.make_slip([slip]))
        if number < 36:
            met = 5 if number < 27 else 2
            run(store.tell_outcomes([OutcomeRow(slip.code_hash, slip.service, "went", met, IN_PERIOD)]))
    both = run(counted(store, "slips"))
    count, met = both["slips"], both["met"]
    assert in_cells(count, plan, "slips.by_step") == {("went", ""): 36, ("not_said", ""): 4}
    assert in_cells(met, plan, "met.by_grade") == {("5", ""): 27, ("2", ""): 9}
    assert met.figures["met.well"] == (75, 36)


def test_services_that_nobody_was_shown_are_a_number(store: SqliteStore) -> None:
    refer(store, 1)
    made = {it.name: it.value for it in release(store, "referrals").figures}
    assert made["services.never_used"] == len(the_directory().services) - 1
    assert made["needs.without_entry"] == 0
