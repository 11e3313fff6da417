"""The command line, run as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT


def vejviser(*arguments: str, lines: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.command.main", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_sound_directory_has_no_faults() -> None:
    checked = vejviser("directory", "check")
    assert checked.stdout == "90 services, 0 faults\n"
    assert checked.returncode == 0


def test_a_fault_is_named_by_file_entry_and_field(tmp_path: Path) -> None:
    services = tmp_path / "services"
    services.mkdir()
    (services / "wrong.yml").write_text("- id: somewhere\n  phone: call us\n", encoding="utf-8")
    checked = vejviser("directory", "check", VEJVISER_CONTENT=str(tmp_path))
    assert "wrong.yml: somewhere: phone: must be a phone number as text, or null" in checked.stdout
    assert "wrong.yml: somewhere: name_da: is missing" in checked.stdout
    assert checked.returncode == 1


def test_an_unknown_setting_stops_the_start_by_name() -> None:
    refused = vejviser("directory", "check", VEJVISER_PROT="8000")
    assert refused.returncode == 1
    assert refused.stderr.endswith("vejviser: VEJVISER_PROT is not a setting; docs/settings.md lists them\n")


def test_languages_tells_the_state_of_each() -> None:
    states = json.loads(vejviser("languages", "--json").stdout)
    assert set(states) == {path.name for path in (ROOT / "locales").iterdir()}
    for counted in states.values():
        assert counted["missing"] == counted["outdated"] == 0


@pytest.mark.slow
def test_parse_gives_a_line_of_json_for_each_line(model: Path, tmp_path: Path) -> None:
    lines = "I lost my job yesterday\nأريد أن أتعلم اللغة الدنماركية\n\n/restart\nder er brand i min lejlighed\n"
    parsed = vejviser("parse", lines=lines, VEJVISER_VAR=str(tmp_path))
    first, second, empty, slash, fire = (json.loads(line) for line in parsed.stdout.splitlines())
    assert (first["text"], first["language"], first["need"]) == ("I lost my job yesterday", "en", "unemployed_register")
    assert (second["language"], second["need"]) == ("ar", "danish_start")
    assert len(first["ranking"]) == 3
    assert first["ranking"][0] == {"need": "unemployed_register", "confidence": first["confidence"]}
    assert empty["need"] == "nlu_fallback"
    assert slash["text"] == "/restart"
    assert (fire["need"], fire["confidence"]) == ("emergency", 1.0)


@pytest.mark.slow
def test_the_terminal_guides_too(model: Path, tmp_path: Path) -> None:
    talk = vejviser("chat", "--lang", "da", lines="Jeg vil gerne lære dansk\n3\n", VEJVISER_VAR=str(tmp_path))
    assert "danskuddannelse" in talk.stdout.lower()
    assert "Nørregade 27" in talk.stdout
