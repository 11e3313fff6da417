"""What the guide is made of is held by hashes, may be used, and is judged where something is known against it."""

import datetime as dt
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bench.supply import advisories, audit
from bench.supply.__main__ import _licences
from bench.supply.advisories import Finding, Judgement
from bench.supply.licences import Licences
from bench.supply.lock import Package, packages, served
from bot.settings import ROOT

UV = ROOT / ".tools" / "uv" / "bin" / "uv"
DOCUMENT = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
ROOMS = sorted(path.parent for path in ROOT.glob("bench/*/uv.lock"))
DAY = dt.date(2026, 11, 30)


def package(name: str, version: str) -> Package:
    return Package(name, version, is_local=False, files=("sha256:1",), is_built_here=False)


# The lock


@pytest.mark.parametrize(
    "lock", [ROOT / "uv.lock", *(room / "uv.lock" for room in ROOMS)], ids=lambda it: it.parent.name
)
def test_every_package_is_held_by_a_hash(lock: Path) -> None:
    assert [it.name for it in packages(lock) if not it.is_held] == []


def test_a_file_without_a_hash_is_seen(tmp_path: Path) -> None:
    lock = tmp_path / "uv.lock"
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    lock.write_text(
        re.sub(r'(idna-[\d.]+\.tar\.gz", )hash = "sha256:[0-9a-f]+"', r'\1hash = "md5:0"', text), encoding="utf-8"
    )
    assert [it.name for it in packages(lock) if not it.is_held] == ["idna"]


def test_a_package_from_somewhere_else_is_seen(tmp_path: Path) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(
        '[[package]]\nname = "a"\nversion = "1"\nsource = { git = "https://a.example/a" }\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match="nothing here says how it is held"):
        packages(lock)


def test_the_lock_is_that_of_the_project_and_needs_no_network_to_say_so() -> None:
    subprocess.run([UV, "lock", "--check", "--offline", "-q"], cwd=ROOT, check=True)


def test_what_serves_is_what_uv_would_install_and_no_tool_of_the_tests() -> None:
    export = [UV, "export", "--frozen", "--no-default-groups", "--no-hashes", "--no-emit-project", "--no-header", "-q"]
    listed = subprocess.run([*export, "--no-annotate"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", listed, re.MULTILINE)) | {"tensorflow"}
    assert served().keys() == named
    assert not {"pytest", "hypothesis", "ruff", "django", "playwright"} & served().keys()


def test_what_is_built_from_sources_is_told() -> None:
    built = sorted(name for name, it in served().items() if it.is_built_here)
    assert all(f"`{name}`" in DOCUMENT for name in built), built


# Licences


def test_every_served_package_may_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert _licences(served()) == []
    assert "0 not on the list" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True), ("MIT AND PSF-2.0", True), ("GPL-3.0-only OR MIT", True), ("GPL-3.0-only", False), ("", False),
        ("MIT AND GPL-3.0-only", False), ("AGPL-3.0-or-later", False), ("LGPL-3.0-only", True),
    ],
)  # fmt: skip
def test_a_licence_is_weighed_by_its_expression(expression: str, allowed: object) -> None:
    assert Licences.of().allow(expression) is allowed


def test_what_is_weighed_or_brought_along_is_told() -> None:
    licences = Licences.of()
    assert all(f"`{name}`" in DOCUMENT for name in licences.bundled)
    assert all(licence in DOCUMENT for licence in licences.weighed)


# What is known


def test_what_is_known_is_judged_and_the_judgements_are_told_to_people() -> None:
    judged = advisories.judgements()
    assert advisories.faults(advisories.carried(served()), judged, min(it.until for it in judged)) == []
    for it in judged:
        row = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| {it.id} "))
        assert f"`{it.package}`" in row
        assert it.until.isoformat() in row


def test_no_judgement_is_of_something_that_is_not_known_or_not_in_the_lock() -> None:
    known = {name for finding in advisories.carried(served()) for name in finding.names}
    assert [it.id for it in advisories.judgements() if it.id not in known] == []


@pytest.mark.parametrize(
    ("name", "version", "ids"),
    [
        ("rasa", "3.6.20", ["CVE-2024-49375"]), ("rasa", "3.6.21", []), ("protobuf", "5.29.6", []),
        ("protobuf", "6.33.4", ["CVE-2026-0994"]), ("joblib", "99", ["CVE-2024-34997"]), ("idna", "1", []),
        ("redis", "4.5.2", ["CVE-2023-28858"]), ("redis", "4.4.3", []),
    ],
)  # fmt: skip
def test_a_version_is_found_within_its_range(name: str, version: str, ids: list[str]) -> None:
    found = advisories.carried({name: package(name, version)})
    assert [one for one in ids if not any(one in it.names for it in found)] == []
    assert bool(found) == bool(ids)


def test_a_new_finding_a_judgement_of_another_package_and_one_that_ran_out_are_faults() -> None:
    finding = Finding("idna", "3.20", frozenset({"CVE-1", "GHSA-1"}), ("3.21",))
    good = Judgement("CVE-1", "idna", reaches_us=False, why="", until=DAY)
    assert advisories.faults([finding], [good], DAY) == []
    assert "new" in advisories.faults([finding], [], DAY)[0]
    assert "new" in advisories.faults([finding], [Judgement("CVE-1", "jinja2", False, "", DAY)], DAY)[0]
    assert "look again" in advisories.faults([finding], [good], DAY + dt.timedelta(days=1))[0]


# What pip-audit says


def test_what_pip_audit_found_is_read() -> None:
    vulns = [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}]
    told = json.dumps(
        {"dependencies": [{"name": "a", "version": "1", "vulns": vulns}, {"name": "b", "version": "1", "vulns": []}]}
    )
    found, unasked = audit.understood(told, 2)
    assert [(it.package, it.names, it.fixed) for it in found] == [("a", {"PYSEC-1", "CVE-1"}, ("2",))]
    assert unasked == ""


@pytest.mark.parametrize(
    "told",
    [
        "", "{}", "null", "Traceback", '{"dependencies": []}',
        '{"dependencies": [{"name": "a", "skip_reason": "not found"}]}',
    ],
)  # fmt: skip
def test_what_was_not_asked_is_never_taken_for_clean(told: str) -> None:
    found, unasked = audit.understood(told, 1)
    assert found == []
    assert unasked


def test_the_carried_file_says_what_and_when() -> None:
    told = yaml.safe_load(advisories.CARRIED.read_text(encoding="utf-8"))
    assert isinstance(told["read_on"], dt.date)
    assert told["read_on"].isoformat() in DOCUMENT
    assert all(it["what"] and it["affected"] and it["id"] for it in told["advisories"])
