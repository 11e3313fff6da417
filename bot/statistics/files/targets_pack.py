"""What the files of `vejviser export targets` say: the plan's targets, and apart from them what others published.

No figure of the guide's own is among them, only the names of its measures (R13).
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.statistics.files.columns import in_words, named
from bot.statistics.files.readme import files_said, points
from bot.statistics.files.separated import as_csv
from bot.statistics.files.sheet import Book, Column, Kind, Pack, Row, Sheet, marked, prefix, sheet
from bot.statistics.files.words import day, same, word
from bot.statistics.plan import TablePlan
from bot.statistics.targets import Direction, Figure, OfficialValue, Plan, Target, Unit, Words, beside
from bot.store.target_verbs import OfficialRow

KIND = "targets"
DESCRIBED = ("csv", "datapackage", "csvw", "xlsx", "parquet_targets", "sqlite")
TARGET = Column("target", word("column.target"), refers_to=("targets", "target"))
UNIT = Column("unit", word("column.unit"), among=tuple(Unit))
FIGURE = named("value", title="published", kind=Kind.NUMBER)
YEAR = named("year", kind=Kind.YEAR)
TARGETS = (
    named("target"),
    named("effort"),
    *in_words("effort"),
    *in_words("text", title="target"),
    *in_words("definition", may_be_empty=True),
    *in_words("base", may_be_empty=True),
    UNIT,
    *in_words("unit"),
    Column("goal_direction", word("column.goal_direction"), among=tuple(Direction)),
    *in_words("goal_direction"),
    named("goal_value", kind=Kind.NUMBER, may_be_empty=True),
    named("goal_year", kind=Kind.YEAR, may_be_empty=True),
    named("start_value", kind=Kind.NUMBER, may_be_empty=True),
    named("start_year", kind=Kind.YEAR, may_be_empty=True),
    *in_words("can"),
    *in_words("cannot"),
    *in_words("official", may_be_empty=True),
)
BESIDE = (TARGET, named("measure"), *in_words("measure"))
OFFICIAL = (
    TARGET,
    *in_words("target"),
    *in_words("base", may_be_empty=True),
    YEAR,
    FIGURE,
    UNIT,
    named("low", kind=Kind.NUMBER, may_be_empty=True),
    named("high", kind=Kind.NUMBER, may_be_empty=True),
    named("n", title="people", kind=Kind.WHOLE, may_be_empty=True),
    named("source"),
    named("source_url"),
    named("imported_on", kind=Kind.DATE),
    named("file_hash"),
)
PRINTED = (
    named("number", kind=Kind.WHOLE),
    TARGET,
    *in_words("of"),
    named("year", kind=Kind.YEAR, may_be_empty=True),
    FIGURE,
    UNIT,
    named("source"),
    named("page", may_be_empty=True),
    named("source_date", may_be_empty=True),
    named("checked_on", kind=Kind.DATE, may_be_empty=True),
)


def pack_of_targets(
    targets: Plan,
    official: Iterable[OfficialRow],
    plan: TablePlan,
    made_on: dt.date,
    *,
    simulated: bool = False,
    licence: str | None = None,
) -> Pack:
    rows = list(official)
    listed = list(targets.targets.values())
    values = [value for it in listed for value in beside(it, rows).official]
    own = (_targets(targets), _beside(listed, plan))
    others = (_official(values, targets), _printed(listed))
    if simulated:
        own, others = (marked(own[0]), marked(own[1])), (marked(others[0]), marked(others[1]))
    published_by = list(dict.fromkeys(it.source for it in values))
    caveats = (*((word("simulated"),) if simulated else ()), word("not_prevalence.targets"))
    return Pack(
        name=f"{KIND}-{made_on.isoformat()}",
        title=word("title.targets"),
        facts=_facts(made_on, (*own, *others), simulated=simulated),
        about=((word("about.made_on"), day(made_on)), *((word("about.note"), it) for it in caveats)),
        caveats=caveats,
        on_each=(),
        source="; ".join(published_by),
        sources=tuple(map(same, published_by)),
        readme=tuple(_readme(made_on, prefix(simulated=simulated))),
        made_on=made_on,
        simulated=simulated,
        books=(Book(KIND, own), Book("official", others)),
        long=(own[0], others[0]),
        licence=licence,
    )


def _facts(made_on: dt.date, sheets: Iterable[Sheet], *, simulated: bool) -> dict[str, str | int | bool | None]:
    digest = hashlib.sha256()
    for it in sheets:
        digest.update(as_csv(it))
    return {
        "release": f"{KIND}-{made_on.isoformat()}",
        "kind": KIND,
        "made_on": made_on.isoformat(),
        "simulated": simulated,
        "content_hash": digest.hexdigest(),
    }


def _readme(made_on: dt.date, begins: str) -> Iterator[tuple[Words, tuple[Words, ...]]]:
    what = word("readme.what_targets", title=word("title.targets"), made_on=day(made_on))
    yield word("readme.what"), (what, word("not_prevalence.targets"))
    yield word("readme.not_done"), tuple(points([word("readme.not_done_targets")]))
    yield word("readme.files"), (*points(files_said(DESCRIBED, begins)), word("readme.text_mark"))


def _targets(plan: Plan) -> Sheet:
    return sheet("targets", TARGETS, ("target",), [_target(it, plan) for it in plan.targets.values()])


def _target(target: Target, plan: Plan) -> Row:
    goal, start = target.goal, target.start
    return (
        target.id,
        target.effort,
        *_both(plan.efforts[target.effort].name),
        *_both(target.text),
        *_both(target.definition),
        *_both(target.base),
        target.unit.value,
        *_both(word(f"unit.{target.unit}")),
        goal.direction.value,
        *_both(word(f"direction.{goal.direction}")),
        _number(goal.value),
        goal.year,
        _number(start.value if start else None),
        start.year if start else None,
        *_both(target.can),
        *_both(target.cannot),
        *_both(target.official.name if target.official else None),
    )


def _beside(targets: Iterable[Target], plan: TablePlan) -> Sheet:
    """A measure that the table plan does not have is named by its name alone."""
    rows: list[Row] = []
    for target in targets:
        for name in target.beside:
            found = plan.measures.get(name)
            rows.append((target.id, name, *_both(found.title if found else same(name))))
    return sheet("beside", BESIDE, ("target", "measure"), rows)


def _official(values: Iterable[OfficialValue], plan: Plan) -> Sheet:
    rows: list[Row] = []
    for it in values:
        target = plan.targets[it.target]
        figures = (_number(it.figure), target.unit.value, _number(it.low), _number(it.high), it.n)
        of = (it.source, it.source_url, it.imported_on.isoformat(), it.file_hash)
        rows.append((target.id, *_both(target.text), *_both(target.base), it.year, *figures, *of))
    return sheet("official", OFFICIAL, ("target", "year", "source"), rows)


def _printed(targets: Iterable[Target]) -> Sheet:
    found = [(target, it) for target in targets for it in target.figures]
    rows: list[Row] = []
    for number, (target, it) in enumerate(found, 1):
        checked = it.checked_on.isoformat() if it.checked_on else None
        figure = (it.year, _number(it.figure), target.unit.value)
        rows.append((number, target.id, *_both(it.of), *figure, it.source, it.page, it.source_date, checked))
    return sheet("printed", PRINTED, ("number",), rows)


def _number(figure: Figure | None) -> Decimal | None:
    """The digits that were published."""
    return None if figure is None else Decimal(str(figure))


def _both(words: Words | None) -> tuple[str | None, str | None]:
    return (words.da, words.en) if words else (None, None)
