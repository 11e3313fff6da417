"""The table plan: what may be counted, and that all that stands in it can be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.casework import vocabulary
from bot.errors import ContentError
from bot.settings import ROOT
from bot.statistics.plan import TABLE
from bot.statistics.plan_file import FILE, read_plan
from bot.statistics.targets_file import read_targets
from tests.statistics.counted import SETTINGS, the_directory, the_plan

PLAN = yaml.safe_load((ROOT / "content" / FILE).read_text(encoding="utf-8"))


def test_a_table_has_at_most_two_dimensions_and_never_those_that_together_name_somebody() -> None:
    """R1."""
    tables = [set(it.dimensions) for it in the_plan().measures.values() if it.kind == TABLE]
    assert len(tables) > 35
    assert all(1 <= len(it) <= 2 for it in tables)
    assert not any(it >= {"language", other} for it in tables for other in ("ground", "district"))


def test_reports_are_never_a_share() -> None:
    """R13: no measure of reports is divided by anything but reports."""
    names = [it.name for it in the_plan().measures.values() if it.source in {"reports", "steps", "answers"}]
    assert [it for it in names if any(word in it for word in ("share", "rate", "population", "per_"))] == []
    said = [caveat.en for name in ("reports", "answers") for caveat in the_plan().sources[name].caveats]
    assert sum("not prevalence" in it for it in said) == 2


def test_every_measure_beside_a_target_is_in_the_plan() -> None:
    named = {name for target in read_targets(SETTINGS.content).targets.values() for name in target.beside}
    assert len(named) > 10
    assert named - set(the_plan().measures) == set()


def test_codes_are_those_of_the_directory_and_the_vocabulary() -> None:
    dimensions = the_plan().dimensions
    assert set(vocabulary.GROUNDS) | {"several", "not_said"} == set(dimensions["ground"].codes)
    assert {*the_directory().services, "other"} == set(dimensions["service"].codes)
    assert all(it.codes[-1] == "other" for it in dimensions.values())
    assert all(len(set(it.codes)) == len(it.codes) for it in dimensions.values())


def test_every_group_has_a_name_and_is_no_code() -> None:
    plan = the_plan()
    groups = {group for it in plan.dimensions.values() for group in it.parents.values()}
    assert groups - set(plan.groups) == set()
    for dimension in plan.dimensions.values():
        assert not set(dimension.parents.values()) & set(dimension.codes)


def broken(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    whole: dict[str, Any] = yaml.safe_load(yaml.safe_dump(PLAN))
    change(whole)
    return whole


FAULTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "measures: name: a name stands twice": lambda it: it["measures"].append(it["measures"][0]),
    "begins with no source": lambda it: it["measures"][0].update(name="people.by_need"),
    "must name one or two different dimensions": lambda it: it["measures"][0].update(name="referrals.by_colour"),
    "needs words in Danish and in English": lambda it: it["measures"][0].pop("definition_da"),
    "kind: must be one of": lambda it: it["measures"][0].update(kind="mean"),
    "effort: is none of the plan's": lambda it: it["measures"][0].update(effort="sport"),
    "export: must be one of": lambda it: it["sources"]["referrals"].update(export="all"),
    "sources: : is missing": lambda it: it.pop("sources"),
    "unknown codes colour": lambda it: it["dimensions"]["ground"]["groups"]["origin"].append("colour"),
    "is no dimension that anything is counted by": lambda it: it["dimensions"].update(shoe={"da": "Sko", "en": "Shoe"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(tmp_path: Path, fault: str) -> None:
    (tmp_path / FILE).write_text(yaml.safe_dump(broken(FAULTS[fault])), encoding="utf-8")
    codes = {name: it.codes for name, it in the_plan().dimensions.items()}
    with pytest.raises(ContentError, match=fault):
        read_plan(tmp_path, codes, {})


def test_three_dimensions_are_refused(tmp_path: Path) -> None:
    whole = broken(lambda it: it["measures"][0].update(name="reports.ground_by_area_by_form"))
    (tmp_path / FILE).write_text(yaml.safe_dump(whole), encoding="utf-8")
    codes = {name: it.codes for name, it in the_plan().dimensions.items()}
    with pytest.raises(ContentError, match="one or two"):
        read_plan(tmp_path, codes, {})


def test_the_plan_has_a_version() -> None:
    assert the_plan().version
