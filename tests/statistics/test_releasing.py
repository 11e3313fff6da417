"""A release is made once and stays as it is; what would give somebody away is refused, with the reason."""

import asyncio
import datetime as dt
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StatisticsError
from bot.statistics.release import INTERNAL, PUBLIC, RULES, Change, Release, hash_of, read, written
from bot.statistics.releasing import Asked, Quarter, changes, checked
from bot.store.sqlite import SqliteStore
from bot.store.verbs import OutcomeRow, SlipRow
from tests.statistics.counted import IN_PERIOD, PERIOD, TODAY, file, refer, release, releasing, the_plan
from tests.statistics.releases import sample_release


def run[Result](work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store.db")
    yield store
    store.close()


def table(made: Release, name: str) -> dict[str, int | None]:
    """Rows of a table of one dimension that are not zero."""
    cells = next(it for it in made.tables if it.name == name).cells
    return {row: value for (row, _), value in cells.items() if value != 0}


def reasons(made: Release) -> dict[str, str]:
    return {it.name: it.reason for it in made.refused}


AREAS = ("housing", "transport", "at_work")
NUMBERS = {"age": (14, 11, 25), "religion_belief": (9, 13, 12), "sex": (12, 8, 17)}
ALL = sum(map(sum, NUMBERS.values()))


def filled(store: SqliteStore, **more: tuple[int, int, int]) -> None:
    """Reports by ground and area; `more` grounds beside those of NUMBERS."""
    for ground, numbers in {**NUMBERS, **more}.items():
        for area, number in zip(AREAS, numbers, strict=True):
            file(store, number, area=area, grounds=(ground,))


@pytest.mark.parametrize(
    ("name", "first", "last", "cut_off"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31", "2026-04-14"),
        ("2026Q4", "2026-10-01", "2026-12-31", "2027-01-14"),
        ("2028Q1", "2028-01-01", "2028-03-31", "2028-04-14"),
    ],
)
def test_a_period_is_a_calendar_quarter(name: str, first: str, last: str, cut_off: str) -> None:
    quarter = Quarter.of(name)
    assert [it.isoformat() for it in (quarter.first, quarter.last, quarter.cut_off)] == [first, last, cut_off]


@pytest.mark.parametrize("name", ["2026", "2026Q5", "2026Q0", "26Q1", "2026-Q1", "", "2026Q1 ", "1999Q1", "2026q1"])
def test_no_other_period_is_taken(name: str) -> None:
    with pytest.raises(StatisticsError, match="quarter"):
        Quarter.of(name)


def test_a_quarter_is_counted_when_its_fourteen_days_are_over(store: SqliteStore) -> None:
    with pytest.raises(StatisticsError, match="2026-10-14"):
        release(store, today=dt.date(2026, 10, 14))
    assert release(store, today=dt.date(2026, 10, 15)).cut_off == dt.date(2026, 10, 14)


def test_a_release_says_what_it_is(store: SqliteStore) -> None:
    filled(store)
    made = release(store)
    assert (made.kind, made.period, made.tier, made.edition, made.rules) == ("reports", PERIOD, INTERNAL, 1, RULES)
    assert (made.plan, made.simulated, made.id) == (the_plan().version, False, "reports-2026Q3-internal-1")
    assert table(made, "reports.by_area") == {"housing": 35, "transport": 32, "at_work": 54}


@pytest.mark.parametrize("kind", ["referrals", "reports"])
def test_every_measure_of_the_plan_is_answered(store: SqliteStore, kind: str) -> None:
    filled(store)
    refer(store, 40)
    made = release(store, kind)
    answered = [it.name for it in (*made.tables, *made.refused, *made.figures)]
    assert sorted(answered) == sorted(it.name for it in the_plan().of(kind))


def test_the_same_is_given_again_whatever_happened_since(store: SqliteStore) -> None:
    filled(store)
    first = release(store)
    file(store, 30, area="health")
    again = release(store, today=TODAY + dt.timedelta(100))
    assert written(again) == written(first)


def test_corrections_make_a_new_edition_and_leave_the_old_one(store: SqliteStore) -> None:
    filled(store)
    first = release(store)
    file(store, 30, area="health")
    second = release(store, again=True, today=dt.date(2027, 1, 20))
    assert (second.edition, second.cut_off, second.id) == (2, dt.date(2027, 1, 20), "reports-2026Q3-internal-2")
    assert table(second, "reports.by_area")["health"] == 30
    assert Change("figures", "reports.by_area", "", "1") in second.changes
    kept = [checked(row) for row in asyncio.run(store.statistics.releases("reports"))]
    assert kept == [first, second]


def test_no_new_edition_where_nothing_was_corrected(store: SqliteStore) -> None:
    filled(store)
    first = release(store)
    assert release(store, again=True, today=dt.date(2027, 1, 20)) == first
    assert len(asyncio.run(store.statistics.releases())) == 1


@pytest.mark.parametrize("tier", [INTERNAL, PUBLIC])
@pytest.mark.parametrize("more", [1, 2, 3, 4])
def test_a_release_that_differs_by_one_to_four_records_is_refused(store: SqliteStore, tier: str, more: int) -> None:
    """R9: with both at hand one could subtract, and read who came late."""
    filled(store)
    release(store, tier=tier)
    file(store, more, area="health")
    with pytest.raises(StatisticsError, match="1 to 4"):
        release(store, tier=tier, again=True)
    file(store, 10 - more, area="health")
    assert release(store, tier=tier, again=True).edition == 2


def test_what_differs_is_refused_and_the_rest_goes_out(store: SqliteStore) -> None:
    refer(store, 40)
    run(store.statistics.tally(IN_PERIOD, "unmet", "housing_find", "da"))
    release(store, "referrals")
    refer(store, 30, need="danish_price")
    run(store.statistics.tally(IN_PERIOD, "unmet", "housing_find", "da"))
    second = release(store, "referrals", again=True)
    assert {name for name, reason in reasons(second).items() if reason == "differs"} == {
        "unmet.by_need",
        "unmet.by_language",
    }
    assert table(second, "referrals.by_need") == {"danish_start": 40, "danish_price": 30}
    for _ in range(8):
        run(store.statistics.tally(IN_PERIOD, "unmet", "housing_find", "da"))
    third = release(store, "referrals", again=True)
    assert third.edition == 3, "it is the first edition that is compared with, not the one that was refused"


def test_records_that_were_taken_away_and_others_that_came_are_counted_together(store: SqliteStore) -> None:
    """Two withdrawn and two late ones: the number is the same, four records are not."""
    filled(store)
    ids = file(store, 12, area="health")
    release(store)
    for report in ids[:2]:
        asyncio.run(store.reports.erase(report))
    file(store, 2, area="health")
    with pytest.raises(StatisticsError, match="1 to 4"):
        release(store, again=True)


def test_four_reports_of_somebody_who_wants_to_subtract_tell_nothing(store: SqliteStore) -> None:
    """Padding: they lift a hidden count of 1 to 5 and would read 1, if an earlier release did not stand in the way."""
    filled(store, disability=(1, 12, 9))
    first = next(it for it in release(store).tables if it.name == "reports.ground_by_area")
    assert first.cells["disability", "housing"] is None
    file(store, 4, area="housing", grounds=("disability",))
    with pytest.raises(StatisticsError, match="1 to 4"):
        release(store, again=True)


def test_public_and_internal_figures_are_releases_of_their_own(store: SqliteStore) -> None:
    filled(store)
    internal, public = release(store), release(store, tier=PUBLIC)
    assert internal.id != public.id
    shown = [value for it in public.tables for value in it.cells.values() if value is not None]
    assert len(shown) > 100
    assert {value % 5 for value in shown} == {0}
    assert {value % 5 for it in internal.tables for value in it.cells.values() if value is not None} > {0}


def test_single_figures_for_the_public_are_rounded_too(store: SqliteStore) -> None:
    filled(store)
    file(store, 13, triage="spam")
    internal, public = ({it.name: it for it in release(store, tier=tier).figures} for tier in (INTERNAL, PUBLIC))
    assert internal["reports.set_aside"].value == 13
    assert public["reports.set_aside"].value in {10, 15}
    assert internal["reports.answered_in_time"].n == ALL
    assert public["reports.answered_in_time"].n in {120, 125}


def test_a_count_below_ten_is_not_for_the_public(store: SqliteStore) -> None:
    filled(store)
    file(store, 8, triage="spam")
    figures = {it.name: it.value for it in release(store, tier=PUBLIC).figures}
    assert figures["reports.set_aside"] is None


def test_a_store_without_records_gives_a_release_without_tables(store: SqliteStore) -> None:
    made = release(store, "referrals")
    assert made.tables == ()
    assert set(reasons(made).values()) == {"thin"}


def test_a_release_that_was_changed_in_the_store_is_not_given_out(store: SqliteStore) -> None:
    filled(store)
    release(store)
    store._worker.database.execute("UPDATE release SET content = replace(content, ': 35', ': 36')")  # type: ignore[attr-defined]
    with pytest.raises(StatisticsError, match="changed in the store"):
        release(store)


def test_two_who_ask_at_once_get_one_edition(store: SqliteStore) -> None:
    filled(store)

    async def both() -> list[Release | BaseException]:
        asked = Asked("reports", PERIOD, INTERNAL, "somebody", TODAY)
        made = [releasing(store).release(asked) for _ in range(2)]
        return await asyncio.gather(*made, return_exceptions=True)

    answers = asyncio.run(both())
    assert len(asyncio.run(store.statistics.releases())) == 1
    assert sum(isinstance(it, Release) for it in answers) >= 1
    assert all(isinstance(it, Release | StatisticsError) for it in answers)


def test_what_is_written_reads_back() -> None:
    made = replace(sample_release(edition=2), simulated=True)
    assert read(written(made)) == made
    assert hash_of(written(made)) == hash_of(written(read(written(made))))


def test_changes_name_plan_rules_and_tables() -> None:
    before = sample_release()
    now = replace(before, plan="next", tables=before.tables[1:], refused=(), edition=2)
    assert changes(now, before) == [
        Change("plan", "", before.plan, "next"),
        *(Change("table_gone", name, "", "") for name in sorted([before.tables[0].name, before.refused[0].name])),
    ]
    assert changes(before, None) == []


def test_a_release_of_another_quarter_is_not_compared_figure_by_figure() -> None:
    before = sample_release(period="2026Q2", seed=2)
    assert changes(sample_release(), before) == []


def test_ids_of_records_are_not_in_the_ledger(store: SqliteStore) -> None:
    ids = file(store, 12)
    release(store)
    sets = asyncio.run(store.statistics.record_sets("reports", INTERNAL, PERIOD))
    kept = dict(sets)["reports"]
    assert len(kept) == 8 * len(ids)
    assert not any(bytes.fromhex(it)[:8] in kept or bytes.fromhex(it)[-8:] in kept for it in ids)
    assert IN_PERIOD.isoformat() not in asyncio.run(store.statistics.releases())[0].content


@pytest.mark.parametrize(("numbers", "share"), [((11, 12, 13, 2, 38), (None, None)), ((12, 12, 12, 12, 12), (40, 60))])
def test_a_share_that_would_tell_a_hidden_count_is_left_out(
    store: SqliteStore, numbers: tuple[int, ...], share: tuple[int | None, int | None]
) -> None:
    """40 of 76 were met well and 38 of them said 5, which is shown: the share would tell that two said 4."""
    for grade, number in enumerate(numbers, 1):
        for serial in range(number):
            slip = SlipRow(f"slip {grade} {serial}", "danskuddannelse", "danish_start", "en", IN_PERIOD)
            run(store.make_slip([slip]))
            run(store.tell_outcomes([OutcomeRow(slip.code_hash, slip.service, "went", grade, IN_PERIOD)]))
    told = {it.name: (it.value, it.n) for it in release(store, "referrals").figures}
    assert told["met.well"] == share
