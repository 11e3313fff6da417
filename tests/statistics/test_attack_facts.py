"""What everybody can look up joins tables that share no dimension; the attacker uses it, and so does what protects."""

from collections.abc import Iterable, Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statistics.attacker import narrowed, ranges
from bot.statistics.directory_facts import facts_of
from bot.statistics.disclosure import may_tell, protect
from bot.statistics.facts import NOTHING, Derived, Facts
from bot.statistics.table import Released, Table
from tests.statistics.counted import the_directory
from tests.statistics.skewed import people

PERIOD = "2026Q3"
SERVICES, NEEDS, LANGUAGES = ("s1", "s2", "s3"), ("n1", "n2"), ("da", "so")
EFFORT = {"s1": "danish", "s2": "danish", "s3": "work"}
PAIRS = frozenset({("n1", "s1"), ("n1", "s2"), ("n2", "s2"), ("n2", "s3")})
BOTH = Facts({"effort": Derived("service", EFFORT, ("danish", "work"))}, {("need", "service"): PAIRS})
type Cells = Mapping[tuple[str, str], int]


def table(name: str, cells: Cells) -> Table:
    rows, columns = (tuple(dict.fromkeys(cell[which] for cell in cells)) for which in range(2))
    return Table(name, PERIOD, rows, columns, cells, people(cells))


def release(name: str, cells: Cells, hidden: Iterable[tuple[str, str]] = ()) -> Released:
    """With all margins."""
    made = table(name, cells)
    shown = {cell: None if cell in hidden else number for cell, number in cells.items()}
    across = {row: sum(cells[row, column] for column in made.columns) for row in made.rows}
    down = {column: sum(cells[row, column] for row in made.rows) for column in made.columns}
    total = sum(cells.values())
    return Released(name, PERIOD, "internal", made.rows, made.columns, shown, across, down, total, {}, ())


def by_effort(cells: Cells) -> dict[tuple[str, str], int]:
    efforts = tuple(dict.fromkeys(EFFORT.values()))
    return {
        (effort, language): sum(cells[it, language] for it in SERVICES if EFFORT[it] == effort)
        for effort, language in product(efforts, LANGUAGES)
    }


CELLS = tuple(product(SERVICES, LANGUAGES))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.sets(st.sampled_from(CELLS), min_size=1, max_size=4))
def test_an_effort_is_the_sum_of_its_services(values: list[int], hidden: set[tuple[str, str]]) -> None:
    """Compared with all tables of services that could be, one by one."""
    cells = dict(zip(CELLS, values, strict=True))
    services, efforts = (
        release("r.service_by_language", cells, hidden),
        release("r.effort_by_language", by_effort(cells)),
    )
    possible = [
        one
        for guess in product(range(max(values) * 2 + 1), repeat=len(hidden))
        if by_effort(one := cells | dict(zip(sorted(hidden), guess, strict=True))) == by_effort(cells)
        and release("r.service_by_language", one, hidden) == services
    ]
    found = ranges([services, efforts], None, BOTH)
    for cell in hidden:
        there = [one[cell] for one in possible]
        assert found["r.service_by_language", PERIOD, *cell] == (min(there), max(there))


MET = tuple((need, service, language) for (need, service), language in product(sorted(PAIRS), LANGUAGES))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 1), min_size=8, max_size=8),
    st.sets(st.sampled_from(CELLS), min_size=2, max_size=4),
    st.sets(st.sampled_from(tuple(product(NEEDS, LANGUAGES))), max_size=2),
)
def test_a_need_leads_only_to_the_services_shown_for_it(
    values: list[int], hidden: set[tuple[str, str]], of_needs: set[tuple[str, str]]
) -> None:
    """Compared with every way in which needs and services could meet."""
    shown = _both(dict(zip(MET, values, strict=True)), hidden, of_needs)
    possible = [one for one in _solutions(values) if _both(one, hidden, of_needs) == shown]
    found = ranges(shown, None, Facts(pairs=BOTH.pairs))
    for service, language in hidden:
        there = [sum(n for (_, its, of), n in one.items() if (its, of) == (service, language)) for one in possible]
        assert found["r.service_by_language", PERIOD, service, language] == (min(there), max(there))


