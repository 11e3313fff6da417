"""The command line, run as an operator runs it."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.store.sqlite import SqliteStore
from tests.store.rows import a_referral


def vejviser(*arguments: str, lines: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.command.main", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_sound_directory_has_no_faults() -> None:
    checked = vejviser("directory", "check")
    assert checked.stdout == "96 services, 0 faults\n"
    assert checked.returncode == 0


def test_a_fault_is_named_by_file_entry_and_field(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    (content / "services" / "wrong.yml").write_text("- id: somewhere\n  phone: call us\n", encoding="utf-8")
    checked = vejviser("directory", "check", VEJVISER_CONTENT=str(content))
    assert "wrong.yml: somewhere: phone: must be a phone number as text, or null" in checked.stdout
    assert "wrong.yml: somewhere: name_da: is missing" in checked.stdout
    assert checked.returncode == 1


def test_what_a_resident_would_get_is_shown_with_the_reason() -> None:
    shown = vejviser("directory", "show", "--need", "danish_start", "--situation", "residence=refugee", "--json")
    told = json.loads(shown.stdout)
    assert [service["id"] for service in told["services"]] == [
        "danish-integration-programme", "welcome-house", "language-cafes",
    ]  # fmt: skip
    assert told["services"][0]["because"] == "rank 1, residence is refugee or ukraine"
    assert told["would_be_asked"] == []
    assert "danish_price" in told["next"]


def test_what_would_be_asked_first_is_told() -> None:
    told = vejviser("directory", "show", "--need", "doctor_health").stdout
    assert "would be asked first: cpr" in told
    assert "1. gp-yellow-card" in told


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--need", "football"), "--need: football is not one of"),
        ((), "--need: None is not one of"),
        (("--need", "find_job", "--situation", "colour=red"), "--situation: colour=red is not among the answers"),
        (("--need", "find_job", "--situation", "residence=mars"), "--situation: residence=mars is not among"),
    ],
)
def test_a_need_or_situation_that_is_not_known_is_told(arguments: tuple[str, ...], why: str) -> None:
    shown = vejviser("directory", "show", *arguments)
    assert shown.returncode == 1
    assert why in shown.stderr


def test_what_is_due_stands_oldest_first() -> None:
    due = json.loads(vejviser("directory", "due", "--json").stdout)
    years = [row["why"].removeprefix("never checked, source of ") for row in due]
    known = [year for year in years if year[0] == "2"]
    assert len(due) > 50
    assert known == sorted(known)


def test_the_project_bank_lists_each_entry_and_what_nobody_used(tmp_path: Path) -> None:
    bank = json.loads(vejviser("directory", "bank", "--json", VEJVISER_VAR=str(tmp_path)).stdout)
    assert bank["needs_without_an_entry"] == []
    entry = next(entry for entry in bank["entries"] if entry["id"] == "jobnet")
    assert (entry["owner"], entry["effort"], entry["used"]) == ("state", "employment", False)
    assert {"target_group", "status", "from", "to", "pilot", "serves"} <= set(entry)
    assert not list(tmp_path.iterdir()), "looking makes no store"


def test_a_service_that_somebody_was_sent_to_is_used(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    asyncio.run(store.log_referrals([a_referral("a")]))
    store.close()
    bank = json.loads(vejviser("directory", "bank", "--json", VEJVISER_VAR=str(tmp_path)).stdout)
    assert [entry["id"] for entry in bank["entries"] if entry["used"]] == ["danskuddannelse"]


def test_texts_go_out_to_a_translator_and_come_back(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales)
    path, here = tmp_path / "da.po", {"VEJVISER_LOCALES": str(locales)}
    out = vejviser("languages", "--export", "da", "--all", "--to", str(path), **here)
    assert out.returncode == 0, out.stderr
    text = path.read_text(encoding="utf-8")
    broken = re.sub(r'(msgstr "[^"]*)\{call-112\.phone\}', r"\g<1>112", text, count=1)
    path.write_text(broken, encoding="utf-8")
    refused = vejviser("languages", "--import", str(path), **here)
    assert refused.returncode == 1
    assert "placeholders differ" in refused.stdout
    assert re.search(r"da\.po: line \d+: ", refused.stdout)
    path.write_text(text, encoding="utf-8")
    assert vejviser("languages", "--import", str(path), **here).stdout == "0 texts of da taken\n"


@pytest.mark.parametrize("code", ["en", "xx", ""])
def test_a_language_without_catalogues_goes_out_to_nobody(code: str, tmp_path: Path) -> None:
    refused = vejviser("languages", "--export", code or "zz", "--to", str(tmp_path / "x.po"))
    assert refused.returncode == 1
    assert "is not one of" in refused.stderr


def test_an_unknown_setting_stops_the_start_by_name() -> None:
    refused = vejviser("directory", "check", VEJVISER_PROT="8000")
    assert refused.returncode == 1
    assert refused.stderr.endswith("vejviser: VEJVISER_PROT is not a setting; docs/settings.md lists them\n")


def test_languages_tells_the_state_of_each() -> None:
    states = json.loads(vejviser("languages", "--json").stdout)
    assert set(states) == {path.name for path in (ROOT / "locales").iterdir()}
    for kinds in states.values():
        assert set(kinds) == {"safety", "rights", "consent", "guidance", "pages", "console"}
        for counted in kinds.values():
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
