"""Makes a release once, keeps it word for word, and gives the same again whenever it is asked for (R2, R9)."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from bot.errors import StatisticsError
from bot.statistics.counting import SHARES, Counted, Counting
from bot.statistics.directory_facts import facts_of
from bot.statistics.disclosure import may_tell, protect
from bot.statistics.facts import Facts
from bot.statistics.lines import source_of
from bot.statistics.plan import COUNT, TABLE, TablePlan
from bot.statistics.release import INTERNAL, PUBLIC, RULES, Change, Release, SingleFigure, hash_of, read, written
from bot.statistics.rounding import publish, rounded_count
from bot.statistics.table import Refused, Released, Table
from bot.statistics.thresholds import SMALL, differs
from bot.store.statistics_verbs import ENTRIES, REFERRALS, REPORTS, SLIPS, TALLIES, ReleaseRow, Statistics

TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "referrals": (REFERRALS, SLIPS, ENTRIES, TALLIES),
    "reports": (REPORTS, TALLIES),
}
"""{kind of release: tables of the store that are read for it}."""
FROZEN_DAYS = 14
"""From the end of a quarter until it is counted (R2)."""
PERIOD = re.compile(r"(20\d\d)Q([1-4])")
DIFFERS = "differs"
type Progress = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which release; `again` makes a new edition of one that is out, with what was corrected since."""

    kind: str
    period: str
    tier: str
    by_whom: str
    today: dt.date
    again: bool = False


