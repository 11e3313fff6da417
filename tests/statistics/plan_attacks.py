"""One data set behind the real table plan, two editions of both tiers, and what an attacker gets out of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from bot.statistics.attacker import Hidden, narrowed, narrowed_by_both, told
from bot.statistics.disclosure import protect
from bot.statistics.lines import Place, Seen, seen, source_of
from bot.statistics.release import TIERS
from bot.statistics.rounding import publish
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import differs, is_small
from tests.statistics import planned
from tests.statistics.planned import Record, Sources, facts, keys, more, plan, records, tables

KEY = b"a key for tests alone"
KINDS = ("reports", "referrals")
NUMBERS: Mapping[str, Sequence[int]] = {"reports": (40, 60, 90, 130, 180), "referrals": (40, 60, 90, 130)}
LATE = (0, 1, 0, 2, 5, 3, 0, 4, 8, 25)
"""Records that come after the first edition."""


@dataclass
class Outcome:
    """What one data set came to."""

    seed: int
    kind: str
    late: int
    hidden: int = 0
    """Figures that are hidden and tell of 1 to 4 records or people."""
    narrowed: list[str] = field(default_factory=list)
    """Those that cannot be both 1 or less and 5 or more, by all tables of both editions and all that is known."""
    wrong: list[str] = field(default_factory=list)
    """Figures shown that are not the count, or tell of 1 to 4; public ones that are five away or more."""
    barred: int = 0
    """Tables of the second edition whose records differ by 1 to 4 (R9)."""
    differing: list[str] = field(default_factory=list)
    """Figures that both editions show and that differ by 1 to 4."""
    released: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    public: int = 0
    """Public figures of 1 to 4 records."""
    told: list[str] = field(default_factory=list)
    """Those known to be 1 to 4, by all public tables together."""
    redrawn: list[str] = field(default_factory=list)
    """Public figures of the second edition that are not as in the first."""

    @property
    def has_public(self) -> bool:
        """Public tables, which take as long as the others, are made of a third of the data sets."""
        return self.seed // len(KINDS) % 3 == 0


@dataclass(frozen=True)
class Edition:
    of: Sources
    internal: tuple[Released, ...]
    public: tuple[Released, ...]


def attack(seed: int) -> Outcome:
    """Two editions of a period; the attacker has both, knows the plan and the directory, and can add up."""
    kind = KINDS[seed % len(KINDS)]
    outcome = Outcome(seed, kind, LATE[seed // len(KINDS) % len(LATE)])
    before = records(kind, seed, NUMBERS[kind][seed // 3 % len(NUMBERS[kind])])
    now = {**before, kind: before[kind] + more(kind, seed, outcome.late)}
    every = tables(kind, before)
    first = _edition(every if outcome.late else every[::2], before, outcome)
    asked = [it for it in tables(kind, now) if not outcome.late or source_of(it.name) == kind]
    is_barred = differs(keys(now[kind]), [keys(before[kind])])
    admitted = [it for it in asked if not (is_barred and source_of(it.name) == kind)]
    outcome.barred = len(asked) - len(admitted)
    second = _edition(admitted, now, outcome, first)
    _attack_internal(outcome, first, second)
    _attack_public(outcome, first, second)
    return outcome


def _edition(counted: Sequence[Table], of: Sources, outcome: Outcome, first: Edition | None = None) -> Edition:
    answers = protect(counted, first.internal if first else [], plan().levels, facts())
    if outcome.has_public:
        answers += publish(counted, first.public if first else [], plan().levels, KEY, facts())
    outcome.released += sum(isinstance(it, Released) for it in answers)
    for one in answers:
        if isinstance(one, Refused):
            outcome.refused[one.reason] = outcome.refused.get(one.reason, 0) + 1
    out = [it for it in answers if isinstance(it, Released)]
    internal, public = (tuple(it for it in out if it.tier == tier) for tier in TIERS)
    return Edition(of, internal, public)


def _attack_internal(outcome: Outcome, first: Edition, second: Edition) -> None:
    small = [hidden_small(edition.of, edition.internal, outcome.wrong) for edition in (first, second)]
    outcome.hidden = sum(map(len, small))
    changed = {outcome.kind} if outcome.late else set()
    same = [it for it in (*first.internal, *second.internal) if source_of(it.name) not in changed]
    found = [*narrowed(same, small[0] | small[1], facts())]
    moved = [tuple(it for it in one.internal if source_of(it.name) in changed) for one in (first, second)]
    for tables_of, wanted in zip(moved, small, strict=True):
        found += narrowed(tables_of, wanted, facts())
    for each in narrowed_by_both(moved[0], moved[1], (small[0], small[1]), facts()):
        found += each
    outcome.narrowed = [*map(str, found)]
    outcome.differing = [*_differing(*moved)]


def _attack_public(outcome: Outcome, first: Edition, second: Edition) -> None:
    for edition in (first, second):
        true = {name: known for one in edition.public for name, known in true_figures(one, edition.of).items()}
        shown = {name_of(one, at): value for one in map(seen, edition.public) for at, value in one.figures().items()}
        wanted = {name for name, known in true.items() if is_small(*known)}
        outcome.public += len(wanted)
        near = {name: _nearest(*true[name]) for name in shown}
        outcome.wrong += [str(it) for it, value in shown.items() if value is not None and abs(value - near[it]) >= 5]
        outcome.told += [*map(str, told(edition.public, wanted, facts()))]
    outcome.redrawn = [*_otherwise(first.public, second.public)]


def _nearest(count: int, people: int) -> int:
    """What is rounded: where few people are behind it, they are (R0)."""
    return people if is_small(count, people) else count


def hidden_small(of: Sources, released: Iterable[Released], wrong: list[str] | None = None) -> frozenset[Hidden]:
    """Figures that are hidden and tell of 1 to 4 records or people; `wrong` is given those shown that are small or not
    the count.
    """
    small: set[Hidden] = set()
    for one in released:
        shown = seen(one).figures()
        for name, known in true_figures(one, of).items():
            value = shown[name[2:]]
            if value is None:
                small |= {name} if is_small(*known) else set()
            elif wrong is not None and (value != known[0] or is_small(*known)):
                wrong.append(str(name))
    return frozenset(small)


def true_figures(released: Released, of: Sources) -> dict[Hidden, tuple[int, int]]:
    """Count and people of every figure, from the records themselves."""
    one, measure = seen(released), plan().measures[released.name]
    labels = [{code: label for label, codes in lines.items() for code in codes} for lines in one.lines]
    found: dict[Place, list[Record]] = {at: [] for at in one.figures()}
    for record in of[planned.source_of(measure)]:
        at = [own[code] for own, code in zip(labels, planned.place(measure, record), strict=False)]
        for place in {*product((at[0], None), (at[1] if len(at) > 1 else "", None))}:
            found[place].append(record)
    return {name_of(one, at): (len(some), len({it.person for it in some})) for at, some in found.items()}


def name_of(one: Seen, place: Place) -> Hidden:
    return (one.released.name, one.released.period, *place)


def _differing(first: Sequence[Released], second: Sequence[Released]) -> Iterable[str]:
    for before, now in product(map(seen, first), map(seen, second)):
        for place, value in now.figures().items():
            was = before.told(now.codes_at(place)) if any(place) or before.released.name == now.released.name else None
            if value is not None and was is not None and 0 < abs(value - was) < 5:
                yield str(name_of(now, place))


def _otherwise(first: Sequence[Released], second: Sequence[Released]) -> Iterable[str]:
    was = {name_of(one, at): value for one in map(seen, first) for at, value in one.figures().items()}
    for one in map(seen, second):
        yield from (
            str(name_of(one, at)) for at, value in one.figures().items() if was.get(name_of(one, at), value) != value
        )