def _solutions(values: list[int]) -> Iterable[dict[tuple[str, str, str], int]]:
    """In each language all that adds up to what it adds up to."""
    per_language = []
    for language in LANGUAGES:
        own = [cell for cell in MET if cell[2] == language]
        total = sum(value for cell, value in zip(MET, values, strict=True) if cell[2] == language)
        guesses = product(range(total + 1), repeat=len(own))
        per_language.append([dict(zip(own, guess, strict=True)) for guess in guesses if sum(guess) == total])
    for one, other in product(*per_language):
        yield {cell: (one | other)[cell] for cell in MET}


def _both(
    met: Mapping[tuple[str, str, str], int], hidden: set[tuple[str, str]], of_needs: set[tuple[str, str]]
) -> list[Released]:
    services = {cell: sum(n for (_, *at), n in met.items() if tuple(at) == cell) for cell in CELLS}
    places = product(NEEDS, LANGUAGES)
    needs = {cell: sum(n for (need, _, of), n in met.items() if (need, of) == cell) for cell in places}
    return [release("r.service_by_language", services, hidden), release("r.need_by_language", needs, of_needs)]


WIDE = {
    ("s1", "da"): 20, ("s2", "da"): 2, ("s3", "da"): 15,
    ("s1", "so"): 14, ("s2", "so"): 16, ("s3", "so"): 18,
}  # fmt: skip


def test_what_is_safe_without_facts_is_told_with_them_unless_they_are_used() -> None:
    """All but one service are shown beside their effort, which is shown, too."""
    tables = [table("r.effort_by_language", by_effort(WIDE)), table("r.service_by_language", WIDE)]
    small = {("r.service_by_language", PERIOD, "s2", "da")}
    without = [one for one in protect(tables, [], {}) if isinstance(one, Released)]
    assert without[1].cells["s2", "da"] is None
    assert not narrowed(without, small)
    assert narrowed(without, small, BOTH) == small
    kept = [one for one in protect(tables, [], {}, BOTH) if isinstance(one, Released)]
    assert not narrowed(kept, small, BOTH)


def test_what_the_directory_says_of_every_service_is_known() -> None:
    directory = the_directory()
    facts = facts_of(directory)
    for service in directory.services.values():
        assert facts.derived["effort"].codes[service.id] == (service.effort or "other")
        assert {(line.need, service.id) for line in service.serves} <= facts.pairs["need", "service"]


def test_a_service_that_was_counted_otherwise_is_not_taken_for_known() -> None:
    """Its effort changed within the quarter; and it was shown for a need that it serves no more."""
    directory = the_directory()
    moved = next(it.id for it in directory.services.values() if it.effort == "danish")
    facts = facts_of(directory, [(moved, "a need of old", "employment")])
    assert moved not in facts.derived["effort"].codes
    assert moved in facts.derived["effort"].others
    assert ("a need of old", moved) in facts.pairs["need", "service"]
    lines = ({"danish": frozenset({"danish"})}, {"da": frozenset({"da"})})
    danish = facts.finest_of(("effort", "language"), lines)[1][0]["danish"]
    assert {part for part in danish if part.startswith(moved)} == {f"{moved}/danish/no_pilot"}


def test_a_share_is_not_told_where_it_tells_a_count() -> None:
    """40 of 76 said 4 or 5; 38 of them said 5, which is shown, so that the share would tell that two said 4."""
    cells = dict(zip(product("12345", ("",)), (11, 12, 13, 2, 38), strict=True))
    grades = table("met.by_grade", cells)
    shown = protect([grades], [], {})
    out = [one for one in shown if isinstance(one, Released)]
    assert out[0].rows == ("other", "2", "3", "5")
    well = {"well": frozenset("45"), "badly": frozenset("123")}
    assert not may_tell(well, [grades], out)
    assert may_tell(well, [grades], [])
    even = table("met.by_grade", dict.fromkeys(cells, 12))
    assert may_tell(well, [even], [one for one in protect([even], [], {}) if isinstance(one, Released)])
    assert NOTHING.meet([("need", frozenset({"n1"}))])
