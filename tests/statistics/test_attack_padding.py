"""Somebody files reports of their own beside a single one, to subtract them afterwards from what is released."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.statistics.attacker import narrowed, ranges
from bot.statistics.disclosure import protect
from bot.statistics.lines import Place, seen
from bot.statistics.rounding import rounded
from bot.statistics.table import Released
from bot.statistics.thresholds import differs
from tests.statistics.planned import Chance, Record, keys, plan, records, table

SEEDS = range(30)
OWN = 4
NAMES = ("reports.ground_by_area", "reports.area_by_form")
"""Each has the target's place in it."""
KEY = b"a key for tests alone"


@dataclass(frozen=True)
class Plot:
    """Reports, and one of them alone in its cell of both tables."""

    reports: list[Record]
    target: Record

    def own(self, seed: int, number: int, *, persons: int) -> list[Record]:
        """Reports of the attacker, with all codes of the target's, under so many receipts."""
        chance = Chance(f"own {seed}")
        receipts = [chance.random.getrandbits(60) for _ in range(persons)]
        return [chance.record(receipts[at % persons], **self.target.codes) for at in range(number)]

    def internal(self, own: list[Record], earlier: list[Released] | None = None) -> list[Released]:
        tables = [table(plan().measures[name], self.reports + own) for name in NAMES]
        answers = protect(tables, earlier or [], plan().levels)
        return [one for one in answers if isinstance(one, Released)]

    def subtracted(self, one: Released, number: int) -> Released:
        """As whoever filed so many of the reports reads it: without them."""
        codes = [self.target.codes[dimension] for dimension in plan().measures[one.name].dimensions]
        as_seen = seen(one)
        own = [
            next(label for label, line in lines.items() if it in line)
            for it, lines in zip(codes, as_seen.lines, strict=True)
        ]

        def less(at: Place) -> int | None:
            figure = as_seen.figures()[at]
            has_own = all(label in {None, mine} for label, mine in zip(at, own, strict=True))
            return figure - number if figure is not None and has_own else figure

        return replace(
            one,
            cells={at: less(at) for at in one.cells},
            row_totals={row: less((row, None)) for row in one.row_totals},
            column_totals={column: less((None, column)) for column in one.column_totals},
            total=less((None, None)),
        )

    def places(self, one: Released) -> Iterator[tuple[str, str]]:
        """Where the target stands; not where it was merged with others."""
        codes = [self.target.codes[dimension] for dimension in plan().measures[one.name].dimensions]
        lines = seen(one).lines
        if all(own.get(code) == frozenset({code}) for code, own in zip(codes, lines, strict=True)):
            yield codes[0], codes[1]


def plots() -> Iterator[tuple[int, Plot]]:
    for seed in SEEDS:
        reports = records("reports", seed, 250)["reports"]
        counted = [Counter(_at(it, name) for it in reports) for name in NAMES]
        for it in reports:
            if all(of[_at(it, name)] == 1 for name, of in zip(NAMES, counted, strict=True)):
                yield seed, Plot(reports, it)
                break


def _at(record: Record, name: str) -> tuple[str, ...]:
    return tuple(record.codes[dimension] for dimension in plan().measures[name].dimensions)


def test_four_reports_under_one_receipt_tell_nothing() -> None:
    """R0: five reports of two people are hidden, and whoever knows four of them cannot tell one from five others."""
    met = 0
    for seed, plot in plots():
        out = plot.internal(plot.own(seed, OWN, persons=1))
        places = {(one.name, one.period, *at): one.cells[at] for one in out for at in plot.places(one)}
        assert set(places.values()) <= {None}
        found = ranges(out, places)
        assert all(low - OWN <= 1 and high - OWN >= 5 for low, high in found.values())
        met += len(places)
    assert met > len(SEEDS) // 4


def test_four_receipts_after_an_earlier_edition_bar_the_next() -> None:
    """R9, whatever they were filed under."""
    met = 0
    for seed, plot in plots():
        for number in range(1, OWN + 1):
            own = plot.own(seed, number, persons=number)
            assert differs(keys(plot.reports + own), [keys(plot.reports)])
            met += 1
    assert met > 2 * len(SEEDS)


def test_five_receipts_after_an_earlier_edition_tell_nothing_either() -> None:
    """R9 lets five through; but what would then be shown beside what was hidden is refused."""
    met = 0
    for seed, plot in plots():
        first = plot.internal([])
        own = plot.own(seed, OWN + 1, persons=OWN + 1)
        assert not differs(keys(plot.reports + own), [keys(plot.reports)])
        second = [plot.subtracted(one, len(own)) for one in plot.internal(own, first)]
        hidden = {(one.name, one.period, *at) for one in first for at in plot.places(one) if one.cells[at] is None}
        assert not [one for one in second for at in plot.places(one) if one.cells[at] is not None]
        assert not narrowed([*first, *second], hidden)
        met += len(hidden)
    assert met > len(SEEDS) // 4


def test_the_public_reads_one_figure_whatever_is_filed_afterwards() -> None:
    """One and five look alike to it, and a table that would be drawn anew is refused."""
    met: Counter[str] = Counter()
    for seed, plot in plots():
        measure = plan().measures[NAMES[0]]
        first = rounded(table(measure, plot.reports), KEY, plan().levels)
        if not isinstance(first, Released):
            continue
        for number in (OWN, OWN + 1):
            own = plot.own(seed, number, persons=number)
            second = rounded(table(measure, plot.reports + own), KEY, plan().levels, [first])
            assert not isinstance(second, Released) or _figures(second) == _figures(first)
            met["same" if isinstance(second, Released) else second.reason] += 1
    assert met["differs"] > len(SEEDS) // 4


def _figures(one: Released) -> Mapping[object, int | None]:
    return dict(seen(replace(one, notes=())).figures())
