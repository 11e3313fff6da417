"""Reads what is assumed of days, residents and reports; every number in it is made up."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.language.yaml_file import read_yaml
from bot.simulation.dice import Shares

HERE = Path(__file__).parent
YEARS, VISITS, REPORTS = HERE / "years.yml", HERE / "visits.yml", HERE / "reports.yml"
_IN = "_in"


class Assumptions:
    """One file of them. A name that is not there raises KeyError."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.shares = cache(self._shares)
        """(name, case, …) → Shares: codes of a list, each as often as it is in these cases."""

    def _shares(self, name: str, *cases: str) -> Shares[str]:
        weights = dict(self.values[name])
        for case in cases:
            for code, factor in self.values.get(name + _IN, {}).get(case, {}).items():
                weights[code] *= factor
        return Shares(weights)

    def number(self, name: str, *cases: str) -> float:
        """A number, as large as it is in these cases."""
        number = float(self.values[name])
        for case in cases:
            number *= self.values.get(name + _IN, {}).get(case, 1)
        return number

    def of(self, name: str, code: str) -> float:
        """The number of one code of a list."""
        return float(self.values[name][code])


@cache
def read_assumptions(path: Path) -> Assumptions:
    return Assumptions(read_yaml(path))
