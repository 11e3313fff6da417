"""Two editions of one quarter, of records that changed between them: nobody who has both reads the changes."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statistics.attacker import narrowed_by_both
from bot.statistics.disclosure import protect
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import differs
from tests.statistics.plan_attacks import hidden_small
from tests.statistics.planned import Record, Sources, keys, more, plan, records, table, tables
from tests.statistics.skewed import people
from tests.statistics.test_attack_facts import release

PERIOD = "2026Q3"
ROWS, COLUMNS = ("a", "b"), ("x", "y")
CELLS = tuple(product(ROWS, COLUMNS))
NAME = "r.row_by_column"
type Cells = Mapping[tuple[str, str], int]


def square(values: list[int]) -> Cells:
    return dict(zip(CELLS, values, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_who_has_both_editions_gets_what_adding_up_gives(
    first: list[int],
    came: list[int],
    has_first: bool,
    has_second: bool,
) -> None:
    """Compared with every pair of editions that could be; an edition shows its cells, or its totals alone."""
    cells = square(first), square([one + other for one, other in zip(first, came, strict=True)])
    shows = has_first, has_second
    editions = [release(NAME, it, () if shown else CELLS) for it, shown in zip(cells, shows, strict=True)]
    wanted = frozenset((NAME, PERIOD, *cell) for cell in CELLS)
    of = tuple([it] if shown else _of_the_same_totals(it) for it, shown in zip(cells, shows, strict=True))
    pairs = [(one, other) for one, other in product(*of) if all(one[cell] <= other[cell] for cell in CELLS)]
    found = narrowed_by_both(editions[:1], editions[1:], (wanted, wanted))
    for which in range(2):
        there = {cell: [pair[which][cell] for pair in pairs] for cell in CELLS}
        told = {(NAME, PERIOD, *cell) for cell, met in there.items() if min(met) > 1 or max(met) < 5}
        assert found[which] == told


def _of_the_same_totals(cells: Cells) -> list[Cells]:
    """A square with its totals has one cell to choose."""
    row, column = cells["a", "x"] + cells["a", "y"], cells["a", "x"] + cells["b", "x"]
    rest = sum(cells.values()) - row - column
    guesses = ([one, row - one, column - one, rest + one] for one in range(min(row, column) + 1))
    return [square(guess) for guess in guesses if min(guess) >= 0]


def _released(of: list[Record], earlier: list[Released]) -> list[Released]:
    counted = [it for it in tables("reports", {**OTHERS, "reports": of}) if it.name.startswith("reports.")]
    return [one for one in protect(counted, earlier, plan().levels) if isinstance(one, Released)]


OTHERS: Sources = {source: [] for source in records("reports", 0, 3)}


def _both(seed: int, *, compared: bool) -> tuple[int, int]:
    """How many hidden counts two editions tell together, of how many; the second has five reports more."""
    before = records("reports", seed, 150)["reports"]
    now = before + more("reports", seed, 5)
    first = _released(before, [])
    second = _released(now, first if compared else [])
    small = hidden_small({"reports": before}, first), hidden_small({"reports": now}, second)
    return sum(map(len, narrowed_by_both(first, second, small))), sum(map(len, small))


def test_editions_that_are_safe_alone_tell_together_unless_they_are_compared() -> None:
    alone, compared = ([_both(seed, compared=it) for seed in range(8)] for it in (False, True))
    assert sum(bool(told) for told, _ in alone) > 4
    assert sum(told for told, _ in compared) == 0
    assert sum(of for _, of in compared) > 300


def test_codes_that_changed_are_changes_too() -> None:
    """The same records, so R9 sees none; but the outcome of three is another, which the tables of it would tell."""
    before = records("reports", 4, 150)["reports"]
    moved = [it for it in before if it.codes["outcome"] == "open"][:3]
    now = [replace(it, codes={**it.codes, "outcome": "answered"}) if it in moved else it for it in before]
    assert not differs(keys(now), [keys(before)])
    names = ("reports.by_ground", "reports.by_outcome", "reports.by_area")
    first, second = ([table(plan().measures[name], of) for name in names] for of in (before, now))
    out = [one for one in protect(first, [], plan().levels) if isinstance(one, Released)]
    assert len(out) == len(names)
    again = protect(second, out, plan().levels)
    assert again == [out[0], Refused(names[1], "2026Q3", "differs"), out[2]]


BROAD = ((30, 20, 12), (18, 3, 9), (25, 14, 0), (8, 11, 16))


def test_a_figure_that_moves_by_five_may_be_told_and_one_that_moves_by_less_not() -> None:
    made = {at: number for row, of in zip("abcd", BROAD, strict=True) for at, number in _row(row, of)}
    first = protect([_table(made)], [], {})
    out = [one for one in first if isinstance(one, Released)]
    for number, told in ((0, True), (1, False), (4, False), (5, True), (9, True)):
        now = {**made, ("a", "x"): 30 + number, ("c", "x"): 25 + number}
        answer = protect([_table(now)], out, {})[0]
        assert isinstance(answer, Released) == told, number
        assert told or answer == Refused(NAME, PERIOD, "differs")


def _row(row: str, of: tuple[int, ...]) -> list[tuple[tuple[str, str], int]]:
    return [((row, column), number) for column, number in zip("xyz", of, strict=True)]


def _table(cells: Cells) -> Table:
    return Table(NAME, PERIOD, tuple("abcd"), tuple("xyz"), cells, people(cells))
