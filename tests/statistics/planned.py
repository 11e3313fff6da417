"""Random skewed records behind the real table plan, and its tables over them, counted anew for attacks."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.casework import vocabulary
from bot.statistics.codes import MARKS, NO_PILOT, OPEN, UNSAID
from bot.statistics.directory_facts import facts_of
from bot.statistics.facts import Facts
from bot.statistics.plan import TABLE, Measure, TablePlan
from bot.statistics.shaping import OTHER
from bot.statistics.table import Table
from tests.statistics.counted import the_directory, the_plan

PERIOD = "2026Q3"


@dataclass(frozen=True)
class Record:
    key: int
    """As rounding.record_key gives it."""
    person: int
    """The conversation, the slip or the receipt behind it."""
    codes: Mapping[str, str]


type Sources = dict[str, list[Record]]
"""{source of the plan: its records}."""


@cache
def plan() -> TablePlan:
    return the_plan()


@cache
def facts() -> Facts:
    return facts_of(the_directory())


@cache
def _shown() -> Mapping[str, list[str]]:
    """{need: services that are shown for it}."""
    shown: dict[str, list[str]] = {}
    for service in the_directory().services.values():
        for need in dict.fromkeys(line.need for line in service.serves):
            shown.setdefault(need, []).append(service.id)
    return shown


class Chance:
    """Draws codes of the plan, each dimension skewed in its own way."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - data for a test
        self._weights: dict[str, tuple[list[str], list[float]]] = {}

    def code(self, dimension: str, of: Sequence[str] = (), lean: int = 0) -> str:
        """One of the codes; `lean` makes another one likelier, so that dimensions hang together."""
        if dimension not in self._weights:
            codes = [*(of or plan().dimensions[dimension].codes[:-1])]
            self.random.shuffle(codes)
            skew = self.random.uniform(0.5, 1.4)
            self._weights[dimension] = codes, [1 / (1 + place) ** skew for place in range(len(codes))]
        codes, weights = self._weights[dimension]
        if lean and self.random.random() < 0.3:
            return codes[lean % len(codes)]
        return self.random.choices(codes, weights)[0]

    def record(self, person: int, **codes: str) -> Record:
        return Record(self.random.getrandbits(64), person, codes)

    def number(self) -> int:
        """Of what one person does: mostly once."""
        return self.random.choice((1, 1, 1, 2, 3))