@dataclass(frozen=True)
class Quarter:
    name: str
    first: dt.date
    last: dt.date

    @property
    def cut_off(self) -> dt.date:
        """The last day whose corrections count."""
        return self.last + dt.timedelta(days=FROZEN_DAYS)

    @classmethod
    def of(cls, name: str) -> "Quarter":
        """Raises StatisticsError for what is no quarter, such as 2026Q3."""
        matched = PERIOD.fullmatch(name)
        if not matched:
            raise StatisticsError("a period is a calendar quarter, such as 2026Q3")
        year, month = int(matched[1]), 3 * int(matched[2])
        return cls(name, dt.date(year, month - 2, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Releasing:
    """Everything a release is made with; `key` is the secret of public rounding."""

    store: Statistics
    plan: TablePlan
    counting: Counting
    key: bytes
    progress: Progress = lambda _: None

    async def release(self, asked: Asked) -> Release:
        """The newest edition of a release, or its first; raises StatisticsError or NotSavedError.

        A new edition is made only where it says something else than the last: otherwise the last is given.
        """
        quarter = Quarter.of(asked.period)
        if asked.today <= quarter.cut_off:
            raise StatisticsError(
                f"{asked.period} is counted after {quarter.cut_off.isoformat()}, so that it is complete"
            )
        kept = [checked(row) for row in await self.store.releases(asked.kind, asked.tier)]
        editions = [it for it in kept if it.period == asked.period]
        if editions and not asked.again:
            return editions[-1]
        counted = await self._counted(asked.kind, quarter)
        barred = await self._barred(asked, counted)
        made = await self._made(asked, quarter, counted, barred, editions)
        if editions and _says(made) == _says(editions[-1]):
            return editions[-1]
        if editions and barred and not _new(made, editions[-1]):
            raise StatisticsError(
                f"{asked.period}: nothing new: its records differ by 1 to {SMALL - 1} from those of one already out, "
                "and whoever has both could read them"
            )
        made = replace(made, changes=tuple(changes(made, _before(kept, made))))
        await self._keep(made, asked, {name: it for name, it in counted.items() if it.counts and name not in barred})
        return made

    async def _counted(self, kind: str, quarter: Quarter) -> Mapping[str, Counted]:
        counted: dict[str, Counted] = {}
        for table in TABLES_OF[kind]:
            self.progress(f"counting {table}")
            found = await self.store.read(
                table,
                quarter.first,
                quarter.last,
                lambda rows, table=table: self.counting.of(table, rows),  # type: ignore[misc]
            )
            counted |= {name: it for name, it in found.items() if self.plan.sources[name].export == kind}
        return counted

    async def _made(
        self,
        asked: Asked,
        quarter: Quarter,
        counted: Mapping[str, Counted],
        barred: Set[str],
        editions: Sequence[Release],
    ) -> Release:
        earlier = [one for it in editions for one in it.tables]
        tables = self._tables(asked, counted, barred)
        facts = facts_of(self.counting.directory, _met(counted))
        answers = self._answers(asked, tables, earlier, facts)
        out = [it for it in answers if isinstance(it, Released)]
        untold = {*barred} | _telling_shares(asked, tables, [*earlier, *out], facts)
        return Release(
            kind=asked.kind,
            period=asked.period,
            tier=asked.tier,
            edition=len(editions) + 1,
            plan=self.plan.version,
            rules=RULES,
            made_on=asked.today,
            cut_off=quarter.cut_off if not editions else asked.today,
            simulated=await self.store.simulated(),
            tables=tuple(out),
            refused=tuple(it for it in answers if isinstance(it, Refused)),
            figures=tuple(self._figures(asked, counted, untold)),
        )

    async def _barred(self, asked: Asked, counted: Mapping[str, Counted]) -> frozenset[str]:
        """Sources whose records differ by 1 to 4 from those of an earlier edition (R9)."""
        earlier = await self.store.record_sets(asked.kind, asked.tier, asked.period)
        sets: dict[str, list[np.ndarray[tuple[int], np.dtype[np.uint64]]]] = {}
        for source, records in earlier:
            sets.setdefault(source, []).append(np.frombuffer(records, dtype=np.uint64))
        return frozenset(name for name, it in counted.items() if differs(it.records, sets.get(name, ())))

    def _tables(self, asked: Asked, counted: Mapping[str, Counted], barred: Set[str]) -> list[Table]:
        measures = [it for it in self.plan.of(asked.kind) if it.kind == TABLE and it.source not in barred]
        return [counted[it.source].by(it.dimensions).table(it, asked.period, self.plan) for it in measures]

    def _answers(
        self, asked: Asked, tables: Sequence[Table], earlier: Sequence[Released], facts: Facts
    ) -> list[Released | Refused]:
        """One for each table of the plan, in its order; those that were barred are not among `tables`."""
        self.progress(f"protecting {len(tables)} tables")
        if asked.tier == INTERNAL:
            answered = protect(tables, earlier, self.plan.levels, facts)
        else:
            answered = publish(tables, earlier, self.plan.levels, self.key, facts)
        by_name = {it.name: it for it in answered}
        measures = [it for it in self.plan.of(asked.kind) if it.kind == TABLE]
        return [by_name.get(it.name) or Refused(it.name, asked.period, DIFFERS) for it in measures]

    def _figures(self, asked: Asked, counted: Mapping[str, Counted], untold: Set[str]) -> Iterator[SingleFigure]:
        """Those that are no table, but for measures and sources that are `untold`. What a share rests on is a count."""
        values = {name: value for it in counted.values() for name, value in it.figures.items()}
        for measure in self.plan.of(asked.kind):
            if measure.kind == TABLE:
                continue
            hidden = bool(untold & {measure.name, measure.source})
            value, n = (None, None) if hidden else values.get(measure.name, (None, None))
            if asked.tier == PUBLIC:
                n = n and rounded_count(n, f"{measure.name} n", asked.period, self.key)
                if measure.kind == COUNT and value is not None:
                    value = rounded_count(int(value), measure.name, asked.period, self.key)
            yield SingleFigure(measure.name, asked.period, value, n)

    async def _keep(self, made: Release, asked: Asked, counted: Mapping[str, Counted]) -> None:
        text = written(made)
        row = ReleaseRow(
            made.kind, made.period, made.tier, made.edition, made.made_on, asked.by_whom, text, hash_of(text)
        )
        sets = {name: it.records.tobytes() for name, it in counted.items()}
        if not await self.store.keep_release(row, sets):
            raise StatisticsError(f"{made.id} was made by somebody else just now; ask again")


def _telling_shares(
    asked: Asked, tables: Sequence[Table], released: Sequence[Released], facts: Facts
) -> frozenset[str]:
    """Shares that would tell analysts a small count of the tables beside them; the public's counts are not exact."""
    if asked.tier == PUBLIC:
        return frozenset()
    telling = set()
    for name, (of, codes) in SHARES.items():
        of_source = sorted((it for it in tables if source_of(it.name) == source_of(of)), key=lambda it: it.name != of)
        lines = {name: codes, "": frozenset(of_source[0].rows) - codes} if of_source else {}
        if of_source and not may_tell(lines, of_source, released, facts):
            telling.add(name)
    return frozenset(telling)


def _met(counted: Mapping[str, Counted]) -> set[tuple[str, str, str]]:
    """Service, need and effort as they were counted together."""
    if "referrals" not in counted:
        return set()
    count = counted["referrals"].by(names := ("service", "need", "effort"))
    which = [count.dimensions.index(name) for name in names]
    return {(codes[which[0]], codes[which[1]], codes[which[2]]) for codes in count.finest}


def checked(row: ReleaseRow) -> Release:
    """A kept release; raises StatisticsError where its words are not those that were kept."""
    if hash_of(row.content) != row.content_hash:
        raise StatisticsError(
            f"{row.kind} {row.period} {row.tier} {row.edition} was changed in the store after it was made"
        )
    return read(row.content)


def _says(release: Release) -> tuple[object, ...]:
    """All but when and as which edition it was made."""
    return release.plan, release.rules, release.simulated, release.tables, release.refused, release.figures


def _new(made: Release, last: Release) -> bool:
    """Whether it tells any figure that the last edition did not."""
    return any(it not in last.tables for it in made.tables)


def _before(kept: Sequence[Release], made: Release) -> Release | None:
    """The edition before; of a first one, the newest release of an earlier quarter."""
    earlier = [it for it in kept if it.period <= made.period]
    return max(earlier, key=lambda it: (it.period, it.edition), default=None)


def changes(now: Release, before: Release | None) -> list[Change]:
    """What a reader of both has to know; figures are compared only with those of the same quarter."""
    if before is None:
        return []
    found = [
        Change(what, "", was, is_)
        for what, was, is_ in (("plan", before.plan, now.plan), ("rules", before.rules, now.rules))
        if was != is_
    ]
    states = [
        {**{it.name: "" for it in one.tables}, **{it.name: it.reason for it in one.refused}} for one in (before, now)
    ]
    for name in sorted({*states[0], *states[1]}):
        was, is_ = states[0].get(name), states[1].get(name)
        if was is None or is_ is None:
            found.append(Change("table_added" if was is None else "table_gone", name, "", ""))
        elif was != is_:
            found.append(Change("table_refused" if is_ else "table_back", name, was, is_))
    if before.period == now.period:
        found += _other_figures(now, before)
    return found


def _other_figures(now: Release, before: Release) -> list[Change]:
    """How many figures of a table are not as they were; not which, and not by how much."""
    was = {it.name: it for it in before.tables}
    found = []
    for table in now.tables:
        if (old := was.get(table.name)) and old != table:
            places = {*old.cells, *table.cells}
            other = sum(old.cells.get(at, -1) != table.cells.get(at, -1) for at in places)
            found.append(Change("figures", table.name, "", str(other)))
    return found
