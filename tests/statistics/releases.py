"""A small table plan and releases of it, as protection gives them, for tests of what is made of releases."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.casework.vocabulary import AREAS, DISTRICTS, GROUNDS
from bot.statistics.lines import dimensions_of, merges
from bot.statistics.plan import COUNT, MEDIAN, RATIO, TABLE, Dimension, Measure, Source, TablePlan
from bot.statistics.release import INTERNAL, PUBLIC, RULES, Change, Release, SingleFigure
from bot.statistics.table import Refused, Released
from bot.statistics.targets import Words

PERIOD = "2026Q3"
OTHER = "other"
EFFORTS = ("equal_treatment", "inclusion", "danish", "employment", "companies")
LANGUAGES = ("ar", "da", "en", "fa", "pl", "so", "tr", "uk", "ur")
SERVICES = (
    "jobcenter-koebenhavn", "jobnet", "kbh-sprogcenter", "institut-for-menneskerettigheder", "police-114",
    "lev-uden-vold",
)  # fmt: skip
ORIGIN, BODY_AND_MIND = "ground_origin", "ground_person"
GROUPS = {
    ORIGIN: Words("Oprindelse, hudfarve eller tro", "Origin, colour or belief"),
    BODY_AND_MIND: Words("Køn, alder eller handicap", "Sex, age or disability"),
}
_OF_ORIGIN = frozenset({"race", "skin_colour", "ethnic_origin", "national_origin", "religion_belief", "language"})


def sample_plan() -> TablePlan:
    """Two sources of three; every kind of measure; a dimension with groups."""
    measures = (
        _measure("referrals.by_service", "Henvisninger efter tilbud", "Referrals by service"),
        _measure(
            "referrals.effort_by_language", "Henvisninger efter indsats og sprog", "Referrals by effort, language"
        ),
        _measure("referrals.by_district", "Henvisninger efter bydel", "Referrals by district"),
        _measure("referrals.all", "Henvisninger i alt", "All referrals", COUNT),
        _measure("reports.by_ground", "Indberetninger efter grund", "Reports by ground"),
        _measure("reports.ground_by_area", "Indberetninger efter grund og område", "Reports by ground and area"),
        _measure("reports.by_district", "Indberetninger efter bydel", "Reports by district"),
        _measure("reports.answered_in_time", "Besvaret i tide", "Answered in time", RATIO),
        _measure("reports.days_to_answer", "Dage til første svar", "Days to the first answer", MEDIAN),
    )
    dimensions = (
        _dimension("service", "Tilbud", "Service", SERVICES),
        _dimension("effort", "Indsats", "Effort", EFFORTS),
        _dimension("language", "Sprog", "Language", LANGUAGES),
        _dimension("district", "Bydel", "District", DISTRICTS),
        _dimension("ground", "Grund", "Ground", [it for it in GROUNDS if it != OTHER]),
        _dimension("area", "Område", "Area", AREAS),
    )
    return TablePlan(
        "2026-11",
        {"referrals": _REFERRALS, "reports": _REPORTS},
        {it.name: it for it in measures},
        {it.name: it for it in dimensions},
        GROUPS,
    )


_REFERRALS = Source(
    "referrals",
    "referrals",
    Words("henvisninger", "referrals"),
    Words("Alle henvisninger, som personen sagde ja til at tælle.", "All referrals that the person agreed to count."),
    (Words("En samtale kan give flere henvisninger.", "One conversation can give several referrals."),),
)
_REPORTS = Source(
    "reports",
    "reports",
    Words("indberetninger om diskrimination", "reports of discrimination"),
    Words(
        "Indberetninger, som en medarbejder har set og taget for ægte.", "Reports that staff saw and took for genuine."
    ),
    (Words("En indberetning kan have flere grunde.", "A report can have several grounds."),),
)


def _measure(name: str, da: str, en: str, kind: str = TABLE) -> Measure:
    definition = Words(f"{da}, talt i et kvartal.", f"{en}, counted in one quarter.")
    return Measure(name, kind, Words(da, en), definition, "equal_treatment" if name.startswith("reports") else None)


def _dimension(name: str, da: str, en: str, codes: Iterable[str]) -> Dimension:
    listed = tuple(codes)
    parents = {it: ORIGIN if it in _OF_ORIGIN else BODY_AND_MIND for it in listed} if name == "ground" else {}
    return Dimension(name, Words(da, en), listed, parents)


def sample_release(
    tier: str = INTERNAL,
    *,
    simulated: bool = False,
    kind: str = "reports",
    period: str = PERIOD,
    edition: int = 1,
    seed: int = 1,
    plan: TablePlan | None = None,
) -> Release:
    """Every table of the kind with hidden cells, zeros, merged lines; one table refused; figures given and hidden."""
    chance = random.Random(f"{seed} {kind} {period}")  # noqa: S311 - data for a test
    measures = (plan or sample_plan()).of(kind)
    tables = [
        sample_table(it.name, tier, plan=plan, period=period, chance=chance) for it in measures if it.kind == TABLE
    ]
    return Release(
        kind=kind,
        period=period,
        tier=tier,
        edition=edition,
        plan=(plan or sample_plan()).version,
        rules=RULES,
        made_on=dt.date(2026, 10, 20),
        cut_off=dt.date(2026, 10, 14),
        simulated=simulated,
        tables=tuple(tables[:-1]),
        refused=(Refused(tables[-1].name, period, "thin"),) if tables else (),
        figures=tuple(_figures(measures, period)),
        changes=(Change("table_refused", tables[-1].name, "released", "thin"),) if edition > 1 and tables else (),
    )


def empty_release(tier: str = INTERNAL, *, kind: str = "reports", simulated: bool = False) -> Release:
    """A quarter of which nothing may be written."""
    full = sample_release(tier, kind=kind, simulated=simulated)
    refused = tuple(Refused(it.name, it.period, "too_few") for it in (*full.tables, *full.refused))
    figures = tuple(replace(it, value=None, n=None) for it in full.figures)
    return replace(full, tables=(), refused=refused, figures=figures)


def sample_table(
    name: str,
    tier: str = INTERNAL,
    *,
    period: str = PERIOD,
    plan: TablePlan | None = None,
    chance: random.Random | None = None,
) -> Released:
    """Skewed counts; 1 to 4 and one more in their line hidden, or rounded to five for the public."""
    chance = chance or random.Random(name)  # noqa: S311 - data for a test
    dimensions = [(plan or sample_plan()).dimensions[it] for it in dimensions_of(name)]
    lines = [_lines(it) for it in dimensions]
    rows, columns = tuple(lines[0]), tuple(lines[1]) if len(lines) > 1 else ("",)
    counts = {
        (row, column): int(chance.paretovariate(0.9) * 12 / (1 + place)) if chance.random() < 0.85 else 0
        for place, row in enumerate(rows)
        for column in columns
    }
    row_totals = {row: sum(counts[row, column] for column in columns) for row in rows}
    column_totals = {column: sum(counts[row, column] for row in rows) for column in columns}
    seen = _rounded if tier == PUBLIC else _hidden
    cells = seen(counts)
    hides = tier == INTERNAL and None in cells.values()
    return Released(
        name,
        period,
        tier,
        rows,
        columns,
        cells,
        {row: cells[row, ""] for row in rows} if len(dimensions) == 1 else seen(row_totals),
        seen(column_totals),
        seen({"": sum(counts.values())})[""],
        merges(dimensions_of(name), tuple(map(_held, dimensions, lines))),
        (("rounded_to_base_5", "figures_do_not_add_up") if tier == PUBLIC else ("some_hidden",) * hides)
        + (("lines_merged",) if any(codes for of in lines for codes in of.values()) else ()),
    )


def _lines(dimension: Dimension) -> dict[str, tuple[str, ...]]:
    """Where there are groups, the last is one line; else the last three codes stand in `other`."""
    listed = tuple(code for code in dimension.codes if code != OTHER)
    if not dimension.parents:
        return {**dict.fromkeys(listed[:-3], ()), OTHER: listed[-3:]}
    group = list(dimension.parents.values())[-1]
    merged = tuple(code for code in listed if dimension.parents.get(code) == group)
    return {**dict.fromkeys((code for code in listed if code not in merged), ()), group: merged, OTHER: ()}


def _held(dimension: Dimension, lines: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """The codes in each line; a group's own name is no code."""
    groups = set(dimension.parents.values())
    return {line: frozenset(codes if line in groups else {line, *codes}) for line, codes in lines.items()}


def _hidden[Place](counts: dict[Place, int]) -> dict[Place, int | None]:
    """Not protection: only what it leaves looks like this."""
    small = {place for place, count in counts.items() if 0 < count < 5}
    if len(small) == 1:
        small |= {min((place for place in counts if place not in small), key=lambda it: counts[it])}
    return {place: None if place in small else count for place, count in counts.items()}


def _rounded[Place](counts: dict[Place, int]) -> dict[Place, int | None]:
    return {place: 5 * round(count / 5) for place, count in counts.items()}


def _figures(measures: Iterable[Measure], period: str) -> Iterator[SingleFigure]:
    for measure in measures:
        if measure.kind == RATIO:
            yield SingleFigure(measure.name, period, 87, 143)
        elif measure.kind == MEDIAN:
            yield SingleFigure(measure.name, period, 4.5, 96)
        elif measure.kind == COUNT:
            yield SingleFigure(measure.name, period, None, None)
