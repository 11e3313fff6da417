"""Deadlines counted from a day that a person names: content/deadlines.yml."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dateutil.relativedelta import relativedelta

from bot.language.yaml_file import read_yaml


@dataclass(frozen=True)
class Deadline:
    id: str
    days: int
    months: int
    service: str | None
    """Where the rule was read."""

    @property
    def is_a_day(self) -> bool:
        """Nothing is counted: the day itself is what must not be missed."""
        return not self.days and not self.months

    def last_day(self, named: dt.date, today: dt.date) -> dt.date:
        """The last day that is in time; a day to be met that has passed is taken for next year's."""
        if self.is_a_day:
            later = relativedelta(years=max(1, today.year - named.year)) if named < today else relativedelta()
        else:
            later = relativedelta(months=self.months, days=self.days)
        last: dt.date = named + later
        return last


def read_deadlines(path: Path) -> Mapping[str, Deadline]:
    """{id: deadline}, in the file's order."""
    return {
        line["id"]: Deadline(line["id"], line.get("days", 0), line.get("months", 0), line.get("service"))
        for line in read_yaml(path)["deadlines"]
    }
