"""Nobody gets a count of 1 to 4 out of what is released, by all the sums in it, over tables and over releases."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statistics.attacker import ranges
from bot.statistics.disclosure import protect
from bot.statistics.shaping import Draft, shape
from bot.statistics.table import Released, Table
from tests.statistics.attacks import attack, judged
from tests.statistics.skewed import LEVELS, PERIOD, people, records, table


@pytest.mark.parametrize("seeds", [range(15), pytest.param(range(1000, 1200), marks=pytest.mark.long)])
def test_no_hidden_small_count_can_be_narrowed(seeds: range) -> None:
    outcomes = [attack(seed) for seed in seeds]
    assert not [(outcome.narrowed, outcome.wrong) for outcome in outcomes if outcome.narrowed or outcome.wrong]
    assert sum(outcome.hidden for outcome in outcomes) > 30 * len(seeds)
    assert sum(outcome.released for outcome in outcomes) > 3 * sum(outcome.refused for outcome in outcomes)


def test_the_threshold_alone_is_broken() -> None:
    """The attacker is worth something: hiding only counts of 1 to 4 does not hide them."""
    broken = 0
    for seed in range(4, 40, 5):
        of = records(seed, 1000)
        naive = shape(table("reports.form_by_district", of), LEVELS)
        assert isinstance(naive, Draft)
        broken += bool(judged([naive.released()], of).narrowed)
    assert broken > 4


def test_two_tables_that_are_safe_alone_can_tell_together() -> None:
    """Margins that one table hides and another shows; the attacker reads both."""
    of = records(4, 1000)
    one = shape(table("reports.form_by_district", of), LEVELS)
    assert isinstance(one, Draft)
    blank = replace(one, hidden=set(one.counts) - {(None, None)}).released()
    whole = shape(table("reports.district", of), {})
    assert isinstance(whole, Draft)
    alone, beside = ranges([blank]), ranges([blank, whole.released()])
    place = ("reports.form_by_district", PERIOD, None, "district4")
    assert alone[place] == (0, 1000)
    assert beside[place] == (one.counts[None, "district4"],) * 2


def test_tables_of_other_records_are_not_read_together() -> None:
    """Their figures contradict each other, so each is attacked alone and none is lost."""
    one, other = (protect([table("reports.form_by_district", records(4, size))], [], {})[0] for size in (700, 1000))
    assert isinstance(one, Released)
    assert isinstance(other, Released)
    found = ranges([replace(one, name="reports.form_by_district"), other])
    assert found == ranges([one]) | ranges([other])


ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")
CELLS = tuple(product(ROWS, COLUMNS))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
    st.sets(st.sampled_from(CELLS), max_size=5),
    st.sampled_from([(), ROWS]),
)
def test_ranges_are_those_of_every_possible_table(
    values: list[int], hidden: set[tuple[str, str]], without: tuple[str, ...]
) -> None:
    """Compared with all tables that could be, one by one; all margins are shown, or those of rows hidden."""
    draft = _draft(dict(zip(CELLS, values, strict=True)))
    draft.hidden = hidden | {(row, None) for row in without}
    found = ranges([draft.released()])
    possible = _possible(draft, sorted(hidden))
    for cell in hidden:
        there = [one[cell] for one in possible]
        assert found["t.r_by_c", PERIOD, *cell] == (min(there), max(there))


def _draft(counts: dict[tuple[str, str], int]) -> Draft:
    made = Table("t.r_by_c", PERIOD, ROWS, COLUMNS, counts, people(counts))
    sums = dict(counts)
    figures: dict[tuple[str | None, str | None], int] = {**sums, (None, None): sum(counts.values())}
    figures |= {(row, None): sum(counts[row, column] for column in COLUMNS) for row in ROWS}
    figures |= {(None, column): sum(counts[row, column] for row in ROWS) for column in COLUMNS}
    lines = tuple({code: frozenset({code}) for code in codes} for codes in (ROWS, COLUMNS))
    return Draft(made, ("r", "c"), lines, (0, 0), figures, figures)


def _possible(draft: Draft, hidden: list[tuple[str, str]]) -> list[dict[tuple[str, str], int]]:
    """All tables with what is shown."""
    guesses = product(*(range(draft.counts[None, column] + 1) for _, column in hidden))
    shown = {cell: draft.counts[cell] for cell in CELLS}
    return [one for guess in guesses if _fits(draft, one := shown | dict(zip(hidden, guess, strict=True)))]


def _fits(draft: Draft, one: dict[tuple[str, str], int]) -> bool:
    sums = {(row, None): sum(one[row, column] for column in COLUMNS) for row in ROWS}
    sums |= {(None, column): sum(one[row, column] for row in ROWS) for column in COLUMNS}
    return all(draft.counts[place] == number for place, number in sums.items() if place not in draft.hidden)
