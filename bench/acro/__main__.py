"""`python -m bench.acro`: the same tables before ACRO and before us, cell by cell. About three minutes."""

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from bot.settings import ROOT
from bot.statistics.attacker import Hidden, narrowed
from bot.statistics.disclosure import protect
from bot.statistics.lines import Lines, Place, dimensions_of, seen
from bot.statistics.shaping import drawn
from bot.statistics.table import Released, Table
from bot.statistics.thresholds import is_small
from tests.statistics.planned import Record, facts, place, plan, records, source_of, tables

DATA_SETS = 10
NUMBERS = {"reports": (150, 400, 1000), "referrals": (140, 300)}
PYTHON = ROOT / "bench/acro/.venv/bin/python"


@dataclass(frozen=True)
class Case:
    """A table with the lines that we release it with, and what we do with each place."""

    table: Table
    released: Released
    lines: tuple[Lines, ...]
    records: list[Record]

    def labels(self) -> tuple[list[str], list[str]]:
        return [*self.released.rows], [*self.released.columns]

    def as_records(self) -> dict[str, Any]:
        """One pair of labels a record, which is how ACRO counts."""
        of = [{code: label for label, codes in own.items() for code in codes} for own in self.lines]
        measure = plan().measures[self.table.name]
        at = [place(measure, record) for record in self.records]
        pairs = [[of[0][row], of[1][column] if len(of) > 1 else column] for row, column in at]
        rows, columns = self.labels()
        return {"rows": rows, "columns": columns, "records": pairs}


def main() -> None:
    cases = [case for kind in NUMBERS for seed in range(DATA_SETS) for case in _cases(kind, seed)]
    flagged = _asked([case.as_records() for case in cases])
    met: Counter[str] = Counter()
    for case, flags in zip(cases, flagged, strict=True):
        met.update(_compared(case, flags))
    total = sum(met.values())
    print(f"{len(cases)} tables, {total} cells and totals")
    for what, number in sorted(met.items(), key=lambda it: -it[1]):
        print(f"{number:7} {100 * number / total:5.1f} %  {what}")
    print(_attacked(cases, flagged))


def _cases(kind: str, seed: int) -> Iterator[Case]:
    of = records(kind, seed, NUMBERS[kind][seed % len(NUMBERS[kind])])
    counted = tables(kind, of)
    for table, answer in zip(counted, protect(counted, [], plan().levels, facts()), strict=True):
        if isinstance(answer, Released):
            mine = of[source_of(plan().measures[table.name])]
            yield Case(table, answer, seen(answer).lines, mine)


def _asked(these: Sequence[dict[str, Any]]) -> list[set[tuple[str, str]]]:
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "tables.json", Path(folder) / "flags.json"
        asked.write_text(json.dumps(these))
        subprocess.run([PYTHON, ROOT / "bench/acro/judge.py", asked, answered], check=True)
        return [{(row, column) for row, column in flags} for flags in json.loads(answered.read_text())]


def _compared(case: Case, flags: set[tuple[str, str]]) -> Iterator[str]:
    draft, figures = drawn(case.table, case.lines), seen(case.released).figures()
    for at in draft.counts:
        count, people, hidden = draft.counts[at], draft.people[at], figures[at] is None
        acro = (at[0] or "", at[1] or "") in flags
        if acro == is_small(count, people):
            also = "" if acro or not hidden else "; we hide it to cover another (R7)"
            yield f"both: {'unsafe' if acro else 'safe'}{also}"
        elif acro:
            yield "ACRO alone: no record at all (we show a zero, R3)" if not count else "ACRO alone: a record or more"
        else:
            yield "we alone: five records or more of fewer than five people (R0)" if count >= 5 else "we alone: other"


def _attacked(cases: Sequence[Case], flagged: Sequence[set[tuple[str, str]]]) -> str:
    """Tables of two dimensions with ACRO's cells blank, beside their totals, which ACRO finds safe."""
    hidden, told = 0, 0
    for case, flags in zip(cases, flagged, strict=True):
        if len(dimensions_of(case.table.name)) > 1:
            counts = drawn(case.table, case.lines).counts
            small = {at for at in product(*case.labels()) if 0 < counts[at] < 5}
            wanted: set[Hidden] = {(case.table.name, case.table.period, *at) for at in small}
            hidden += len(wanted)
            told += len(narrowed([_blanked(case, flags)], wanted))
    return f"counts of 1 to 4 that ACRO hides: {hidden}, of which the totals alone narrow {told} ({told / hidden:.0%})"


def _blanked(case: Case, flags: set[tuple[str, str]]) -> Released:
    counts = drawn(case.table, case.lines).counts
    rows, columns = case.labels()

    def shown(at: Place) -> int | None:
        return None if (at[0] or "", at[1] or "") in flags else counts[at]

    one = case.released
    return Released(
        one.name, one.period, one.tier, one.rows, one.columns, {at: shown(at) for at in product(rows, columns)},
        {row: shown((row, None)) for row in rows}, {column: shown((None, column)) for column in columns},
        shown((None, None)), one.merged, (),
    )  # fmt: skip


main()
