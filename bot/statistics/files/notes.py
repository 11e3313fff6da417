"""What stands beside the tables of a release: single figures, changes, refusals, and every measure declared."""

from collections.abc import Iterator

from bot.statistics.files.columns import CHANGES, DECLARED, FIGURES, MEASURES, REFUSED
from bot.statistics.files.sheet import Row, Sheet, sheet
from bot.statistics.files.tables import status_of
from bot.statistics.files.words import word, word_or
from bot.statistics.plan import COUNT, TABLE, Measure, TablePlan
from bot.statistics.release import Release
from bot.statistics.targets import Plan


def single_figures(release: Release, plan: TablePlan) -> Sheet:
    rows: list[Row] = []
    for it in release.figures:
        kind = plan.measures[it.name].kind if it.name in plan.measures else COUNT
        said = word(f"kind.{kind}")
        title = _titles(plan, it.name)
        rows.append((it.period, it.name, *title, kind, said.da, said.en, it.value, it.n, status_of(it.value)))
    return sheet("figures", FIGURES, ("period", "measure"), rows)


def changed(release: Release) -> Sheet:
    rows: list[Row] = []
    for number, it in enumerate(release.changes, 1):
        said = word_or(f"change.{it.what}", it.what)
        rows.append((number, it.what, said.da, said.en, it.name, it.before, it.now))
    return sheet("changes", CHANGES, ("number",), rows)


def refused(release: Release, plan: TablePlan) -> Sheet:
    rows: list[Row] = []
    for it in release.refused:
        said = word_or(f"reason.{it.reason}", it.reason)
        rows.append((it.period, it.name, *_titles(plan, it.name), it.reason, said.da, said.en))
    return sheet("refused", REFUSED, ("period", "measure"), rows)


def declared(release: Release, plan: TablePlan, targets: Plan) -> Sheet:
    """All that this kind of release could hold, whether it does or not."""
    rows = [_declared(it, plan, targets) for it in plan.of(release.kind)]
    known = {row[0] for row in rows}
    older = (name for name in dict.fromkeys(_names(release)) if name not in known)
    rows += [(name, TABLE, name, name, *[None] * 8) for name in older]
    return sheet(MEASURES, DECLARED, ("measure",), rows)


def _declared(measure: Measure, plan: TablePlan, targets: Plan) -> Row:
    source = plan.sources[measure.source]
    words = (measure.title, measure.definition, source.unit, source.base)
    beside = " ".join(it.id for it in targets.targets.values() if measure.name in it.beside)
    texts = (text for both in words for text in (both.da, both.en))
    return (measure.name, measure.kind, *texts, measure.effort, beside)


def _names(release: Release) -> Iterator[str]:
    for part in (release.tables, release.refused, release.figures):
        yield from (it.name for it in part)


def _titles(plan: TablePlan, name: str) -> tuple[str, str]:
    found = plan.measures.get(name)
    return (found.title.da, found.title.en) if found else (name, name)
