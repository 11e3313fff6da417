"""The store's verbs on a real database of each engine: whole or not at all, and once."""

import asyncio
from typing import Any

import pytest

from bot.errors import NotSavedError
from bot.store.tables.store import TableStore
from bot.store.verbs import OutcomeRow, SlipRow
from tests.store.kept import Kept
from tests.store.rows import DAY as DAY_MADE
from tests.store.rows import a_referral, a_report
from tests.store.test_migrations import TABLES

ALL_TABLES = tuple(TABLES)


def files(store: TableStore, *rows: Any) -> None:
    for row in rows:
        asyncio.run(store.reports.file(row))


def logs(store: TableStore, *rows: Any) -> None:
    asyncio.run(store.log_referrals(list(rows)))


def sizes(kept: Kept) -> dict[str, int]:
    return {table: len(kept.rows(table)) for table in ALL_TABLES}


NOTHING = dict.fromkeys(ALL_TABLES, 0)
OF_A_REPORT = {"report": 1, "report_answer": 3, "piece": 1, "report_key": 1, "report_consent": 1}


# What the verbs promise


def test_a_commit_is_seen_by_others_when_a_verb_returns(kept: Kept) -> None:
    files(kept.store, a_report("a"))
    assert [row["receipt_hash"] for row in kept.rows("report")] == ["a"]


def test_a_report_is_kept_with_all_its_grounds_and_wishes(kept: Kept) -> None:
    report = a_report("a", grounds=("age", "sex", "other"), wishes=("advice", "mediation"))
    files(kept.store, report)
    assert sizes(kept) == NOTHING | OF_A_REPORT | {"report_answer": 5}
    answers = {(row["report_id"], row["question"], row["answer"]) for row in kept.rows("report_answer")}
    assert answers == {(report.row.id, question, answer) for question, answer in report.answers}


def test_a_report_with_a_known_receipt_is_stored_once(kept: Kept) -> None:
    first = a_report("a", grounds=("age",))
    files(kept.store, first, a_report("a", grounds=("sex",)), a_report("b"))
    assert asyncio.run(kept.store.counts()) == {"referral": 0, "report": 2}
    assert {"report_id": first.row.id, "question": "ground", "answer": "age"} in kept.rows("report_answer")
    assert "sex" not in {row["answer"] for row in kept.rows("report_answer")}


def test_a_referral_with_a_known_mark_is_stored_once(store: TableStore) -> None:
    logs(store, a_referral("a"), a_referral("a"), a_referral("b"))
    logs(store, a_referral("b"), a_referral("c"))
    assert asyncio.run(store.counts()) == {"referral": 3, "report": 0}


def test_a_receipt_is_found_by_its_hash_alone(store: TableStore) -> None:
    files(store, a_report("a"))
    assert asyncio.run(store.reports.id_of("a"))
    assert not asyncio.run(store.reports.id_of("b"))


def test_rows_are_there_after_closing_and_opening(kept: Kept) -> None:
    files(kept.store, a_report("a"))
    kept.close()
    assert asyncio.run(kept.again().reports.id_of("a"))


def test_many_verbs_at_once_are_all_kept(store: TableStore) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(store.reports.file(a_report(str(number % 50))) for number in range(100)))

    asyncio.run(all_at_once())
    assert asyncio.run(store.counts())["report"] == 50


def test_two_processes_may_file_in_one_store(kept: Kept) -> None:
    store, other = kept.store, kept.again()

    async def from_both() -> None:
        await asyncio.gather(*(it.reports.file(a_report(str(number))) for number in range(40) for it in (store, other)))

    asyncio.run(from_both())
    assert asyncio.run(store.counts()) == asyncio.run(other.counts()) == {"referral": 0, "report": 40}


# Whole or not at all


def test_a_report_whose_last_part_fails_leaves_nothing(kept: Kept) -> None:
    with pytest.raises(NotSavedError, match="IntegrityError"):
        files(kept.store, a_report("a", wishes=("advice", "advice")))
    assert sizes(kept) == NOTHING
    files(kept.store, a_report("a"))
    assert asyncio.run(kept.store.reports.id_of("a"))


def test_referrals_of_one_turn_are_kept_together_or_not_at_all(kept: Kept) -> None:
    with pytest.raises(NotSavedError, match="IntegrityError"):
        logs(kept.store, a_referral("a", "same id"), a_referral("b", "same id"))
    assert sizes(kept) == NOTHING


# Slips and entries


def slip(store: TableStore, *services: str, code_hash: str = "a") -> None:
    asyncio.run(store.make_slip([SlipRow(code_hash, service, "find_job", "ar", DAY_MADE) for service in services]))


def tells(store: TableStore, *told: tuple[str, str, int | None], code_hash: str = "a") -> int:
    return asyncio.run(store.tell_outcomes([OutcomeRow(code_hash, *item, DAY_MADE) for item in told]))


def test_a_slip_is_found_by_its_code_alone_and_made_again_stays_one(kept: Kept) -> None:
    for _ in range(2):
        slip(kept.store, "jobnet", "igu")
    assert asyncio.run(kept.store.places_of_slip("a")) == {"jobnet": None, "igu": None}
    assert asyncio.run(kept.store.places_of_slip("b")) == {}
    assert sizes(kept) == NOTHING | {"slip": 2}


def test_a_later_word_replaces_an_earlier_and_keeps_how_somebody_was_met(kept: Kept) -> None:
    slip(kept.store, "jobnet")
    assert tells(kept.store, ("jobnet", "went", 2)) == 1
    assert tells(kept.store, ("jobnet", "finished", None)) == 1
    (row,) = kept.rows("slip")
    assert (row["step"], row["met"], row["said_on"]) == ("finished", 2, DAY_MADE.isoformat())


def test_what_is_on_no_slip_can_be_told_nothing(kept: Kept) -> None:
    slip(kept.store, "jobnet")
    assert tells(kept.store, ("igu", "went", None)) == 0
    assert tells(kept.store, ("jobnet", "went", None), code_hash="b") == 0
    assert kept.rows("slip")[0]["step"] is None


def test_entries_are_counted_a_day_a_code_and_a_language(kept: Kept) -> None:
    for code, language in (("job", "ar"), ("job", "ar"), ("job", "da"), ("stop", "ar")):
        asyncio.run(kept.store.count_entry(DAY_MADE, code, language))
    assert {(row["code"], row["language"]): row["n"] for row in kept.rows("entry")} == {
        ("job", "ar"): 2, ("job", "da"): 1, ("stop", "ar"): 1,
    }  # fmt: skip


def test_services_that_somebody_was_referred_to_are_known(store: TableStore) -> None:
    assert asyncio.run(store.services_used()) == set()
    logs(store, a_referral("a"), a_referral("b"))
    assert asyncio.run(store.services_used()) == {"danskuddannelse"}
