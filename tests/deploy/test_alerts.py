"""Somebody hears when a backup fails, the store does not keep, or a process is gone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from bot.monitoring import figures
from bot.monitoring.backups import Backups
from tests.deploy.linters import DEPLOY

RULES = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
CASES = Path(__file__).parent / "alerts_test.yml"


def test_each_figure_that_a_rule_asks_for_is_told(tmp_path: Path) -> None:
    assert figures.not_saved in REGISTRY._collector_to_names
    there = {family.name for collector in (REGISTRY, Backups(tmp_path)) for family in collector.collect()}
    asked = {name for rule in RULES for name in re.findall(r"vejviser_\w+", rule["expr"])}
    assert {re.sub(r"_(bucket|total)$", "", name) for name in asked} <= there
    assert len(asked) >= 5


@pytest.mark.skipif(not shutil.which("promtool"), reason="Debian's package prometheus is not installed here")
def test_the_rules_wake_somebody_when_they_should(tmp_path: Path) -> None:
    for path in (DEPLOY / "alerts.yml", CASES):
        shutil.copy(path, tmp_path)
    asked = subprocess.run(
        ["promtool", "test", "rules", CASES.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_a_unit_that_fails_starts_the_one_that_wakes_somebody() -> None:
    units = sorted((DEPLOY / "systemd").glob("vejviser-*.service"))
    woken = {it.name: "OnFailure=vejviser-alert@%n.service\n" in it.read_text(encoding="utf-8") for it in units}
    assert woken.pop("vejviser-alert@.service") is False
    assert len(woken) == 3
    assert all(woken.values())
