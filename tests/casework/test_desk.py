"""The desk: a receipt only for a saved report, and each report and referral once."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.casework.desk import SCHEMA_VERSION, Desk, Guided, Outcome
from bot.casework.receipt import SLIP_DIGITS, digits_of, stretched
from bot.casework.vocabulary import REPORT_STEP, UNMET
from bot.errors import NoTeamKeyError, NotSavedError
from bot.language.dates import today
from bot.store.sqlite import SqliteStore
from tests.keys import make_keys
from tests.reports import VERSIONS, a_telling, filed

KEY = b"k" * 32
JOBNET = Guided("jobnet", "unemployed_register", "employment", "eu", "yes", "valby")
COURSE = Guided("danskuddannelse", "danish_start", "danish", None, None, None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    make_keys(store)
    yield store
    store.close()


@pytest.fixture
def desk(store: SqliteStore) -> Desk:
    return Desk(store, KEY)


def counted(desk: Desk, *guided: Guided, secret: bytes = b"secret") -> None:
    asyncio.run(desk.count(guided, "ar", secret))


def rows(store: SqliteStore, table: str) -> list[dict[str, Any]]:
    return asyncio.run(store._worker.do(lambda database: list(database[table].rows)))


def sizes(store: SqliteStore) -> dict[str, int]:
    return asyncio.run(store.counts())


def test_a_filed_report_is_found_by_its_receipt(desk: Desk, store: SqliteStore) -> None:
    receipt = filed(desk)
    assert re.fullmatch(r"\d{4}( \d{4}){4}", receipt)
    assert asyncio.run(desk.is_filed(stretched(KEY, receipt.replace(" ", "")).lookup))
    assert not asyncio.run(desk.is_filed(stretched(KEY, "0" * 20).lookup))


def test_the_same_attempt_is_one_row_and_one_receipt(desk: Desk, store: SqliteStore) -> None:
    assert filed(desk) == filed(desk)
    assert sizes(store)["report"] == 1


def test_the_same_attempt_many_times_at_once_is_one_row(desk: Desk, store: SqliteStore) -> None:
    async def one() -> str:
        telling = a_telling()
        filing = await desk.begin_filing(telling, b"secret")
        return await desk.file(filing, telling.report("ar"), VERSIONS)

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(one() for _ in range(20)))

    assert len(set(asyncio.run(all_at_once()))) == 1
    assert sizes(store)["report"] == 1


def test_a_second_report_and_another_persons_are_rows_of_their_own(desk: Desk, store: SqliteStore) -> None:
    receipts = {filed(desk), filed(desk, a_telling(attempt="second")), filed(desk, secret=b"another person")}
    assert len(receipts) == 3
    assert sizes(store)["report"] == 3


def test_a_report_is_kept_as_it_was_told_codes_in_clear_and_to_the_day(desk: Desk, store: SqliteStore) -> None:
    before = today()
    filed(desk)
    (row,) = rows(store, "report")
    assert dt.date.fromisoformat(row["received_on"]) in {before, today()}
    elsewhere = dict.fromkeys(("id", "receipt_hash", "received_on", "keep_until", "clock_from", "clock_due"), "")
    nothing_yet = dict.fromkeys(("assigned_to", "outcome", "closed_on")) | {"translator": 0, "journal": "undecided"}
    assert row | elsewhere == {
        **elsewhere, **nothing_yet, "language": "ar", "channel": "web",
        "reporter_role": "self", "incident_when": "2026-10", "district": "valby", "area": "housing",
        "relation": "landlord", "worse": "yes", "reason": "none", "fair": None, "hold": None,
        "consent_level": "staff_may_reply", "status": "new", "triage": "unseen", "schema_version": SCHEMA_VERSION,
    }  # fmt: skip
    answers = [(it["question"], it["answer"]) for it in rows(store, "report_answer")]
    assert answers == [
        ("form", "direct"), ("ground", "ethnic_origin"), ("ground", "language"), ("harm", "fear"), ("proof", "none"),
        ("wish", "advice"),
    ]  # fmt: skip


def test_without_a_key_of_the_team_nothing_is_filed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "other.db")
    with pytest.raises(NoTeamKeyError):
        filed(Desk(store, KEY))
    assert sizes(store)["report"] == 0
    store.close()


def test_a_question_that_is_kept_is_sealed_to_the_team(desk: Desk, store: SqliteStore, tmp_path: Path) -> None:
    asyncio.run(desk.keep_question("where is the moon", "en"))
    (row,) = rows(store, "kept_question")
    assert row["language"] == "en"
    assert b"where is the moon" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_nothing_in_the_store_leads_from_a_report_to_a_referral_of_the_same_conversation(
    desk: Desk, store: SqliteStore
) -> None:
    filed(desk)
    counted(desk, JOBNET)
    codes = {"language", "district", "worse", "cpr"}
    report = {value for name, value in rows(store, "report")[0].items() if name not in codes and "_on" not in name}
    referral = {value for name, value in rows(store, "referral")[0].items() if name not in codes and "_on" not in name}
    assert report & referral == set()


def test_there_is_no_receipt_for_a_report_that_was_not_saved(desk: Desk, store: SqliteStore) -> None:
    asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA query_only=ON")))
    with pytest.raises(NotSavedError):
        filed(desk)
    asyncio.run(store._worker.do(lambda database: database.execute("PRAGMA query_only=OFF")))
    assert sizes(store)["report"] == 0
    filed(desk)
    assert sizes(store)["report"] == 1


def test_a_referral_is_counted_once_a_conversation(desk: Desk, store: SqliteStore) -> None:
    counted(desk, JOBNET, JOBNET, COURSE)
    counted(desk, COURSE)
    assert sizes(store)["referral"] == 2
    counted(desk, COURSE, secret=b"another person")
    assert sizes(store)["referral"] == 3


def test_a_referral_holds_what_was_chosen_to_be_told(desk: Desk, store: SqliteStore) -> None:
    counted(desk, JOBNET, COURSE)
    by_service = {row["service"]: row for row in rows(store, "referral")}
    told = [{name: row[name] for name in ("need", "effort", "residence", "cpr", "district", "language", "mode")}
            for row in (by_service["jobnet"], by_service["danskuddannelse"])]  # fmt: skip
    assert told == [
        {"need": "unemployed_register", "effort": "employment", "residence": "eu", "cpr": "yes", "district": "valby",
         "language": "ar", "mode": "info_given"},
        {"need": "danish_start", "effort": "danish", "residence": None, "cpr": None, "district": None,
         "language": "ar", "mode": "info_given"},
    ]  # fmt: skip


def test_nobody_guided_is_nothing_counted(desk: Desk, store: SqliteStore) -> None:
    counted(desk)
    assert sizes(store) == {"referral": 0, "report": 0}


# Slips


def test_the_code_of_a_slip_is_twelve_digits_in_groups_and_finds_its_places(desk: Desk) -> None:
    code = asyncio.run(desk.make_slip("find_job", ["jobnet", "igu"], "ar", b"secret"))
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", code)
    assert asyncio.run(desk.places_of_slip(code)) == {"jobnet": None, "igu": None}
    assert asyncio.run(desk.make_slip("find_job", ["jobnet", "igu"], "ar", b"secret")) == code
    assert asyncio.run(desk.make_slip("igu", ["igu"], "ar", b"secret")) != code


@pytest.mark.parametrize("written", ["{}", " {} "])
@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
@pytest.mark.parametrize("between", [" ", "", "-", "\u00a0"])
def test_a_code_may_be_written_in_any_digits_and_groups(desk: Desk, written: str, digits: str, between: str) -> None:
    code = asyncio.run(desk.make_slip("find_job", ["jobnet"], "ar", b"secret"))
    typed = written.format(code.replace(" ", between)).translate(str.maketrans("0123456789", digits))
    assert asyncio.run(desk.places_of_slip(typed)) == {"jobnet": None}


@pytest.mark.parametrize("code", ["", "1", "1234 5678 9012 3", "abcd efgh ijkl", "1234 5678 901x", "²²²²²²²²²²²²"])
def test_what_is_no_code_finds_nothing(desk: Desk, code: str) -> None:
    asyncio.run(desk.make_slip("find_job", ["jobnet"], "ar", b"secret"))
    assert digits_of(code, SLIP_DIGITS) == ""
    assert asyncio.run(desk.places_of_slip(code)) == {}


def test_what_the_holder_of_a_slip_says_is_kept_without_the_code(desk: Desk, store: SqliteStore) -> None:
    code = asyncio.run(desk.make_slip("find_job", ["jobnet"], "ar", b"secret"))
    assert asyncio.run(desk.tell_outcomes([Outcome(code, "jobnet", "started", 5)])) == 1
    (row,) = rows(store, "slip")
    assert (row["step"], row["met"], row["said_on"]) == ("started", 5, today().isoformat())
    assert code.replace(" ", "") not in str(row)


@pytest.mark.parametrize(
    ("outcome", "is_right"),
    [
        (Outcome("1234 5678 9012", "jobnet", "went"), True),
        (Outcome("1234 5678 9012", "jobnet", "finished", 1), True),
        (Outcome("1234 5678 9012", "jobnet", "came"), False),
        (Outcome("1234 5678 9012", "jobnet", "went", 6), False),
        (Outcome("1234", "jobnet", "went"), False),
    ],
)
def test_only_known_words_are_an_outcome(outcome: Outcome, is_right: bool) -> None:
    assert outcome.is_right is is_right


def test_what_happens_is_counted_by_the_day_its_kind_and_language(desk: Desk, store: SqliteStore) -> None:
    for kind, language in ((UNMET, "ar"), (UNMET, "ar"), (UNMET, "so"), (REPORT_STEP, "ar")):
        asyncio.run(desk.note(kind, "igu", language))
    day = today().isoformat()
    assert {tuple(row.values()) for row in rows(store, "tally")} == {
        (day, "unmet", "igu", "ar", 2), (day, "unmet", "igu", "so", 1), (day, "step", "igu", "ar", 1),
    }  # fmt: skip


def test_an_entry_is_counted(desk: Desk, store: SqliteStore) -> None:
    asyncio.run(desk.enter("job", "ar"))
    assert [(row["code"], row["language"], row["n"]) for row in rows(store, "entry")] == [("job", "ar", 1)]