def records(kind: str, seed: int, number: int) -> Sources:
    """About so many records of the main source of a kind of release, and fewer of the others."""
    chance = Chance(f"{kind} {seed}")
    made: Sources = {kind: [*OWN[kind](chance, number)]}
    for source, dimensions in _others(kind).items():
        make = OWN.get(source)
        made[source] = [*(make(chance, number // 2) if make else _simple(chance, number // 3, *dimensions))]
    return made


def _others(kind: str) -> Mapping[str, list[str]]:
    """{each other source of the kind: the dimensions of its tables}."""
    found: dict[str, dict[str, None]] = {}
    for measure in plan().of(kind):
        if measure.kind == TABLE and source_of(measure) != kind:
            found.setdefault(source_of(measure), {}).update(dict.fromkeys(measure.dimensions))
    return {source: [*dimensions] for source, dimensions in found.items()}


def more(kind: str, seed: int, number: int) -> list[Record]:
    """Reports whose triage came late, or referrals that did."""
    return [*OWN[kind](Chance(f"late {seed}"), 4 * number + 4)][:number]


def _referrals(chance: Chance, number: int) -> Iterator[Record]:
    """A conversation has one language, and each of its needs leads to some of the services that are shown for it."""
    efforts = {it.id: it.effort or "" for it in the_directory().services.values()}
    made = 0
    while made < number:
        visit = chance.random.getrandbits(60)
        about = {"language": chance.code("language"), "district": UNSAID}
        if chance.random.random() < 0.4:
            about["district"] = chance.code("district", vocabulary.DISTRICTS[:10])
        for need in dict.fromkeys(chance.code("need", [*_shown()]) for _ in range(chance.number())):
            services = _shown()[need]
            for service in chance.random.sample(services, min(len(services), chance.number())):
                mode = chance.code("mode")
                own = {"service": service, "need": need, "effort": efforts[service], "pilot": NO_PILOT, "mode": mode}
                yield chance.record(visit, **about, **own)
                made += 1


def _slips(chance: Chance, number: int) -> Iterator[Record]:
    for _ in range(number):
        person = chance.random.getrandbits(60)
        for _ in range(chance.number()):
            need = chance.code("need of slips", [*_shown()])
            service = chance.random.choice(_shown()[need])
            about = {"service": service, "need": need, "language": chance.code("language")}
            yield chance.record(person, **about, step=chance.code("step"))


def _simple(chance: Chance, number: int, *dimensions: str) -> Iterator[Record]:
    for _ in range(number):
        yield chance.record(chance.random.getrandbits(60), **{it: chance.code(it) for it in dimensions})


def _steps(chance: Chance, number: int) -> Iterator[Record]:
    """One person reaches many questions."""
    questions = plan().dimensions["question"].codes
    made = 0
    while made < number:
        person, language = chance.random.getrandbits(60), chance.code("language")
        reached = [MARKS[0], *questions[1 : chance.random.randint(2, len(questions) - len(MARKS))]]
        for question in (*reached, chance.random.choice(MARKS[1:])):
            yield chance.record(person, question=question, language=language)
            made += 1


def _reports(chance: Chance, number: int) -> Iterator[Record]:
    """In a third of the data sets some people file several under one receipt, and mostly about the same."""
    repeat = chance.random.choice((0, 0, 0.15))
    last: Record | None = None
    for _ in range(number):
        if last is not None and chance.random.random() < repeat:
            again = {} if chance.random.random() < 0.6 else {"form": chance.code("form")}
            yield chance.record(last.person, **{**last.codes, **again})
            continue
        last = chance.record(chance.random.getrandbits(60), **_report(chance))
        yield last


def _report(chance: Chance) -> dict[str, str]:
    ground = chance.code("ground")
    lean = 1 + plan().dimensions["ground"].codes.index(ground)
    return {
        "ground": ground,
        "area": chance.code("area", lean=lean),
        "form": chance.code("form", lean=lean),
        "district": chance.code("district"),
        "wish": chance.code("wish"),
        "outcome": chance.code("outcome") if chance.random.random() < 0.7 else OPEN,
        "language": chance.code("language"),
    }


OWN: Mapping[str, Callable[[Chance, int], Iterator[Record]]] = {
    "referrals": _referrals,
    "slips": _slips,
    "reports": _reports,
    "steps": _steps,
}
"""Sources whose dimensions hang together; those of all others are drawn each for itself."""


def source_of(measure: Measure) -> str:
    """Each poll is a source of its own: who answers one has not answered the others."""
    return measure.name if measure.source == "polls" else measure.source


def tables(kind: str, of: Sources) -> list[Table]:
    """Every table of a kind of release, in the order of the plan."""
    return [table(it, of[source_of(it)]) for it in plan().of(kind) if it.kind == TABLE]


def table(measure: Measure, of: Iterable[Record]) -> Table:
    """Codes that are no codes of the plan stand in `other`, as the counting has it."""
    known = [plan().dimensions[it].codes for it in measure.dimensions]
    behind: dict[tuple[str, str], list[Record]] = {}
    for record in of:
        behind.setdefault(place(measure, record), []).append(record)
    used = [{at[which] for at in behind} for which in range(2)]
    rows, columns = (
        tuple(code for code in codes if code != codes[-1] or code in used[which])
        for which, codes in enumerate((known[0], known[1] if len(known) > 1 else ("",)))
    )
    columns = columns or ("",)
    cells = [*product(rows, columns)]
    counts = {at: len(some) for at, some in behind.items()}
    people = {at: frozenset([*dict.fromkeys(it.person for it in some)][:10]) for at, some in behind.items()}
    record_keys = {at: sum(it.key for it in some) % 2**64 for at, some in behind.items()}
    nobody: frozenset[int] = frozenset()
    return Table(
        measure.name,
        PERIOD,
        rows,
        columns,
        dict.fromkeys(cells, 0) | counts,
        dict.fromkeys(cells, nobody) | people,
        dict.fromkeys(cells, 0) | record_keys,
    )


def place(measure: Measure, record: Record) -> tuple[str, str]:
    at = [_known()[dimension].get(record.codes[dimension], OTHER) for dimension in measure.dimensions]
    return at[0], at[1] if len(at) > 1 else ""


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    return {name: {code: code for code in it.codes} for name, it in plan().dimensions.items()}


def keys(of: Iterable[Record]) -> NDArray[np.uint64]:
    """As the ledger keeps them (R9)."""
    return np.sort(np.array([it.key for it in of], dtype=np.uint64))
