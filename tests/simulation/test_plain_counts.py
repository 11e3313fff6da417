"""Every table of the plan, counted by the program and by plain SQL over one invented year: each cell is the same."""

import asyncio

import pytest

from bench.plain_sql import statements
from bot.directory.services import read_directory
from bot.language.languages import find_languages
from bot.settings import Settings
from bot.statistics.codes import plan_of
from bot.statistics.counting import Counted, Counting
from bot.statistics.releasing import TABLES_OF, Quarter
from tests.simulation.years import Filled

SETTINGS = Settings()
DIRECTORY = read_directory(SETTINGS.content)
PLAN = plan_of(SETTINGS, DIRECTORY, find_languages(SETTINGS.locales, SETTINGS.data / "nlu"))
PERIOD = Quarter.of("2026Q2")


def counted(year: Filled, kind: str) -> dict[str, Counted]:
    counting = Counting(DIRECTORY, SETTINGS.acknowledge_days)
    found: dict[str, Counted] = {}
    for table in TABLES_OF[kind]:
        read = year.store.statistics.read(
            table, PERIOD.first, PERIOD.last, lambda rows, table=table: counting.of(table, rows)
        )
        found |= asyncio.run(read)
    return found


@pytest.mark.parametrize("kind", TABLES_OF)
def test_each_cell_is_what_plain_sql_counts(year: Filled, kind: str) -> None:
    ours, tables = counted(year, kind), 0
    for name, _, sql in statements(PLAN, kind, PERIOD.first.isoformat(), PERIOD.last.isoformat()):
        measure = PLAN.measures[name]
        table = ours[measure.source].by(measure.dimensions).table(measure, PERIOD.name, PLAN)
        plain = {(str(row[0]), str(row[1]) if len(row) > 2 else ""): row[-1] for row in year.rows(sql)}
        assert {at: number for at, number in table.counts.items() if number} == plain, name
        assert sum(plain.values()) > 0, name
        tables += 1
    assert tables > 10
