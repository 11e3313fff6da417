"""The tables of the plan as plain SQL, written apart from how the program counts, so that one can check the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.statistics.plan import TABLE, Measure, TablePlan

type Statement = tuple[str, Sequence[str], str]
"""Name, headings, SQL."""
HANDED = "handover WHERE report_id = report.id AND state NOT IN ('made', 'failed', 'recalled')"

WAS_HANDED = f"triage = 'genuine' AND EXISTS (SELECT 1 FROM {HANDED})"  # noqa: S608 - constants


def _one_of(column: str, rows: str, none: str) -> str:
    """The one value that a report has, or that it has several, or none."""
    cases = f"WHEN 0 THEN '{none}' WHEN 1 THEN max({column}) ELSE 'several'"
    return f"(SELECT CASE count(DISTINCT {column}) {cases} END FROM {rows})"  # noqa: S608 - constants


def _answer(question: str) -> str:
    rows = f"report_answer WHERE report_id = report.id AND question = '{question}'"
    return _one_of("answer", rows, "not_said")


@dataclass(frozen=True)
class From:
    """Where a source stands: table, column of the day, what is counted, which rows, and what its dimensions are."""

    table: str
    day: str
    number: str = "count(*)"
    where: str = "1"
    columns: Mapping[str, str] = field(default_factory=dict)
    """{dimension: expression}, where it is no column of that name."""


def _tally(kind: str, **columns: str) -> From:
    return From("tally", "counted_on", "sum(n)", f"kind = '{kind}'", columns)


def _sources(pilots: Sequence[str]) -> Mapping[str, From]:
    among = ", ".join(f"'{it}'" for it in pilots) or "''"
    return {
        "referrals": From("referral", "made_on", columns={
            "effort": "coalesce(effort, 'other')", "district": "coalesce(district, 'not_said')",
            "pilot": f"CASE WHEN service IN ({among}) THEN service ELSE 'no_pilot' END",
        }),
        "slips": From("slip", "made_on", columns={"step": "coalesce(step, 'not_said')"}),
        "met": From("slip", "made_on", where="met IS NOT NULL", columns={"grade": "met"}),
        "entries": From("entry", "entered_on", "sum(n)"),
        "unmet": _tally("unmet", need="code"),
        "unknown_words": _tally("unknown_words"),
        "steps": _tally("step", question="code"),
        "useful": _tally("useful", answer="code"),
        "polls": _tally("poll.{}"),
        "answers": _tally("poll.{}"),
        "reports": From("report", "received_on", where="triage = 'genuine'", columns={
            "ground": _answer("ground"), "form": _answer("form"), "wish": _answer("wish"),
            "outcome": "CASE WHEN status = 'closed' THEN coalesce(outcome, 'open') ELSE 'open' END",
        }),
        "handed": From("report", "received_on", where=WAS_HANDED, columns={
            "body": _one_of("body", HANDED, ""), "result": _one_of("outcome", HANDED, "pending"),
        }),
    }  # fmt: skip


def statements(plan: TablePlan, kind: str, first: str, last: str) -> Iterator[Statement]:
    """Every table of a kind of release, from the first to the last day."""
    pilots = [code for code in plan.dimensions["pilot"].codes if code not in {"no_pilot", "other"}]
    sources = _sources(pilots)
    for measure in plan.of(kind):
        if measure.kind == TABLE:
            yield measure.name, (*measure.dimensions, "n"), _sql(measure, sources[measure.source], first, last)


def _sql(measure: Measure, source: From, first: str, last: str) -> str:
    where = source.where.format(measure.dimensions[0])
    by_code = measure.source in {"polls", "answers"}
    columns = ", ".join("code" if by_code else source.columns.get(name, name) for name in measure.dimensions)
    numbers = ", ".join(str(number) for number, _ in enumerate(measure.dimensions, 1))
    days = f"{source.day} BETWEEN '{first}' AND '{last}'"
    return f"SELECT {columns}, {source.number} FROM {source.table} WHERE {where} AND {days} GROUP BY {numbers}"  # noqa: S608 - constants
